#include "watch/fleet.h"

#include "base/log.h"
#include "watch/node_source.h"
#include "watch/queue_reader.h"
#include "watch/seeds.h"
#include "watch/sentinel_source.h"

/* While a master is not up it is looked at this often. */
#define URGENT_MS 250

/* One reply of a Redis that is in its right mind: the largest INFO, a list of
 * 1,000 replicas, a scan step. */
static const struct reply_limits limits = {
	.bytes = 8 * 1024 * 1024,
	.string = 1024 * 1024,
	.elements = 200000,
	.memory = 16 * 1024 * 1024,
	.depth = 6,
};

static void
look_at(struct group *g, const struct master *m)
{
	char label[ADDR_TEXT_MAX];
	struct node_source *ns;

	addr_format(&m->agreement.master, label);
	ns = node_source_find(g, label);
	if (ns == NULL)
		return;
	conn_hurry(ns->conn);
	node_source_poll(ns, NULL);
}

/* The queues' figures are of a node that is no longer agreed on: gone. */
static void
moved(struct group *g, struct master *m, const struct addr *from)
{
	char old[ADDR_TEXT_MAX], new[ADDR_TEXT_MAX];
	struct celery_db *d;

	addr_format(from, old);
	addr_format(&m->agreement.master, new);
	if (addr_known(from))
		log_info("agreed master changed", "master_name", m->name,
		    "from", old, "to", new, NULL);
	else
		log_info(
		    "master found", "master_name", m->name, "node", new, NULL);
	vec_foreach(d, &m->celery.dbs)
		d->at_ms = 0;
	node_sources_follow(g);
	look_at(g, m);
}

/* Its queues are read without waiting for the next round. */
static void
answers(struct group *g, const struct master *m)
{
	queue_readers_follow(g);
	queue_readers_read(g, m->name, NULL);
}

static void
silent(struct group *g)
{
	timer_set(g->urgent, URGENT_MS);
}

static const struct group_ops ops = {
	.moved = moved,
	.answers = answers,
	.silent = silent,
	.follow = node_sources_follow,
};

/* A master that does not answer: look again soon, for the outage's sake. */
static void
on_urgent(void *arg)
{
	struct group *g = arg;
	const struct master *m;

	vec_each(m, &g->deployment.masters)
	{
		if (!m->agreement.known || m->agreement.up)
			continue;
		look_at(g, m);
		timer_set(g->urgent, URGENT_MS);
	}
}

static struct conn_conf
conn_conf_of(const struct group *g, const struct credentials *auth)
{
	int64_t ceil_ms = g->all->poll_interval_ms;

	return (struct conn_conf){
		.loop = g->loop,
		.resolver = g->resolver,
		.auth = auth,
		.dial_timeout_ms = g->all->poll_timeout_ms,
		.backoff_ceil_ms = (uint32_t)(ceil_ms > 5000 ? 5000 : ceil_ms),
		.limits = limits,
		.batch_memory = limits.memory,
	};
}

struct group *
fleet_start(const struct group_conf *conf, const struct group_deps *deps)
{
	struct group *g = group_new(conf, deps, &ops);

	g->sentinel_conn = conn_conf_of(g, &conf->sentinel_auth);
	g->node_conn = conn_conf_of(g, &conf->redis_auth);
	g->urgent = timer_new(g->loop, on_urgent, g);
	g->seeds = seeds_new(g);
	round_init(&g->round, g);
	round_start(g);
	return g;
}

void
fleet_stop(struct group *g)
{
	g->closing = true;
	/* The readers' batches end with the nodes' connections. */
	while (!TAILQ_EMPTY(&g->nodes))
		node_source_remove(TAILQ_FIRST(&g->nodes));
	queue_readers_free(g);
	while (!TAILQ_EMPTY(&g->sentinels))
		sentinel_source_remove(TAILQ_FIRST(&g->sentinels));
	seeds_free(g->seeds);
	round_fini(&g->round);
	timer_free(g->urgent);
	group_free(g);
}
