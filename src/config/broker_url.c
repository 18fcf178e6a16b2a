#include "config/broker_url.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/str.h"
#include "config/url.h"

#define ENTRIES_MAX 1000

/* Where in the list the parser stands. */
struct entry {
	const char *s;
	size_t len;
	size_t number; /* from 1 */
};

/* What kombu takes besides ssl_*: arguments of its connection. */
static const char *const query_known[] = { "insist", "connect_timeout",
	"login_method", "heartbeat" };

static bool
part_is(const struct url_part *p, const char *word)
{
	return p->len == strlen(word) && strncasecmp(p->s, word, p->len) == 0;
}

/* An empty part is none, as kombu has it. */
static bool
take_credential(
    char **out, const struct url_part *p, const char *what, struct err *err)
{
	if (p->len == 0 || url_decode(p, out))
		return true;
	err_set(err,
	    "the %s is not UTF-8 once percent-decoded, which kombu "
	    "would mangle",
	    what);
	return false;
}

static bool
take_port(const struct url_part *p, int64_t *port, struct err *err)
{
	*port = SENTINEL_PORT;
	if (p->len == 0)
		return true;
	if (p->len > 0 && memchr(p->s, ',', p->len) != NULL) {
		err_set(err,
		    "a ',' stands between hosts; write a URL for each "
		    "and ';' between them: "
		    "sentinel://HOST1:26379/0;sentinel://HOST2:26379/0");
		return false;
	}
	if (memchr(p->s, ':', p->len) != NULL) {
		err_set(err, "more than one ':' in the host; write an IPv6 "
			     "address in brackets: [::1]:26379");
		return false;
	}
	if (!num_int(p->s, p->len, 0, UINT16_MAX, port)) {
		err_set(err, "the port is no number from 1 to 65535; %s",
		    URL_ENCODE_HINT);
		return false;
	}
	if (*port == 0)
		*port = SENTINEL_PORT;
	return true;
}

/* The host lower-cased, then decoded; no host is this machine. */
static bool
take_sentinel(struct broker_url *b, const struct url *u, struct err *err)
{
	struct endpoint e = { 0 };
	char *host;
	int64_t port;
	size_t i;
	bool ok;

	if (!take_port(&u->port, &port, err))
		return false;
	if (!url_decode(&u->host, &host)) {
		err_set(err, "the host is not UTF-8");
		return false;
	}
	for (i = 0; host[i] != '\0' && host[i] != '%'; i++)
		host[i] = (char)tolower((unsigned char)host[i]);
	ok = *host == '\0' ? endpoint_set(&e, "127.0.0.1", 9, port)
			   : endpoint_set(&e, host, strlen(host), port);
	free(host);
	if (!ok) {
		err_set(err, "the host is neither a name nor an address%s",
		    memchr(u->host.s, ' ', u->host.len) == NULL
			? ""
			: "; remove the blank");
		return false;
	}
	if (!endpoint_listed(b->sentinels.v, b->sentinels.n, &e))
		*vec_push(&b->sentinels) = e;
	return true;
}

/* One '/' belongs to the URL, kombu drops a second one, and Python's int()
 * drops blanks.  A URL without a path keeps the DB in use (connection.py,
 * maybe_switch_next()), which at the start is 0. */
static bool
take_db(
    struct broker_url *b, const struct url *u, size_t number, struct err *err)
{
	const struct url_part *p = &u->path;
	char *path, *s;
	int64_t db = 0;
	size_t len;
	bool ok;

	if (p->len <= 1) {
		if (number == 1)
			broker_url_add_db(b, 0);
		return true;
	}
	if (!url_decode(p, &path)) {
		err_set(err, "the DB behind the '/' is not a number");
		return false;
	}
	s = path + 1 + (path[1] == '/');
	s += strspn(s, " \t");
	for (len = strlen(s); len > 0 && s[len - 1] == ' '; len--)
		;
	if (len == 4 && memcmp(s, "None", len) == 0) {
		b->db_none = ok = true;
	} else {
		ok = len == 0 || num_int(s, len, 0, INT_MAX, &db);
		if (ok)
			broker_url_add_db(b, (int)db);
		else
			err_set(err, "the DB behind the '/' is not a number; "
				     "write for example /0");
	}
	free(path);
	return ok;
}

