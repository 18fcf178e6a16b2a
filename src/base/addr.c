#include "base/addr.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

bool
addr_set(struct addr *a, const char *host, size_t len, int64_t port)
{
	size_t i;

	if (len == 0 || len >= ADDR_HOST_MAX || port < 0 || port > UINT16_MAX)
		return false;
	for (i = 0; i < len; i++)
		if ((unsigned char)host[i] <= ' ' || host[i] == 0x7f)
			return false;
	*a = (struct addr){ .port = (uint16_t)port };
	memcpy(a->host, host, len);
	return true;
}

static bool
set_with_port(struct addr *a, const char *host, size_t hlen, const char *port,
    size_t plen)
{
	int64_t v;

	return num_int(port, plen, 1, UINT16_MAX, &v) &&
	       addr_set(a, host, hlen, v);
}

bool
addr_parse(struct addr *a, const char *s, size_t len, uint16_t default_port)
{
	const char *colon, *close;

	if (len > 0 && s[0] == '[') {
		close = memchr(s, ']', len);
		if (close == NULL ||
		    memchr(s, ':', (size_t)(close - s)) == NULL)
			return false;
		if (close + 1 == s + len)
			return default_port != 0 &&
			       addr_set(a, s + 1, (size_t)(close - s) - 1,
				   default_port);
		return close[1] == ':' &&
		       set_with_port(a, s + 1, (size_t)(close - s) - 1,
			   close + 2, (size_t)(s + len - close) - 2);
	}
	colon = memchr(s, ':', len);
	if (colon == NULL)
		return default_port != 0 && addr_set(a, s, len, default_port);
	return set_with_port(a, s, (size_t)(colon - s), colon + 1,
	    (size_t)(s + len - colon) - 1);
}

bool
addr_parse_info(struct addr *a, const char *s, size_t len)
{
	const char *colon;

	colon = memrchr(s, ':', len);
	return colon != NULL && set_with_port(a, s, (size_t)(colon - s),
				    colon + 1, (size_t)(s + len - colon) - 1);
}

size_t
addr_format(const struct addr *a, char *buf)
{
	const bool v6 = strchr(a->host, ':') != NULL;
	int n;

	if (a->port == 0)
		n = snprintf(buf, ADDR_TEXT_MAX, "%s", a->host);
	else
		n = snprintf(buf, ADDR_TEXT_MAX, "%s%s%s:%u", v6 ? "[" : "",
		    a->host, v6 ? "]" : "", a->port);
	return (size_t)n;
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	int c = strcmp(a->host, b->host);

	return c != 0 ? c : (a->port > b->port) - (a->port < b->port);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_compare(a, b) == 0;
}

bool
addr_known(const struct addr *a)
{
	return a->host[0] != '\0';
}
