#include "watch/queue_reader.h"

#include <string.h>

#include "base/num.h"
#include "watch/node_source.h"
#include "watch/queue_reader_parts.h"
#include "model/facts.h"

/* Steps of the search for bindings in one read, over all DBs: 20,000 keys. */
#define SEARCH_STEPS 20

const struct celery_conf *
reader_conf(const struct queue_reader *qr)
{
	return qr->conf;
}

struct master *
reader_master(const struct queue_reader *qr)
{
	return qr->master;
}

/* The agreed master, once it says so itself. */
static struct node *
agreed_node(const struct queue_reader *qr)
{
	struct master *m = reader_master(qr);

	if (m == NULL || !m->agreement.known || !m->agreement.up)
		return NULL;
	return master_node(m, &m->agreement.master);
}

struct node *
reader_node(const struct queue_reader *qr)
{
	struct node *n = agreed_node(qr);

	return n != NULL && addr_equal(&n->addr, &qr->node) ? n : NULL;
}

void
reader_complain(const struct queue_reader *qr, enum reason reason)
{
	struct node *n = reader_node(qr);

	if (n != NULL && reason != REASON_NONE)
		server_take_complaint(n->server, reason);
}

/*
 * Which DBs, and which bindings in them.
 */

static void
add_candidate(struct queue_reader *qr, int db)
{
	const struct celery_conf *conf = reader_conf(qr);
	struct celery_db *d = celery_add_db(&reader_master(qr)->celery, db);
	struct queue *q;
	char **name;

	(void)binding_search_db(&qr->search, db);
	vec_foreach(name, &conf->queues.items) {
		q = celery_db_add_queue(d, *name, strlen(*name));
		if (q == NULL)
			continue;
		q->configured = true;
		binding_search_guess(&qr->search, db, *name);
	}
}

static void
choose_dbs(struct queue_reader *qr, const struct node *n)
{
	const struct celery_conf *conf = reader_conf(qr);
	const struct info_db *found;
	const int *db;

	vec_foreach(db, &conf->dbs)
		add_candidate(qr, *db);
	if (conf->dbs.n == 0 && conf->queues.items.n > 0)
		add_candidate(qr, 0);
	if (conf->scan)
		vec_foreach(found, &n->server->info.dbs)
			(void)binding_search_db(&qr->search, found->db);
}

/*
 * The course of a reading.
 */

static void start_read(struct queue_reader *, struct waitgroup *);

/* The last reply of a reading that is over. */
static void
read_over(struct queue_reader *qr)
{
	queue_plan_fini(&qr->plan);
	qr->plan = (struct queue_plan){ 0 };
	qr->reading = false;
	if (qr->master != NULL)
		master_take_queues(qr->master);
	waitgroup_done(&qr->waitgroup);
	group_told(qr->group, GROUP_SOON);
	if (qr->again && agreed_node(qr) != NULL)
		start_read(qr, NULL);
}

static void on_batch(void *, const struct conn_result *);

/* Ask the next thing; or the reading is over. */
static void
proceed(struct queue_reader *qr)
{
	struct node *n = reader_node(qr);
	struct node_source *ns = n == NULL ? NULL : n->server->reader;

	while (ns != NULL && qr->stage != STAGE_OVER) {
		queue_stage_fill(qr);
		if (qr->plan.asks.n > 0) {
			conn_send(ns->conn, &qr->plan.batch,
			    group_timeout_ms(qr->group), on_batch, qr);
			return;
		}
		qr->stage++;
	}
	if (ns != NULL)
		queue_answer_reading_over(qr);
	read_over(qr);
}

static void
on_batch(void *arg, const struct conn_result *res)
{
	struct queue_reader *qr = arg;

	if (!queue_answer_take(qr, res)) {
		read_over(qr);
		return;
	}
	if (qr->stage == STAGE_MEMBERS)
		queue_answer_members_over(qr);
	if (qr->stage != STAGE_SEARCH && qr->stage != STAGE_HEADS)
		qr->stage++;
	proceed(qr);
}

/* A cursor, and who is connected, mean nothing on another server, nor on the
 * same one once it was restarted. */
static void
meet_node(struct queue_reader *qr, const struct node *n)
{
	struct celery_db *d;

	if (addr_equal(&qr->node, &n->addr) &&
	    strcmp(qr->run_id, n->run_id) == 0)
		return;
	qr->node = n->addr;
	memcpy(qr->run_id, n->run_id, sizeof(qr->run_id));
	binding_search_restart(&qr->search);
	client_census_restart(&qr->census, qr->begun.mono_ms);
	vec_foreach(d, &reader_master(qr)->celery.dbs)
		celery_db_disturb(d);
}

