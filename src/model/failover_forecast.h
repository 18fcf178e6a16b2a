/*
 * failover_forecast - how long a failover would take now.  Pure.
 *
 * Detection ends when the quorum of sentinels considers the master down: each
 * does so after its own down-after-milliseconds without a valid reply to PING.
 * Election and promotion take what they took here in the last failovers; where
 * none was seen, what Sentinel's own timers make of them (redis 5.0 .. 8.0
 * sentinel.c).
 */
#ifndef MODEL_FAILOVER_FORECAST_H
#define MODEL_FAILOVER_FORECAST_H

#include <stddef.h>
#include <stdint.h>

/* SENTINEL_TIMER_PERIOD and half of SENTINEL_MAX_DESYNC: the mean wait before
 * the first vote. */
#define FORECAST_ELECTION_MS	600
/* INFO is read once a second while a failover runs (SENTINEL_ASK_PERIOD): the
 * promotion is seen with the next one. */
#define FORECAST_PROMOTION_MS	1000

/* Durations in ms; borrowed. */
struct forecast_input {
	const int64_t	*down_after_ms;	/* of each sentinel that can vote */
	size_t		 sentinels;
	int64_t		 quorum;
	const int64_t	*election_ms;	/* of past failovers, or NUM_UNKNOWN */
	const int64_t	*promotion_ms;
	size_t		 failovers;
};

/* In ms; NUM_UNKNOWN when too few sentinels can vote, or one that counts does
 * not tell its down-after. */
int64_t	failover_forecast(const struct forecast_input *);

#endif
