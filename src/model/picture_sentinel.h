/*
 * picture_sentinel - one sentinel as it may be shown.  Immutable, counted.
 *
 * Each part is good until its until_ms, a monotonic time; 0: there is nothing
 * to show.  A figure that is not known is NUM_UNKNOWN or "".
 */
#ifndef MODEL_PICTURE_SENTINEL_H
#define MODEL_PICTURE_SENTINEL_H

#include <stdint.h>

#include "model/labels.h"
#include "model/picture_source.h"
#include "protocol/event.h"
#include "protocol/info.h"

struct sentinel;
struct picture_time;

struct picture_sentinel {
	int		refs;		/* private */
	const struct labels *labels;	/* sentinel */
	const struct picture_source *source;
	int64_t		next_stale_ms;	/* INT64_MAX: never */
	int64_t		subscribed_until_ms;
	uint64_t	events[EVENT_KIND_COUNT];

	/* Of INFO. */
	int64_t		info_until_ms;
	char		id[RUN_ID_MAX], version[VERSION_MAX], product[16];
	int64_t		start_wall_s, tilt, scripts_running, scripts_queued;
	int64_t		masters;	/* names that it watches */
	int64_t		clock_ms;	/* its clock less ours */
};

const struct picture_sentinel *picture_sentinel_ref(
	    const struct picture_sentinel *);
void	picture_sentinel_unref(const struct picture_sentinel *);

/* The sentinel as it is now.  group: labels of its group, or NULL; before: the
 * picture made last, or NULL. */
const struct picture_sentinel *picture_sentinel_new(const struct sentinel *,
	    const struct labels *group, const struct picture_sentinel *before,
	    const struct picture_time *);

#endif
