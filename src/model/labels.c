/* The label set of one object: escaped once, counted. */
#include "model/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "base/xalloc.h"

/* Everything but the count is immutable. */
static struct labels *
labels_writable(const struct labels *l)
{
	union {
		const struct labels *c;
		struct labels *m;
	} u = { .c = l };

	return u.m;
}

const struct labels *
labels_new(const struct labels *outer, const char *label, const char *value,
    size_t len)
{
	struct strbuf set = { 0 };
	struct labels *l;
	char *name;

	if (outer != NULL)
		strbuf_add(&set, outer->set, outer->len);
	strbuf_putc(&set, outer == NULL ? '{' : ',');
	strbuf_puts(&set, label);
	strbuf_puts(&set, "=\"");
	escape(&set, ESCAPE_LABEL, value, len);
	strbuf_putc(&set, '"');
	l = xcalloc(1, sizeof(*l) + set.len + 1 + len + 1);
	name = l->set + set.len + 1;
	memcpy(l->set, set.s, set.len);
	memcpy(name, value, len);
	l->refs = 1;
	l->len = set.len;
	l->name = name;
	l->name_len = len;
	strbuf_fini(&set);
	return l;
}

bool
labels_named(const struct labels *l, const char *value, size_t len)
{
	return l->name_len == len && memcmp(l->name, value, len) == 0;
}

const struct labels *
labels_ref(const struct labels *l)
{
	if (l != NULL)
		__atomic_add_fetch(
		    &labels_writable(l)->refs, 1, __ATOMIC_RELAXED);
	return l;
}

void
labels_unref(const struct labels *l)
{
	if (l != NULL && __atomic_sub_fetch(&labels_writable(l)->refs, 1,
			     __ATOMIC_ACQ_REL) == 0)
		free(labels_writable(l));
}
