/*
 * stillness - for how long messages have waited without one being taken.
 * A plain value; pure.
 *
 * Short of STILL_MS a worker may just be coming back after a failover: kombu
 * was seen to take 6 s, with every client cut off at the same instant.
 */
#ifndef MODEL_STILLNESS_H
#define MODEL_STILLNESS_H

#include <stdbool.h>
#include <stdint.h>

#define STILL_ROUNDS	3
#define STILL_MS	15000

struct stillness {
	int64_t	rounds;		/* looked at, since messages wait unmoved */
	int64_t	since_ms;	/* monotonic */
	int64_t	length;		/* last seen; NUM_UNKNOWN */
};

/* One look: so many wait (NUM_UNKNOWN: not told), and one is known to have
 * been taken, or is not. */
void	stillness_note(struct stillness *, int64_t length, bool taken,
	    int64_t now_ms);

/* Have messages waited long enough, over enough looks, untouched? */
bool	stillness_holds(const struct stillness *, int64_t now_ms);

#endif
