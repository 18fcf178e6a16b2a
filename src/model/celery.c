#include "model/celery.h"

#include <string.h>

#include "base/num.h"

const char *
readers_sign_name(enum readers_sign sign)
{
	static const char *const names[READERS_SIGN_COUNT] = {
		[READERS_UNKNOWN] = "",
		[READERS_CLIENTS] = "clients",
		[READERS_PIDBOX] = "pidbox",
	};

	return names[sign];
}

static void
db_fini(struct celery_db *d)
{
	struct queue *q;

	vec_foreach(q, &d->queues)
		queue_fini(q);
	vec_fini(&d->queues);
}

void
celery_fini(struct celery *c)
{
	struct celery_db *d;

	vec_foreach(d, &c->dbs)
		db_fini(d);
	vec_fini(&c->dbs);
	vec_fini(&c->steps);
	vec_fini(&c->url_dbs);
}

struct celery_db *
celery_add_db(struct celery *c, int db)
{
	struct celery_db *d;
	size_t i;

	for (i = 0; i < c->dbs.n && c->dbs.v[i].db <= db; i++)
		if (c->dbs.v[i].db == db)
			return &c->dbs.v[i];
	d = vec_insert(&c->dbs, i);
	d->db = db;
	d->queues_max = c->queues_max;
	d->unacked = d->unacked_oldest_wall_ms = d->unacked_overdue =
	    NUM_UNKNOWN;
	d->shared = d->unacked_stranded = NUM_UNKNOWN;
	return d;
}

static int
name_compare(const struct queue *q, const char *name, size_t len)
{
	size_t shorter = q->name_len < len ? q->name_len : len;
	int c = memcmp(q->name, name, shorter);

	return c != 0 ? c : (q->name_len > len) - (q->name_len < len);
}

static size_t
queue_bound_at(const struct celery_db *d, const char *name, size_t len)
{
	size_t low = 0, n = d->queues.n, mid;

	while (n > 0) {
		mid = n / 2;
		if (name_compare(&d->queues.v[low + mid], name, len) < 0) {
			low += mid + 1;
			n -= mid + 1;
		} else {
			n = mid;
		}
	}
	return low;
}

struct queue *
celery_db_queue(const struct celery_db *d, const char *name, size_t len)
{
	size_t i = queue_bound_at(d, name, len);

	if (i < d->queues.n && name_compare(&d->queues.v[i], name, len) == 0)
		return &d->queues.v[i];
	return NULL;
}

struct queue *
celery_db_add_queue(struct celery_db *d, const char *name, size_t len)
{
	struct queue *q = celery_db_queue(d, name, len);

	size_t max = d->queues_max > 0 ? d->queues_max : CELERY_QUEUES_MAX;

	if (q != NULL || d->queues.n >= max || len > CELERY_QUEUE_NAME_MAX)
		return q;
	q = vec_insert(&d->queues, queue_bound_at(d, name, len));
	q->name = xmemdup0(name, len);
	q->name_len = len;
	q->stranded = NUM_UNKNOWN;
	return q;
}

bool
celery_db_waits(const struct celery_db *d)
{
	const struct queue *q;

	vec_foreach(q, &d->queues)
		if (queue_length(q) > 0)
			return true;
	return d->unacked > 0;
}

void
celery_db_disturb(struct celery_db *d)
{
	struct queue *q;

	d->unacked_stall.rounds = d->unread.rounds = 0;
	vec_foreach(q, &d->queues)
		q->stall.rounds = 0;
}

int64_t
celery_queue_dbs(const struct celery *c, const char *name, size_t len)
{
	const struct celery_db *d;
	const struct queue *q;
	int64_t n = 0;

	vec_foreach(d, &c->dbs) {
		q = celery_db_queue(d, name, len);
		n += q != NULL && q->bound;
	}
	return n;
}
