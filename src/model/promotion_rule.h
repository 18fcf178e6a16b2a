/*
 * promotion - which replica Sentinel would promote.  Pure.
 *
 * The rule is sentinel.c sentinelSelectSlave() (redis 5.0 .. 8.0, valkey 8):
 * leave out replicas that are down, disconnected, silent for more than 5 s, of
 * priority 0, whose INFO is older than 30 s (5 s while the master is down), or
 * whose link to the master was down for more than 10 down-after periods plus
 * the time the master has been down; among the rest the lowest priority, then
 * the highest offset, then the smallest run id is promoted.  It does not ask
 * whom a replica follows, nor whether it says that it is a master itself.
 */
#ifndef MODEL_PROMOTION_RULE_H
#define MODEL_PROMOTION_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/instance.h"

struct candidate {
	unsigned	flags;		/* enum instance_flag, as one sentinel
					 * sees the replica */
	int64_t		last_ok_ping_ms, info_refresh_ms, link_down_ms;
	int64_t		priority, offset;
	const char	*run_id;	/* borrowed */
};

/* Ages up to which INFO counts: while the master is up, and while the sentinel
 * holds it for down. */
#define PROMOTION_INFO_MAX_MS		30000
#define PROMOTION_INFO_MAX_DOWN_MS	5000

/* Would the sentinel take it into account?  master_s_down_ms: for how long it
 * has held the master for down; NUM_UNKNOWN = it does not. */
bool	promotion_rule_eligible(const struct candidate *, int64_t down_after_ms,
	    int64_t master_s_down_ms);

/* Of two eligible candidates, does a go before b? */
bool	promotion_rule_before(const struct candidate *a, const struct candidate *b);

#endif
