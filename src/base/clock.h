/*
 * clock - the only place that reads a clock.
 *
 * Pure floors take the time as an argument: struct now, read once per event
 * by the loop, or once per request by the web.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct now {
	int64_t	mono_ms;	/* CLOCK_MONOTONIC: for every duration */
	int64_t	wall_ms;	/* CLOCK_REALTIME, since 1970: for display */
};

struct now clock_now(void);

/* How far the system's coarse clock moves at a time, in whole ms; at least 1. */
int64_t	clock_coarse_tick_ms(void);

/* Wall time as RFC 3339 writes it, "2026-01-01T00:00:00.123Z"; buf must hold
 * CLOCK_TEXT_MAX bytes. */
#define CLOCK_TEXT_MAX	40
void	clock_format(int64_t wall_ms, char *buf);

#endif
