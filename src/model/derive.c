/* What follows from the facts. */
#include "model/derive.h"

#include <string.h>

#include "base/num.h"
#include "model/failover_record.h"

/* Nodes that turn out to be one: the tracker has to know them by one address,
 * too. */
void
master_join_twins(struct master *m)
{
	struct addr from, to;

	if (!m->run_ids_changed)
		return;
	m->run_ids_changed = false;
	while (master_merge_twins(m, &from, &to))
		if (m->record != NULL)
			tracker_rename(m->record->tracker, &from, &to);
}

/* Are writes refused?  1, 0, or NUM_UNKNOWN.  What was known of another
 * process says nothing. */
static int64_t
judge_writes(struct master *m, const struct node *n, struct now now)
{
	const struct write_acceptance none = { .accepts = NUM_UNKNOWN };
	int64_t stale_ms = m->deployment->stale_after_ms;
	struct write_evidence e;

	if (n == NULL) {
		m->acceptance = none;
		return NUM_UNKNOWN;
	}
	e = server_evidence(n->server, now.mono_ms, stale_ms);
	m->acceptance =
	    write_acceptance(&e, e.earlier != NULL ? &m->acceptance : &none);
	return write_outage(&e, &m->acceptance);
}

/* While no sentinel tells who is master nothing is known of an outage: neither
 * that it began nor that it ended. */
static bool
feed_tracker(struct master *m, struct now now)
{
	const struct agreement *a = &m->agreement;
	struct failover_record *r = m->record;
	const struct node *n;
	int64_t outage;
	bool news;

	n = a->known ? master_node(m, &a->master) : NULL;
	outage = judge_writes(m, n, now);
	if (r == NULL)
		return false;
	if (a->known && outage != NUM_UNKNOWN)
		tracker_answers(r->tracker, outage == 0, now);
	if (a->up && n != NULL)
		tracker_run_id(r->tracker, &a->master, n->run_id);
	m->failovers = *tracker_stats(r->tracker);
	news = failover_record_update(r);
	if (m->failover_list != r->failover_list) {
		failover_list_unref(m->failover_list);
		m->failover_list = failover_list_ref(r->failover_list);
	}
	return news;
}

/* Notes what happened to the agreed master, unless that is known already. */
static void
note_change(struct master *m, const struct agreement *before)
{
	const struct agreement *a = &m->agreement;
	bool moved = a->known && (!before->known ||
				     !addr_equal(&before->master, &a->master));

	if (moved && !m->change.moved) {
		m->change.moved = true;
		m->change.from = before->master;
	}
	if (a->up && (moved || !before->up))
		m->change.answers = true;
}

static bool
derive(struct master *m, struct now now)
{
	struct deployment *d = m->deployment;
	struct agreement before = m->agreement;

	master_update_nodes(d, m, now.mono_ms, d->stale_after_ms);
	master_join_twins(m);
	agreement_update(d, m, now, d->stale_after_ms);
	replication_update(d, m, now.mono_ms, d->stale_after_ms);
	note_change(m, &before);
	return feed_tracker(m, now);
}

bool
deployment_derive(struct deployment *d, struct now now)
{
	bool news = false;
	struct master *m;

	vec_each(m, &d->masters) {
		if (!m->touched)
			continue;
		m->touched = false;
		news |= derive(m, now);
	}
	return news;
}

void
deployment_take_round(struct deployment *d, struct now now)
{
	struct failover_record *r;
	struct master *m;

	vec_each(r, &d->records)
		tracker_round(r->tracker, now);
	vec_each(m, &d->masters)
		master_touch(m);
	(void)deployment_expire_records(d, now.mono_ms);
}

static bool
named_by_anyone(const struct deployment *d, const char *name)
{
	const struct sentinel *s;

	vec_each(s, &d->sentinels)
		if (sentinel_view(s, name) != NULL)
			return true;
	return false;
}

void
deployment_drop_masters(struct deployment *d, void (*gone)(struct master *))
{
	struct master *m;
	size_t i;

	if (!d->views_dropped)
		return;
	d->views_dropped = false;
	for (i = d->masters.n; i-- > 0;) {
		m = d->masters.v[i];
		if (named_by_anyone(d, m->name))
			continue;
		gone(m);
		deployment_remove_master(d, m);
	}
}
