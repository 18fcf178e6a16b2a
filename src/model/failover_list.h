/*
 * history - the last failovers of one master, frozen.  Pure.
 *
 * Immutable and reference-counted: all snapshots share one until there is
 * something new to tell.  Any thread may let go.
 */
#ifndef MODEL_FAILOVER_LIST_H
#define MODEL_FAILOVER_LIST_H

#include "model/failover_tracker.h"

struct failover_list {
	int		refs;		/* private */
	size_t		n;
	struct failover	v[];		/* oldest first */
};

/* A copy of these, with one reference. */
const struct failover_list *failover_list_new(const struct failover *, size_t n);

/* One reference more; NULL is fine, and means none ever. */
const struct failover_list *failover_list_ref(const struct failover_list *);
void	failover_list_unref(const struct failover_list *);

#endif
