/* conn - the life of one connection: dial, greet, ask, come back. */
#include "net/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/xalloc.h"
#include "net/backoff.h"
#include "net/link.h"
#include "net/login.h"
#include "net/loop.h"
#include "net/request.h"

#define BACKOFF_FLOOR_MS 100

/* A connection that lived so long, or gave a good answer, was worth dialling:
 * the back-off starts from its floor again. */
#define LIVED_MS 10000

/* Between two dials that do not wait for the back-off. */
#define AT_ONCE_MS 1000

enum state {
	STATE_WAITING, /* for its turn or the back-off's end: timer */
	STATE_DIALLING, /* login */
	STATE_UP, /* link */
};

struct conn {
	uint32_t magic;
#define CONN_MAGIC 0xc0221ec7
	const struct conn_conf *conf; /* borrowed */
	struct conn_ops ops;
	struct addr addr, peer;
	enum state state;
	struct timer *timer; /* of WAITING */
	struct timer *deadlines; /* of the open requests */
	struct timer *soon; /* for what is over already */
	struct login *login; /* in DIALLING */
	struct login_memory memory;
	struct link *link; /* in UP */
	struct backoff backoff;
	int64_t up_ms; /* since when, in UP */
	bool answered; /* well, since then */
	bool has_news; /* refused, but the password is another one now */
	int64_t at_once_ms; /* when it dialled at once; or long ago */
	enum reason last_reason; /* NONE: up, or never failed */
	char *last_detail; /* owned */
	struct requests requests; /* open: written, when up; else to be */
	int depth; /* of calls that may call out */
	bool freed; /* conn_free was called: nothing to do */
};

/*
 * Every way in from the loop is between enter and leave, so that callbacks may
 * free the conn.
 */
static void
enter(struct conn *c)
{
	OBJECT_CHECK(c, CONN_MAGIC);
	c->depth++;
}

static void
leave(struct conn *c)
{
	if (--c->depth > 0 || !c->freed)
		return;
	OBJECT_FINI(c, CONN_MAGIC);
	tls_memory_fini(&c->memory.tls);
	free(c->last_detail);
	free(c);
}

static int64_t
now_ms(const struct conn *c)
{
	return loop_now(c->conf->loop).mono_ms;
}

static void
arm_deadlines(struct conn *c)
{
	int64_t first = requests_deadline(&c->requests);

	if (c->freed)
		return;
	if (first == INT64_MAX)
		timer_unset(c->deadlines);
	else
		timer_set(c->deadlines, first - now_ms(c));
}

static void
tell_state(struct conn *c, enum reason reason, const char *detail)
{
	if (c->ops.on_state != NULL && !c->freed)
		c->ops.on_state(c->ops.arg, reason, detail);
}

static void
hang_up(struct conn *c)
{
	login_cancel(c->login);
	c->login = NULL;
	link_free(c->link);
	c->link = NULL;
}

static void logged_in(void *, const struct logged_in *);

static void
dial(struct conn *c)
{
	c->state = STATE_DIALLING;
	timer_unset(c->timer);
	c->login = login_start(c->conf, &c->addr, &c->memory, logged_in, c);
}

static void
wait_for_turn(struct conn *c, int64_t ms)
{
	c->state = STATE_WAITING;
	timer_set(c->timer, ms);
}

/*
 * The attempt failed or the link went down.  A link that had been up is dialled
 * again at once, because Sentinel cuts every connection of a node that it
 * reconfigures (SLAVEOF); but not twice in a second, else a peer that hangs up
 * on us each time would keep us busy.
 */
static bool
may_dial_at_once(struct conn *c, enum reason reason)
{
	if (c->state == STATE_UP &&
	    (c->answered || now_ms(c) - c->up_ms >= LIVED_MS))
		backoff_ok(&c->backoff);
	if (c->state != STATE_UP && !c->has_news)
		return false;
	return reason != REASON_PROTOCOL &&
	       now_ms(c) - c->at_once_ms >= AT_ONCE_MS;
}

