/*
 * agreement - what all sentinels together say of one master.  Pure.
 *
 * The agreed master is the address that goes with the highest config epoch,
 * and among several of that epoch the one with most sentinels.  A sentinel in
 * TILT, or whose view is stale, does not count.  Two addresses are one when they
 * stand for the same node.
 */
#ifndef MODEL_AGREEMENT_H
#define MODEL_AGREEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"

struct deployment;
struct master;
struct sentinel;
struct view;

/* Settings in which sentinels may differ, and ought not to. */
#define AGREEMENT_SETTINGS(X)                                                 \
	X(QUORUM, "quorum") X(DOWN_AFTER, "down_after")                       \
	X(FAILOVER_TIMEOUT, "failover_timeout")                               \
	X(PARALLEL_SYNCS, "parallel_syncs")                                   \
	X(KNOWN_SENTINELS, "known_sentinels")                                 \
	X(KNOWN_REPLICAS, "known_replicas")                                   \
	X(KNOWN_MASTER, "known_master")

enum agreement_setting {
#define AGREEMENT_ENUM(id, name) SETTING_##id,
	AGREEMENT_SETTINGS(AGREEMENT_ENUM)
#undef AGREEMENT_ENUM
	AGREEMENT_SETTING_COUNT,
};

const char *agreement_setting_name(enum agreement_setting);

struct agreement {
	bool		known;		/* at least one view counts */
	struct addr	master;		/* canonical; meaningful when known */
	int64_t		epoch;
	int64_t		counted;	/* sentinels that were counted */
	int64_t		agreeing;	/* of those, naming the agreed master */
	int64_t		distinct;	/* different masters named */
	bool		headroom_known;
	int64_t		headroom;	/* sentinels that may still be lost */
	bool		drift[AGREEMENT_SETTING_COUNT];
	bool		up;		/* it answers us as a master */
	bool		up_known;	/* it was asked */
	int64_t		reporting_nodes; /* fresh nodes that say role:master */
	struct now	split_since;	/* when a second one began; 0 = there
					 * is none */
	int64_t		unannounced;	/* replicas that sentinels know and do
					 * not list; NUM_UNKNOWN */
	int64_t		at_ms;		/* when worked out, monotonic */
};

/* Work out m's agreement from d's fresh views. */
void	agreement_update(const struct deployment *d, struct master *m,
	    struct now, int64_t stale_after_ms);

#endif
