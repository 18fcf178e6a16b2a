/*
 * reply_reader - bytes from a peer to replies.  Pure.
 *
 * hiredis decodes; replies are built by our own functions, so that every size
 * is capped while it is read, before memory is taken for it.  RESP2.
 */
#ifndef PROTOCOL_REPLY_READER_H
#define PROTOCOL_REPLY_READER_H

#include <stddef.h>

#include "base/err.h"
#include "protocol/reply.h"

/* Of one top-level reply. */
struct reply_limits {
	size_t	bytes;		/* on the wire */
	size_t	string;		/* of one top-level string: a longer one is
				 * thrown away as it comes; 0 = as bytes */
	size_t	elements;	/* all levels */
	size_t	memory;		/* bytes once decoded: an empty array is 4
				 * bytes on the wire and 56 in memory;
				 * 0 = what bytes and elements allow */
	int	depth;		/* nested arrays */
};

/* A status, an error, a number, a length: never longer in a real reply. */
#define REPLY_LINE_MAX	65536

struct reply_reader;

struct reply_reader *reply_reader_new(const struct reply_limits *);
void	reply_reader_free(struct reply_reader *);

/* Append bytes from the peer. */
void	reply_reader_feed(struct reply_reader *, const char *, size_t len);

/* The next whole reply, which the caller frees; NULL when more bytes are
 * needed, or with err's text set when the bytes are no RESP2 or break a limit:
 * the reader is then of no further use. */
struct reply *reply_reader_next(struct reply_reader *, struct err *);

#endif
