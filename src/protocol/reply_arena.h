/*
 * reply_arena - the memory of one top-level reply, freed at once.  Pure.
 *
 * A list of a sentinel has hundreds of small strings; one allocation for each
 * would be most of what a poll costs.
 */
#ifndef PROTOCOL_REPLY_ARENA_H
#define PROTOCOL_REPLY_ARENA_H

#include <stddef.h>

#include "protocol/reply.h"

struct reply_chunk;

struct reply_arena {
	struct reply	root;	/* what reply_free is given */
	struct reply_chunk *chunks;	/* owned, newest first */
	size_t		used, room;	/* bytes of the newest chunk */
	size_t		taken;	/* bytes handed out, the arena's own among them */
};

/* An arena whose root is all zero. */
struct reply_arena *reply_arena_new(void);
void	reply_arena_free(struct reply_arena *);

/* Memory for any object, not zeroed; lives as long as the arena. */
void	*reply_arena_take(struct reply_arena *, size_t bytes);

/* The arena that a root reply stands in. */
struct reply_arena *reply_arena_of(struct reply *root);

#endif
