/*
 * addr - host and port, as Sentinel, Redis and operators write them.  Pure.
 *
 * A plain value: copied by assignment.  Its text form is "host:port", with
 * brackets around an IPv6 literal; that is the form of every label.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDR_HOST_MAX	254	/* RFC 1035's 253, and the NUL */
#define ADDR_TEXT_MAX	(ADDR_HOST_MAX + 10)

struct addr {
	char		host[ADDR_HOST_MAX];	/* no brackets; "" = none */
	uint16_t	port;			/* 0 for a unix socket path */
};

/* From host and port apart, as SENTINEL replies carry them; false when the
 * host is empty, too long or holds a control character or a space. */
bool	addr_set(struct addr *, const char *host, size_t len, int64_t port);

/* From "host:port" or "[v6]:port"; the port is 1 to 65535.  default_port 0
 * makes the port mandatory.  A bare IPv6 literal without brackets is refused:
 * where the port begins would be a guess. */
bool	addr_parse(struct addr *, const char *s, size_t len,
	    uint16_t default_port);

/* From "ip:port" as INFO prints it: IPv6 without brackets, so the LAST colon
 * divides (redis 7.0, 8.0 and valkey 8.1: "address=::1:22460"). */
bool	addr_parse_info(struct addr *, const char *s, size_t len);

/* Text form; returns its length.  buf holds ADDR_TEXT_MAX bytes. */
size_t	addr_format(const struct addr *, char *buf);

bool	addr_equal(const struct addr *, const struct addr *);
int	addr_compare(const struct addr *, const struct addr *);
bool	addr_known(const struct addr *);

#endif
