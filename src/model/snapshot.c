#include "model/snapshot.h"

#include <pthread.h>

#include "base/num.h"

/*
 * A count of references guarded by the slot's mutex alone would tie every
 * snapshot to its slot; an atomic count lets the web let go without a lock.
 * Taking needs the lock all the same: the last reference may go between
 * reading the pointer and counting up.
 */
struct handover {
	pthread_mutex_t mutex;
	const struct snapshot *newest;
};

struct snapshot *
snapshot_new(void)
{
	struct snapshot *s = xcalloc(1, sizeof(*s));

	s->refs = 1;
	s->poll_duration_ms = NUM_UNKNOWN;
	s->next_stale_ms = PICTURE_NEVER;
	return s;
}

void
snapshot_add(
    struct snapshot *s, struct deployment *d, const struct picture_time *t)
{
	struct picture *p = vec_push(&s->groups);

	picture_init(p, d, t);
	if (p->next_stale_ms < s->next_stale_ms)
		s->next_stale_ms = p->next_stale_ms;
}

static void
snapshot_free(struct snapshot *s)
{
	struct picture *p;

	vec_foreach(p, &s->groups)
		picture_fini(p);
	vec_fini(&s->groups);
	event_log_view_unref(s->event_log);
	free(s);
}

/* Everything but the count is immutable once published. */
static struct snapshot *
writable(const struct snapshot *s)
{
	union {
		const struct snapshot *c;
		struct snapshot *m;
	} u = { .c = s };

	return u.m;
}

void
snapshot_unref(const struct snapshot *s)
{
	if (s != NULL &&
	    __atomic_sub_fetch(&writable(s)->refs, 1, __ATOMIC_ACQ_REL) == 0)
		snapshot_free(writable(s));
}

struct handover *
handover_new(void)
{
	struct handover *h = xcalloc(1, sizeof(*h));

	pthread_mutex_init(&h->mutex, NULL);
	h->newest = snapshot_new();
	return h;
}

void
handover_free(struct handover *h)
{
	if (h == NULL)
		return;
	snapshot_unref(h->newest);
	pthread_mutex_destroy(&h->mutex);
	free(h);
}

void
handover_publish(struct handover *h, struct snapshot *s)
{
	const struct snapshot *old;

	pthread_mutex_lock(&h->mutex);
	old = h->newest;
	h->newest = s;
	pthread_mutex_unlock(&h->mutex);
	snapshot_unref(old);
}

const struct snapshot *
handover_take(struct handover *h)
{
	const struct snapshot *s;

	pthread_mutex_lock(&h->mutex);
	s = h->newest;
	__atomic_add_fetch(&writable(s)->refs, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&h->mutex);
	return s;
}
