/*
 * snapshot - the pictures of all groups, and the one place where threads meet.
 *
 * The watch publishes; the web takes a reference, prints, lets go.  Immutable
 * and reference-counted: the last one to let go frees it, on either thread.  It
 * shares nothing with the live model.
 */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/vec.h"
#include "model/event_log.h"
#include "model/picture.h"

struct snapshot {
	VEC(struct picture) groups;	/* owned */
	const struct event_log_view *event_log;	/* counted; NULL = empty */
	struct now	made_at;
	int64_t		next_stale_ms;	/* monotonic: when the first figure that
					 * it shows is too old; PICTURE_NEVER */
	bool		first_round_over;
	int64_t		poll_duration_ms;	/* last round; NUM_UNKNOWN */
	int64_t		last_poll_wall_ms;	/* 0 = none yet */
	bool		config_ok;		/* the last reading of it worked */
	int64_t		config_wall_ms;		/* when it last did; 0 = never */
	int		refs;			/* private */
};

/* An empty snapshot with one reference, to be filled and then published. */
struct snapshot *snapshot_new(void);

/* Add the picture of one more deployment, as it is now. */
void	snapshot_add(struct snapshot *, struct deployment *,
	    const struct picture_time *);

void	snapshot_unref(const struct snapshot *);

/* The slot between the threads; starts with an empty snapshot. */
struct handover;

struct handover *handover_new(void);
void	handover_free(struct handover *);

/* Give the caller's reference to the slot, whose old snapshot is let go. */
void	handover_publish(struct handover *, struct snapshot *);

/* A reference to the newest snapshot; never NULL. */
const struct snapshot *handover_take(struct handover *);

#endif
