#include "watch/event_stream.h"

#include <string.h>

#include "base/log.h"
#include "model/event_log.h"
#include "model/facts.h"
#include "watch/group.h"
#include "watch/sentinel_source.h"

#define QUEUED_MAX 1000

enum stream_state {
	STREAM_DOWN,
	STREAM_SUBSCRIBING,
	STREAM_CONFIRMED, /* waiting for a poll; events are queued */
	STREAM_LIVE,
	STREAM_DENIED, /* ACLs allow no channel at all */
};

struct queued {
	struct event event;
	struct now at;
};

struct event_stream {
	struct sentinel_source *source; /* borrowed */
	struct conn *conn; /* owned */
	struct timer *ping; /* owned; set while subscribed */
	enum stream_state state;
	bool polled_since; /* the poll on its way began after CONFIRMED */
	bool warned;
	VEC(struct queued) queued;
};

/* Half the time within which a silent sentinel is to be noticed; its answer may
 * take the other half. */
static int64_t
ping_ms(const struct event_stream *es)
{
	return group_timeout_ms(es->source->group) / 2;
}

static void
set_state(struct event_stream *es, enum stream_state state)
{
	if (es->state == state)
		return;
	es->state = state;
	sentinel_take_stream(es->source->sentinel, state == STREAM_LIVE);
	if (state == STREAM_DOWN)
		es->queued.n = 0;
	if (state == STREAM_CONFIRMED)
		timer_set(es->ping, ping_ms(es));
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
    const struct reply *push, struct now at)
{
	struct group *g = es->source->group;
	const struct reply *channel = reply_at(push, push->n - 2);
	const struct reply *payload = reply_at(push, push->n - 1);
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
on_push(void *arg, const struct reply *r)
{
	struct event_stream *es = arg;
	const struct reply *channel, *payload;
	const struct now at = clock_now();
	struct event e;

	if (r->n < 3)
		return;
	channel = reply_at(r, r->n - 2);
	payload = reply_at(r, r->n - 1);
	if (reply_text(channel) == NULL || reply_text(payload) == NULL)
		return;
	if (!event_parse(
		&e, channel->str, channel->len, payload->str, payload->len))
		log_debug("event not understood", "sentinel",
		    es->source->sentinel->label, "channel", channel->str,
		    "payload", payload->str, NULL);
	else if (es->state == STREAM_LIVE)
		tell(es, &e, at);
	else if (es->queued.n < QUEUED_MAX)
		*vec_push(&es->queued) = (struct queued){ e, at };
	log_event(es, &e, r, at);
	sentinel_count_event(es->source->sentinel, e.kind);
	group_told(es->source->group, GROUP_SOON);
}

/*
 * Subscribing.
 */

static bool
is_confirmation(const struct reply *r)
{
	const char *word = reply_text(reply_at(r, 0));

	return word != NULL && (strcmp(word, "psubscribe") == 0 ||
				   strcmp(word, "subscribe") == 0);
}

static void
confirmed(struct event_stream *es)
{
	set_state(es, STREAM_CONFIRMED);
	/* A poll that is on its way already began before the confirmation. */
	es->polled_since = !es->source->polling;
	sentinel_source_poll(es->source, NULL);
}

static void
on_channels(void *arg, const struct conn_result *res)
{
	struct event_stream *es = arg;
	size_t i, n = 0;

	if (res->reason != REASON_NONE)
		return;
	for (i = 0; i < res->n; i++)
		n += is_confirmation(res->replies[i]);
	if (n < res->n) {
		sentinel_take_complaint(es->source->sentinel, REASON_NOPERM);
		if (!es->warned)
			log_warn(n > 0 ? "some events are denied: grant the "
					 "exporter's user all channels"
				       : "events are denied: grant the "
					 "exporter's user the channels",
			    "sentinel", es->source->sentinel->label, NULL);
		es->warned = true;
	}
	if (n > 0)
		confirmed(es);
	else
		set_state(es, STREAM_DENIED);
}

/* PSUBSCRIBE wants an ACL rule that equals the pattern to the letter; single
 * channels are matched by glob, so they may be allowed where "*" is not. */
static void
subscribe_channels(struct event_stream *es)
{
	struct batch b = { 0 };
	enum event_kind k;

	for (k = EVENT_SDOWN; k < EVENT_OTHER; k++)
		batch_add(&b, "SUBSCRIBE", event_channel(k), NULL);
	conn_send(
	    es->conn, &b, group_timeout_ms(es->source->group), on_channels, es);
}

static void
on_subscribed(void *arg, const struct conn_result *res)
{
	struct event_stream *es = arg;

	if (res->reason != REASON_NONE)
		return;
	if (is_confirmation(res->replies[0])) {
		confirmed(es);
	} else if (reply_reason(res->replies[0]) == REASON_NOPERM) {
		subscribe_channels(es);
	} else {
		sentinel_take_complaint(
		    es->source->sentinel, reply_reason(res->replies[0]));
		set_state(es, STREAM_DENIED);
	}
}

static void
subscribe(struct event_stream *es)
{
	struct batch b = { 0 };

	set_state(es, STREAM_SUBSCRIBING);
	batch_add(&b, "PSUBSCRIBE", "*", NULL);
	conn_send(es->conn, &b, group_timeout_ms(es->source->group),
	    on_subscribed, es);
}

static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct event_stream *es = arg;
	bool was_up;

	if (reason != REASON_NONE) {
		log_debug("event stream down", "sentinel",
		    es->source->sentinel->label, "reason", reason_name(reason),
		    "detail", detail, NULL);
		was_up =
		    es->state == STREAM_LIVE || es->state == STREAM_CONFIRMED;
		set_state(es, STREAM_DOWN);
		/* What took the stream may have taken the sentinel. */
		if (was_up)
			sentinel_source_poll(es->source, NULL);
		return;
	}
	subscribe(es);
}

