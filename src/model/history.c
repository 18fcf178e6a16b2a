#include "model/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Everything but the count is immutable. */
static struct history *
writable(const struct history *h)
{
	union {
		const struct history *c;
		struct history *m;
	} u = { .c = h };

	return u.m;
}

const struct history *
history_new(const struct failover *v, size_t n)
{
	struct history *h = xcalloc(1, sizeof(*h) + n * sizeof(*v));

	h->refs = 1;
	h->n = n;
	if (n > 0)
		memcpy(h->v, v, n * sizeof(*v));
	return h;
}

const struct history *
history_ref(const struct history *h)
{
	if (h != NULL)
		__atomic_add_fetch(&writable(h)->refs, 1, __ATOMIC_RELAXED);
	return h;
}

void
history_unref(const struct history *h)
{
	if (h != NULL &&
	    __atomic_sub_fetch(&writable(h)->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(writable(h));
}
