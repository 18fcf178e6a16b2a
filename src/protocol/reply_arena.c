/* reply_arena - chunks that grow, so that small replies stay small. */
#include "protocol/reply_arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define CHUNK_FIRST 1024
#define CHUNK_MAX   65536

struct reply_chunk {
	struct reply_chunk *next;
	alignas(max_align_t) char bytes[];
};

struct reply_arena *
reply_arena_new(void)
{
	struct reply_arena *a = xcalloc(1, sizeof(*a));

	a->taken = sizeof(*a);
	return a;
}

void
reply_arena_free(struct reply_arena *a)
{
	struct reply_chunk *chunk, *next;

	for (chunk = a->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(a);
}

static void
add_chunk(struct reply_arena *a, size_t at_least)
{
	struct reply_chunk *chunk;
	size_t room = a->room == 0 ? CHUNK_FIRST : a->room * 2;

	if (room > CHUNK_MAX)
		room = CHUNK_MAX;
	if (room < at_least)
		room = at_least;
	chunk = xreallocarray(NULL, 1, sizeof(*chunk) + room);
	chunk->next = a->chunks;
	a->chunks = chunk;
	a->room = room;
	a->used = 0;
}

void *
reply_arena_take(struct reply_arena *a, size_t bytes)
{
	const size_t unit = alignof(struct reply);
	size_t whole = (bytes + unit - 1) / unit * unit;
	void *p;

	if (a->chunks == NULL || whole > a->room - a->used)
		add_chunk(a, whole);
	p = a->chunks->bytes + a->used;
	a->used += whole;
	a->taken += whole;
	return p;
}

struct reply_arena *
reply_arena_of(struct reply *root)
{
	return (
	    struct reply_arena *)(void *)((char *)root -
					  offsetof(struct reply_arena, root));
}