static void
lose(struct conn *c, enum reason reason, const char *detail)
{
	bool at_once = may_dial_at_once(c, reason);
	char *text = xstrdup(detail); /* it may go with the link */

	hang_up(c);
	free(c->last_detail);
	c->last_detail = text;
	c->last_reason = reason;
	requests_cut(&c->requests, at_once, reason, text);
	arm_deadlines(c);
	if (at_once) {
		c->at_once_ms = now_ms(c);
		dial(c);
	} else {
		wait_for_turn(c, backoff_fail(&c->backoff, arc4random()));
	}
	text = xstrdup(text); /* a callback may bring the next failure */
	tell_state(c, reason, text);
	free(text);
	requests_finish(&c->requests);
}

static void
write_request(struct conn *c, struct request *r)
{
	r->sent_ms = now_ms(c);
	link_write(c->link, r->batch.wire.s, r->batch.wire.len);
}

static void
come_up(struct conn *c)
{
	struct request *r;

	c->state = STATE_UP;
	c->up_ms = now_ms(c);
	c->answered = false;
	c->last_reason = REASON_NONE;
	timer_unset(c->timer);
	TAILQ_FOREACH(r, &c->requests.open, link)
		write_request(c, r);
	tell_state(c, REASON_NONE, "");
}

static bool
is_push(const struct reply *reply)
{
	const char *kind = reply_text(reply_at(reply, 0));

	return kind != NULL &&
	       (strcmp(kind, "message") == 0 || strcmp(kind, "pmessage") == 0);
}

static void
take_unasked(struct conn *c, const struct reply *reply)
{
	if (reply_is_error(reply) &&
	    reason_of_error(reply->str) != REASON_OTHER)
		lose(c, reason_of_error(reply->str), reply->str);
	else if (c->ops.on_push == NULL)
		lose(c, REASON_PROTOCOL, "a reply that nobody asked for");
}

static void
take_reply(struct conn *c, struct reply *reply)
{
	char detail[80];

	c->answered |= !reply_is_error(reply);
	switch (requests_take(&c->requests, reply, c->conf->batch_memory)) {
	case REQUESTS_COMPLETE:
		arm_deadlines(c);
		break;
	case REQUESTS_OVER_BUDGET:
		(void)snprintf(detail, sizeof(detail),
		    "replies that take more than %zu bytes of memory",
		    c->conf->batch_memory);
		lose(c, REASON_PROTOCOL, detail);
		break;
	case REQUESTS_WAIT:
	case REQUESTS_GONE:
		break;
	}
}

static void
take_answer(struct conn *c, struct reply *reply)
{
	if (c->ops.on_push != NULL && is_push(reply)) {
		c->answered = true;
		c->ops.on_push(c->ops.arg, reply);
		reply_free(reply);
	} else if (c->requests.n == 0) {
		take_unasked(c, reply);
		reply_free(reply);
	} else {
		take_reply(c, reply);
	}
}

static void
replied(void *arg, struct reply *reply)
{
	struct conn *c = arg;

	enter(c);
	take_answer(c, reply);
	leave(c);
}

static void
went_down(void *arg, enum reason reason, const char *detail)
{
	struct conn *c = arg;

	enter(c);
	lose(c, reason, detail);
	leave(c);
}

static void
logged_in(void *arg, const struct logged_in *result)
{
	struct conn *c = arg;
	const struct link_ops ops = { replied, went_down, c };

	enter(c);
	c->login = NULL;
	c->has_news = result->has_news;
	if (result->reason != REASON_NONE) {
		lose(c, result->reason, result->detail);
	} else {
		c->peer = result->peer;
		c->link = result->link;
		link_set_ops(c->link, &ops);
		come_up(c);
	}
	leave(c);
}

