/*
 * tracker_attempt - what a candidate tried, and how far it came.
 *
 * Only the candidate publishes it: +new-epoch, +try-failover, +elected-leader,
 * +promoted-slave, +failover-end, or an abort.  The +new-epoch just before
 * +try-failover is the epoch of the attempt, and of the master's configuration
 * should it succeed; that joins an attempt with its failover.  Two candidates
 * may try the same epoch; one of them at most is elected.
 */
#include <string.h>

#include "model/failover_tracker_parts.h"

/* Election up to 10 s, promotion and reconfiguration up to failover-timeout
 * each (redis sentinel.c); 180 s is Sentinel's default. */
#define ELECTION_MAX_MS		    10000
#define FAILOVER_TIMEOUT_DEFAULT_MS 180000

static struct attempt *
newest(const struct failover_tracker *t, const char *sentinel)
{
	size_t i;

	for (i = t->attempts.n; i-- > 0;)
		if (strcmp(t->attempts.v[i].sentinel, sentinel) == 0)
			return &t->attempts.v[i];
	return NULL;
}

static struct attempt *
open_one(const struct failover_tracker *t, const char *sentinel)
{
	struct attempt *a = newest(t, sentinel);

	return a != NULL && a->state == ATTEMPT_OPEN ? a : NULL;
}

static struct attempt *
begin(struct failover_tracker *t, const struct tracked_sentinel *v,
    struct now now)
{
	struct attempt *a;
	size_t i;

	attempt_close(t, v->sentinel, ATTEMPT_CLOSED);
	if (t->attempts.n == ATTEMPTS_MAX)
		vec_remove(&t->attempts, 0);
	a = vec_push(&t->attempts);
	strlcpy(a->sentinel, v->sentinel, sizeof(a->sentinel));
	a->epoch = NUM_UNKNOWN;
	a->kind = FAILOVER_UNKNOWN;
	a->opened_ms = now.mono_ms;
	for (i = 0; i < MILESTONES; i++)
		a->at_ms[i] = NUM_UNKNOWN;
	a->down_ms = t->down_ms;
	a->down_after_ms = v->has_pair ? v->pair.down_after_ms : NUM_UNKNOWN;
	return a;
}

void
attempt_try(struct failover_tracker *t, const struct tracked_sentinel *v,
    struct now now)
{
	struct attempt *a = newest(t, v->sentinel);

	if (a != NULL && num_known(v->new_epoch) && a->epoch == v->new_epoch)
		return;
	t->stats.attempts++;
	a = begin(t, v, now);
	a->epoch = v->new_epoch;
	a->at_ms[TRIED] = now.mono_ms;
	a->late = record_find(t, a->epoch) != NULL;
	/* By itself a sentinel begins only when the master is objectively
	 * down, and says so first. */
	a->kind = v->odown ? FAILOVER_AUTOMATIC : FAILOVER_FORCED;
}

void
attempt_reach(struct failover_tracker *t, const struct tracked_sentinel *v,
    enum milestone m, const struct addr *promoted, struct now now)
{
	struct attempt *a = open_one(t, v->sentinel);

	if (a == NULL && m == ENDED)
		return;
	if (a == NULL) { /* its beginning was not heard */
		a = begin(t, v, now);
		if (v->odown)
			a->kind = FAILOVER_AUTOMATIC;
		if (v->has_pair && (v->pair.flags & FLAG_FORCE_FAILOVER) != 0)
			a->kind = FAILOVER_FORCED;
	}
	a->at_ms[m] = now.mono_ms;
	if (m == PROMOTED)
		a->to = *promoted;
	if (m == ENDED)
		a->state = ATTEMPT_CLOSED;
	record_attempt(t, a);
}

/* The flag of a running manual failover (6.2 on). */
void
attempt_force(struct failover_tracker *t, const char *sentinel)
{
	struct attempt *a = open_one(t, sentinel);

	if (a != NULL)
		a->kind = FAILOVER_FORCED;
}

void
attempt_close(
    struct failover_tracker *t, const char *sentinel, enum attempt_state state)
{
	struct attempt *a = open_one(t, sentinel);

	if (a != NULL)
		a->state = state;
}

static int64_t
longest_ms(const struct failover_tracker *t, const char *sentinel)
{
	const struct tracked_sentinel *v;
	int64_t timeout = FAILOVER_TIMEOUT_DEFAULT_MS;

	vec_foreach(v, &t->sentinels)
		if (strcmp(v->sentinel, sentinel) == 0 && v->has_pair &&
		    v->pair.failover_timeout_ms >= 0)
			timeout = v->pair.failover_timeout_ms;
	return timeout > INT64_MAX / 4 ? INT64_MAX / 2
				       : 2 * timeout + ELECTION_MAX_MS;
}

/* Give up those whose end went unheard. */
void
attempt_expire(struct failover_tracker *t, struct now now)
{
	struct attempt *a;

	vec_foreach(a, &t->attempts)
		if (a->state == ATTEMPT_OPEN &&
		    now.mono_ms - a->opened_ms > longest_ms(t, a->sentinel))
			a->state = ATTEMPT_CLOSED;
}

/* Epochs start over: those of old would be mistaken for new ones. */
void
attempt_forget_closed(struct failover_tracker *t)
{
	size_t i;

	for (i = t->attempts.n; i-- > 0;)
		if (t->attempts.v[i].state != ATTEMPT_OPEN)
			vec_remove(&t->attempts, i);
}

static bool
promoted_to(const struct attempt *a, const struct addr *to)
{
	return num_known(a->at_ms[PROMOTED]) && addr_equal(&a->to, to);
}

/* May it be the one that led to an epoch within (above, up_to]?  With one
 * epoch to choose from, having been elected is enough. */
static bool
led(const struct attempt *a, int64_t above, int64_t up_to,
    const struct addr *to)
{
	if (a->state == ATTEMPT_ABORTED || a->epoch <= above ||
	    a->epoch > up_to)
		return false;
	if (num_known(a->at_ms[PROMOTED]) || up_to - above > 1)
		return promoted_to(a, to);
	return num_known(a->at_ms[ELECTED]);
}

struct attempt *
attempt_leading(struct failover_tracker *t, int64_t above, int64_t up_to,
    const struct addr *to)
{
	struct attempt *a;
	size_t i;

	for (i = t->attempts.n; i-- > 0;)
		if (led(&t->attempts.v[i], above, up_to, to))
			return &t->attempts.v[i];
	for (i = t->attempts.n; i-- > 0;) {
		a = &t->attempts.v[i];
		if (!num_known(a->epoch) && a->state == ATTEMPT_OPEN &&
		    promoted_to(a, to))
			return a;
	}
	return NULL;
}
