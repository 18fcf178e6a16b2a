/*
 * gzip - compress a whole body.
 */
#ifndef WEB_GZIP_H
#define WEB_GZIP_H

#include <stdbool.h>

struct strbuf;

/* Replace the body by its gzip form; false, and the body as it was, when that
 * is no smaller. */
bool	gzip_body(struct strbuf *body);

#endif