static void
on_pong(void *arg, const struct conn_result *res)
{
	/* A deadline missed makes the connection hang up and dial again; there
	 * is nothing else to do. */
	(void)arg;
	(void)res;
}

static void
on_ping(void *arg)
{
	struct event_stream *es = arg;
	struct batch b = { 0 };

	if (es->state != STREAM_LIVE && es->state != STREAM_CONFIRMED)
		return;
	batch_add(&b, "PING", NULL);
	conn_send(es->conn, &b, ping_ms(es), on_pong, es);
	timer_set(es->ping, ping_ms(es));
}

struct event_stream *
event_stream_new(struct sentinel_source *ss, const struct addr *addr)
{
	struct event_stream *es = xcalloc(1, sizeof(*es));
	const struct conn_ops ops = { on_state, on_push, es };

	es->source = ss;
	es->ping = timer_new(ss->group->deps.loop, on_ping, es);
	es->conn = conn_new(
	    &ss->group->sentinel_conn, addr, &ops, group_dial_delay(ss->group));
	return es;
}

void
event_stream_free(struct event_stream *es)
{
	struct conn *conn = es->conn;

	es->conn = NULL;
	conn_free(conn);
	timer_free(es->ping);
	vec_fini(&es->queued);
	free(es);
}

void
event_stream_retry(struct event_stream *es)
{
	if (es->state == STREAM_DENIED)
		subscribe(es);
}

void
event_stream_polled(struct event_stream *es, bool answered)
{
	struct queued q;
	size_t i;

	if (es->state != STREAM_CONFIRMED || !answered)
		return;
	if (!es->polled_since) {
		es->polled_since = true;
		sentinel_source_poll(es->source, NULL);
		return;
	}
	set_state(es, STREAM_LIVE);
	for (i = 0; i < es->queued.n; i++) {
		q = es->queued.v[i];
		tell(es, &q.event, q.at);
	}
	es->queued.n = 0;
}
