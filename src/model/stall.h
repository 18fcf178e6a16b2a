/*
 * stall - for how long messages have waited without one being taken.
 * A plain value; pure.
 *
 * Short of STALL_MS a worker may just be coming back after a failover: kombu
 * was seen to take 6 s, with every client cut off at the same instant.
 */
#ifndef MODEL_STALL_H
#define MODEL_STALL_H

#include <stdbool.h>
#include <stdint.h>

#define STALL_ROUNDS	3
#define STALL_MS	15000

struct stall {
	int64_t	rounds;		/* looked at, since messages wait unmoved */
	int64_t	since_ms;	/* monotonic */
	int64_t	length;		/* last seen; NUM_UNKNOWN */
};

/* One look: so many wait (NUM_UNKNOWN: not told), and one is known to have
 * been taken, or is not. */
void	stall_note(struct stall *, int64_t length, bool taken,
	    int64_t now_ms);

/* Have messages waited long enough, over enough looks, untouched? */
bool	stall_holds(const struct stall *, int64_t now_ms);

#endif
