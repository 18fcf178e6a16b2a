#include "watch/group.h"

#include <string.h>

#include "base/num.h"
#include "model/state.h"

#define CHRONICLES_MAX	10000
#define DIAL_STAGGER_MS 2
#define DIALS_AT_ONCE	8

bool
group_wants(const struct group *g, const char *master_name)
{
	return g->conf->master_names.items.n == 0 ||
	       strlist_has(&g->conf->master_names, master_name);
}

static struct chronicle *
chronicle_of(struct group *g, const char *master_name)
{
	struct chronicle *c;

	vec_foreach(c, &g->chronicles)
		if (strcmp(c->master_name, master_name) == 0)
			return c;
	if (g->chronicles.n >= CHRONICLES_MAX)
		return &g->chronicles.v[g->chronicles.n - 1];
	c = vec_push(&g->chronicles);
	chronicle_init(c, master_name);
	return c;
}

struct timeline *
group_timeline(struct group *g, const char *master_name)
{
	return chronicle_of(g, master_name)->timeline;
}

bool
group_restore(struct group *g, const struct timeline_memory *m)
{
	if (!group_wants(g, m->master_name))
		return false;
	timeline_restore(group_timeline(g, m->master_name), m);
	return true;
}

void
group_save(const struct group *g, struct state *state)
{
	struct timeline_memory *m = xcalloc(1, sizeof(*m));
	struct now now = clock_now();
	const struct chronicle *c;

	vec_foreach(c, &g->chronicles) {
		/* An outage that goes on is kept up to this moment: what was
		 * shown of it must not be less after a restart. */
		if (timeline_stats(c->timeline)->outage_since_mono_ms !=
		    NUM_UNKNOWN)
			timeline_answers(c->timeline, false, now);
		timeline_save(c->timeline, m);
		state_add(state, g->conf->name, m);
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
tell_timeline(struct group *g, struct master *m, struct now now)
{
	struct chronicle *c = chronicle_of(g, m->name);
	struct timeline *tl = c->timeline;
	const struct agreement *a = &m->agreement;
	const struct node *n;

	n = a->known ? master_node(m, &a->master) : NULL;
	/* While no sentinel tells who is master nothing is known of an outage:
	 * neither its begin nor its end. */
	if (a->known && a->up_known)
		timeline_answers(tl, a->up, now);
	if (a->up && n != NULL)
		timeline_run_id(tl, &a->master, n->run_id);
	m->failovers = *timeline_stats(tl);
	if (chronicle_update(c))
		g->on_news(g->arg);
	if (m->history != c->history) {
		history_unref(m->history);
		m->history = history_ref(c->history);
	}
	chronicle_tell(c, g->deploy.group, now.wall_ms, false);
}

void
group_update_nodes(struct group *g, struct master *m, struct now now)
{
	struct addr from, to;

	master_update_nodes(
	    &g->deploy, m, now.mono_ms, g->all->poll_stale_after_ms);
	while (master_merge_twins(m, &from, &to))
		timeline_rename(group_timeline(g, m->name), &from, &to);
}

static void
refresh(struct group *g, struct master *m, struct now now)
{
	struct agreement before = m->agreement;
	int64_t stale_ms = g->all->poll_stale_after_ms;
	bool moved;

	group_update_nodes(g, m, now);
	agreement_update(&g->deploy, m, now, stale_ms);
	replication_update(&g->deploy, m, now.mono_ms, stale_ms);
	tell_timeline(g, m, now);
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
	struct master *m = deploy_master(&g->deploy, master_name);

	if (m != NULL)
		refresh(g, m, clock_now());
}

static bool
named_by_anyone(const struct group *g, const char *name)
{
	const struct sentinel *s;

	vec_foreach(s, &g->deploy.sentinels)
		if (sentinel_view(s, name) != NULL)
			return true;
	return false;
}

void
group_refresh(struct group *g)
{
	struct now now = clock_now();
	size_t i;

	for (i = g->deploy.masters.n; i-- > 0;) {
		if (named_by_anyone(g, g->deploy.masters.v[i].name))
			refresh(g, &g->deploy.masters.v[i], now);
		else
			deploy_remove_master(
			    &g->deploy, g->deploy.masters.v[i].name);
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
	g->journal = deps->journal;
	g->on_change = deps->on_change;
	g->on_round = deps->on_round;
	g->on_news = deps->on_news;
	g->arg = deps->arg;
	g->ops = ops;
	g->deploy.group = conf->name == NULL ? NULL : xstrdup(conf->name);
	TAILQ_INIT(&g->sentinels);
	TAILQ_INIT(&g->nodes);
	TAILQ_INIT(&g->readers);
	return g;
}

void
group_free(struct group *g)
{
	struct chronicle *c;

	vec_foreach(c, &g->chronicles) {
		chronicle_tell(c, g->conf->name, clock_now().wall_ms, true);
		chronicle_fini(c);
	}
	vec_fini(&g->chronicles);
	deploy_fini(&g->deploy);
	free(g);
}
