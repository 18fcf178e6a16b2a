/* request - replies kept in order, each end told once. */
#include "net/request.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/xalloc.h"

void
requests_init(struct requests *rs)
{
	*rs = (struct requests){ 0 };
	TAILQ_INIT(&rs->open);
	TAILQ_INIT(&rs->over);
}

struct request *
requests_add(struct requests *rs, struct batch *b, int64_t deadline_ms,
    conn_reply_fn *each, conn_done_fn *fn, void *arg)
{
	struct request *r = xcalloc(1, sizeof(*r));

	r->batch = *b;
	*b = (struct batch){ 0 };
	r->deadline_ms = deadline_ms;
	if (each == NULL)
		r->replies = xcalloc(r->batch.n, sizeof(*r->replies));
	r->each = each;
	r->fn = fn;
	r->arg = arg;
	TAILQ_INSERT_TAIL(&rs->open, r, link);
	rs->n++;
	return r;
}

static void
forget_replies(struct request *r)
{
	while (r->replies != NULL && r->got > 0)
		reply_free(r->replies[--r->got]);
	r->got = 0;
	r->memory = 0;
}

static void
leave_open(struct requests *rs, struct request *r)
{
	ASSERT(rs->n > 0);
	if (rs->current == r)
		rs->current = NULL;
	TAILQ_REMOVE(&rs->open, r, link);
	rs->n--;
}

void
requests_end(struct requests *rs, struct request *r, enum reason reason,
    const char *detail)
{
	leave_open(rs, r);
	r->answered = r->got;
	forget_replies(r);
	r->reason = reason;
	r->detail = xstrdup(detail);
	TAILQ_INSERT_TAIL(&rs->over, r, link);
}

bool
requests_end_late(struct requests *rs, int64_t now_ms, const char *detail)
{
	struct request *r, *next;
	bool late = false;

	TAILQ_FOREACH_SAFE(r, &rs->open, link, next) {
		if (r->deadline_ms > now_ms)
			continue;
		late = true;
		requests_end(rs, r, REASON_TIMEOUT, detail);
	}
	return late;
}

/* One that was cut off twice may be what cuts us off; and what a callback was
 * given cannot be taken back. */
static bool
may_repeat(const struct request *r)
{
	return !r->cut && (r->each == NULL || r->got == 0);
}

void
requests_cut(
    struct requests *rs, bool repeat, enum reason reason, const char *detail)
{
	struct request *r, *next;

	TAILQ_FOREACH_SAFE(r, &rs->open, link, next) {
		if (repeat && may_repeat(r)) {
			r->cut = true;
			forget_replies(r);
		} else {
			requests_end(rs, r, reason, detail);
		}
	}
}

/* Call fn and free it; it is on no list. */
static void
finish(struct request *r)
{
	const struct conn_result result = {
		.reason = r->reason,
		.detail = r->detail == NULL ? "" : r->detail,
		.replies = r->replies,
		.n = r->replies == NULL ? 0 : r->got,
		.answered = r->got > 0 ? r->got : r->answered,
		.sent_ms = r->sent_ms,
	};

	r->fn(r->arg, &result);
	forget_replies(r);
	batch_fini(&r->batch);
	free(r->replies);
	free(r->detail);
	free(r);
}

/* False when the request is gone after its callback. */
static bool
hand_over(struct requests *rs, struct request *r, struct reply *reply)
{
	rs->current = r;
	r->got++;
	r->each(r->arg, r->got - 1, reply);
	reply_free(reply);
	if (rs->current == NULL)
		return false;
	rs->current = NULL;
	return true;
}

enum requests_took
requests_take(struct requests *rs, struct reply *reply, size_t memory_max)
{
	struct request *r = TAILQ_FIRST(&rs->open);

	ASSERT(r != NULL && r->got < r->batch.n);
	if (r->each == NULL) {
		r->memory += reply_memory(reply);
		r->replies[r->got++] = reply;
	} else if (!hand_over(rs, r, reply)) {
		return REQUESTS_GONE;
	}
	if (memory_max > 0 && r->memory > memory_max)
		return REQUESTS_OVER_BUDGET;
	if (r->got < r->batch.n)
		return REQUESTS_WAIT;
	leave_open(rs, r);
	finish(r);
	return REQUESTS_COMPLETE;
}

void
requests_finish(struct requests *rs)
{
	struct request *r;
	size_t n = 0;

	TAILQ_FOREACH(r, &rs->over, link)
		n++;
	for (; n > 0 && (r = TAILQ_FIRST(&rs->over)) != NULL; n--) {
		TAILQ_REMOVE(&rs->over, r, link);
		finish(r);
	}
}

void
requests_finish_all(struct requests *rs, enum reason reason, const char *detail)
{
	struct request *r;

	rs->current = NULL;
	while ((r = TAILQ_FIRST(&rs->open)) != NULL)
		requests_end(rs, r, reason, detail);
	TAILQ_FOREACH(r, &rs->over, link)
		r->reason = reason;
	while ((r = TAILQ_FIRST(&rs->over)) != NULL) {
		TAILQ_REMOVE(&rs->over, r, link);
		finish(r);
	}
}

int64_t
requests_deadline(const struct requests *rs)
{
	const struct request *r;
	int64_t first = INT64_MAX;

	TAILQ_FOREACH(r, &rs->open, link)
		if (r->deadline_ms < first)
			first = r->deadline_ms;
	return first;
}
