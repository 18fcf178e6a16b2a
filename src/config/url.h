/*
 * url - one URL, divided as Python's urlparse() divides it.  Pure.
 *
 * kombu reads its broker URLs so: the host part ends at the first '/', '?' or
 * '#', and the LAST '@' before that ends the credentials.  Parts are slices of
 * the caller's text, not decoded.
 */
#ifndef CONFIG_URL_H
#define CONFIG_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The end of every reason a password can be behind. */
#define URL_ENCODE_HINT                                                       \
	"in a user or password write '/' as %2F, '?' as %3F, '#' as %23, "    \
	"';' as %3B, '[' as %5B and ']' as %5D"

struct url_part {
	const char *s;
	size_t	 len;
};

struct url {
	struct url_part	user, password, host, port;
	struct url_part	path;		/* with its first '/' */
	struct url_part	query;		/* without the '?' */
};

/* The scheme before "://", length 0 when there is none. */
struct url_part url_scheme(const char *s, size_t len);

/* Divide what follows "://".  False with a reason that quotes nothing: where
 * a password breaks the URL, any part may hold a piece of it. */
bool	url_split(struct url *, const char *s, size_t len, struct err *);

/* Percent-decode into a new string; "%zz" stays as it is.  False when the
 * result is no UTF-8 text, which Python would mangle, or holds a NUL. */
bool	url_decode(const struct url_part *, char **out);

#endif
