/*
 * round - one poll round: sentinels, then replicas, then the masters, then
 * the queues.
 *
 * Replicas are read before their master so that lag is an honest upper bound.
 * A phase waits only for sources that answered last time or were never tried:
 * a dead one is asked, but holds up nobody.
 */
#ifndef WATCH_ROUND_H
#define WATCH_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "net/loop.h"
#include "watch/waitgroup.h"

struct group;

enum round_phase {
	ROUND_IDLE,
	ROUND_SEEDS,
	ROUND_SENTINELS,
	ROUND_DISCOVERED,	/* sentinels that were first named just now */
	ROUND_REPLICAS,
	ROUND_MASTERS,
	ROUND_QUEUES,
};

struct round {
	enum round_phase phase;
	struct waitgroup	waitgroup;
	struct timer	*timer;		/* owned: the next round */
	int64_t		started_ms;
	int64_t		duration_ms;	/* of the last one; NUM_UNKNOWN */
	int64_t		ended_wall_ms;	/* 0 = none yet */
	uint64_t	n;		/* rounds that are over */
};

void	round_init(struct round *, struct group *);
void	round_fini(struct round *);

/* Begin the first round now; the others follow by themselves. */
void	round_start(struct group *);

#endif
