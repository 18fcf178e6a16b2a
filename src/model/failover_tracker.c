/*
 * tracker - the doors: what is told, by which sentinel, goes to which room.
 * The rooms stand in failover_tracker_parts.h.
 */
#include "model/failover_tracker.h"

#include <string.h>

#include "model/failover_tracker_parts.h"

struct failover_tracker *
tracker_new(const char *master_name)
{
	struct failover_tracker *t = xcalloc(1, sizeof(*t));
	size_t i;

	strlcpy(t->master_name, master_name, sizeof(t->master_name));
	t->round = 2;
	t->epoch = t->down_ms = t->heard_ms = NUM_UNKNOWN;
	t->last_started_ms = t->last_sign_ms = NUM_UNKNOWN;
	t->outage_began_ms = t->outage_closed_ms = NUM_UNKNOWN;
	t->stats.outage_since_mono_ms = NUM_UNKNOWN;
	for (i = 0; i < FAILOVER_PHASES; i++)
		t->stats.last_phase_ms[i] = NUM_UNKNOWN;
	return t;
}

void
tracker_free(struct failover_tracker *t)
{
	if (t == NULL)
		return;
	vec_fini(&t->sentinels);
	vec_fini(&t->attempts);
	vec_fini(&t->history);
	free(t);
}

static struct tracked_sentinel *
tracked_find(const struct failover_tracker *t, const char *sentinel)
{
	struct tracked_sentinel *v;

	vec_foreach(v, &t->sentinels)
		if (strcmp(v->sentinel, sentinel) == 0)
			return v;
	return NULL;
}

/* The longest silent one makes room when there are too many. */
static void
tracked_evict(struct failover_tracker *t)
{
	size_t i, oldest = 0;

	for (i = 1; i < t->sentinels.n; i++)
		if (t->sentinels.v[i].pair_round <
		    t->sentinels.v[oldest].pair_round)
			oldest = i;
	vec_remove(&t->sentinels, oldest);
}

static struct tracked_sentinel *
tracked_of(struct failover_tracker *t, const char *sentinel)
{
	struct tracked_sentinel *v = tracked_find(t, sentinel);

	if (v != NULL)
		return v;
	if (t->sentinels.n == SENTINELS_MAX)
		tracked_evict(t);
	v = vec_push(&t->sentinels);
	strlcpy(v->sentinel, sentinel, sizeof(v->sentinel));
	v->new_epoch = NUM_UNKNOWN;
	v->pair_round = t->round;
	v->highest = v->last_epoch = v->epoch_before = NUM_UNKNOWN;
	return v;
}

/* It takes back its +sdown.  The outage is over when nobody else holds it. */
static void
tracked_clear_sdown(struct failover_tracker *t, struct tracked_sentinel *v)
{
	const struct tracked_sentinel *w;

	if (!v->sdown)
		return;
	v->sdown = false;
	vec_foreach(w, &t->sentinels)
		if (w->sdown)
			return;
	t->down_ms = NUM_UNKNOWN;
}

/* Its master has a new beginning: neither down nor failed over. */
static void
tracked_start_over(struct failover_tracker *t, struct tracked_sentinel *v)
{
	attempt_close(t, v->sentinel, ATTEMPT_CLOSED);
	v->odown = false;
	v->odown_round = t->round;
	v->pair.flags = 0;
}

static bool
judge(struct failover_tracker *t, const char *sentinel,
    const struct tracker_pair *p, const struct event *e, struct now now)
{
	struct tracked_sentinel *v = tracked_of(t, sentinel);
	bool first = !v->has_pair;

	if (p->epoch < 0 || !addr_known(&p->addr))
		return false;
	v->has_pair = true;
	v->pair = *p;
	v->pair_ms = now.mono_ms;
	v->pair_round = t->round;
	if (p->epoch > v->highest)
		v->highest = p->epoch;
	if ((p->flags & FLAG_FORCE_FAILOVER) != 0)
		attempt_force(t, sentinel);
	/* What was read may be older than what was heard in this round. */
	if (t->round != v->odown_round)
		v->odown = (p->flags & FLAG_O_DOWN) != 0;
	return rule_pair(t, v, first, e, now);
}

