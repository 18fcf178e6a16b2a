/*
 * tracker_record - one failover: phases, duration, outage, statistics.
 *
 * A failover is written down when it is counted.  The rest of its story may
 * come before (the leader's milestones) or after it (+failover-end comes up to
 * failover-timeout later, the outage ends when the new master answers).  Each
 * fact is filled in once; what is not heard stays unknown.
 */
#include <string.h>

#include "model/failover_tracker_parts.h"

/* A +switch-master heard this long after another sign of the new master is not
 * the first one published: observers hear of a promotion within a hello period
 * of 2 s, the leader alone speaks later. */
#define SWITCH_LAG_MS 5000
/* A pair is read within that time of the +switch-master. */
#define PAIR_LAG_MS 10000
/* An outage is of a failover when it ended so shortly before ... */
#define OUTAGE_BEFORE_MS 2000
/* ... or began so soon after it. */
#define OUTAGE_AFTER_MS 10000

const char *const failover_kind_names[FAILOVER_KINDS] = {
	[FAILOVER_AUTOMATIC] = "automatic",
	[FAILOVER_FORCED] = "forced",
	[FAILOVER_UNKNOWN] = "unknown",
};

const char *const failover_abort_names[FAILOVER_ABORTS] = {
	[ABORT_NOT_ELECTED] = "not_elected",
	[ABORT_NO_GOOD_REPLICA] = "no_good_replica",
	[ABORT_REPLICA_TIMEOUT] = "replica_timeout",
};

const char *const failover_phase_names[FAILOVER_PHASES] = {
	[PHASE_DETECTION] = "detection",
	[PHASE_ELECTION] = "election",
	[PHASE_PROMOTION] = "promotion",
	[PHASE_RECONFIGURATION] = "reconfiguration",
};

const double failover_bucket_le[FAILOVER_BUCKETS] = { 0.5, 1, 2, 3, 5, 10, 20,
	30, 60, 180, 600 };

static struct failover *
newest(struct failover_tracker *t)
{
	return &t->history.v[t->history.n - 1];
}

/* The entry-th failover ever counted, or NULL when that is long ago. */
struct failover *
record_entry(struct failover_tracker *t, uint64_t entry)
{
	uint64_t later = t->count - entry;

	return later < t->n_live ? newest(t) - later : NULL;
}

/* The failover of that epoch which may still be filled in, or NULL. */
struct failover *
record_find(struct failover_tracker *t, int64_t epoch)
{
	size_t i;

	for (i = 0; num_known(epoch) && i < t->n_live; i++)
		if (newest(t)[-(ptrdiff_t)i].epoch == epoch)
			return newest(t) - i;
	return NULL;
}

static int64_t
between(int64_t from, int64_t to)
{
	return num_known(from) && num_known(to) && to >= from ? to - from
							      : NUM_UNKNOWN;
}

static void
fill(int64_t *slot, int64_t value)
{
	if (!num_known(*slot))
		*slot = value;
}

static void
fill_phases(struct failover *f, const struct attempt *a)
{
	int64_t *phase = f->phase_ms;
	int64_t waited = between(a->down_ms, a->at_ms[TRIED]);
	int m;

	/* Its messages were held up: their arrival tells no time. */
	if (a->late)
		return;
	if (f->kind == FAILOVER_AUTOMATIC && num_known(waited) &&
	    a->down_after_ms >= 0 && a->down_after_ms < INT64_MAX / 2)
		fill(&phase[PHASE_DETECTION], a->down_after_ms + waited);
	for (m = ELECTED; m <= ENDED; m++)
		fill(&phase[PHASE_DETECTION + m],
		    between(a->at_ms[m - 1], a->at_ms[m]));
}

static void
fill_from(
    struct failover_tracker *t, struct failover *f, const struct attempt *a)
{
	if (f->leader[0] == '\0')
		strlcpy(f->leader, a->sentinel, sizeof(f->leader));
	if (strcmp(f->leader, a->sentinel) != 0)
		return;
	fill_phases(f, a);
	if (f == newest(t))
		memcpy(
		    t->stats.last_phase_ms, f->phase_ms, sizeof(f->phase_ms));
}

/* The leader went on; is its failover counted already? */
void
record_attempt(struct failover_tracker *t, const struct attempt *a)
{
	struct failover *f = record_find(t, a->epoch);

	if (f != NULL)
		fill_from(t, f, a);
}

static void
observe(struct failover_stats *s, int64_t duration_ms)
{
	double seconds = (double)duration_ms / 1000;
	size_t i = 0;

	while (i < FAILOVER_BUCKETS && seconds > failover_bucket_le[i])
		i++;
	s->buckets[i]++;
	s->duration_sum_s += seconds;
}

/* The newest failover's first +switch-master came at switched_ms. */
static void
fill_duration(struct failover_tracker *t, int64_t switched_ms)
{
	struct failover *f = newest(t);

	if (num_known(f->duration_ms) ||
	    switched_ms - t->last_sign_ms > SWITCH_LAG_MS)
		return;
	f->duration_ms = between(t->last_started_ms, switched_ms);
	if (num_known(f->duration_ms))
		observe(&t->stats, f->duration_ms);
}

