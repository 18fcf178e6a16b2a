/*
 * What was told becomes what is done.
 *
 * Runs from the loop, never from a source's callback: derive what was touched,
 * then compare what the model wants of the outside with what there is.
 */
#include "watch/settle.h"

#include <stdio.h>

#include "base/log.h"
#include "model/derive.h"
#include "model/facts.h"
#include "model/failover_record.h"
#include "watch/failover_report.h"
#include "watch/group.h"
#include "watch/node_source.h"
#include "watch/queue_reader.h"

/* While a master is not up it is looked at this often. */
#define URGENT_MS 250

static void
look_at(const struct master *m)
{
	const struct node *n = master_node(m, &m->agreement.master);

	if (n != NULL && n->server->reader != NULL)
		node_source_look(n->server->reader);
}

static bool
is_silent(const struct master *m)
{
	return m->agreement.known && !m->agreement.up;
}

static void
report_move(const struct master *m)
{
	char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];

	addr_format(&m->change.from, from);
	addr_format(&m->agreement.master, to);
	if (addr_known(&m->change.from))
		log_info("agreed master changed", "master_name", m->name,
		    "from", from, "to", to, NULL);
	else
		log_info(
		    "master found", "master_name", m->name, "node", to, NULL);
}

static void
act_on(struct group *g, struct master *m)
{
	struct master_change change = m->change;
	struct celery_db *db;

	if (change.moved) {
		report_move(m);
		/* The queues' figures are of a node that is no longer agreed
		 * on. */
		vec_foreach(db, &m->celery.dbs)
			db->at_ms = 0;
		master_take_queues(m);
		look_at(m);
	}
	/* Its queues are read without waiting for the next round. */
	if (change.answers)
		queue_reader_read(m->reader, NULL);
	m->change = (struct master_change){ .moved = false };
	if (m->record != NULL)
		failover_report(
		    m->record, g->conf->name, clock_now().wall_ms, false);
}

static void
report_left_out(struct group *g)
{
	struct left_out *l = &g->deployment.left_out;
	char replicas[24], peers[24], masters[24];

	if (l->reported ||
	    (l->replicas == 0 && l->peers == 0 && l->masters == 0))
		return;
	l->reported = true;
	(void)snprintf(replicas, sizeof(replicas), "%zu", l->replicas);
	(void)snprintf(peers, sizeof(peers), "%zu", l->peers);
	(void)snprintf(masters, sizeof(masters), "%zu", l->masters);
	log_warn("a sentinel names more than is watched: the rest is left out",
	    "group", g->conf->name, "replicas_left_out", replicas,
	    "sentinels_left_out", peers, "masters_left_out", masters, NULL);
}

void
group_settle(struct group *g)
{
	bool silent = false;
	struct master *m;

	deployment_drop_masters(&g->deployment, queue_reader_leave);
	if (deployment_derive(&g->deployment, clock_now()))
		g->deps.on_news(g->deps.arg);
	report_left_out(g);
	node_sources_follow(g);
	queue_readers_follow(g);
	vec_each(m, &g->deployment.masters) {
		act_on(g, m);
		silent |= is_silent(m);
	}
	if (silent)
		timer_set(g->urgent, URGENT_MS);
}

/* A master that does not answer: look again soon, for the outage's sake. */
void
settle_on_urgent(void *arg)
{
	struct group *g = arg;
	const struct master *m;

	vec_each(m, &g->deployment.masters) {
		if (!is_silent(m))
			continue;
		look_at(m);
		timer_set(g->urgent, URGENT_MS);
	}
}
