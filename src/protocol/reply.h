/*
 * reply - one decoded Redis reply.  Pure.
 *
 * Made by reply_reader.  A top-level reply and all that it holds are one piece
 * of memory, freed together.
 */
#ifndef PROTOCOL_REPLY_H
#define PROTOCOL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	char		*str;	/* NUL-terminated; STATUS ERROR STRING */
	size_t		len;		/* bytes of str, or of what was LONG */
	struct reply	**elements;	/* REPLY_ARRAY */
	size_t		n;
};

/* Free a top-level reply with all that it holds. */
void	reply_free(struct reply *);

/* Bytes of memory that a top-level reply takes. */
size_t	reply_memory(const struct reply *);

/* Element i of an array, or NULL (also when r is NULL or no array). */
const struct reply *reply_at(const struct reply *r, size_t i);

/* Text of a string or status, or NULL. */
const char *reply_text(const struct reply *r);

/* An integer, also from a bulk string holding one; false otherwise. */
bool	reply_int(const struct reply *r, int64_t *out);

bool	reply_is_error(const struct reply *r);

#endif
