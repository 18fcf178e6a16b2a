/* One data server, as it may be shown. */
#include "model/picture_server.h"

#include <stdlib.h>

#include "model/picture_parts.h"

static struct picture_server *
server_writable(const struct picture_server *p)
{
	union {
		const struct picture_server *c;
		struct picture_server *m;
	} u = { .c = p };

	return u.m;
}

const struct picture_server *
picture_server_new(const struct server *s, const struct labels *group,
    const struct picture_server *before, const struct picture_time *t)
{
	struct picture_server *p = xcalloc(1, sizeof(*p));
	const struct labels *labels =
	    picture_labels_of(before == NULL ? NULL : before->source->labels,
		group, "source", s->label);

	p->refs = 1;
	p->next_stale_ms = PICTURE_NEVER;
	p->source =
	    picture_source_new(&s->source, labels, t, &p->next_stale_ms);
	p->info_until_ms =
	    picture_until(t, s->info_at.mono_ms, &p->next_stale_ms);
	p->start_wall_s = p->clock_ms = NUM_UNKNOWN;
	if (p->info_until_ms > 0) {
		node_info_copy(&p->info, &s->info);
		p->start_wall_s = picture_started(s->info_at, s->info.uptime_s);
		p->clock_ms = picture_clock(s->info_at, s->info.server_time_us);
	}
	return p;
}

const struct picture_server *
picture_server_ref(const struct picture_server *p)
{
	__atomic_add_fetch(&server_writable(p)->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void
picture_server_unref(const struct picture_server *p)
{
	if (p == NULL || __atomic_sub_fetch(&server_writable(p)->refs, 1,
			     __ATOMIC_ACQ_REL) > 0)
		return;
	picture_source_unref(p->source);
	node_info_fini(&server_writable(p)->info);
	free(server_writable(p));
}
