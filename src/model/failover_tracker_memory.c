/*
 * tracker_memory - what a tracker takes over a restart.
 *
 * Times of the monotonic clock are not among it: they mean nothing to another
 * process.  Attempts and open outages start over.
 */
#include <string.h>

#include "model/failover_tracker_parts.h"

void
tracker_save(const struct failover_tracker *t, struct tracker_memory *m)
{
	*m = (struct tracker_memory){ .epoch = t->epoch,
		.master = t->master,
		.stats = t->stats,
		.n_history = t->history.n };
	strlcpy(m->master_name, t->master_name, sizeof(m->master_name));
	strlcpy(m->run_id, t->run_id, sizeof(m->run_id));
	if (t->history.n > 0)
		memcpy(m->history, t->history.v,
		    t->history.n * sizeof(m->history[0]));
	m->stats.outage_since_mono_ms = NUM_UNKNOWN;
}

void
tracker_restore(struct failover_tracker *t, const struct tracker_memory *m)
{
	size_t i;

	t->stats = m->stats;
	t->stats.outage_since_mono_ms = NUM_UNKNOWN;
	vec_fini(&t->history);
	for (i = 0; i < m->n_history && i < FAILOVER_HISTORY; i++)
		*vec_push(&t->history) = m->history[i];
	if (!num_known(m->epoch) || !addr_known(&m->master))
		return;
	t->epoch = m->epoch;
	t->master = m->master;
	t->settled = true;
	strlcpy(t->run_id, m->run_id, sizeof(t->run_id));
}

/* Equality is all that is asked.  The shift brings high bits down, else two
 * unknown values, which are their sign alone, would undo each other. */
static uint64_t
mix(uint64_t digest, int64_t v)
{
	digest = (digest ^ (uint64_t)v) * UINT64_C(0x9e3779b97f4a7c15);
	return digest ^ digest >> 32;
}

static uint64_t
mix_text(uint64_t digest, const char *s)
{
	for (; *s != '\0'; s++)
		digest = mix(digest, *s);
	return mix(digest, 0);
}

static uint64_t
mix_stats(uint64_t digest, const struct failover_stats *s)
{
	size_t i;

	for (i = 0; i < FAILOVER_KINDS; i++)
		digest = mix(digest, (int64_t)s->failovers[i]);
	for (i = 0; i < FAILOVER_ABORTS; i++)
		digest = mix(digest, (int64_t)s->aborts[i]);
	for (i = 0; i <= FAILOVER_BUCKETS; i++)
		digest = mix(digest, (int64_t)s->buckets[i]);
	digest = mix(digest, (int64_t)s->attempts);
	digest = mix(digest, (int64_t)s->address_changes);
	digest = mix(digest, (int64_t)s->reboots);
	digest = mix(digest, (int64_t)s->epoch_moves);
	digest = mix(digest, (int64_t)s->duplicates);
	return num_known(s->outage_since_mono_ms) ? digest
						  : mix(digest, s->outage_ms);
}

/* What news may still fill in. */
static uint64_t
mix_failover(uint64_t digest, const struct failover *f)
{
	size_t i;

	digest = mix_text(mix(digest, f->duration_ms), f->leader);
	for (i = 0; i < FAILOVER_PHASES; i++)
		digest = mix(digest, f->phase_ms[i]);
	return mix(digest, f->outage_ms);
}

uint64_t
tracker_digest(const struct failover_tracker *t)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325);
	size_t i;

	digest = mix(digest, t->epoch);
	digest = mix(mix_text(digest, t->master.host), t->master.port);
	digest = mix_text(digest, t->run_id);
	digest = mix_stats(digest, &t->stats);
	for (i = 0; i < t->history.n; i++)
		digest = mix_failover(digest, &t->history.v[i]);
	return digest;
}

static void
rename_one(struct addr *a, const struct addr *from, const struct addr *to)
{
	if (addr_equal(a, from))
		*a = *to;
}

void
tracker_rename(
    struct failover_tracker *t, const struct addr *from, const struct addr *to)
{
	struct attempt *a;
	struct tracked_sentinel *v;
	size_t i;

	rename_one(&t->master, from, to);
	rename_one(&t->doubt, from, to);
	rename_one(&t->heard_to, from, to);
	for (i = 0; i < t->chain.n; i++)
		rename_one(&t->chain.node[i].addr, from, to);
	vec_foreach(a, &t->attempts)
		rename_one(&a->to, from, to);
	vec_foreach(v, &t->sentinels)
		rename_one(&v->pair.addr, from, to);
}
