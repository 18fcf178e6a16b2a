/* login - dial, TLS, AUTH, CLIENT SETNAME. */
#include "net/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "config/endpoint.h"
#include "net/dial.h"
#include "net/greeting.h"
#include "net/loop.h"

struct login {
	uint32_t magic;
#define LOGIN_MAGIC 0x10619bd7
	const struct conn_conf *conf; /* borrowed, with all below */
	const struct addr *addr;
	struct login_memory *memory;
	struct dial *dial; /* owned; NULL once it answered */
	struct addr peer;
	struct link *link; /* owned, from then on */
	struct timer *timer; /* owned; from then on */
	int64_t deadline_ms;
	struct greeting greeting;
	unsigned password; /* credentials.changes of the one that was sent */
	bool provoked;
	login_fn *fn;
	void *arg;
};

void
login_cancel(struct login *l)
{
	if (l == NULL)
		return;
	OBJECT_FINI(l, LOGIN_MAGIC);
	dial_cancel(l->dial);
	link_free(l->link);
	timer_free(l->timer);
	free(l);
}

static void
end(struct login *l, const struct logged_in *result)
{
	login_fn *fn = l->fn;
	void *arg = l->arg;

	login_cancel(l);
	fn(arg, result);
}

/*
 * Passwords that change.
 */

static void
refresh_password(const struct login *l)
{
	const struct endpoint at = { .addr = *l->addr };
	char text[ADDR_TEXT_MAX];
	struct err err;

	switch (credentials_refresh(l->conf->auth, &err)) {
	case CREDENTIALS_UNREADABLE:
		endpoint_format(&at, text);
		log_warn("the password file changed, but cannot be read; the "
			 "password stays",
		    "addr", text, "reason", err.text, NULL);
		break;
	case CREDENTIALS_CHANGED:
		log_info("the password file was read again", "file",
		    l->conf->auth->password_file, NULL);
		break;
	case CREDENTIALS_SAME:
		break;
	}
}

/* detail may go with the link. */
static void
fail(struct login *l, enum reason reason, const char *detail)
{
	char text[600];
	struct logged_in result = { .reason = reason, .detail = text };

	(void)snprintf(text, sizeof(text), "%s", detail);
	if (reason == REASON_AUTH) {
		refresh_password(l);
		result.has_news = l->conf->auth->changes != l->password;
	}
	end(l, &result);
}

/*
 * Greeting.
 */

static void
succeed(struct login *l)
{
	const struct logged_in result = {
		.reason = REASON_NONE,
		.link = l->link,
		.peer = l->peer,
		.detail = "",
	};

	l->link = NULL;
	end(l, &result);
}

static void
replied(void *arg, struct reply *reply)
{
	struct login *l = arg;
	struct endpoint at;
	char text[ADDR_TEXT_MAX];
	struct err detail;
	enum reason reason;

	OBJECT_CHECK(l, LOGIN_MAGIC);
	reason = greeting_take(&l->greeting, reply, &detail);
	reply_free(reply);
	if (l->greeting.no_password && !l->memory->warned) {
		l->memory->warned = true;
		at = (struct endpoint){ .addr = *l->addr };
		endpoint_format(&at, text);
		log_warn("a password is configured, but the server has none",
		    "addr", text, NULL);
	}
	if (reason != REASON_NONE)
		fail(l, reason, detail.text);
	else if (l->greeting.step == GREETING_OVER)
		succeed(l);
}

static void
went_down(void *arg, enum reason reason, const char *detail)
{
	struct login *l = arg;
	const char *hint = "";
	char text[256];

	OBJECT_CHECK(l, LOGIN_MAGIC);
	/* All that a plain client sees of a TLS port. */
	if (reason == REASON_CLOSED && l->conf->tls == NULL)
		hint = " before any answer: does it want TLS?";
	else if (reason == REASON_CLOSED && !link_is_up(l->link))
		hint = " during the TLS handshake";
	(void)snprintf(text, sizeof(text), "%s%s", detail, hint);
	fail(l, reason, text);
}

/* A server that speaks plain text says nothing to a TLS handshake, for it waits
 * for the end of a line.  One that is hung says nothing either; to tell them
 * apart we send a line that is too long, which the former refuses. */
static void
timer_due(void *arg)
{
	struct login *l = arg;

	OBJECT_CHECK(l, LOGIN_MAGIC);
	if (!l->provoked && link_provoke(l->link)) {
		l->provoked = true;
		timer_set(
		    l->timer, l->deadline_ms - loop_now(l->conf->loop).mono_ms);
	} else {
		fail(l, REASON_TIMEOUT,
		    link_is_up(l->link)
			? "connected, but no answer in time"
			: "connected, but no TLS handshake in time");
	}
}

static void
greet(struct login *l)
{
	struct batch b = { 0 };
	size_t len;
	char *wire;

	l->password = l->conf->auth->changes;
	greeting_start(&l->greeting, l->conf->auth, &b);
	wire = strbuf_take(&b.wire, &len);
	link_write_secret(l->link, wire, len);
}

static void
dialled(void *arg, const struct dialled *result)
{
	struct login *l = arg;
	const struct link_ops ops = { replied, went_down, l };
	struct tls *tls = NULL;
	struct err err;
	int64_t left_ms;

	OBJECT_CHECK(l, LOGIN_MAGIC);
	l->dial = NULL;
	if (result->reason != REASON_NONE) {
		fail(l, result->reason, result->detail);
		return;
	}
	l->peer = result->peer;
	if (l->conf->tls != NULL)
		tls =
		    tls_new(l->conf->tls, l->addr->host, &l->memory->tls, &err);
	l->link =
	    link_new(l->conf->loop, result->fd, tls, &l->conf->limits, &ops);
	if (l->conf->tls != NULL && tls == NULL) {
		fail(l, REASON_TLS, err.text);
		return;
	}
	left_ms = l->deadline_ms - loop_now(l->conf->loop).mono_ms;
	l->timer = timer_new(l->conf->loop, timer_due, l);
	timer_set(l->timer, tls == NULL ? left_ms : left_ms * 3 / 4);
	refresh_password(l);
	greet(l);
}

struct login *
login_start(const struct conn_conf *conf, const struct addr *addr,
    struct login_memory *memory, login_fn *fn, void *arg)
{
	struct login *l = xcalloc(1, sizeof(*l));

	OBJECT_INIT(l, LOGIN_MAGIC);
	l->conf = conf;
	l->addr = addr;
	l->memory = memory;
	l->deadline_ms = loop_now(conf->loop).mono_ms + conf->dial_timeout_ms;
	l->fn = fn;
	l->arg = arg;
	l->dial = dial_start(conf->loop, conf->resolver, addr,
	    conf->dial_timeout_ms, dialled, l);
	return l;
}
