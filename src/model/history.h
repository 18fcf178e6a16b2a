/*
 * history - the last failovers of one master, frozen.  Pure.
 *
 * Immutable and reference-counted: all snapshots share one until there is
 * something new to tell.  Any thread may let go.
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "model/timeline.h"

struct history {
	int		refs;		/* private */
	size_t		n;
	struct failover	v[];		/* oldest first */
};

/* A copy of these, with one reference. */
const struct history *history_new(const struct failover *, size_t n);

/* One reference more; NULL is fine, and means none ever. */
const struct history *history_ref(const struct history *);
void	history_unref(const struct history *);

#endif
