/* Sources, as they may be shown. */
#include "model/picture_source.h"

#include <stdlib.h>

#include "model/picture_parts.h"

static struct picture_source *
source_writable(const struct picture_source *s)
{
	union {
		const struct picture_source *c;
		struct picture_source *m;
	} u = { .c = s };

	return u.m;
}

const struct picture_source *
picture_source_new(const struct source *live, const struct labels *labels,
    const struct picture_time *t, int64_t *next_stale_ms)
{
	struct picture_source *s = xcalloc(1, sizeof(*s));

	s->refs = 1;
	s->labels = labels;
	s->tried = live->tried;
	if (live->up)
		s->up_until_ms =
		    picture_until(t, live->last_success.mono_ms, next_stale_ms);
	s->reason = live->reason;
	s->last_success_wall_ms = live->last_success.wall_ms;
	memcpy(s->errors, live->errors, sizeof(s->errors));
	return s;
}

const struct picture_source *
picture_source_ref(const struct picture_source *s)
{
	__atomic_add_fetch(&source_writable(s)->refs, 1, __ATOMIC_RELAXED);
	return s;
}

void
picture_source_unref(const struct picture_source *s)
{
	if (s == NULL || __atomic_sub_fetch(&source_writable(s)->refs, 1,
			     __ATOMIC_ACQ_REL) > 0)
		return;
	labels_unref(s->labels);
	free(source_writable(s));
}
