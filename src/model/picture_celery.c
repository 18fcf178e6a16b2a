/* The queues of one master, as they may be shown. */
#include "model/picture_celery.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/picture_parts.h"

static void
db_fini(struct picture_db *p)
{
	struct picture_queue *q;

	vec_foreach(q, &p->queues)
		labels_unref(q->labels);
	vec_fini(&p->queues);
	labels_unref(p->labels);
	free(p->lengths);
}

void
picture_celery_fini(struct picture_celery *p)
{
	struct picture_queue_name *n;
	struct picture_db *db;

	vec_foreach(db, &p->dbs)
		db_fini(db);
	vec_foreach(n, &p->names)
		labels_unref(n->labels);
	vec_fini(&p->dbs);
	vec_fini(&p->names);
	vec_fini(&p->url_dbs);
	vec_fini(&p->steps);
}

/* Figures of a node that is no longer the agreed master, or does not answer as
 * one, are no figures of the queues. */
static bool
celery_holds(const struct picture_master *m, const struct picture_frame *f)
{
	const struct agreement *a = &f->m->agreement;
	struct addr from = master_canonical(f->m, &f->m->celery.node),
		    agreed = master_canonical(f->m, &a->master);

	return m->until_ms > 0 && a->known && a->up &&
	       addr_equal(&from, &agreed);
}

static void
queue_put_head(struct picture_master *m, struct picture_queue *p,
    const struct head *h, const struct picture_time *t)
{
	p->head_since_wall_ms = NUM_UNKNOWN;
	if (!h->known)
		return;
	/* One that was not looked at for long may have gone since. */
	p->head_until_ms = picture_until(t, h->at_ms, &m->next_stale_ms);
	p->head_since_wall_ms = h->since_wall_ms;
}

static void
queue_put_lengths(struct picture_db *p, struct picture_queue *to, size_t i,
    const struct queue *q)
{
	size_t k;

	to->lengths = p->lengths + i * p->n_lengths;
	for (k = 0; k < p->n_lengths; k++)
		to->lengths[k] =
		    k < q->lengths.n ? q->lengths.v[k] : NUM_UNKNOWN;
}

static void
db_put_queues(struct picture_master *m, struct picture_db *p,
    const struct picture_frame *f, const struct celery_db *db,
    const struct picture_db *before)
{
	struct picture_labels labels = { 0 };
	struct picture_queue *to;
	const struct queue *q;

	if (before != NULL)
		labels = PICTURE_LABELS(&before->queues);
	p->n_lengths = m->celery.steps.n;
	p->lengths = xcalloc(db->queues.n * p->n_lengths + 1, sizeof(int64_t));
	vec_foreach(q, &db->queues) {
		to = vec_push(&p->queues);
		to->labels = picture_labels(
		    &labels, p->labels, "queue", q->name, q->name_len);
		to->length = queue_length(q);
		to->bound = q->bound_known ? q->bound : NUM_UNKNOWN;
		to->stranded = q->stranded;
		to->configured = q->configured;
		queue_put_head(m, to, &q->head, f->t);
		queue_put_lengths(p, to, p->queues.n - 1, q);
	}
}

static const struct picture_db *
db_before(const struct picture_frame *f, int index)
{
	const struct picture_db *p;

	if (f->before != NULL)
		vec_foreach(p, &f->before->celery.dbs)
			if (p->db == index)
				return p;
	return NULL;
}

static void
db_init(struct picture_master *m, const struct picture_frame *f,
    const struct celery_db *db)
{
	const struct picture_db *before = db_before(f, db->db);
	int64_t until_ms = picture_until(f->t, db->at_ms, &m->next_stale_ms);
	struct picture_db *p;
	char text[12];
	int len;

	if (until_ms == 0)
		return;
	p = vec_push(&m->celery.dbs);
	len = snprintf(text, sizeof(text), "%d", db->db);
	p->labels = before != NULL
			? labels_ref(before->labels)
			: labels_new(m->labels, "db", text, (size_t)len);
	p->db = db->db;
	p->until_ms = until_ms < m->until_ms ? until_ms : m->until_ms;
	p->unacked = db->unacked;
	p->unacked_oldest_wall_ms = db->unacked_oldest_wall_ms;
	p->unacked_overdue = db->unacked_overdue;
	p->unacked_stranded = db->unacked_stranded;
	p->shared = db->shared;
	p->left_out = db->left_out;
	p->readers_sign = db->readers_sign;
	p->readers = db->readers;
	db_put_queues(m, p, f, db, before);
}

/*
 * Queue names: one series each, however many DBs hold the queue.
 */

struct named_queue {
	const struct queue *queue;
	int64_t until_ms;
};

static int
named_queue_compare(const void *a, const void *b)
{
	const struct named_queue *x = a, *y = b;
	int order = strcmp(x->queue->name, y->queue->name);

	return order != 0 ? order
			  : (x->queue->name_len > y->queue->name_len) -
				(x->queue->name_len < y->queue->name_len);
}

static void
names_push(struct picture_master *m, const struct picture_frame *f,
    struct picture_labels *labels, const struct named_queue *of)
{
	struct picture_queue_name *p = vec_push(&m->celery.names);
	const struct queue *q = of->queue;

	p->labels =
	    picture_labels(labels, m->labels, "queue", q->name, q->name_len);
	p->until_ms = of->until_ms;
	p->bound_dbs = q->bound_known ? celery_queue_dbs(
					    &f->m->celery, q->name, q->name_len)
				      : NUM_UNKNOWN;
}

static void
names_init(struct picture_master *m, const struct picture_frame *f)
{
	struct picture_labels labels = { 0 };
	VEC(struct named_queue) all = { 0 };
	const struct celery_db *db;
	const struct queue *q;
	struct named_queue *n;
	int64_t until_ms;

	if (f->before != NULL)
		labels = PICTURE_LABELS(&f->before->celery.names);
	vec_foreach(db, &f->m->celery.dbs) {
		until_ms = picture_until(f->t, db->at_ms, &m->next_stale_ms);
		vec_foreach(q, &db->queues)
			if (until_ms > 0)
				*vec_push(&all) =
				    (struct named_queue){ q, until_ms };
	}
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(all.v[0]), named_queue_compare);
	vec_foreach(n, &all)
		if (n == all.v || named_queue_compare(n - 1, n) != 0)
			names_push(m, f, &labels, n);
	vec_fini(&all);
}

/* Bindings are what a broker cannot do without; lists and unacked messages
 * show one whose bindings are named otherwise. */
static bool
celery_carries_broker(const struct celery *c)
{
	const struct celery_db *d;
	const struct queue *q;
	bool carries = false;

	vec_foreach(d, &c->dbs) {
		carries |= d->unacked > 0;
		vec_foreach(q, &d->queues)
			carries |= q->bound || queue_length(q) > 0;
	}
	return carries;
}

void
picture_celery_init(struct picture_master *m, const struct picture_frame *f)
{
	const struct celery *c = &f->m->celery;
	struct picture_celery *p = &m->celery;
	const struct celery_db *db;

	p->url_conflict = c->url_conflict_known ? c->url_conflict : NUM_UNKNOWN;
	p->workers_until_ms =
	    picture_until(f->t, c->workers_at_ms, &m->next_stale_ms);
	p->workers = c->workers;
	p->carries_broker = celery_carries_broker(c);
	vec_copy(&p->url_dbs, &c->url_dbs);
	vec_copy(&p->steps, &c->steps);
	if (!celery_holds(m, f))
		return;
	vec_foreach(db, &c->dbs)
		db_init(m, f, db);
	names_init(m, f);
}
