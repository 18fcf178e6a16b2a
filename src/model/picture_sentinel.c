/* One sentinel, as it may be shown. */
#include "model/picture_sentinel.h"

#include <stdlib.h>

#include "model/picture_parts.h"

static struct picture_sentinel *
sentinel_writable(const struct picture_sentinel *s)
{
	union {
		const struct picture_sentinel *c;
		struct picture_sentinel *m;
	} u = { .c = s };

	return u.m;
}

static void
sentinel_put_info(struct picture_sentinel *p, const struct sentinel *s,
    const struct picture_time *t)
{
	p->tilt = p->start_wall_s = p->scripts_running = p->scripts_queued =
	    p->masters = p->clock_ms = NUM_UNKNOWN;
	p->info_until_ms =
	    picture_until(t, s->info_at.mono_ms, &p->next_stale_ms);
	if (p->info_until_ms == 0)
		return;
	strlcpy(p->id, s->id, sizeof(p->id));
	strlcpy(p->version, s->info.version, sizeof(p->version));
	strlcpy(p->product, s->info.product, sizeof(p->product));
	p->start_wall_s = picture_started(s->info_at, s->info.uptime_s);
	p->clock_ms = picture_clock(s->info_at, s->info.server_time_us);
	p->tilt = s->info.tilt;
	p->scripts_running = s->info.scripts_running;
	p->scripts_queued = s->info.scripts_queue_length;
	p->masters = s->info.masters;
}

const struct picture_sentinel *
picture_sentinel_new(const struct sentinel *s, const struct labels *group,
    const struct picture_sentinel *before, const struct picture_time *t)
{
	struct picture_sentinel *p = xcalloc(1, sizeof(*p));
	const struct labels *source;

	p->refs = 1;
	p->next_stale_ms = PICTURE_NEVER;
	p->labels = picture_labels_of(before == NULL ? NULL : before->labels,
	    group, "sentinel", s->label);
	source =
	    picture_labels_of(before == NULL ? NULL : before->source->labels,
		group, "source", s->label);
	p->source =
	    picture_source_new(&s->source, source, t, &p->next_stale_ms);
	if (s->subscription_up)
		p->subscribed_until_ms =
		    picture_until(t, t->now.mono_ms, &p->next_stale_ms);
	memcpy(p->events, s->events, sizeof(p->events));
	sentinel_put_info(p, s, t);
	return p;
}

const struct picture_sentinel *
picture_sentinel_ref(const struct picture_sentinel *p)
{
	__atomic_add_fetch(&sentinel_writable(p)->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void
picture_sentinel_unref(const struct picture_sentinel *p)
{
	if (p == NULL || __atomic_sub_fetch(&sentinel_writable(p)->refs, 1,
			     __ATOMIC_ACQ_REL) > 0)
		return;
	labels_unref(p->labels);
	picture_source_unref(p->source);
	free(sentinel_writable(p));
}