static bool
query_is_known(const struct url_part *name)
{
	size_t i;

	for (i = 0; i < sizeof(query_known) / sizeof(char *); i++)
		if (part_is(name, query_known[i]))
			return true;
	return false;
}

static bool
take_tls_option(struct kombu_tls *tls, const struct url_part *name,
    const struct url_part *value, struct err *err)
{
	char *key = xmemdup0(name->s, name->len), *text = NULL;
	bool ok;

	ok = url_decode(value, &text);
	if (ok)
		ok = kombu_tls_take_text(tls, key, text, err);
	else
		err_set(err, "an ssl_ option is not UTF-8");
	xfree_secret(&text);
	free(key);
	return ok;
}

static bool
take_option(
    struct kombu_tls *tls, const struct url_part *option, struct err *err)
{
	const char *equals = memchr(option->s, '=', option->len);
	struct url_part name = *option, value;

	if (equals == NULL || equals + 1 == option->s + option->len)
		return true; /* parse_qsl() drops it */
	name.len = (size_t)(equals - name.s);
	value = (struct url_part){ equals + 1, option->len - name.len - 1 };
	if (part_is(&name, "ssl")) {
		err_set(err, "kombu fails at ?ssl=; write ssl_ options, such "
			     "as ?ssl_cert_reqs=required, or set "
			     "broker_use_ssl");
		return false;
	}
	if (name.len > 4 && memcmp(name.s, "ssl_", 4) == 0)
		return take_tls_option(tls, &name, &value, err);
	if (query_is_known(&name))
		return true;
	err_set(err, "an option behind the '?' is unknown to kombu; "
		     "options belong into --celery.transport-options");
	return false;
}

/* kombu hands every option to its connection, which refuses strangers. */
static bool
take_query(struct kombu_tls *tls, const struct url *u, struct err *err)
{
	struct url_part rest = u->query, option;
	const char *end;

	while (rest.len > 0) {
		end = memchr(rest.s, '&', rest.len);
		option.s = rest.s;
		option.len = end == NULL ? rest.len : (size_t)(end - rest.s);
		rest.s += option.len + (end != NULL);
		rest.len -= option.len + (end != NULL);
		if (!take_option(tls, &option, err))
			return false;
	}
	return true;
}

static bool
take_first(struct broker_url *b, const struct url *u,
    const struct url_part *scheme, struct err *err)
{
	if (!take_credential(&b->username, &u->user, "user", err) ||
	    !take_credential(&b->password, &u->password, "password", err) ||
	    !take_query(&b->tls, u, err))
		return false;
	if (part_is(scheme, "rediss") && b->tls.conf == NULL) {
		kombu_tls_on(&b->tls)->insecure_skip_verify = true;
		b->tls_unverified = true;
	}
	return true;
}

/* kombu takes login and options from the URL in use. */
static bool
take_later(
    struct broker_url *b, const struct url *u, size_t number, struct err *err)
{
	char *username = NULL, *password = NULL;
	struct kombu_tls tls = { 0 };
	bool ok;

	ok = take_credential(&username, &u->user, "user", err) &&
	     take_credential(&password, &u->password, "password", err) &&
	     take_query(&tls, u, err);
	if (ok && b->other_login == 0 &&
	    (!str_same(username, b->username) ||
		!str_same(password, b->password)))
		b->other_login = number;
	if (ok && b->other_tls == 0 && !tls_conf_equal(tls.conf, b->tls.conf))
		b->other_tls = number;
	free(username);
	xfree_secret(&password);
	kombu_tls_fini(&tls);
	return ok;
}

