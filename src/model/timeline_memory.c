/*
 * timeline_memory - what a timeline takes over a restart.
 *
 * Times of the monotonic clock are not among it: they mean nothing to another
 * process.  Attempts and open outages begin anew.
 */
#include <string.h>

#include "model/timeline_parts.h"

void
timeline_save(const struct timeline *t, struct timeline_memory *m)
{
	*m = (struct timeline_memory){ .epoch = t->epoch,
		.master = t->master,
		.stats = t->stats,
		.n_history = t->n_history };
	strlcpy(m->master_name, t->master_name, sizeof(m->master_name));
	strlcpy(m->run_id, t->run_id, sizeof(m->run_id));
	memcpy(m->history, t->history, sizeof(m->history));
	m->stats.outage_since_mono_ms = NUM_UNKNOWN;
}

void
timeline_restore(struct timeline *t, const struct timeline_memory *m)
{
	t->stats = m->stats;
	t->stats.outage_since_mono_ms = NUM_UNKNOWN;
	t->n_history =
	    m->n_history < FAILOVER_HISTORY ? m->n_history : FAILOVER_HISTORY;
	memcpy(t->history, m->history, sizeof(t->history));
	if (!known(m->epoch) || !addr_known(&m->master))
		return;
	t->epoch = m->epoch;
	t->master = m->master;
	t->settled = true;
	strlcpy(t->run_id, m->run_id, sizeof(t->run_id));
}

static void
rename_one(struct addr *a, const struct addr *from, const struct addr *to)
{
	if (addr_equal(a, from))
		*a = *to;
}

void
timeline_rename(
    struct timeline *t, const struct addr *from, const struct addr *to)
{
	struct attempt *a;
	struct voice *v;
	size_t i;

	rename_one(&t->master, from, to);
	rename_one(&t->doubt, from, to);
	rename_one(&t->heard_to, from, to);
	for (i = 0; i < t->chain.n; i++)
		rename_one(&t->chain.node[i].addr, from, to);
	vec_foreach(a, &t->attempts)
		rename_one(&a->to, from, to);
	vec_foreach(v, &t->voices)
		rename_one(&v->pair.addr, from, to);
}
