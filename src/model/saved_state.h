/*
 * state - what must survive a restart, as text.  Pure.
 *
 * A versioned JSON document: one entry per master with its tracker's memory.
 * Reading is strict, and all or nothing: whatever is not what this writes is
 * reported and nothing of it is used.  Members that are not known are passed
 * over, so that a later exporter may add some.
 */
#ifndef MODEL_SAVED_STATE_H
#define MODEL_SAVED_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/failover_tracker.h"

/* What is read at most; what is written stays far below. */
#define STATE_BYTES_MAX		(64 * 1024 * 1024)
#define STATE_MASTERS_MAX	10000
/* Failovers kept over all masters; each keeps its newest ones. */
#define STATE_FAILOVERS_MAX	20000

struct saved_state;

/* A document that is going to hold so many masters. */
struct saved_state *saved_state_new(size_t masters);
void	saved_state_free(struct saved_state *);

/* group NULL: the only one, unnamed.  A master whose name is no valid UTF-8 is
 * left out: JSON has no word for it. */
void	saved_state_add(struct saved_state *, const char *group,
	    const struct tracker_memory *);

/* The document, which the caller frees. */
char	*saved_state_encode(const struct saved_state *, size_t *len);

typedef void saved_state_fn(void *arg, const char *group,
	    const struct tracker_memory *);

/* Call fn once per master; false, with the reason and without a call, when it
 * is no such document. */
bool	saved_state_decode(const char *text, size_t len, saved_state_fn *, void *arg,
	    struct err *);

#endif
