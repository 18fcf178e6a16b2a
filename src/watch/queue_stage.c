/* What each stage of a reading asks. */
#include "base/num.h"
#include "watch/queue_reader_parts.h"

/* The search must not hold up a reading, however slow the server is. */
#define SEARCH_MS 250

/* Messages at a time, and bytes after which the others have to wait for the
 * next reading. */
#define HEADS_AT_ONCE 16
#define HEAD_BYTES    (4 * 1024 * 1024)

/* One step in each DB whose search has not come round in this reading. */
static void
fill_search(struct queue_reader *qr)
{
	size_t n = qr->search.dbs.n, i;
	struct search *s;

	if (clock_now().mono_ms - qr->begun.mono_ms >= SEARCH_MS)
		return;
	for (i = 0; i < n && qr->steps_left > 0; i++) {
		s = binding_search_next(&qr->search);
		if (s == NULL)
			return;
		qr->steps_left--;
		queue_plan_open(&qr->plan, s->db);
		queue_plan_scan(&qr->plan, s->db, s->cursor);
		queue_plan_close(&qr->plan, s->db);
	}
}

static void
fill_sizes(struct queue_reader *qr)
{
	const struct celery_db *d;
	const struct search *s;
	size_t i;

	vec_foreach(s, &qr->search.dbs)
		if (s->bindings.n > 0)
			celery_add_db(&reader_master(qr)->celery, s->db)
			    ->scanned = s->scanned;
	vec_foreach(d, &reader_master(qr)->celery.dbs) {
		s = binding_search_db(&qr->search, d->db);
		queue_plan_open(&qr->plan, d->db);
		queue_plan_size(&qr->plan, d->db, 0, NULL);
		for (i = 0; i < s->bindings.n; i++)
			queue_plan_size(
			    &qr->plan, d->db, i, s->bindings.v[i].key);
		queue_plan_close(&qr->plan, d->db);
	}
}

static bool
readable(int64_t members)
{
	return members != NUM_UNKNOWN && members > 0 && members <= MEMBERS_MAX;
}

static void
fill_members(struct queue_reader *qr)
{
	const struct celery_db *d;
	const struct binding *b;
	const struct search *s;

	vec_foreach(d, &reader_master(qr)->celery.dbs) {
		s = binding_search_db(&qr->search, d->db);
		queue_plan_open(&qr->plan, d->db);
		if (readable(s->pidbox))
			queue_plan_members(&qr->plan, d->db, 0, NULL);
		vec_foreach(b, &s->bindings)
			if (readable(b->members))
				queue_plan_members(&qr->plan, d->db,
				    (size_t)(b - s->bindings.v), b->key);
		queue_plan_close(&qr->plan, d->db);
	}
}

static void
fill_lengths(struct queue_reader *qr)
{
	const struct node *n = reader_node(qr);
	const struct celery_db *d;
	const struct search *s;

	if (reader_conf(qr)->clients && n != NULL &&
	    reader_master(qr)->celery.dbs.n > 0 &&
	    client_census_due(&qr->census, n->server->info.connected_clients,
		qr->begun.mono_ms)) {
		client_census_asked(&qr->census, qr->begun.mono_ms);
		queue_plan_clients(&qr->plan);
	}
	vec_foreach(d, &reader_master(qr)->celery.dbs) {
		s = binding_search_db(&qr->search, d->db);
		queue_plan_open(&qr->plan, d->db);
		queue_plan_lengths(&qr->plan, d);
		queue_plan_unacked(&qr->plan, d->db, clock_now().wall_ms);
		if (reader_conf(qr)->scan)
			queue_plan_sample(&qr->plan, d->db, s->sample.cursor);
		queue_plan_close(&qr->plan, d->db);
	}
}

/* Is its next message to be read now?  Where it is too long for that nothing
 * is known of it. */
static bool
wants_head(const struct queue_reader *qr, struct queue *q, size_t *step)
{
	if (!queue_head_step(q, step))
		return false;
	if (qr->begun.mono_ms >= q->head.costly_until_ms)
		return true;
	queue_lose_head(q);
	return false;
}

/* The i-th queue of all DBs that were read in this reading. */
static struct queue *
queue_at(const struct queue_reader *qr, size_t i, struct celery_db **db)
{
	struct celery_db *d;

	vec_foreach(d, &reader_master(qr)->celery.dbs) {
		if (d->at_ms < qr->begun.mono_ms)
			continue;
		if (i < d->queues.n) {
			*db = d;
			return &d->queues.v[i];
		}
		i -= d->queues.n;
	}
	return NULL;
}

static size_t
count_queues(const struct queue_reader *qr)
{
	const struct celery_db *d;
	size_t n = 0;

	vec_foreach(d, &reader_master(qr)->celery.dbs)
		if (d->at_ms >= qr->begun.mono_ms)
			n += d->queues.n;
	return n;
}

static void
fill_heads(struct queue_reader *qr)
{
	size_t total = count_queues(qr), n = 0, step;
	struct celery_db *d = NULL, *open = NULL;
	struct queue *q;

	if (qr->head_bytes >= HEAD_BYTES)
		return;
	while (qr->heads_seen < total && n < HEADS_AT_ONCE) {
		qr->heads_seen++;
		q = queue_at(qr, qr->head_turn++ % total, &d);
		if (q == NULL || !wants_head(qr, q, &step))
			continue;
		if (open != NULL && open != d)
			queue_plan_close(&qr->plan, open->db);
		if (open != d)
			queue_plan_open(&qr->plan, d->db);
		open = d;
		queue_plan_head(&qr->plan, d, (size_t)(q - d->queues.v), step);
		n++;
	}
	if (open != NULL)
		queue_plan_close(&qr->plan, open->db);
}

void
queue_stage_fill(struct queue_reader *qr)
{
	static void (*const fill[])(struct queue_reader *) = {
		[STAGE_SEARCH] = fill_search,
		[STAGE_SIZES] = fill_sizes,
		[STAGE_MEMBERS] = fill_members,
		[STAGE_LENGTHS] = fill_lengths,
		[STAGE_HEADS] = fill_heads,
	};

	queue_plan_fini(&qr->plan);
	qr->plan = (struct queue_plan){ .kombu = &reader_conf(qr)->kombu };
	fill[qr->stage](qr);
}
