#include "config/url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"

struct url_part
url_scheme(const char *s, size_t len)
{
	const char *mark = memmem(s, len, "://", 3), *p;

	if (mark == NULL || mark == s || !isalpha((unsigned char)s[0]))
		return (struct url_part){ s, 0 };
	for (p = s; p < mark; p++)
		if (!isalnum((unsigned char)*p) && strchr("+-.", *p) == NULL)
			return (struct url_part){ s, 0 };
	return (struct url_part){ s, (size_t)(mark - s) };
}

/* Cut the part behind the first character of set, at most len bytes away;
 * what is left stays in *head. */
static struct url_part
cut_at(struct url_part *head, const char *set)
{
	size_t i;

	for (i = 0; i < head->len && strchr(set, head->s[i]) == NULL; i++)
		;
	struct url_part tail = { head->s + i, head->len - i };
	head->len = i;
	return tail;
}

static void
skip_first(struct url_part *p)
{
	if (p->len > 0) {
		p->s++;
		p->len--;
	}
}

static void
split_credentials(struct url *u, struct url_part *netloc)
{
	const char *at = memrchr(netloc->s, '@', netloc->len);
	size_t len;

	if (at == NULL)
		return;
	len = (size_t)(at - netloc->s);
	u->user = (struct url_part){ netloc->s, len };
	u->password = cut_at(&u->user, ":");
	skip_first(&u->password);
	netloc->s += len + 1;
	netloc->len -= len + 1;
}

static bool
split_host(struct url *u, struct url_part hostport)
{
	const char *close;

	if (hostport.len > 0 && hostport.s[0] == '[') {
		close = memchr(hostport.s, ']', hostport.len);
		if (close == NULL)
			return false;
		u->host = (struct url_part){ hostport.s + 1,
			(size_t)(close - hostport.s) - 1 };
		hostport.len -= u->host.len + 2;
		hostport.s = close + 1;
		if (hostport.len > 0 && hostport.s[0] != ':')
			return false;
		u->port = hostport;
	} else {
		u->host = hostport;
		u->port = cut_at(&u->host, ":");
	}
	skip_first(&u->port);
	return true;
}

bool
url_split(struct url *u, const char *s, size_t len, struct err *err)
{
	struct url_part netloc = { s, len }, rest;

	*u = (struct url){ 0 };
	rest = cut_at(&netloc, "/?#");
	if (rest.len > 0 && memchr(rest.s, '@', rest.len) != NULL) {
		err_set(
		    err, "an '@' stands behind the host; %s", URL_ENCODE_HINT);
		return false;
	}
	if ((memchr(netloc.s, '[', netloc.len) == NULL) !=
	    (memchr(netloc.s, ']', netloc.len) == NULL)) {
		err_set(err, "a bracket is not closed; %s", URL_ENCODE_HINT);
		return false;
	}
	(void)cut_at(&rest, "#");
	u->path = rest;
	u->query = cut_at(&u->path, "?");
	skip_first(&u->query);
	split_credentials(u, &netloc);
	if (split_host(u, netloc))
		return true;
	err_set(err, "the host is none; write host:port or [v6]:port");
	return false;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
url_decode(const struct url_part *p, char **out)
{
	char *text = xcalloc(p->len + 1, 1);
	size_t i, n = 0, step;

	for (i = 0; i < p->len; i++) {
		text[n] = p->s[i];
		if (p->s[i] == '%' && i + 2 < p->len &&
		    hex_value(p->s[i + 1]) >= 0 &&
		    hex_value(p->s[i + 2]) >= 0) {
			text[n] = (char)(hex_value(p->s[i + 1]) * 16 +
					 hex_value(p->s[i + 2]));
			i += 2;
		}
		n++;
	}
	for (i = 0; i < n; i += step) {
		step = utf8_sequence(text + i, n - i);
		if (step == 0) {
			explicit_bzero(text, n);
			free(text);
			return false;
		}
	}
	*out = text;
	return true;
}
