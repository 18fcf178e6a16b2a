/* The answers of a reading, into the model. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "model/facts.h"
#include "model/stranded.h"
#include "model/worker.h"
#include "watch/queue_reader_parts.h"

/* A message that was too long to be kept may come again once in so many
 * milliseconds per byte, on average, but not more seldom than that; nor may one
 * that the server could not send in time. */
#define LONG_BYTES_PER_MS 64
#define COSTLY_MAX_MS	  300000

/* Where an answer belongs. */
struct place {
	struct queue_reader *qr;
	const struct ask *ask;
	struct celery_db *db;
	struct search *search;
	struct queue *queue; /* of questions about one */
};

static void
take_size(const struct place *at, int64_t *members, const struct reply *r)
{
	if (reply_int(r, members) && *members <= MEMBERS_MAX)
		return;
	at->search->denied = true;
	reader_complain(
	    at->qr, reply_is_error(r) ? reply_reason(r) : REASON_PROTOCOL);
}

static void
take_members(const struct place *at, const struct reply *r)
{
	const struct reply *member;
	const char *name;
	struct queue *q;
	size_t i, len;

	if (r->type != REPLY_ARRAY) {
		at->search->denied = true;
		reader_complain(at->qr, reply_reason(r));
		return;
	}
	for (i = 0; i < r->n; i++) {
		member = reply_at(r, i);
		if (reply_text(member) == NULL ||
		    !kombu_binding_queue(at->qr->search.kombu, member->str,
			member->len, &name, &len))
			continue;
		q = celery_db_add_queue(at->db, name, len);
		if (q == NULL)
			at->search->queues_over++;
		else
			q->named = true;
	}
}

static void
take_pidbox(const struct place *at, const struct reply *r)
{
	struct workers *ws = heartbeat_stream_workers(at->qr->heartbeats);
	const struct reply *member;
	const char *name;
	size_t i, len;

	if (r->type != REPLY_ARRAY) {
		reader_complain(at->qr, reply_reason(r));
		return;
	}
	for (i = 0; i < r->n; i++) {
		member = reply_at(r, i);
		if (reply_text(member) != NULL &&
		    kombu_pidbox_worker(at->qr->search.kombu, member->str,
			member->len, &name, &len))
			workers_bound(ws, name, len, at->db->db);
	}
}

static int64_t
take_count(const struct place *at, const struct reply *r)
{
	int64_t n;

	if (r->type == REPLY_INTEGER && reply_int(r, &n))
		return n;
	reader_complain(at->qr, reply_reason(r));
	return NUM_UNKNOWN;
}

/* Member and score of the oldest, or nothing.  Redis 8 and Valkey 8 may print
 * the score with an exponent. */
static void
take_oldest(const struct place *at, const struct reply *r)
{
	const struct reply *score = reply_at(r, 1);
	double seconds;

	at->db->unacked_oldest_wall_ms = NUM_UNKNOWN;
	if (reply_is_error(r))
		reader_complain(at->qr, reply_reason(r));
	if (reply_text(score) != NULL &&
	    num_double(score->str, score->len, &seconds) && seconds > 0 &&
	    seconds < 1e12)
		at->db->unacked_oldest_wall_ms = (int64_t)(seconds * 1000);
}

static void
put_off(const struct place *at, int64_t ms, const char *why)
{
	struct head *h = &at->queue->head;

	if (h->costly_until_ms == 0)
		log_warn("the next message of a queue is not looked at",
		    "master_name", at->qr->master->name, "queue",
		    at->queue->name, "why", why, NULL);
	h->costly_until_ms =
	    at->qr->begun.mono_ms + (ms < COSTLY_MAX_MS ? ms : COSTLY_MAX_MS);
	queue_lose_head(at->queue);
	reader_complain(at->qr, REASON_PROTOCOL);
}

static void
take_head(const struct place *at, const struct reply *r)
{
	char tag[DELIVERY_TAG_MAX];

	at->qr->head_bytes += r->len;
	if (r->type == REPLY_LONG) {
		put_off(
		    at, (int64_t)r->len / LONG_BYTES_PER_MS, "it is too long");
	} else if (r->type == REPLY_NIL) {
		queue_head_went(at->queue);
	} else if (reply_text(r) != NULL &&
		   kombu_delivery_tag(r->str, r->len, tag)) {
		at->queue->head.costly_until_ms = 0;
		queue_take_head(at->queue, at->ask->step, tag, at->qr->begun);
	} else {
		queue_lose_head(at->queue);
		reader_complain(at->qr,
		    reply_is_error(r) ? reply_reason(r) : REASON_PROTOCOL);
	}
}

