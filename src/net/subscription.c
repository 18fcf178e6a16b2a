/* subscription - ask, listen, and ask for a sign of life when it is quiet. */
#include "net/subscription.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/xalloc.h"
#include "net/loop.h"

struct subscription {
	uint32_t magic;
#define SUBSCRIPTION_MAGIC 0x5ab5c21e
	enum subscription_state state;
	struct subscription_ops ops;
	struct conn *conn; /* owned */
	struct timer *quiet; /* owned; set while UP */
	int64_t timeout_ms;
	size_t way; /* asked last */
	uint64_t cuts;
	bool heard; /* anything, since quiet was set */
	bool pinged; /* the answer has not come */
	int depth; /* of calls that may call out */
	bool freed;
};

static void
enter(struct subscription *s)
{
	OBJECT_CHECK(s, SUBSCRIPTION_MAGIC);
	s->depth++;
}

static void
leave(struct subscription *s)
{
	if (--s->depth > 0 || !s->freed)
		return;
	OBJECT_FINI(s, SUBSCRIPTION_MAGIC);
	free(s);
}

static bool
is_listening(enum subscription_state state)
{
	return state == SUBSCRIPTION_UP || state == SUBSCRIPTION_SILENT;
}

static void
watch_quiet(struct subscription *s)
{
	s->heard = false;
	timer_set(s->quiet, s->timeout_ms / 2);
}

static void
change(struct subscription *s, enum subscription_state is, enum reason reason,
    const char *detail, size_t denied)
{
	const struct subscription_change c = {
		.was = s->state,
		.is = is,
		.reason = reason,
		.detail = detail,
		.denied = denied,
	};

	if (s->freed)
		return;
	if (is_listening(c.was) && is == SUBSCRIPTION_DOWN)
		s->cuts++;
	s->state = is;
	if (is == SUBSCRIPTION_UP)
		watch_quiet(s);
	else
		timer_unset(s->quiet);
	s->ops.on_change(s->ops.arg, &c);
}

/* Anything that it says, late or not. */
static void
note_life(struct subscription *s)
{
	s->heard = true;
	if (s->state == SUBSCRIPTION_SILENT)
		change(s, SUBSCRIPTION_UP, REASON_NONE, "", 0);
}

/*
 * Asking.
 */

static void on_answers(void *, const struct conn_result *);

/* False when there is no such way. */
static bool
ask(struct subscription *s, size_t way)
{
	struct batch b = { 0 };

	s->way = way;
	if (!s->ops.ask(s->ops.arg, way, &b))
		return false;
	conn_send(s->conn, &b, s->timeout_ms, on_answers, s);
	return true;
}

static void
begin(struct subscription *s)
{
	ASSERT(ask(s, 0));
	change(s, SUBSCRIPTION_ASKING, REASON_NONE, "", 0);
}

static bool
is_confirmation(const struct reply *r)
{
	const char *word = reply_text(reply_at(r, 0));

	return word != NULL && (strcmp(word, "psubscribe") == 0 ||
				   strcmp(word, "subscribe") == 0);
}

/* What the answers say together. */
static void
take_answers(struct subscription *s, const struct conn_result *res)
{
	enum reason reason = REASON_NONE;
	const char *detail = "";
	size_t i, denied = 0;

	for (i = 0; i < res->n; i++) {
		if (is_confirmation(res->replies[i]))
			continue;
		denied++;
		reason = REASON_PROTOCOL;
		detail = "not the answer to SUBSCRIBE";
		if (reply_is_error(res->replies[i])) {
			detail = res->replies[i]->str;
			reason = reason_of_error(detail);
		}
	}
	if (denied < res->n)
		change(s, SUBSCRIPTION_UP, reason, detail, denied);
	else if (reason != REASON_NOPERM || !ask(s, s->way + 1))
		change(s, SUBSCRIPTION_DENIED, reason, detail, denied);
}

/* A failed batch comes with the end of the connection, which on_state tells. */
static void
on_answers(void *arg, const struct conn_result *res)
{
	struct subscription *s = arg;

	enter(s);
	if (res->reason == REASON_NONE)
		take_answers(s, res);
	leave(s);
}

/*
 * Listening.
 */

static void
on_push(void *arg, const struct reply *r)
{
	struct subscription *s = arg;
	const struct reply *channel, *payload;

	enter(s);
	note_life(s);
	if (r->n >= 3 && !s->freed) {
		channel = reply_at(r, r->n - 2);
		payload = reply_at(r, r->n - 1);
		if (reply_text(channel) != NULL && reply_text(payload) != NULL)
			s->ops.on_message(s->ops.arg, channel, payload);
	}
	leave(s);
}

static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct subscription *s = arg;

	enter(s);
	s->pinged = false;
	if (reason == REASON_NONE)
		begin(s);
	else
		change(s, SUBSCRIPTION_DOWN, reason, detail, 0);
	leave(s);
}

/* Missed for good, it makes the connection hang up and dial again. */
static void
on_pong(void *arg, const struct conn_result *res)
{
	struct subscription *s = arg;

	enter(s);
	s->pinged = false;
	if (res->reason == REASON_NONE)
		note_life(s);
	leave(s);
}

static void
on_quiet(void *arg)
{
	struct subscription *s = arg;
	struct batch b = { 0 };

	enter(s);
	if (s->heard) {
		watch_quiet(s);
	} else if (s->pinged) {
		change(s, SUBSCRIPTION_SILENT, REASON_TIMEOUT,
		    "a PING is not answered", 0);
	} else {
		s->pinged = true;
		batch_add(&b, "PING", NULL);
		conn_send(s->conn, &b,
		    s->timeout_ms > SUBSCRIPTION_PONG_MS ? s->timeout_ms
							 : SUBSCRIPTION_PONG_MS,
		    on_pong, s);
		watch_quiet(s);
	}
	leave(s);
}

struct subscription *
subscription_new(const struct conn_conf *conf, const struct addr *addr,
    const struct subscription_ops *ops, int64_t timeout_ms, int64_t delay_ms)
{
	struct subscription *s = xcalloc(1, sizeof(*s));
	const struct conn_ops conn_ops = { on_state, on_push, s };

	OBJECT_INIT(s, SUBSCRIPTION_MAGIC);
	s->ops = *ops;
	s->timeout_ms = timeout_ms;
	s->quiet = timer_new(conf->loop, on_quiet, s);
	s->conn = conn_new(conf, addr, &conn_ops, delay_ms);
	return s;
}

void
subscription_free(struct subscription *s)
{
	if (s == NULL || s->freed)
		return;
	enter(s);
	s->freed = true;
	timer_free(s->quiet);
	conn_free(s->conn);
	leave(s);
}

void
subscription_retry(struct subscription *s)
{
	enter(s);
	if (s->state == SUBSCRIPTION_DENIED)
		begin(s);
	leave(s);
}

enum subscription_state
subscription_state(const struct subscription *s)
{
	return s->state;
}

uint64_t
subscription_cuts(const struct subscription *s)
{
	return s->cuts;
}
