/*
 * gzip - compress a whole body, or one that is made of two parts.
 *
 * The two parts become one gzip member, as every client reads it: the first
 * can be compressed once and sent with ever new second parts.
 */
#ifndef WEB_GZIP_H
#define WEB_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/* What the end of a member must know about its beginning. */
struct gzip_sum {
	unsigned long	crc;
	uint64_t	len;	/* uncompressed */
};

/* Replace the body by its gzip form; false, and the body as it was, when that
 * is no smaller. */
bool	gzip_body(struct strbuf *body);

/* Append the beginning of a member, which holds this text, and sum it up. */
void	gzip_begin(struct strbuf *out, const struct strbuf *text,
	    struct gzip_sum *);

/* Append the rest of the member whose beginning has that sum. */
void	gzip_end(struct strbuf *out, const struct strbuf *text,
	    const struct gzip_sum *begin);

#endif