void
tracker_pair(struct failover_tracker *t, const char *sentinel,
    const struct tracker_pair *p, struct now now)
{
	judge(t, sentinel, p, NULL, now);
}

static void
on_sdown(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	if (e->type != ROLE_MASTER || !addr_equal(&e->addr, &t->master))
		return;
	v->sdown = true;
	if (!num_known(t->down_ms))
		t->down_ms = now.mono_ms;
}

static void
on_sdown_cleared(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	(void)now;
	if (e->type == ROLE_MASTER)
		tracked_clear_sdown(t, v);
}

static void
on_odown(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	(void)t;
	(void)now;
	v->odown = e->kind == EVENT_ODOWN;
	v->odown_round = t->round;
}

static void
on_new_epoch(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	(void)t;
	(void)now;
	v->new_epoch = e->epoch;
}

static void
on_try(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	(void)e;
	attempt_try(t, v, now);
}

static void
on_milestone(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	enum milestone m = e->kind == EVENT_ELECTED_LEADER   ? ELECTED
			   : e->kind == EVENT_PROMOTED_SLAVE ? PROMOTED
							     : ENDED;

	attempt_reach(t, v, m, &e->addr, now);
}

static void
on_abort(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	enum failover_abort why =
	    e->kind == EVENT_ABORT_NOT_ELECTED	   ? ABORT_NOT_ELECTED
	    : e->kind == EVENT_ABORT_NO_GOOD_SLAVE ? ABORT_NO_GOOD_REPLICA
						   : ABORT_REPLICA_TIMEOUT;

	(void)now;
	t->stats.aborts[why]++;
	v->pair.flags &=
	    ~(unsigned)(FLAG_FAILOVER_IN_PROGRESS | FLAG_FORCE_FAILOVER);
	attempt_close(t, v->sentinel, ATTEMPT_ABORTED);
}

/* A sentinel that switches forgets that the old master was down and what it
 * tried itself, without a word of either. */
static void
on_switch(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	if ((v->pair.flags & FLAG_FAILOVER_IN_PROGRESS) != 0 &&
	    addr_equal(&v->pair.addr, &e->addr))
		v->shown_before = e->addr;
	v->noted_from = e->master;
	v->noted_to = e->addr;
	tracked_start_over(t, v);
	record_switch(t, &e->addr, now);
}

/* +reset-master and -monitor drop a running failover without a word. */
static void
on_reset(struct failover_tracker *t, struct tracked_sentinel *v,
    const struct event *e, struct now now)
{
	(void)e;
	(void)now;
	tracked_start_over(t, v);
	tracked_clear_sdown(t, v);
}

typedef void (*event_fn)(struct failover_tracker *, struct tracked_sentinel *,
    const struct event *, struct now);

static const event_fn on_event[EVENT_KIND_COUNT] = {
	[EVENT_SDOWN] = on_sdown,
	[EVENT_SDOWN_CLEARED] = on_sdown_cleared,
	[EVENT_ODOWN] = on_odown,
	[EVENT_ODOWN_CLEARED] = on_odown,
	[EVENT_NEW_EPOCH] = on_new_epoch,
	[EVENT_TRY_FAILOVER] = on_try,
	[EVENT_ELECTED_LEADER] = on_milestone,
	[EVENT_PROMOTED_SLAVE] = on_milestone,
	[EVENT_FAILOVER_END] = on_milestone,
	[EVENT_ABORT_NOT_ELECTED] = on_abort,
	[EVENT_ABORT_NO_GOOD_SLAVE] = on_abort,
	[EVENT_ABORT_SLAVE_TIMEOUT] = on_abort,
	[EVENT_SWITCH_MASTER] = on_switch,
	[EVENT_RESET_MASTER] = on_reset,
	[EVENT_MONITOR_REMOVED] = on_reset,
};

