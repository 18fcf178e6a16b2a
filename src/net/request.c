#include "net/request.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct request *
request_new(struct batch *b, int64_t deadline_ms, conn_done_fn *fn, void *arg)
{
	struct request *r = xcalloc(1, sizeof(*r));

	r->batch = *b;
	*b = (struct batch){ 0 };
	r->deadline_ms = deadline_ms;
	r->replies = xcalloc(r->batch.n, sizeof(*r->replies));
	r->fn = fn;
	r->arg = arg;
	return r;
}

bool
request_take(struct request *r, struct reply *reply)
{
	r->replies[r->got++] = reply;
	return r->got == r->batch.n;
}

void
request_rewind(struct request *r)
{
	while (r->got > 0)
		reply_free(r->replies[--r->got]);
}

void
request_fail(struct request *r, enum reason reason, const char *detail)
{
	r->answered = r->got;
	request_rewind(r);
	free(r->detail);
	r->reason = reason;
	r->detail = xstrdup(detail);
}

void
request_finish(struct request *r)
{
	const struct conn_result result = {
		.reason = r->reason,
		.detail = r->detail == NULL ? "" : r->detail,
		.replies = r->replies,
		.n = r->got,
		.answered = r->got > 0 ? r->got : r->answered,
		.sent_ms = r->sent_ms,
	};

	r->fn(r->arg, &result);
	request_rewind(r);
	batch_fini(&r->batch);
	free(r->replies);
	free(r->detail);
	free(r);
}

void
requests_finish(struct request_list *list)
{
	struct request *r;
	size_t n = 0;

	TAILQ_FOREACH(r, list, link)
		n++;
	for (; n > 0 && (r = TAILQ_FIRST(list)) != NULL; n--) {
		TAILQ_REMOVE(list, r, link);
		request_finish(r);
	}
}

int64_t
requests_deadline(const struct request_list *list)
{
	const struct request *r;
	int64_t first = INT64_MAX;

	TAILQ_FOREACH(r, list, link)
		if (r->deadline_ms < first)
			first = r->deadline_ms;
	return first;
}
