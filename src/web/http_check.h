/*
 * http_check - requests that two servers could read in two ways, refused.
 *
 * libmicrohttpd takes the first of two Host or Content-Length headers, and cuts
 * a path at %00; a proxy in front may read them otherwise.
 */
#ifndef WEB_HTTP_CHECK_H
#define WEB_HTTP_CHECK_H

#include <stdbool.h>

struct MHD_Connection;

/* Has the URI, as it was sent, a NUL or a control character in it? */
bool	http_check_uri(const char *uri);

/* Why the headers are refused; NULL when they are fine. */
const char *http_check_headers(struct MHD_Connection *, const char *version);

/* Does a body follow? */
bool	http_check_body(struct MHD_Connection *);

#endif
