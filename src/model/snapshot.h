/*
 * snapshot - a frozen picture, and the one place where threads meet.
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
#include "model/deployment.h"
#include "model/event_log.h"

struct snapshot {
	VEC(struct deployment) groups;	/* owned */
	const struct event_log_view *event_log;	/* counted; NULL = empty */
	struct now	made_at;
	int64_t		stale_after_ms;
	bool		first_round_over;
	int64_t		poll_duration_ms;	/* last round; NUM_UNKNOWN */
	int64_t		last_poll_wall_ms;	/* 0 = none yet */
	bool		config_ok;		/* the last reading of it worked */
	int64_t		config_wall_ms;		/* when it last did; 0 = never */
	int		refs;			/* private */
};

/* An empty snapshot with one reference, to be filled and then published. */
struct snapshot *snapshot_new(void);
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