static void
timer_due(void *arg)
{
	struct conn *c = arg;

	enter(c);
	ASSERT(c->state == STATE_WAITING);
	dial(c);
	leave(c);
}

static void
deadlines_due(void *arg)
{
	struct conn *c = arg;
	bool up, late;

	enter(c);
	up = c->state == STATE_UP;
	late = requests_end_late(&c->requests, now_ms(c),
	    up ? "no answer in time" : "not connected in time");
	/* What comes now would be taken for the next request's answer. */
	if (late && up)
		lose(c, REASON_TIMEOUT, "no answer in time");
	else
		requests_finish(&c->requests);
	arm_deadlines(c);
	leave(c);
}

static void
soon_due(void *arg)
{
	struct conn *c = arg;

	enter(c);
	requests_finish(&c->requests);
	leave(c);
}

struct conn *
conn_new(const struct conn_conf *conf, const struct addr *addr,
    const struct conn_ops *ops, int64_t delay_ms)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->conf = conf;
	c->addr = *addr;
	c->ops = *ops;
	c->timer = timer_new(conf->loop, timer_due, c);
	c->deadlines = timer_new(conf->loop, deadlines_due, c);
	c->soon = timer_new(conf->loop, soon_due, c);
	OBJECT_INIT(c, CONN_MAGIC);
	requests_init(&c->requests);
	c->at_once_ms = INT64_MIN / 2;
	backoff_init(&c->backoff, BACKOFF_FLOOR_MS, conf->backoff_ceil_ms);
	wait_for_turn(c, delay_ms);
	return c;
}

void
conn_free(struct conn *c)
{
	if (c == NULL || c->freed)
		return;
	enter(c);
	c->freed = true;
	hang_up(c);
	timer_free(c->timer);
	timer_free(c->deadlines);
	timer_free(c->soon);
	requests_finish_all(
	    &c->requests, REASON_CLOSED, "the connection was given up");
	leave(c);
}

/* Why it cannot even wait to be sent; NONE when it can. */
static enum reason
refusal(const struct conn *c, const struct batch *b, const char **detail)
{
	if (c->freed) {
		*detail = "the connection was given up";
		return REASON_CLOSED;
	}
	if (b->n == 0 || c->requests.n >= CONN_IN_FLIGHT) {
		*detail = b->n == 0 ? "an empty request"
				    : "too many requests in flight";
		return REASON_OTHER;
	}
	*detail = c->last_detail;
	return c->state == STATE_WAITING ? c->last_reason : REASON_NONE;
}

void
conn_send(struct conn *c, struct batch *b, int64_t timeout_ms, conn_done_fn *fn,
    void *arg)
{
	conn_send_each(c, b, timeout_ms, NULL, fn, arg);
}

void
conn_send_each(struct conn *c, struct batch *b, int64_t timeout_ms,
    conn_reply_fn *each, conn_done_fn *fn, void *arg)
{
	const char *detail;
	enum reason reason = refusal(c, b, &detail);
	struct request *r = requests_add(&c->requests, b,
	    now_ms(c) + (timeout_ms > 0 ? timeout_ms : 1), each, fn, arg);

	if (reason != REASON_NONE) {
		requests_end(&c->requests, r, reason, detail);
		if (!c->freed)
			timer_set(c->soon, 0);
		return;
	}
	if (c->state == STATE_UP)
		write_request(c, r);
	arm_deadlines(c);
}

void
conn_hurry(struct conn *c)
{
	if (!c->freed && c->state == STATE_WAITING)
		dial(c);
}

void
conn_reset(struct conn *c, enum reason reason, const char *detail)
{
	if (c->freed || c->state != STATE_UP)
		return;
	enter(c);
	lose(c, reason, detail);
	leave(c);
}

bool
conn_is_up(const struct conn *c)
{
	return !c->freed && c->state == STATE_UP;
}

const struct addr *
conn_peer(const struct conn *c)
{
	return &c->peer;
}
