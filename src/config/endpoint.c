#include "config/endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "config/quote.h"

static const char unix_prefix[] = "unix://";

#define UNIX_PREFIX_LEN (sizeof(unix_prefix) - 1)
#define UNIX_PATH_MAX	107 /* sockaddr_un's sun_path, less its NUL */

/* A literal between brackets, an interface behind '%' left aside. */
static bool
host_is_ipv6(const char *host)
{
	char literal[INET6_ADDRSTRLEN];
	struct in6_addr ignored;
	size_t len = strcspn(host, "%");

	if (len >= sizeof(literal))
		return false;
	memcpy(literal, host, len);
	literal[len] = '\0';
	return inet_pton(AF_INET6, literal, &ignored) == 1;
}

static bool
host_is_sane(const char *host)
{
	if (strchr(host, ':') != NULL)
		return host_is_ipv6(host);
	return host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] ==
	       '\0';
}

bool
endpoint_set(struct endpoint *e, const char *host, size_t len, int64_t port)
{
	return addr_set(&e->addr, host, len, port) &&
	       host_is_sane(e->addr.host);
}

static bool
parse_unix(struct endpoint *e, const char *path, size_t len)
{
	return len >= 2 && len <= UNIX_PATH_MAX && path[0] == '/' &&
	       addr_set(&e->addr, path, len, 0);
}

/* What was probably meant. */
static const char *
remedy(const char *text, size_t len)
{
	if (len > 0 && (text[0] == '"' || text[0] == '\''))
		return "remove the quotation marks";
	if (memmem(text, len, "://", 3) != NULL)
		return "write host:port, without what stands before it";
	if (memchr(text, ',', len) != NULL)
		return "give each address by itself, as in "
		       "--sentinel.addr=HOST1:PORT --sentinel.addr=HOST2:PORT";
	if (memchr(text, '[', len) == NULL && memchr(text, ':', len) != NULL &&
	    memchr(text, ':', len) != memrchr(text, ':', len))
		return "write an IPv6 address in brackets: [::1]:26379";
	return "write host:port, [v6]:port or unix:///path, one address each";
}

bool
endpoint_parse(
    struct endpoint *e, const char *text, size_t len, struct err *err)
{
	char shown[QUOTE_MAX];

	if (len >= UNIX_PREFIX_LEN &&
	    memcmp(text, unix_prefix, UNIX_PREFIX_LEN) == 0) {
		if (parse_unix(
			e, text + UNIX_PREFIX_LEN, len - UNIX_PREFIX_LEN))
			return true;
		err_set(err,
		    "%s is no socket; write unix:///path, the path "
		    "absolute and at most %d bytes",
		    quote(shown, text, len), UNIX_PATH_MAX);
		return false;
	}
	if (addr_parse(&e->addr, text, len, SENTINEL_PORT) &&
	    host_is_sane(e->addr.host))
		return true;
	err_set(err, "%s is no address; %s", quote(shown, text, len),
	    remedy(text, len));
	return false;
}

bool
endpoint_is_unix(const struct endpoint *e)
{
	return e->addr.port == 0;
}

bool
endpoint_listed(const struct endpoint *list, size_t n, const struct endpoint *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (addr_equal(&list[i].addr, &e->addr))
			return true;
	return false;
}

size_t
endpoint_format(const struct endpoint *e, char *buf)
{
	if (!endpoint_is_unix(e))
		return addr_format(&e->addr, buf);
	memcpy(buf, unix_prefix, UNIX_PREFIX_LEN);
	return UNIX_PREFIX_LEN + addr_format(&e->addr, buf + UNIX_PREFIX_LEN);
}
