/* exposition - render what changed, share what did not. */
#include "web/exposition.h"

#include "metrics/family.h"
#include "model/snapshot.h"
#include "web/blob.h"

_Static_assert(RENDER_OPENMETRICS < EXPOSITION_FORMATS, "a body per format");

void
exposition_init(struct exposition *e, struct handover *handover,
    exposition_fn *read_process, void *arg)
{
	*e = (struct exposition){
		.handover = handover, .read_process = read_process, .arg = arg
	};
	pthread_mutex_init(&e->mutex, NULL);
}

static void
forget(struct exposition_body *b)
{
	snapshot_unref(b->of);
	blob_unref(b->head);
	blob_unref(b->tail);
	*b = (struct exposition_body){ 0 };
}

void
exposition_fini(struct exposition *e)
{
	size_t i;

	for (i = 0; i < EXPOSITION_FORMATS; i++) {
		forget(&e->bodies[i][0]);
		forget(&e->bodies[i][1]);
	}
	pthread_mutex_destroy(&e->mutex);
}

/* Does the head still say what is true? */
static bool
holds(const struct exposition_body *b, const struct snapshot *newest,
    int64_t now_ms)
{
	return b->of == newest && now_ms < newest->next_stale_ms;
}

/* Takes over the reference to the snapshot. */
static void
render_head(struct exposition_body *b, enum render_format format, bool gzip,
    const struct snapshot *s, int64_t now_ms)
{
	struct strbuf text = { 0 }, packed = { 0 };

	render_snapshot(&text, format, s, now_ms);
	if (gzip) {
		gzip_begin(&packed, &text, &b->sum);
		strbuf_fini(&text);
	}
	b->of = s;
	b->head = blob_new(gzip ? &packed : &text);
}

static void
render_tail(struct exposition *e, struct exposition_body *b,
    enum render_format format, bool gzip)
{
	struct strbuf text = { 0 }, packed = { 0 };
	struct self_stats self = { 0 };

	e->read_process(e->arg, &self);
	render_process(&text, format, &self);
	if (gzip) {
		gzip_end(&packed, &text, &b->sum);
		strbuf_fini(&text);
	}
	blob_unref(b->tail);
	b->tail = blob_new(gzip ? &packed : &text);
}

/* May one more tail be made now? */
static bool
may_be_fresh(struct exposition_body *b, int64_t now_ms)
{
	if (now_ms - b->window_ms >= EXPOSITION_WINDOW_MS) {
		b->window_ms = now_ms;
		b->fresh = 0;
	}
	return b->fresh++ < EXPOSITION_FRESH;
}

/* Bodies of old snapshots go, or they would keep them in memory. */
static void
forget_old(struct exposition *e, const struct snapshot *newest, int64_t now_ms)
{
	size_t i, k;

	for (i = 0; i < EXPOSITION_FORMATS; i++)
		for (k = 0; k < 2; k++)
			if (!holds(&e->bodies[i][k], newest, now_ms))
				forget(&e->bodies[i][k]);
}

void
exposition_take(struct exposition *e, enum render_format format, bool gzip,
    int64_t now_ms, struct blob *parts[2])
{
	struct exposition_body *b = &e->bodies[format][gzip];
	const struct snapshot *s;

	pthread_mutex_lock(&e->mutex);
	s = handover_take(e->handover);
	forget_old(e, s, now_ms);
	if (b->of == s)
		snapshot_unref(s);
	else
		render_head(b, format, gzip, s, now_ms);
	if (may_be_fresh(b, now_ms) || b->tail == NULL)
		render_tail(e, b, format, gzip);
	parts[0] = blob_ref(b->head);
	parts[1] = blob_ref(b->tail);
	pthread_mutex_unlock(&e->mutex);
}
