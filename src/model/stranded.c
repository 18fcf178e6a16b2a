#include "model/stranded.h"

#include "base/num.h"
#include "model/celery.h"

static bool
named_by_url(const struct celery *c, int db)
{
	const int *named;

	vec_foreach(named, &c->url_dbs)
		if (*named == db)
			return true;
	return false;
}

static bool
bound_in(const struct celery_db *d, const struct queue *q)
{
	const struct queue *there;

	if (q == NULL)
		return true;
	there = celery_db_queue(d, q->name, q->name_len);
	return there != NULL && there->bound;
}

/* Does a worker live in d?  The binding of one that died may be left. */
static int64_t
lives_in(const struct celery *c, const struct celery_db *d)
{
	if (d->readers_sign == READERS_UNKNOWN)
		return NUM_UNKNOWN;
	if (d->readers == 0)
		return 0;
	if (d->readers_sign == READERS_CLIENTS)
		return 1;
	return c->workers == NUM_UNKNOWN ? NUM_UNKNOWN : c->workers > 0;
}

/* Does a worker of the same broker live elsewhere?  q NULL: whatever it
 * reads. */
static int64_t
lives_elsewhere(
    const struct celery *c, const struct celery_db *d, const struct queue *q)
{
	const struct celery_db *other;
	int64_t sum = 0, lives;

	if (d->deserted)
		return 1;
	if (!named_by_url(c, d->db))
		return 0;
	vec_foreach(other, &c->dbs) {
		if (other == d || !named_by_url(c, other->db) ||
		    !bound_in(other, q))
			continue;
		lives = lives_in(c, other);
		if (lives == 1)
			return 1;
		if (lives == NUM_UNKNOWN)
			sum = NUM_UNKNOWN;
	}
	return sum;
}

/* The rule but for its first line. */
static int64_t
nobody_reads(
    const struct celery *c, const struct celery_db *d, const struct queue *q)
{
	int64_t elsewhere;

	if (d->readers_sign == READERS_CLIENTS && d->readers > 0)
		return 0;
	elsewhere = lives_elsewhere(c, d, q);
	if (elsewhere == 0)
		return 0;
	if (d->readers_sign == READERS_UNKNOWN || d->readers > 0)
		return NUM_UNKNOWN;
	return elsewhere;
}

static int64_t
verdict(const struct celery *c, const struct celery_db *d,
    const struct queue *q, int64_t now_ms)
{
	int64_t length = q == NULL ? d->unacked : queue_length(q);
	const struct stall *still = q == NULL ? &d->unacked_stall : &q->stall;

	if (length == NUM_UNKNOWN)
		return NUM_UNKNOWN;
	if (length == 0 || !stall_holds(still, now_ms))
		return 0;
	if (d->unread.rounds > 0 && !stall_holds(&d->unread, now_ms))
		return 0;
	return nobody_reads(c, d, q);
}

void
stranded_update(struct celery *c, int64_t now_ms)
{
	struct celery_db *d;
	struct queue *q;

	vec_foreach(d, &c->dbs) {
		d->unacked_stranded = verdict(c, d, NULL, now_ms);
		vec_foreach(q, &d->queues)
			q->stranded = verdict(c, d, q, now_ms);
	}
}