static void
start_read(struct queue_reader *qr, struct waitgroup *waiting)
{
	struct node *n = agreed_node(qr);

	if (waiting != NULL && qr->waitgroup == NULL) {
		qr->waitgroup = waiting;
		waitgroup_add(waiting);
	}
	if (qr->reading) {
		/* What is on its way began before whatever calls for this. */
		qr->again |= waiting == NULL;
		return;
	}
	qr->again = false;
	qr->reading = true;
	if (n == NULL) {
		read_over(qr);
		return;
	}
	qr->begun = clock_now();
	meet_node(qr, n);
	choose_dbs(qr, n);
	qr->stage = STAGE_SEARCH;
	qr->steps_left = SEARCH_STEPS;
	qr->heads_seen = qr->head_bytes = 0;
	binding_search_resume(&qr->search, reader_conf(qr)->scan);
	if (reader_master(qr)->celery.dbs.n > 0)
		heartbeat_stream_follow(qr->heartbeats, &n->addr);
	heartbeat_stream_look(qr->heartbeats);
	proceed(qr);
}

/*
 * The group's readers.
 */

static bool
carries_celery(const struct group *g, const struct master *m)
{
	return group_conf_celery(g->base, m->name) != NULL;
}

static struct queue_reader *
add_reader(struct group *g, struct master *m)
{
	struct queue_reader *qr = xcalloc(1, sizeof(*qr));

	qr->group = g;
	qr->master = m;
	m->reader = qr;
	qr->group_conf = group_conf_ref(g->base);
	qr->conf = group_conf_celery(g->base, m->name);
	qr->search.kombu = &qr->conf->kombu;
	qr->search.max = (size_t)qr->conf->max_queues;
	qr->heartbeats = heartbeat_stream_new(g, m, &qr->conf->kombu);
	TAILQ_INSERT_TAIL(&g->readers, qr, link);
	return qr;
}

/* What the configuration says of it, into a master that is new. */
static void
describe(const struct queue_reader *qr, struct celery *c)
{
	const struct celery_conf *conf = reader_conf(qr);

	if (c->steps.n > 0)
		return;
	c->url_conflict_known = conf->from_url;
	c->url_conflict = conf->url_conflict;
	c->queues_max = (size_t)conf->max_queues;
	c->workers = NUM_UNKNOWN;
	vec_copy(&c->url_dbs, &conf->url_dbs);
	vec_copy(&c->steps, &conf->kombu.priority_steps);
}

/* Only while no batch is on its way. */
static void
remove_reader(struct queue_reader *qr)
{
	TAILQ_REMOVE(&qr->group->readers, qr, link);
	heartbeat_stream_free(qr->heartbeats);
	client_census_fini(&qr->census);
	binding_search_fini(&qr->search);
	queue_plan_fini(&qr->plan);
	waitgroup_done(&qr->waitgroup);
	group_conf_unref(qr->group_conf);
	free(qr);
}

void
queue_readers_redial(struct group *g)
{
	struct queue_reader *qr;

	TAILQ_FOREACH(qr, &g->readers, link)
		if (qr->heartbeats != NULL)
			heartbeat_stream_hang_up(qr->heartbeats);
}

void
queue_reader_leave(struct master *m)
{
	struct queue_reader *qr = m->reader;

	if (qr == NULL)
		return;
	/* A batch that is on its way still knows the reader. */
	heartbeat_stream_free(qr->heartbeats);
	qr->heartbeats = NULL;
	qr->master = NULL;
	m->reader = NULL;
}

void
queue_readers_follow(struct group *g)
{
	struct queue_reader *qr, *next;
	struct master *m;

	vec_each(m, &g->deployment.masters)
		if (m->reader == NULL && carries_celery(g, m))
			describe(add_reader(g, m), &m->celery);
	for (qr = TAILQ_FIRST(&g->readers); qr != NULL; qr = next) {
		next = TAILQ_NEXT(qr, link);
		if (qr->master == NULL && !qr->reading)
			remove_reader(qr);
	}
}

void
queue_reader_read(struct queue_reader *qr, struct waitgroup *waiting)
{
	if (qr != NULL)
		start_read(qr, waiting);
}

void
queue_readers_read(struct group *g, struct waitgroup *waiting)
{
	struct queue_reader *qr;

	TAILQ_FOREACH(qr, &g->readers, link)
		start_read(qr, waiting);
}

/* Called once the nodes' connections are gone, and every batch with them. */
void
queue_readers_free(struct group *g)
{
	while (!TAILQ_EMPTY(&g->readers))
		remove_reader(TAILQ_FIRST(&g->readers));
}
