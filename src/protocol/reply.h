/*
 * reply - one decoded Redis reply, and the reader that makes them.  Pure.
 *
 * hiredis decodes the bytes; replies are built by our own functions (hiredis
 * redisReplyObjectFunctions), so that every size is capped while it is read
 * and hiredis 0.14 and 1.x look the same to the rest.  RESP2.
 */
#ifndef PROTOCOL_REPLY_H
#define PROTOCOL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum reply_type {
	REPLY_STATUS,
	REPLY_ERROR,
	REPLY_INTEGER,
	REPLY_STRING,
	REPLY_NIL,
	REPLY_ARRAY,
	REPLY_LONG,	/* a string over limits.string, of which nothing is
			 * kept but its length */
};

struct reply {
	enum reply_type type;
	int64_t		integer;	/* REPLY_INTEGER */
	char		*str;	/* owned, NUL-terminated; STATUS ERROR STRING */
	size_t		len;		/* bytes of str, or of what was LONG */
	struct reply	**elements;	/* owned; REPLY_ARRAY */
	size_t		n;
};

struct reply_limits {
	size_t	bytes;		/* of one top-level reply, on the wire */
	size_t	string;		/* of one top-level string: a longer one is
				 * thrown away as it comes; 0 = as bytes */
	size_t	elements;	/* of one top-level reply, all levels */
	int	depth;		/* nested arrays */
};

struct reply_reader;

struct reply_reader *reply_reader_new(const struct reply_limits *);
void	reply_reader_free(struct reply_reader *);

/* Append bytes from the peer. */
void	reply_reader_feed(struct reply_reader *, const char *, size_t len);

/* The next whole reply, which the caller frees; NULL when more bytes are
 * needed, or with err's text set when the bytes are no RESP2 or break a limit:
 * the reader is then of no further use. */
struct reply *reply_reader_next(struct reply_reader *, struct err *);

void	reply_free(struct reply *);

/* Element i of an array, or NULL (also when r is NULL or no array). */
const struct reply *reply_at(const struct reply *r, size_t i);

/* Text of a string or status, or NULL. */
const char *reply_text(const struct reply *r);

/* An integer, also from a bulk string holding one; false otherwise. */
bool	reply_int(const struct reply *r, int64_t *out);

bool	reply_is_error(const struct reply *r);

#endif