void
tracker_event(struct failover_tracker *t, const char *sentinel,
    const struct event *e, struct now now)
{
	if (on_event[e->kind] != NULL)
		on_event[e->kind](t, tracked_of(t, sentinel), e, now);
}

void
tracker_switched(struct failover_tracker *t, const char *sentinel,
    const struct event *e, const struct tracker_pair *p, struct now now)
{
	struct tracked_sentinel *v = tracked_of(t, sentinel);
	int64_t before = t->epoch;
	bool late;

	if (!addr_equal(&v->noted_from, &e->master) ||
	    !addr_equal(&v->noted_to, &e->addr))
		on_switch(t, v, e, now);
	v->noted_from.host[0] = v->noted_to.host[0] = '\0';
	/* The last word of a leader that showed the new master long ago tells
	 * nothing that could have been jumped over. */
	late = addr_equal(&v->shown_before, &e->addr);
	v->shown_before.host[0] = '\0';
	if (!judge(t, sentinel, p, late ? NULL : e, now) && p->epoch <= before)
		t->stats.duplicates++;
}

/* The open attempt may have gone on in a part that was not heard. */
void
tracker_lost(struct failover_tracker *t, const char *sentinel)
{
	struct tracked_sentinel *v = tracked_find(t, sentinel);

	if (v == NULL)
		return;
	attempt_close(t, sentinel, ATTEMPT_CLOSED);
	v->odown = false;
	v->odown_round = 0;
	v->new_epoch = NUM_UNKNOWN;
	tracked_clear_sdown(t, v);
}

void
tracker_forget(struct failover_tracker *t, const char *sentinel)
{
	struct tracked_sentinel *v = tracked_find(t, sentinel);

	if (v == NULL)
		return;
	tracker_lost(t, sentinel);
	vec_remove(&t->sentinels, (size_t)(v - t->sentinels.v));
}

void
tracker_rename_sentinel(
    struct failover_tracker *t, const char *from, const char *to)
{
	struct tracked_sentinel *v = tracked_find(t, from);
	struct attempt *a;

	vec_foreach(a, &t->attempts)
		if (strcmp(a->sentinel, from) == 0)
			strlcpy(a->sentinel, to, sizeof(a->sentinel));
	if (v != NULL)
		strlcpy(v->sentinel, to, sizeof(v->sentinel));
}

void
tracker_round(struct failover_tracker *t, struct now now)
{
	struct tracked_sentinel *v;

	rule_round(t, now);
	attempt_expire(t, now);
	vec_foreach(v, &t->sentinels) {
		v->epoch_before = v->last_epoch;
		v->last_epoch = v->has_pair ? v->pair.epoch : NUM_UNKNOWN;
	}
	t->round++;
}

/* Sentinel's own word for it, +reboot, comes from each sentinel at its next
 * INFO; the run id says it once.  An INFO of before the restart may come
 * late. */
void
tracker_run_id(
    struct failover_tracker *t, const struct addr *a, const char *run_id)
{
	if (run_id[0] == '\0' || !addr_equal(a, &t->master) ||
	    strcmp(run_id, t->run_id) == 0 ||
	    strcmp(run_id, t->run_id_before) == 0)
		return;
	if (t->run_id[0] != '\0')
		t->stats.reboots++;
	strlcpy(t->run_id_before, t->run_id, sizeof(t->run_id_before));
	strlcpy(t->run_id, run_id, sizeof(t->run_id));
}

const struct failover_stats *
tracker_stats(const struct failover_tracker *t)
{
	return &t->stats;
}

const struct failover *
tracker_history(const struct failover_tracker *t, size_t *n)
{
	*n = t->history.n;
	return t->history.v;
}

uint64_t
tracker_count(const struct failover_tracker *t)
{
	return t->count;
}
