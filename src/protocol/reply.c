/* reply - what a decoded reply says. */
#include "protocol/reply.h"

#include "base/num.h"
#include "protocol/reply_arena.h"

void
reply_free(struct reply *r)
{
	if (r != NULL)
		reply_arena_free(reply_arena_of(r));
}

size_t
reply_memory(const struct reply *r)
{
	const char *root = (const char *)r;

	return ((const struct reply_arena *)(const void
			*)(root - offsetof(struct reply_arena, root)))
	    ->taken;
}

const struct reply *
reply_at(const struct reply *r, size_t i)
{
	return r != NULL && i < r->n ? r->elements[i] : NULL;
}

const char *
reply_text(const struct reply *r)
{
	if (r == NULL || (r->type != REPLY_STRING && r->type != REPLY_STATUS))
		return NULL;
	return r->str;
}

bool
reply_int(const struct reply *r, int64_t *out)
{
	if (r == NULL)
		return false;
	if (r->type == REPLY_INTEGER) {
		*out = r->integer;
		return true;
	}
	return r->type == REPLY_STRING &&
	       num_int(r->str, r->len, -INT64_MAX, INT64_MAX, out);
}

bool
reply_is_error(const struct reply *r)
{
	return r != NULL && r->type == REPLY_ERROR;
}
