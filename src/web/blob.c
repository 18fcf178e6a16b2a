/* blob - counted bytes. */
#include "web/blob.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/strbuf.h"
#include "base/xalloc.h"

static size_t held; /* atomic */

struct blob *
blob_new(struct strbuf *body)
{
	struct blob *b = xcalloc(1, sizeof(*b));

	b->bytes = strbuf_take(body, &b->len);
	b->refs = 1;
	__atomic_add_fetch(&held, b->len, __ATOMIC_RELAXED);
	return b;
}

struct blob *
blob_ref(struct blob *b)
{
	if (b != NULL)
		ASSERT(__atomic_fetch_add(&b->refs, 1, __ATOMIC_RELAXED) > 0);
	return b;
}

void
blob_unref(struct blob *b)
{
	int before;

	if (b == NULL)
		return;
	before = __atomic_fetch_sub(&b->refs, 1, __ATOMIC_ACQ_REL);
	ASSERT(before > 0);
	if (before > 1)
		return;
	__atomic_sub_fetch(&held, b->len, __ATOMIC_RELAXED);
	free(b->bytes);
	free(b);
}

size_t
blob_bytes(void)
{
	return __atomic_load_n(&held, __ATOMIC_RELAXED);
}
