#include "watch/heartbeat_stream.h"

#include <string.h>

#include "base/log.h"
#include "model/facts.h"
#include "model/worker.h"
#include "watch/group.h"

/* Rights may be granted while we run. */
#define RETRY_MS 10000

enum stream_state {
	STREAM_DOWN,
	STREAM_SUBSCRIBING,
	STREAM_LIVE,
	STREAM_DENIED, /* no pattern is allowed */
};

struct heartbeat_stream {
	struct group *group; /* borrowed */
	struct master *master; /* borrowed */
	const struct kombu_options *kombu; /* borrowed */
	struct addr node;
	struct conn *conn; /* owned; NULL = none yet */
	enum stream_state state;
	size_t pattern; /* that was asked for last */
	int64_t denied_ms;
	struct workers workers;
	bool warned;
};

/* What is known of the workers goes into the model. */
static void
tell(struct heartbeat_stream *hs)
{
	struct celery *c = &hs->master->celery;

	c->workers_at_ms = clock_now().mono_ms;
	c->workers = workers_count(&hs->workers, c->workers_at_ms);
	master_take_queues(hs->master);
	group_told(hs->group, GROUP_SOON);
}

static void
complain(const struct heartbeat_stream *hs, enum reason reason)
{
	struct node *n = master_node(hs->master, &hs->node);

	if (n != NULL && reason != REASON_NONE)
		server_take_complaint(n->server, reason);
}

static void
set_state(struct heartbeat_stream *hs, enum stream_state state)
{
	int64_t now_ms = clock_now().mono_ms;

	if (hs->state == state)
		return;
	hs->state = state;
	if (state == STREAM_LIVE)
		workers_listen(&hs->workers, now_ms);
	else
		workers_deaf(&hs->workers);
	if (state == STREAM_DENIED)
		hs->denied_ms = now_ms;
	tell(hs);
}

/*
 * What is heard.
 */

static void
on_push(void *arg, const struct reply *r)
{
	struct heartbeat_stream *hs = arg;
	const struct reply *channel, *payload;
	enum heartbeat_kind kind;
	struct heartbeat h;

	if (r->n < 3)
		return;
	channel = reply_at(r, r->n - 2);
	payload = reply_at(r, r->n - 1);
	if (reply_text(channel) == NULL || reply_text(payload) == NULL)
		return;
	kind = heartbeat_channel(hs->kombu, channel->str, channel->len);
	if (kind == HEARTBEAT_NONE)
		return;
	if (!heartbeat_parse(&h, payload->str, payload->len)) {
		complain(hs, REASON_PROTOCOL);
		return;
	}
	if (kind == HEARTBEAT_OFFLINE)
		workers_left(&hs->workers, h.worker, clock_now().mono_ms);
	else if (workers_heard(&hs->workers, &h, clock_now().mono_ms))
		tell(hs);
}

/*
 * Subscribing.
 */

static void subscribe(struct heartbeat_stream *, size_t pattern);

static void
denied(struct heartbeat_stream *hs)
{
	struct strbuf pattern = { 0 };

	complain(hs, REASON_NOPERM);
	set_state(hs, STREAM_DENIED);
	if (hs->warned)
		return;
	hs->warned = true;
	(void)heartbeat_pattern(hs->kombu, 0, &pattern);
	log_warn("heartbeats of Celery's workers are denied: grant the "
		 "exporter's user psubscribe and a channel rule that equals "
		 "the pattern to the letter",
	    "master_name", hs->master->name, "pattern", strbuf_text(&pattern),
	    NULL);
	strbuf_fini(&pattern);
}

static void
on_subscribed(void *arg, const struct conn_result *res)
{
	struct heartbeat_stream *hs = arg;
	const char *word;

	if (res->reason != REASON_NONE)
		return;
	word = reply_text(reply_at(res->replies[0], 0));
	if (word != NULL && strcmp(word, "psubscribe") == 0) {
		set_state(hs, STREAM_LIVE);
	} else if (reply_reason(res->replies[0]) == REASON_NOPERM) {
		subscribe(hs, hs->pattern + 1);
	} else {
		complain(hs, reply_reason(res->replies[0]));
		conn_reset(
		    hs->conn, REASON_PROTOCOL, "PSUBSCRIBE was not understood");
	}
}

static void
subscribe(struct heartbeat_stream *hs, size_t pattern)
{
	struct strbuf text = { 0 };
	struct batch b = { 0 };

	hs->pattern = pattern;
	if (!heartbeat_pattern(hs->kombu, pattern, &text)) {
		denied(hs);
		return;
	}
	set_state(hs, STREAM_SUBSCRIBING);
	batch_add(&b, "PSUBSCRIBE", strbuf_text(&text), NULL);
	conn_send(hs->conn, &b, group_timeout_ms(hs->group), on_subscribed, hs);
	strbuf_fini(&text);
}

static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct heartbeat_stream *hs = arg;

	if (reason == REASON_NONE) {
		subscribe(hs, 0);
		return;
	}
	log_debug("heartbeats are not heard", "master_name", hs->master->name,
	    "reason", reason_name(reason), "detail", detail, NULL);
	set_state(hs, STREAM_DOWN);
}

/*
 * Life.
 */

struct heartbeat_stream *
heartbeat_stream_new(
    struct group *g, struct master *m, const struct kombu_options *kombu)
{
	struct heartbeat_stream *hs = xcalloc(1, sizeof(*hs));

	hs->group = g;
	hs->master = m;
	hs->kombu = kombu;
	return hs;
}

static void
hang_up(struct heartbeat_stream *hs)
{
	conn_free(hs->conn);
	hs->conn = NULL;
}

void
heartbeat_stream_free(struct heartbeat_stream *hs)
{
	if (hs == NULL)
		return;
	hang_up(hs);
	workers_fini(&hs->workers);
	free(hs);
}

void
heartbeat_stream_hang_up(struct heartbeat_stream *hs)
{
	hang_up(hs);
	set_state(hs, STREAM_DOWN);
}

void
heartbeat_stream_follow(struct heartbeat_stream *hs, const struct addr *node)
{
	const struct conn_ops ops = { on_state, on_push, hs };

	if (hs->conn != NULL && addr_equal(&hs->node, node))
		return;
	hang_up(hs);
	set_state(hs, STREAM_DOWN);
	hs->node = *node;
	hs->conn = conn_new(
	    &hs->group->node_conn, node, &ops, group_dial_delay(hs->group));
}

static void
on_pong(void *arg, const struct conn_result *res)
{
	/* A deadline missed makes the connection hang up and dial again. */
	(void)arg;
	(void)res;
}

void
heartbeat_stream_look(struct heartbeat_stream *hs)
{
	struct batch b = { 0 };

	switch (hs->state) {
	case STREAM_LIVE:
		batch_add(&b, "PING", NULL);
		conn_send(
		    hs->conn, &b, group_timeout_ms(hs->group), on_pong, hs);
		tell(hs);
		break;
	case STREAM_DENIED:
		if (clock_now().mono_ms - hs->denied_ms >= RETRY_MS)
			subscribe(hs, 0);
		break;
	case STREAM_DOWN:
	case STREAM_SUBSCRIBING:
		break;
	}
}

struct workers *
heartbeat_stream_workers(struct heartbeat_stream *hs)
{
	return &hs->workers;
}