static bool
take_url(struct broker_url *b, const struct entry *e,
    const struct url_part *scheme, struct err *err)
{
	const size_t skip = scheme->len + strlen("://");
	struct url u;

	if (!url_split(&u, e->s + skip, e->len - skip, err))
		return false;
	if (e->number > 1 && !b->direct && part_is(scheme, "rediss")) {
		err_set(err, "is rediss://, which kombu leaves out of a list "
			     "of sentinels; write sentinel:// and ask for TLS "
			     "by options such as ?ssl_cert_reqs=required");
		return false;
	}
	if (part_is(scheme, "sentinel") && !take_sentinel(b, &u, err))
		return false;
	if (!take_db(b, &u, e->number, err))
		return false;
	return e->number == 1 ? take_first(b, &u, scheme, err)
			      : take_later(b, &u, e->number, err);
}

static bool
check_first(struct broker_url *b, const struct entry *e,
    const struct url_part *scheme, struct err *err)
{
	b->direct = part_is(scheme, "redis") || part_is(scheme, "rediss");
	if (b->direct || part_is(scheme, "sentinel"))
		return true;
	if (e->len > 0 && (e->s[0] == '"' || e->s[0] == '\''))
		err_set(err, "begins with a quotation mark; remove those "
			     "around the URL");
	else
		err_set(err, "is not sentinel://; this exporter reads Celery "
			     "behind Sentinel: write sentinel://HOST:26379/DB");
	return false;
}

static bool
take_entry(struct broker_url *b, const struct entry *e, struct err *err)
{
	struct url_part scheme = url_scheme(e->s, e->len);

	if (e->len > 0 && isspace((unsigned char)e->s[0])) {
		err_set(err, "begins with a blank, which kombu misreads; "
			     "remove it");
		return false;
	}
	if (e->number == 1 && !check_first(b, e, &scheme, err))
		return false;
	if (scheme.len > 0)
		return take_url(b, e, &scheme, err);
	if (memchr(e->s, '@', e->len) == NULL) {
		if (e->len > 0 && b->no_scheme == 0)
			b->no_scheme = e->number;
		return true; /* kombu drops entries without a scheme */
	}
	err_set(err, "holds an '@' but no scheme; write sentinel:// before "
		     "it, or in a password ';' as %%3B");
	return false;
}

bool
broker_url_parse(struct broker_url *b, const char *text, struct err *err)
{
	struct entry e = { text, 0, 0 };
	size_t len = strlen(text);
	const char *end;

	*b = (struct broker_url){ 0 };
	while (len > 0 && strchr("\r\n\t", text[len - 1]) != NULL)
		len--; /* urlparse() drops these, often left by a file */
	if (strcspn(text, "\r\n\t") < len) {
		err_set(err, "a line break or tab inside; remove it");
		return false;
	}
	for (; e.s <= text + len; e.s = end + 1) {
		end = memchr(e.s, ';', (size_t)(text + len - e.s));
		if (end == NULL)
			end = text + len;
		e.len = (size_t)(end - e.s);
		e.number++;
		if (e.number > ENTRIES_MAX) {
			err_set(err, "more than %d URLs", ENTRIES_MAX);
			goto fail;
		}
		if (!take_entry(b, &e, err)) {
			err_prefix(err, "URL %zu", e.number);
			goto fail;
		}
	}
	b->db_conflict = b->dbs.n + b->db_none > 1;
	return true;
fail:
	broker_url_fini(b);
	return false;
}

void
broker_url_fini(struct broker_url *b)
{
	vec_fini(&b->sentinels);
	vec_fini(&b->dbs);
	free(b->username);
	xfree_secret(&b->password);
	kombu_tls_fini(&b->tls);
	*b = (struct broker_url){ 0 };
}

void
broker_url_add_db(struct broker_url *b, int db)
{
	size_t i;

	for (i = 0; i < b->dbs.n && b->dbs.v[i] < db; i++)
		;
	if (i == b->dbs.n || b->dbs.v[i] != db)
		*vec_insert(&b->dbs, i) = db;
}
