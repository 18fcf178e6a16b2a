/*
 * next_master - who would follow the agreed master.  Pure.
 *
 * Two questions that have different answers: whom would Sentinel promote if
 * the master died now, and whom if an operator said SENTINEL FAILOVER.  When a
 * master dies, the leader reads every replica's INFO again before it decides; a
 * forced failover is decided at once by that one sentinel's own copy, which is
 * up to 10 s old and of another age for each replica.
 */
#ifndef MODEL_NEXT_MASTER_H
#define MODEL_NEXT_MASTER_H

#include <stdbool.h>
#include <stdint.h>

struct deployment;
struct master;
struct view;

/* Work out sdown, priority, promotable and next_master of m's nodes, for the
 * master dying now; from replication_update. */
void	next_master_update(const struct deployment *d, struct master *m,
	    int64_t now_ms, int64_t stale_after_ms);

/* The node that SENTINEL FAILOVER, said to the sentinel of that view, would
 * promote; NULL = none. */
const struct node *next_master_forced(const struct master *,
	    const struct view *);

#endif
