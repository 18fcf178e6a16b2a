/*
 * endpoint - where an operator says a sentinel listens.  Pure.
 *
 * "host:port", "host" (port 26379), "[v6]:port" or "unix:///path".  The name
 * is resolved again at each dial, never here.
 */
#ifndef CONFIG_ENDPOINT_H
#define CONFIG_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"

#define SENTINEL_PORT	26379

struct endpoint {
	struct addr	addr;	/* unix socket: host is the path, port 0 */
};

/* False with a reason that quotes the text, unless that looks as if it held
 * credentials. */
bool	endpoint_parse(struct endpoint *, const char *text, size_t len,
	    struct err *);

/* From host and port apart; false when the host is neither a name nor an IPv4
 * or IPv6 literal. */
bool	endpoint_set(struct endpoint *, const char *host, size_t len,
	    int64_t port);

bool	endpoint_is_unix(const struct endpoint *);

/* Is it among the n at list? */
bool	endpoint_listed(const struct endpoint *list, size_t n,
	    const struct endpoint *);

/* As written, with the port: "host:port", "[v6]:port" or "unix:///path";
 * returns the length.  buf holds ADDR_TEXT_MAX bytes. */
size_t	endpoint_format(const struct endpoint *, char *buf);

#endif
