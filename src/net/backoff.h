/*
 * backoff - how long to wait before dialling a peer again.
 *
 * Pure: no clock, no timer.  The owner embeds it and passes in randomness, so
 * that every delay can be shown in a test.
 */
#ifndef NET_BACKOFF_H
#define NET_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint32_t floor_ms;	/* first delay */
	uint32_t ceil_ms;	/* longest delay */
	uint32_t next_ms;	/* delay before jitter; 0 = never failed */
};

void	backoff_init(struct backoff *, uint32_t floor_ms, uint32_t ceil_ms);

/* Count one failure; the delay in ms, within [half, whole] of the step. */
uint32_t backoff_fail(struct backoff *, uint32_t random);

/* The peer answered: the next failure starts from the floor again. */
void	backoff_ok(struct backoff *);

#endif
