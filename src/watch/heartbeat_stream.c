/* heartbeat_stream - a subscription, and the workers heard on it. */
#include "watch/heartbeat_stream.h"

#include <string.h>

#include "base/assert.h"
#include "base/log.h"
#include "model/facts.h"
#include "model/worker.h"
#include "net/subscription.h"
#include "watch/group.h"

/* Rights may be granted while we run. */
#define RETRY_MS 10000

/* A broker without a word for one round is sent a PING, which it has another
 * round to answer. */
#define QUIET_ROUNDS 2

struct heartbeat_stream {
	uint32_t magic;
#define HEARTBEAT_STREAM_MAGIC 0x4ea27bea
	struct group *group; /* borrowed */
	struct master *master; /* borrowed */
	const struct kombu_options *kombu; /* borrowed */
	struct addr node;
	struct subscription *subscription; /* owned; NULL = none yet */
	int64_t denied_ms;
	struct workers workers;
	bool warned;
};

static struct heartbeat_stream *
check(void *arg)
{
	struct heartbeat_stream *hs = arg;

	OBJECT_CHECK(hs, HEARTBEAT_STREAM_MAGIC);
	return hs;
}

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

/*
 * What is heard.
 */

static void
on_message(void *arg, const struct reply *channel, const struct reply *payload)
{
	struct heartbeat_stream *hs = check(arg);
	enum heartbeat_kind kind;
	struct heartbeat h;

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

static bool
on_ask(void *arg, size_t way, struct batch *b)
{
	struct heartbeat_stream *hs = check(arg);
	struct strbuf text = { 0 };
	bool ok = heartbeat_pattern(hs->kombu, way, &text);

	if (ok)
		batch_add(b, "PSUBSCRIBE", strbuf_text(&text), NULL);
	strbuf_fini(&text);
	return ok;
}

static void
denied(struct heartbeat_stream *hs, enum reason reason)
{
	struct strbuf pattern = { 0 };

	hs->denied_ms = loop_now(hs->group->deps.loop).mono_ms;
	if (hs->warned || reason != REASON_NOPERM)
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
on_change(void *arg, const struct subscription_change *c)
{
	struct heartbeat_stream *hs = check(arg);
	int64_t now_ms = loop_now(hs->group->deps.loop).mono_ms;

	switch (c->is) {
	case SUBSCRIPTION_UP:
		if (c->was != SUBSCRIPTION_SILENT)
			workers_listen(&hs->workers, now_ms);
		break;
	case SUBSCRIPTION_DENIED:
		complain(hs, c->reason);
		workers_deaf(&hs->workers);
		denied(hs, c->reason);
		break;
	case SUBSCRIPTION_DOWN:
		log_debug("heartbeats are not heard", "master_name",
		    hs->master->name, "reason", reason_name(c->reason),
		    "detail", c->detail, NULL);
		workers_deaf(&hs->workers);
		break;
	case SUBSCRIPTION_SILENT:
	case SUBSCRIPTION_ASKING:
		return;
	}
	if (c->is != c->was)
		tell(hs);
}

/*
 * Life.
 */

struct heartbeat_stream *
heartbeat_stream_new(
    struct group *g, struct master *m, const struct kombu_options *kombu)
{
	struct heartbeat_stream *hs = xcalloc(1, sizeof(*hs));

	OBJECT_INIT(hs, HEARTBEAT_STREAM_MAGIC);
	hs->group = g;
	hs->master = m;
	hs->kombu = kombu;
	return hs;
}

static void
hang_up(struct heartbeat_stream *hs)
{
	subscription_free(hs->subscription);
	hs->subscription = NULL;
	workers_deaf(&hs->workers);
}

void
heartbeat_stream_free(struct heartbeat_stream *hs)
{
	if (hs == NULL)
		return;
	hang_up(hs);
	workers_fini(&hs->workers);
	OBJECT_FINI(hs, HEARTBEAT_STREAM_MAGIC);
	free(hs);
}

void
heartbeat_stream_hang_up(struct heartbeat_stream *hs)
{
	hang_up(hs);
	tell(hs);
}

void
heartbeat_stream_follow(struct heartbeat_stream *hs, const struct addr *node)
{
	const struct subscription_ops ops = { on_ask, on_change, on_message,
		hs };

	if (hs->subscription != NULL && addr_equal(&hs->node, node))
		return;
	hang_up(hs);
	tell(hs);
	hs->node = *node;
	hs->subscription = subscription_new(&hs->group->node_conn, node, &ops,
	    QUIET_ROUNDS * hs->group->conf->poll.interval_ms,
	    group_dial_delay(hs->group));
}

void
heartbeat_stream_look(struct heartbeat_stream *hs)
{
	if (hs->subscription == NULL)
		return;
	switch (subscription_state(hs->subscription)) {
	case SUBSCRIPTION_UP:
	case SUBSCRIPTION_SILENT:
		tell(hs);
		break;
	case SUBSCRIPTION_DENIED:
		if (loop_now(hs->group->deps.loop).mono_ms - hs->denied_ms >=
		    RETRY_MS)
			subscription_retry(hs->subscription);
		break;
	case SUBSCRIPTION_DOWN:
	case SUBSCRIPTION_ASKING:
		break;
	}
}

struct workers *
heartbeat_stream_workers(struct heartbeat_stream *hs)
{
	return &hs->workers;
}
