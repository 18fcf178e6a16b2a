#include "watch/group.h"

#include <string.h>

#include "base/num.h"
#include "model/saved_state.h"

#define RECORDS_MAX	10000
#define DIAL_STAGGER_MS 2
#define DIALS_AT_ONCE	8

bool
group_wants(const struct group *g, const char *master_name)
{
	return g->conf->master_names.items.n == 0 ||
	       strlist_has(&g->conf->master_names, master_name);
}

static struct failover_record *
record_of(struct group *g, const char *master_name)
{
	struct failover_record *c;

	vec_foreach(c, &g->records)
		if (strcmp(c->master_name, master_name) == 0)
			return c;
	if (g->records.n >= RECORDS_MAX)
		return &g->records.v[g->records.n - 1];
	c = vec_push(&g->records);
	failover_record_init(c, master_name);
	return c;
}

struct failover_tracker *
group_tracker(struct group *g, const char *master_name)
{
	return record_of(g, master_name)->tracker;
}

bool
group_restore(struct group *g, const struct tracker_memory *m)
{
	if (!group_wants(g, m->master_name))
		return false;
	tracker_restore(group_tracker(g, m->master_name), m);
	return true;
}

void
group_save(const struct group *g, struct saved_state *state)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct now now = clock_now();
	const struct failover_record *c;

	vec_foreach(c, &g->records) {
		/* An outage that goes on is kept up to this moment: what was
		 * shown of it must not be less after a restart. */
		if (tracker_stats(c->tracker)->outage_since_mono_ms !=
		    NUM_UNKNOWN)
			tracker_answers(c->tracker, false, now);
		tracker_save(c->tracker, m);
		saved_state_add(state, g->conf->name, m);
	}
	free(m);
}

void
group_changed(struct group *g)
{
	if (!g->closing)
		g->on_change(g->arg);
}

int64_t
group_dial_delay(struct group *g)
{
	return (int64_t)(g->dialled++ / DIALS_AT_ONCE) * DIAL_STAGGER_MS;
}

/*
 * Derived figures.
 */

/* What the figures so far say of the master's history. */
static void
feed_tracker(struct group *g, struct master *m, struct now now)
{
	struct failover_record *c = record_of(g, m->name);
	struct failover_tracker *tl = c->tracker;
	const struct agreement *a = &m->agreement;
	const struct node *n;

	n = a->known ? master_node(m, &a->master) : NULL;
	/* While no sentinel tells who is master nothing is known of an outage:
	 * neither its begin nor its end. */
	if (a->known && a->up_known)
		tracker_answers(tl, a->up, now);
	if (a->up && n != NULL)
		tracker_run_id(tl, &a->master, n->run_id);
	m->failovers = *tracker_stats(tl);
	if (failover_record_update(c))
		g->on_news(g->arg);
	if (m->failover_list != c->failover_list) {
		failover_list_unref(m->failover_list);
		m->failover_list = failover_list_ref(c->failover_list);
	}
	failover_record_report(c, g->deployment.group, now.wall_ms, false);
}

void
group_update_nodes(struct group *g, struct master *m, struct now now)
{
	struct addr from, to;

	master_update_nodes(
	    &g->deployment, m, now.mono_ms, g->all->poll_stale_after_ms);
	while (master_merge_twins(m, &from, &to))
		tracker_rename(group_tracker(g, m->name), &from, &to);
}

static void
refresh(struct group *g, struct master *m, struct now now)
{
	struct agreement before = m->agreement;
	int64_t stale_ms = g->all->poll_stale_after_ms;
	bool moved;

	group_update_nodes(g, m, now);
	agreement_update(&g->deployment, m, now, stale_ms);
	replication_update(&g->deployment, m, now.mono_ms, stale_ms);
	feed_tracker(g, m, now);
	moved = m->agreement.known &&
		(!before.known ||
		    !addr_equal(&before.master, &m->agreement.master));
	if (moved)
		g->ops->moved(g, m, &before.master);
	if (m->agreement.up && (moved || !before.up))
		g->ops->answers(g, m);
	if (m->agreement.known && !m->agreement.up)
		g->ops->silent(g);
}

void
group_refresh_master(struct group *g, const char *master_name)
{
	struct master *m = deployment_master(&g->deployment, master_name);

	if (m != NULL)
		refresh(g, m, clock_now());
}

static bool
named_by_anyone(const struct group *g, const char *name)
{
	const struct sentinel *s;

	vec_each(s, &g->deployment.sentinels) if (sentinel_view(s, name) !=
						  NULL) return true;
	return false;
}

void
group_refresh(struct group *g)
{
	struct now now = clock_now();
	size_t i;

	for (i = g->deployment.masters.n; i-- > 0;) {
		if (named_by_anyone(g, g->deployment.masters.v[i]->name))
			refresh(g, g->deployment.masters.v[i], now);
		else
			deployment_remove_master(
			    &g->deployment, g->deployment.masters.v[i]);
	}
	g->ops->follow(g);
}

struct group *
group_new(const struct group_conf *conf, const struct group_deps *deps,
    const struct group_ops *ops)
{
	struct group *g = xcalloc(1, sizeof(*g));

	g->conf = conf;
	g->all = deps->all;
	g->loop = deps->loop;
	g->resolver = deps->resolver;
	g->event_log = deps->event_log;
	g->on_change = deps->on_change;
	g->on_round = deps->on_round;
	g->on_news = deps->on_news;
	g->arg = deps->arg;
	g->ops = ops;
	g->deployment.group = conf->name == NULL ? NULL : xstrdup(conf->name);
	TAILQ_INIT(&g->sentinels);
	TAILQ_INIT(&g->nodes);
	TAILQ_INIT(&g->readers);
	return g;
}

void
group_free(struct group *g)
{
	struct failover_record *c;

	vec_foreach(c, &g->records) {
		failover_record_report(
		    c, g->conf->name, clock_now().wall_ms, true);
		failover_record_fini(c);
	}
	vec_fini(&g->records);
	deployment_fini(&g->deployment);
	free(g);
}
