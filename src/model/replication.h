/*
 * replication - what is derived of one node: whom it follows, how far behind
 * it is, and whether Sentinel would promote it.  Pure.
 */
#ifndef MODEL_REPLICATION_H
#define MODEL_REPLICATION_H

#include <stdbool.h>
#include <stdint.h>

struct deployment;
struct master;

/* A node's own offset, and when it had told it. */
struct offset_reading {
	int64_t	offset;
	int64_t	at_ms;		/* monotonic; 0 = none */
};

struct replication {
	bool	replica;	/* it belongs to the replicas' series */
	bool	link_known, link_up;
	int64_t	lag_bytes;	/* upper bound; NUM_UNKNOWN */
	int64_t	missing_bytes;	/* the same, whether or not the link is up */
	int64_t	lag_at_ms;	/* when the master's part was read, monotonic */
	int64_t	ack_age_s;	/* NUM_UNKNOWN */
	int64_t	link_down_ms;	/* 0 when up; NUM_UNKNOWN */
	int64_t	sync_in_progress;	/* 1, 0, NUM_UNKNOWN */
	int64_t	depth;		/* hops to the agreed master: 1, or more when
				 * cascaded; NUM_UNKNOWN */
	int64_t	diverged_bytes;	/* of a second master: what it has that the
				 * agreed one has not; NUM_UNKNOWN */
	bool	ghost_known, ghost;	/* known to sentinels, attached to no
					 * one */
	bool	foreign_master;	/* follows someone else than the agreed one */
	struct offset_reading last, before;	/* the last two */

	/* Of next_master.h. */
	int64_t	priority;	/* NUM_UNKNOWN */
	int64_t	sdown;		/* most sentinels hold it for down: 1, 0 */
	bool	promotable_known, promotable, next_master;
};

/* Work out the replication of all of m's nodes; after agreement_update. */
void	replication_update(const struct deployment *d, struct master *m,
	    int64_t now_ms, int64_t stale_after_ms);

#endif
