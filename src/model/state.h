/*
 * state - what must survive a restart, as text.  Pure.
 *
 * A versioned JSON document: one entry per master with its timeline's memory.
 * Reading is strict, and all or nothing: whatever is not what this writes is
 * reported and nothing of it is used.  Members that are not known are passed
 * over, so that a later exporter may add some.
 */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/timeline.h"

/* What is read at most; what is written stays far below. */
#define STATE_BYTES_MAX		(64 * 1024 * 1024)
#define STATE_MASTERS_MAX	10000
/* Failovers kept over all masters; each keeps its newest ones. */
#define STATE_FAILOVERS_MAX	20000

struct state;

/* A document that is going to hold so many masters. */
struct state *state_new(size_t masters);
void	state_free(struct state *);

/* group NULL: the only one, unnamed.  A master whose name is no valid UTF-8 is
 * left out: JSON has no word for it. */
void	state_add(struct state *, const char *group,
	    const struct timeline_memory *);

/* The document, which the caller frees. */
char	*state_encode(const struct state *, size_t *len);

typedef void state_fn(void *arg, const char *group,
	    const struct timeline_memory *);

/* Call fn once per master; false, with the reason and without a call, when it
 * is no such document. */
bool	state_decode(const char *text, size_t len, state_fn *, void *arg,
	    struct err *);

#endif
