#include "model/queue.h"

#include <string.h>

#include "base/num.h"

void
queue_fini(struct queue *q)
{
	free(q->name);
	vec_fini(&q->lengths);
}

int64_t
queue_length(const struct queue *q)
{
	const int64_t *step;
	int64_t sum = 0;

	if (q->lengths.n == 0)
		return NUM_UNKNOWN;
	vec_foreach(step, &q->lengths) {
		if (*step == NUM_UNKNOWN)
			return NUM_UNKNOWN;
		sum += *step;
	}
	return sum;
}

void
queue_take_length(struct queue *q, size_t step, int64_t length)
{
	while (q->lengths.n <= step)
		*vec_push(&q->lengths) = NUM_UNKNOWN;
	q->lengths.v[step] = length;
	if (queue_length(q) == 0)
		q->head =
		    (struct head){ .costly_until_ms = q->head.costly_until_ms };
}

bool
queue_head_step(const struct queue *q, size_t *step)
{
	size_t i;

	for (i = 0; i < q->lengths.n && q->lengths.v[i] == 0; i++)
		;
	*step = i;
	return i < q->lengths.n && q->lengths.v[i] != NUM_UNKNOWN;
}

/* A message of higher priority that came in between took nothing away. */
static bool
was_taken(const struct head *h, size_t step, const char *tag)
{
	return h->tag[0] != '\0' && step >= h->step && strcmp(h->tag, tag) != 0;
}

void
queue_take_head(struct queue *q, size_t step, const char *tag, struct now now)
{
	struct head *h = &q->head;

	h->taken = was_taken(h, step, tag);
	if (strcmp(h->tag, tag) != 0) {
		strlcpy(h->tag, tag, sizeof(h->tag));
		h->since_wall_ms = now.wall_ms;
	}
	h->step = step;
	h->known = h->looked = true;
	h->at_ms = now.mono_ms;
}

void
queue_lose_head(struct queue *q)
{
	q->head.known = false;
	q->head.looked = true;
}

void
queue_head_went(struct queue *q)
{
	queue_lose_head(q);
	q->head.taken = true;
}

void
queue_settle_binding(struct queue *q, bool scanned, bool all_read)
{
	q->bound = q->named;
	q->was_bound |= q->named;
	q->bound_known = q->named || (all_read && (scanned || q->was_bound));
	q->named = false;
}

void
queue_settle(struct queue *q, int64_t now_ms)
{
	int64_t length = queue_length(q);
	bool taken = q->head.taken;

	/* Not its turn: nothing is known of this look. */
	if (length > 0 && !q->head.looked)
		return;
	if (!q->head.known)
		taken |= length < q->stall.length;
	stall_note(&q->stall, length, taken, now_ms);
	q->head.looked = q->head.taken = false;
}
