/* event_stream - a subscription, and what it says told in order. */
#include "watch/event_stream.h"

#include <string.h>

#include "base/assert.h"
#include "base/log.h"
#include "model/event_log.h"
#include "model/facts.h"
#include "net/subscription.h"
#include "watch/group.h"
#include "watch/sentinel_source.h"

#define QUEUED_MAX 1000

struct queued {
	struct event event;
	struct now at;
};

struct event_stream {
	uint32_t magic;
#define EVENT_STREAM_MAGIC 0xe7e57a3b
	struct sentinel_source *source; /* borrowed */
	struct subscription *subscription; /* owned */
	bool live; /* a poll came after it was confirmed; until then events
		    * are queued */
	bool polled_since; /* the poll on its way began after that */
	bool warned;
	VEC(struct queued) queued;
};

static struct event_stream *
check(void *arg)
{
	struct event_stream *es = arg;

	OBJECT_CHECK(es, EVENT_STREAM_MAGIC);
	return es;
}

/* What it is now, into the model; lost: what is published is missed. */
static void
report(struct event_stream *es, bool lost)
{
	bool up =
	    es->live && subscription_state(es->subscription) == SUBSCRIPTION_UP;

	sentinel_take_stream(es->source->sentinel, up, lost);
	group_told(es->source->group, GROUP_SOON);
}

/*
 * What is told.
 */

static void
tell(struct event_stream *es, const struct event *e, struct now at)
{
	const struct deployment *d = &es->source->group->deployment;
	bool named = e->master_name[0] != '\0';

	if (named && !deployment_watches(d, e->master_name))
		return;
	sentinel_take_event(es->source->sentinel, e, at);
	if (named)
		sentinel_source_read_master(es->source, e->master_name,
		    e->kind == EVENT_SWITCH_MASTER ? e : NULL);
	else if (e->kind == EVENT_TILT || e->kind == EVENT_TILT_CLEARED)
		sentinel_source_poll(es->source, NULL);
}

static void
log_event(struct event_stream *es, const struct event *e,
    const struct reply *channel, const struct reply *payload, struct now at)
{
	struct group *g = es->source->group;
	const bool named = e->master_name[0] != '\0';
	const struct event_log_note note = {
		.wall_ms = at.wall_ms,
		.group = g->conf->name,
		.sentinel = es->source->sentinel->label,
		.master_name = named ? e->master_name : NULL,
		.channel = { channel->str, channel->len },
		.payload = { payload->str, payload->len },
	};

	if (!named || deployment_watches(&g->deployment, e->master_name))
		event_log_add(g->deps.event_log, &note);
}

static void
on_message(void *arg, const struct reply *channel, const struct reply *payload)
{
	struct event_stream *es = check(arg);
	const struct now at = loop_now(es->source->group->deps.loop);
	struct event e;

	if (!event_parse(
		&e, channel->str, channel->len, payload->str, payload->len))
		log_debug("event not understood", "sentinel",
		    es->source->sentinel->label, "channel", channel->str,
		    "payload", payload->str, NULL);
	else if (es->live)
		tell(es, &e, at);
	else if (es->queued.n < QUEUED_MAX)
		*vec_push(&es->queued) = (struct queued){ e, at };
	log_event(es, &e, channel, payload, at);
	sentinel_count_event(es->source->sentinel, e.kind);
	group_told(es->source->group, GROUP_SOON);
}

/*
 * Subscribing.
 */

/* PSUBSCRIBE wants an ACL rule that equals the pattern to the letter; single
 * channels are matched by glob, so they may be allowed where "*" is not. */
static bool
on_ask(void *arg, size_t way, struct batch *b)
{
	enum event_kind k;

	(void)check(arg);
	if (way > 1)
		return false;
	if (way == 0)
		batch_add(b, "PSUBSCRIBE", "*", NULL);
	for (k = EVENT_SDOWN; way == 1 && k < EVENT_OTHER; k++)
		batch_add(b, "SUBSCRIBE", event_channel(k), NULL);
	return true;
}

static void
complain(struct event_stream *es, const struct subscription_change *c)
{
	if (c->reason == REASON_NONE)
		return;
	sentinel_take_complaint(es->source->sentinel, c->reason);
	if (!es->warned)
		log_warn(c->is == SUBSCRIPTION_UP
			     ? "some events are denied: grant the exporter's "
			       "user all channels"
			     : "events are denied: grant the exporter's user "
			       "the channels",
		    "sentinel", es->source->sentinel->label, "detail",
		    c->detail, NULL);
	es->warned = true;
}

/* A poll that is on its way already began before the confirmation. */
static void
confirmed(struct event_stream *es)
{
	es->polled_since = !es->source->polling;
	sentinel_source_poll(es->source, NULL);
}

static bool
was_listening(const struct subscription_change *c)
{
	return c->was == SUBSCRIPTION_UP || c->was == SUBSCRIPTION_SILENT;
}

/* What took the stream may have taken the sentinel. */
static void
cut_off(struct event_stream *es, const struct subscription_change *c)
{
	es->live = false;
	es->queued.n = 0;
	report(es, true);
	log_warn("event stream was cut; events are missed until it is back",
	    "sentinel", es->source->sentinel->label, "reason",
	    reason_name(c->reason), "detail", c->detail, NULL);
	sentinel_take_complaint(es->source->sentinel, c->reason);
	sentinel_source_poll(es->source, NULL);
}

static void
on_change(void *arg, const struct subscription_change *c)
{
	struct event_stream *es = check(arg);

	switch (c->is) {
	case SUBSCRIPTION_UP:
		report(es, false);
		if (c->was == SUBSCRIPTION_SILENT)
			return;
		complain(es, c);
		confirmed(es);
		break;
	case SUBSCRIPTION_SILENT:
		report(es, false);
		sentinel_source_poll(es->source, NULL);
		break;
	case SUBSCRIPTION_DOWN:
		if (was_listening(c))
			cut_off(es, c);
		else
			log_debug("event stream down", "sentinel",
			    es->source->sentinel->label, "reason",
			    reason_name(c->reason), "detail", c->detail, NULL);
		break;
	case SUBSCRIPTION_DENIED:
		complain(es, c);
		report(es, false);
		break;
	case SUBSCRIPTION_ASKING:
		break;
	}
}

struct event_stream *
event_stream_new(struct sentinel_source *ss, const struct addr *addr)
{
	struct event_stream *es = xcalloc(1, sizeof(*es));
	const struct subscription_ops ops = { on_ask, on_change, on_message,
		es };

	OBJECT_INIT(es, EVENT_STREAM_MAGIC);
	es->source = ss;
	es->subscription = subscription_new(&ss->group->sentinel_conn, addr,
	    &ops, group_timeout_ms(ss->group), group_dial_delay(ss->group));
	return es;
}

void
event_stream_free(struct event_stream *es)
{
	subscription_free(es->subscription);
	vec_fini(&es->queued);
	OBJECT_FINI(es, EVENT_STREAM_MAGIC);
	free(es);
}

void
event_stream_retry(struct event_stream *es)
{
	subscription_retry(es->subscription);
}

void
event_stream_polled(struct event_stream *es, bool answered)
{
	struct queued q;
	size_t i;

	if (es->live || !answered ||
	    subscription_state(es->subscription) != SUBSCRIPTION_UP)
		return;
	if (!es->polled_since) {
		es->polled_since = true;
		sentinel_source_poll(es->source, NULL);
		return;
	}
	es->live = true;
	report(es, false);
	for (i = 0; i < es->queued.n; i++) {
		q = es->queued.v[i];
		tell(es, &q.event, q.at);
	}
	es->queued.n = 0;
}
