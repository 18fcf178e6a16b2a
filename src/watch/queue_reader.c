#include "watch/queue_reader.h"

#include <string.h>

#include "base/num.h"
#include "watch/binding_search.h"
#include "watch/group.h"
#include "watch/node_source.h"
#include "watch/queue_plan.h"
#include "watch/sentinel_reply.h"

/* Steps of the search for bindings in one read, over all DBs: 20,000 keys. */
#define SCAN_STEPS 20

struct queue_reader {
	TAILQ_ENTRY(queue_reader) link; /* group.readers */
	struct group *group; /* borrowed */
	char master_name[MASTER_NAME_MAX];
	struct addr node; /* that is read, and the search belongs to */
	struct binding_search search;
	struct queue_plan plan; /* the batch on its way */
	size_t steps_left;
	struct tally *tally;
	bool reading, again, wanted;
};

static const struct celery_conf *
celery_conf(const struct queue_reader *qr)
{
	return &qr->group->conf->celery;
}

static struct master *
reader_master(const struct queue_reader *qr)
{
	return deploy_master(&qr->group->deploy, qr->master_name);
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

/* The node that is being read while it is the agreed master.  A demoted one may
 * answer late, and still hold itself for the master. */
static struct node *
reader_node(const struct queue_reader *qr)
{
	struct node *n = agreed_node(qr);

	return n != NULL && addr_equal(&n->addr, &qr->node) ? n : NULL;
}

/*
 * Which DBs, and which bindings in them.
 */

static void
add_candidate(struct queue_reader *qr, int db)
{
	const struct celery_conf *conf = celery_conf(qr);
	struct master *m = reader_master(qr);
	struct celery_db *d = celery_add_db(&m->celery, db);
	struct queue *q;
	char **name;

	vec_foreach(name, &conf->queues.items) {
		q = celery_db_add_queue(d, *name, strlen(*name));
		if (q == NULL)
			break;
		q->configured = true;
		binding_search_guess(&qr->search, db, *name);
	}
}

static void
choose_dbs(struct queue_reader *qr, const struct node *n)
{
	const struct celery_conf *conf = celery_conf(qr);
	const struct info_db *found;
	const int *db;

	vec_foreach(db, &conf->dbs)
		add_candidate(qr, *db);
	if (conf->dbs.n == 0 && conf->queues.items.n > 0)
		add_candidate(qr, 0);
	if (!conf->scan)
		return;
	vec_foreach(db, &conf->dbs)
		(void)binding_search_db(&qr->search, *db);
	vec_foreach(found, &n->info.dbs)
		(void)binding_search_db(&qr->search, found->db);
}

/*
 * Taking answers.
 */

static void start_read(struct queue_reader *, struct tally *);

/* The last reply of a reading that is over. */
static void
read_over(struct queue_reader *qr)
{
	queue_plan_fini(&qr->plan);
	qr->plan = (struct queue_plan){ 0 };
	qr->reading = false;
	tally_done(&qr->tally);
	group_changed(qr->group);
	if (qr->again && agreed_node(qr) != NULL)
		start_read(qr, NULL);
}

static void
complain(const struct queue_reader *qr, enum reason reason)
{
	struct node *n = reader_node(qr);

	if (n != NULL && reason != REASON_NONE)
		source_complain(&n->source, reason);
}

static void
take_binding(
    struct queue_reader *qr, struct celery_db *d, const struct reply *r)
{
	const struct kombu_options *kombu = &celery_conf(qr)->kombu;
	const struct reply *member;
	const char *name;
	struct queue *q;
	size_t i, len;

	if (r->type != REPLY_ARRAY) {
		complain(qr, reply_reason(r));
		return;
	}
	for (i = 0; i < r->n; i++) {
		member = reply_at(r, i);
		if (reply_text(member) == NULL ||
		    !kombu_binding_queue(
			kombu, member->str, member->len, &name, &len))
			continue;
		q = celery_db_add_queue(d, name, len);
		if (q != NULL)
			q->bound = q->bound_known = true;
	}
}

static int64_t
take_count(struct queue_reader *qr, const struct reply *r)
{
	int64_t n;

	if (r->type == REPLY_INTEGER && reply_int(r, &n))
		return n;
	complain(qr, reply_reason(r));
	return NUM_UNKNOWN;
}

static void
take_length(struct queue_reader *qr, struct celery_db *d, const struct ask *a,
    const struct reply *r)
{
	struct queue *q = &d->queues.v[a->queue];

	while (q->lengths.n <= a->step)
		*vec_push(&q->lengths) = NUM_UNKNOWN;
	q->lengths.v[a->step] = take_count(qr, r);
}

static void
take(struct queue_reader *qr, const struct ask *a, const struct reply *r)
{
	struct celery *c = &reader_master(qr)->celery;

	switch (a->kind) {
	case ASK_SCAN:
		if (!binding_search_take(&qr->search, a->db, r))
			complain(qr, reply_reason(r));
		break;
	case ASK_BINDING:
		take_binding(qr, celery_add_db(c, a->db), r);
		break;
	case ASK_LENGTH:
		take_length(qr, celery_add_db(c, a->db), a, r);
		break;
	case ASK_UNACKED:
		celery_add_db(c, a->db)->unacked = take_count(qr, r);
		break;
	case ASK_SELECT:
	case ASK_ROLE:
		break;
	}
}

/* Take all answers of a batch; false when none can be believed. */
static bool
take_all(struct queue_reader *qr, const struct conn_result *res)
{
	const struct reply *denial = queue_plan_denial(&qr->plan, res);
	const struct ask *a;
	bool selected = false;
	size_t i;

	if (res->reason != REASON_NONE || reader_node(qr) == NULL ||
	    denial != NULL) {
		complain(
		    qr, denial != NULL ? reply_reason(denial) : res->reason);
		return false;
	}
	for (i = 0; i < res->n; i++) {
		a = &qr->plan.asks.v[i];
		if (a->kind == ASK_SELECT) {
			selected = !reply_is_error(res->replies[i]);
			complain(qr, reply_reason(res->replies[i]));
			if (!selected)
				binding_search_db(&qr->search, a->db)->paused =
				    true;
		} else if (selected) {
			take(qr, a, res->replies[i]);
		}
	}
	return true;
}

/*
 * The three batches of a reading: search, bindings, lengths.
 */

static void
send_plan(struct queue_reader *qr, conn_done_fn *fn)
{
	struct node_source *ns = NULL;
	struct node *n = reader_node(qr);

	if (n != NULL)
		ns = node_source_find(qr->group, n->label);
	if (ns == NULL || qr->plan.asks.n == 0) {
		read_over(qr);
		return;
	}
	conn_send(
	    ns->conn, &qr->plan.batch, qr->group->all->poll_timeout_ms, fn, qr);
}

static void
new_plan(struct queue_reader *qr)
{
	queue_plan_fini(&qr->plan);
	qr->plan = (struct queue_plan){ .kombu = &celery_conf(qr)->kombu };
}

static void
on_lengths(void *arg, const struct conn_result *res)
{
	struct queue_reader *qr = arg;
	int64_t now_ms = clock_now().mono_ms;
	struct celery *c;
	const struct ask *a;

	if (take_all(qr, res)) {
		c = &reader_master(qr)->celery;
		c->node = reader_node(qr)->addr;
		vec_foreach(a, &qr->plan.asks)
			celery_add_db(c, a->db)->at_ms = now_ms;
	}
	read_over(qr);
}

static void
ask_lengths(struct queue_reader *qr)
{
	struct celery_db *d;

	new_plan(qr);
	vec_foreach(d, &reader_master(qr)->celery.dbs) {
		queue_plan_open(&qr->plan, d->db);
		queue_plan_lengths(&qr->plan, d);
		queue_plan_close(&qr->plan, d->db);
	}
	send_plan(qr, on_lengths);
}

/* A queue is bound while one of its DB's bindings names it; whether it is not
 * is known once all bindings were looked for. */
static void
forget_bindings(struct queue_reader *qr)
{
	struct celery_db *d;
	struct queue *q;

	vec_foreach(d, &reader_master(qr)->celery.dbs)
		vec_foreach(q, &d->queues) {
			q->bound = false;
			q->bound_known = d->scanned;
		}
}

static void
on_bindings(void *arg, const struct conn_result *res)
{
	struct queue_reader *qr = arg;

	if (reader_node(qr) != NULL)
		forget_bindings(qr);
	if (take_all(qr, res))
		ask_lengths(qr);
	else
		read_over(qr);
}

static void
ask_bindings(struct queue_reader *qr)
{
	struct search *s;
	char **key;

	new_plan(qr);
	vec_foreach(s, &qr->search.dbs) {
		if (s->keys.items.n == 0)
			continue;
		celery_add_db(&reader_master(qr)->celery, s->db)->scanned =
		    s->scanned;
		queue_plan_open(&qr->plan, s->db);
		vec_foreach(key, &s->keys.items)
			queue_plan_binding(&qr->plan, s->db, *key);
		queue_plan_close(&qr->plan, s->db);
	}
	if (qr->plan.asks.n == 0)
		ask_lengths(qr);
	else
		send_plan(qr, on_bindings);
}

static void ask_scan(struct queue_reader *);

static void
on_scan(void *arg, const struct conn_result *res)
{
	struct queue_reader *qr = arg;

	if (take_all(qr, res))
		ask_scan(qr);
	else
		read_over(qr);
}

/* One step in each DB whose search has not come round in this reading. */
static void
ask_scan(struct queue_reader *qr)
{
	struct search *s;

	new_plan(qr);
	vec_foreach(s, &qr->search.dbs) {
		if (s->paused || qr->steps_left == 0)
			continue;
		qr->steps_left--;
		queue_plan_open(&qr->plan, s->db);
		queue_plan_scan(&qr->plan, s->db, s->cursor);
		queue_plan_close(&qr->plan, s->db);
	}
	if (qr->plan.asks.n == 0)
		ask_bindings(qr);
	else
		send_plan(qr, on_scan);
}

static void
start_read(struct queue_reader *qr, struct tally *waiting)
{
	struct node *n = agreed_node(qr);

	if (waiting != NULL && qr->tally == NULL) {
		qr->tally = waiting;
		tally_add(waiting);
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
	/* A cursor means nothing on another server. */
	if (!addr_equal(&qr->node, &n->addr))
		binding_search_fini(&qr->search);
	qr->node = n->addr;
	choose_dbs(qr, n);
	qr->steps_left = SCAN_STEPS;
	binding_search_resume(&qr->search, celery_conf(qr)->scan);
	ask_scan(qr);
}

/*
 * The group's readers.
 */

static bool
carries_celery(const struct group *g, const struct master *m)
{
	const struct celery_conf *c = &g->conf->celery;

	return c->enabled && (c->kombu.master_name == NULL ||
				 strcmp(c->kombu.master_name, m->name) == 0);
}

static struct queue_reader *
find_reader(struct group *g, const char *master_name)
{
	struct queue_reader *qr;

	TAILQ_FOREACH(qr, &g->readers, link)
		if (strcmp(qr->master_name, master_name) == 0)
			return qr;
	return NULL;
}

static struct queue_reader *
add_reader(struct group *g, struct master *m)
{
	struct queue_reader *qr = xcalloc(1, sizeof(*qr));

	qr->group = g;
	qr->search.kombu = &g->conf->celery.kombu;
	strlcpy(qr->master_name, m->name, sizeof(qr->master_name));
	m->celery.url_conflict_known = celery_conf(qr)->from_url;
	m->celery.url_conflict = celery_conf(qr)->url_conflict;
	vec_copy(&m->celery.steps, &celery_conf(qr)->kombu.priority_steps);
	TAILQ_INSERT_TAIL(&g->readers, qr, link);
	return qr;
}

/* Only while no batch is on its way. */
static void
remove_reader(struct queue_reader *qr)
{
	TAILQ_REMOVE(&qr->group->readers, qr, link);
	binding_search_fini(&qr->search);
	queue_plan_fini(&qr->plan);
	tally_done(&qr->tally);
	free(qr);
}

void
queue_readers_follow(struct group *g)
{
	struct queue_reader *qr, *next;
	struct master *m;

	TAILQ_FOREACH(qr, &g->readers, link)
		qr->wanted = false;
	vec_foreach(m, &g->deploy.masters) {
		if (!carries_celery(g, m))
			continue;
		qr = find_reader(g, m->name);
		if (qr == NULL)
			qr = add_reader(g, m);
		qr->wanted = true;
	}
	for (qr = TAILQ_FIRST(&g->readers); qr != NULL; qr = next) {
		next = TAILQ_NEXT(qr, link);
		if (!qr->wanted && !qr->reading)
			remove_reader(qr);
	}
}

void
queue_readers_read(
    struct group *g, const char *master_name, struct tally *waiting)
{
	struct queue_reader *qr;

	TAILQ_FOREACH(qr, &g->readers, link)
		if (master_name == NULL ||
		    strcmp(qr->master_name, master_name) == 0)
			start_read(qr, waiting);
}

/* Called once the nodes' connections are gone, and every batch with them. */
void
queue_readers_free(struct group *g)
{
	while (!TAILQ_EMPTY(&g->readers))
		remove_reader(TAILQ_FIRST(&g->readers));
}