static void
take_clients(struct queue_reader *qr, const struct reply *r)
{
	if (reply_text(r) != NULL &&
	    client_census_take(&qr->census, r->str, r->len, qr->begun.mono_ms))
		return;
	client_census_denied(&qr->census);
	reader_complain(
	    qr, reply_is_error(r) ? reply_reason(r) : REASON_PROTOCOL);
}

static void
take(const struct place *at, const struct reply *r)
{
	struct queue_reader *qr = at->qr;

	switch (at->ask->kind) {
	case ASK_SCAN:
		if (!binding_search_take(&qr->search, at->ask->db, r))
			reader_complain(qr, reply_reason(r));
		break;
	case ASK_SAMPLE:
		if (!key_sample_take(
			&at->search->sample, qr->search.kombu, at->db, r))
			reader_complain(qr, reply_reason(r));
		break;
	case ASK_SIZE:
		take_size(
		    at, &at->search->bindings.v[at->ask->item].members, r);
		break;
	case ASK_PIDBOX_SIZE:
		if (!reply_int(r, &at->search->pidbox))
			reader_complain(qr, reply_reason(r));
		break;
	case ASK_MEMBERS:
		take_members(at, r);
		break;
	case ASK_PIDBOX_MEMBERS:
		take_pidbox(at, r);
		break;
	case ASK_LENGTH:
		queue_take_length(at->queue, at->ask->step, take_count(at, r));
		break;
	case ASK_UNACKED:
		at->db->unacked = take_count(at, r);
		break;
	case ASK_OLDEST:
		take_oldest(at, r);
		break;
	case ASK_OVERDUE:
		at->db->unacked_overdue = take_count(at, r);
		break;
	case ASK_HEAD:
		take_head(at, r);
		break;
	case ASK_SELECT:
	case ASK_ROLE:
	case ASK_CLIENTS:
		break;
	}
}

/* False when there is no such place any more: the master was forgotten, and
 * came back, while the batch was on its way. */
static bool
find_place(struct place *at)
{
	struct celery *c = &reader_master(at->qr)->celery;
	struct celery_db *d;

	vec_foreach(d, &c->dbs)
		if (d->db == at->ask->db)
			at->db = d;
	at->search = binding_search_db(&at->qr->search, at->ask->db);
	if (at->ask->kind == ASK_SCAN)
		return true;
	if (at->db == NULL)
		return false;
	if (at->ask->kind != ASK_LENGTH && at->ask->kind != ASK_HEAD)
		return true;
	if (at->ask->item >= at->db->queues.n)
		return false;
	at->queue = &at->db->queues.v[at->ask->item];
	return true;
}

/* A DB's answers begin: true when they are of that DB. */
static bool
take_select(struct place *at, const struct reply *r)
{
	int64_t now_ms = clock_now().mono_ms;

	(void)find_place(at);
	if (reply_is_error(r)) {
		at->search->paused = at->search->denied = true;
		reader_complain(at->qr, reply_reason(r));
		return false;
	}
	if (at->qr->stage == STAGE_LENGTHS && at->db != NULL) {
		/* After a gap every worker may just be coming back. */
		if (now_ms - at->db->at_ms > STALL_MS)
			celery_db_disturb(at->db);
		at->db->at_ms = now_ms;
	}
	return true;
}

static void
take_each(struct queue_reader *qr, const struct conn_result *res)
{
	bool selected = false;
	const struct reply *r;
	struct place at;
	size_t i;

	for (i = 0; i < res->n; i++) {
		at = (struct place){ .qr = qr, .ask = &qr->plan.asks.v[i] };
		r = res->replies[i];
		if (at.ask->kind == ASK_CLIENTS)
			take_clients(qr, r);
		else if (at.ask->kind == ASK_SELECT)
			selected = take_select(&at, r);
		else if (selected && find_place(&at))
			take(&at, r);
	}
}

