#include "model/failover_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Everything but the count is immutable. */
static struct failover_list *
writable(const struct failover_list *h)
{
	union {
		const struct failover_list *c;
		struct failover_list *m;
	} u = { .c = h };

	return u.m;
}

const struct failover_list *
failover_list_new(const struct failover *v, size_t n)
{
	struct failover_list *h = xcalloc(1, sizeof(*h) + n * sizeof(*v));

	h->refs = 1;
	h->n = n;
	if (n > 0)
		memcpy(h->v, v, n * sizeof(*v));
	return h;
}

const struct failover_list *
failover_list_ref(const struct failover_list *h)
{
	if (h != NULL)
		__atomic_add_fetch(&writable(h)->refs, 1, __ATOMIC_RELAXED);
	return h;
}

void
failover_list_unref(const struct failover_list *h)
{
	if (h != NULL &&
	    __atomic_sub_fetch(&writable(h)->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(writable(h));
}
