/*
 * picture_time - until when what was learnt may be shown.  Pure.
 */
#ifndef MODEL_PICTURE_TIME_H
#define MODEL_PICTURE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/* A picture in which nothing ever goes stale. */
#define PICTURE_NEVER	INT64_MAX

/* When a picture is made, and how old a figure may get. */
struct picture_time {
	struct now	now;
	int64_t		stale_after_ms;
};

/* Until when a figure learnt at that monotonic time may be shown, or 0 when it
 * is too old already.  *next_stale_ms, the first moment at which a figure of
 * the picture is too old, comes forward where needed. */
static inline int64_t
picture_until(
    const struct picture_time *t, int64_t at_ms, int64_t *next_stale_ms)
{
	int64_t until_ms = at_ms + t->stale_after_ms;

	if (at_ms <= 0 || until_ms < t->now.mono_ms)
		return 0;
	if (until_ms < *next_stale_ms)
		*next_stale_ms = until_ms + 1;
	return until_ms;
}

/* Is a part that is good until then to be shown? */
static inline bool
picture_good(int64_t until_ms, int64_t now_ms)
{
	return until_ms > 0 && now_ms <= until_ms;
}

#endif