/* The server answered up to one next message, and no further. */
static void
blame_head(struct queue_reader *qr, const struct conn_result *res)
{
	struct place at = { .qr = qr };

	if (qr->stage != STAGE_HEADS || res->reason != REASON_TIMEOUT ||
	    res->answered == 0)
		return;
	at.ask = &qr->plan.asks.v[res->answered];
	if (at.ask->kind == ASK_HEAD && find_place(&at))
		put_off(&at, COSTLY_MAX_MS, "it was not sent in time");
}

bool
queue_answer_take(struct queue_reader *qr, const struct conn_result *res)
{
	const struct reply *denial = queue_plan_denial(&qr->plan, res);

	if (reader_node(qr) == NULL)
		return false;
	if (res->reason != REASON_NONE || denial != NULL) {
		reader_complain(
		    qr, denial != NULL ? reply_reason(denial) : res->reason);
		blame_head(qr, res);
		return false;
	}
	take_each(qr, res);
	if (qr->stage == STAGE_LENGTHS)
		reader_master(qr)->celery.node = reader_node(qr)->addr;
	return true;
}

/* Said when it begins; the figure says how many. */
static void
note_left_out(
    const struct queue_reader *qr, const struct celery_db *d, int64_t left_out)
{
	char db[12], n[24];

	if (d->left_out > 0 || left_out == 0)
		return;
	(void)snprintf(db, sizeof(db), "%d", d->db);
	(void)snprintf(n, sizeof(n), "%lld", (long long)left_out);
	log_warn("queues are left out: there are more than "
		 "--celery.max-queues, or their names are longer than 256 "
		 "bytes",
	    "master_name", reader_master(qr)->name, "db", db, "left_out", n,
	    NULL);
}

void
queue_answer_members_over(struct queue_reader *qr)
{
	const struct search *s;
	int64_t left_out;
	struct celery_db *d;
	struct queue *q;

	vec_foreach(d, &reader_master(qr)->celery.dbs) {
		s = binding_search_db(&qr->search, d->db);
		d->scanned = s->scanned;
		left_out = binding_search_left_out(s) + s->queues_over;
		note_left_out(qr, d, left_out);
		d->left_out = left_out;
		vec_foreach(q, &d->queues)
			queue_settle_binding(q, s->scanned, !s->denied);
	}
}

static void
settle_readers(struct queue_reader *qr, struct celery_db *d)
{
	const struct search *s = binding_search_db(&qr->search, d->db);
	int64_t now_ms = qr->begun.mono_ms;

	if (client_census_known(
		&qr->census, now_ms, qr->group->conf->poll.stale_after_ms)) {
		d->readers_sign = READERS_CLIENTS;
		d->readers = client_list_readers(&qr->census.list, d->db);
	} else {
		d->readers_sign =
		    s->pidbox == NUM_UNKNOWN ? READERS_UNKNOWN : READERS_PIDBOX;
		d->readers = s->pidbox;
	}
	if (d->readers_sign == READERS_CLIENTS && d->readers == 0 &&
	    celery_db_waits(d))
		client_census_press(&qr->census, now_ms);
}

void
queue_answer_reading_over(struct queue_reader *qr)
{
	struct celery *c = &reader_master(qr)->celery;
	int64_t now_ms = clock_now().mono_ms;
	struct celery_db *d;
	struct queue *q;

	vec_foreach(d, &c->dbs) {
		d->readers_sign = READERS_UNKNOWN;
		if (d->at_ms < qr->begun.mono_ms)
			continue;
		vec_foreach(q, &d->queues)
			queue_settle(q, now_ms);
		stall_note(&d->unacked_stall, d->unacked,
		    d->unacked < d->unacked_stall.length, now_ms);
		settle_readers(qr, d);
		stall_note(&d->unread, d->readers == 0, false, now_ms);
		d->deserted =
		    d->unread.rounds > 0 &&
		    workers_once_in(heartbeat_stream_workers(qr->heartbeats),
			d->db, d->unread.since_ms);
		d->shared =
		    binding_search_db(&qr->search, d->db)->sample.shared;
	}
	/* One came or went: so did a reader, somewhere. */
	if (c->workers != qr->workers)
		client_census_press(&qr->census, qr->begun.mono_ms);
	qr->workers = c->workers;
	stranded_update(c, now_ms);
}