/* A sentinel announced that master, now. */
void
record_switch(struct failover_tracker *t, const struct addr *to, struct now now)
{
	if (!addr_equal(to, &t->master)) {
		if (!addr_equal(to, &t->heard_to) || !num_known(t->heard_ms) ||
		    now.mono_ms - t->heard_ms > PAIR_LAG_MS) {
			t->heard_to = *to;
			t->heard_ms = now.mono_ms;
		}
	} else if (t->n_live > 0 && addr_equal(to, &newest(t)->to)) {
		fill_duration(t, now.mono_ms);
	}
}

static struct failover *
append(struct failover_tracker *t, const struct failover *seed)
{
	struct failover *f;
	size_t i;

	if (t->history.n == FAILOVER_HISTORY)
		vec_remove(&t->history, 0);
	f = vec_push(&t->history);
	if (t->n_live < FAILOVER_HISTORY)
		t->n_live++;
	*f = *seed;
	f->duration_ms = f->outage_ms = NUM_UNKNOWN;
	for (i = 0; i < FAILOVER_PHASES; i++)
		f->phase_ms[i] = t->stats.last_phase_ms[i] = NUM_UNKNOWN;
	t->count++;
	t->stats.failovers[f->kind]++;
	return f;
}

static int64_t
wall_ms(struct now now, int64_t mono_ms)
{
	return num_known(mono_ms) ? now.wall_ms - (now.mono_ms - mono_ms)
				  : NUM_UNKNOWN;
}

/* When it began, when its new master first showed; its duration, if told. */
static void
fill_times(struct failover_tracker *t, struct failover *f,
    const struct attempt *a, struct now now)
{
	int64_t switched = NUM_UNKNOWN, sign = now.mono_ms;

	if (num_known(t->heard_ms) && addr_equal(&t->heard_to, &f->to) &&
	    now.mono_ms - t->heard_ms <= PAIR_LAG_MS)
		sign = switched = t->heard_ms;
	if (a != NULL && num_known(a->at_ms[PROMOTED]) &&
	    a->at_ms[PROMOTED] < sign)
		sign = a->at_ms[PROMOTED];
	t->last_sign_ms = sign;
	t->last_started_ms = f->kind != FAILOVER_FORCED ? t->down_ms
			     : a != NULL && !a->late	? a->at_ms[TRIED]
							: NUM_UNKNOWN;
	f->started_wall_ms = wall_ms(now, t->last_started_ms);
	f->switched_wall_ms = wall_ms(now, sign);
	t->stats.last_wall_ms = f->switched_wall_ms;
	if (num_known(switched))
		fill_duration(t, switched);
	t->heard_ms = NUM_UNKNOWN;
	t->down_ms = NUM_UNKNOWN; /* what follows is another story */
}

static void
join_outage(struct failover_tracker *t, struct failover *f, struct now now)
{
	bool open = num_known(t->stats.outage_since_mono_ms);

	t->last_answered = t->answered;
	if (open)
		t->outage_of++;
	else if (num_known(t->outage_closed_ms) &&
		 now.mono_ms - t->outage_closed_ms <= OUTAGE_BEFORE_MS)
		f->outage_ms = t->outage_last_ms;
}

void
record_failover(struct failover_tracker *t, const struct failover *seed,
    const struct attempt *a, struct now now)
{
	struct failover *f = append(t, seed);

	fill_times(t, f, a, now);
	join_outage(t, f, now);
	if (a != NULL)
		fill_from(t, f, a);
}

static void
open_outage(struct failover_tracker *t, struct now now)
{
	t->outage_began_ms = now.mono_ms;
	t->outage_of =
	    t->n_live > 0 && now.mono_ms - t->last_sign_ms <= OUTAGE_AFTER_MS;
}

static void
close_outage(struct failover_tracker *t, struct now now)
{
	size_t i;

	t->outage_last_ms = now.mono_ms - t->outage_began_ms;
	t->outage_closed_ms = now.mono_ms;
	for (i = 0; i < t->outage_of && i < t->n_live; i++)
		newest(t)[-(ptrdiff_t)i].outage_ms = t->outage_last_ms;
}

void
tracker_answers(struct failover_tracker *t, bool yes, struct now now)
{
	struct failover_stats *s = &t->stats;
	bool open = num_known(s->outage_since_mono_ms);

	/* Settled bit by bit, so that a restart loses little of it. */
	if (open)
		s->outage_ms += now.mono_ms - s->outage_since_mono_ms;
	else if (!yes)
		open_outage(t, now);
	if (open && yes)
		close_outage(t, now);
	s->outage_since_mono_ms = yes ? NUM_UNKNOWN : now.mono_ms;
	if (yes && t->n_live > 0 && t->last_answered)
		fill(&newest(t)->outage_ms, 0);
	t->answered = yes;
}
