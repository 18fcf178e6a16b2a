/*
 * peer - a Redis that does what a script says, on the test's own loop.
 *
 * Each connection runs one script: the i-th connection the i-th, later ones
 * the last.  Commands that a script does not expect fail the test.  A script
 * that is over leaves its connection open and silent.
 */
#ifndef FAKE_PEER_H
#define FAKE_PEER_H

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "net/loop.h"

enum peer_act {
	PEER_OVER,
	PEER_EXPECT,	/* text: the words of one command, "*" for any */
	PEER_SEND,	/* text, at once; the first n bytes when n > 0 */
	PEER_DRIP,	/* text, one byte per turn of the loop */
	PEER_PAUSE,	/* n ms */
	PEER_FLOOD,	/* 'a' for ever */
	PEER_CLOSE,
	PEER_RESET,
};

struct peer_step {
	enum peer_act	act;
	const char	*text;
	int		n;
};

/* What a connection says first, without and with a password. */
#define PEER_GREETED                                                          \
	{ PEER_EXPECT, "CLIENT SETNAME sentinel-exporter", 0 },               \
	{                                                                     \
		PEER_SEND, "+OK\r\n", 0                                       \
	}
#define PEER_ANSWER(command, reply)                                           \
	{ PEER_EXPECT, command, 0 },                                          \
	{                                                                     \
		PEER_SEND, reply, 0                                           \
	}

struct peer {
	struct loop *loop;		/* borrowed */
	struct event *accepting;	/* owned; NULL = deaf */
	int fd;
	struct addr addr;
	const struct peer_step *const *scripts; /* ended by NULL */
	size_t accepted;
	size_t flooded;			/* bytes */
	TAILQ_HEAD(, peer_session) sessions;
};

struct peer_session {
	TAILQ_ENTRY(peer_session) link;
	struct peer *peer;
	struct event *readable, *writable;
	struct timer *timer;
	int fd;
	struct strbuf in;
	const struct peer_step *step;
	size_t dripped;
};

static inline void
peer_session_free(struct peer_session *s)
{
	TAILQ_REMOVE(&s->peer->sessions, s, link);
	event_free(s->readable);
	event_free(s->writable);
	timer_free(s->timer);
	close(s->fd);
	strbuf_fini(&s->in);
	free(s);
}

/* Cut the first whole command off the input; its words, or NULL. */
static inline char *
peer_next_command(struct peer_session *s)
{
	struct strbuf words = { 0 };
	const char *p = s->in.s, *end = s->in.s + s->in.len, *eol;
	size_t n, len;
	char *text;

	if (s->in.len == 0 || (eol = memmem(p, s->in.len, "\r\n", 2)) == NULL)
		return NULL;
	ck_assert_int_eq(*p, '*');
	n = strtoul(p + 1, NULL, 10);
	for (p = eol + 2; n > 0; n--) {
		eol = memmem(p, (size_t)(end - p), "\r\n", 2);
		if (eol == NULL)
			break;
		len = strtoul(p + 1, NULL, 10);
		p = eol + 2;
		if ((size_t)(end - p) < len + 2)
			break;
		if (words.len > 0)
			strbuf_putc(&words, ' ');
		strbuf_add(&words, p, len);
		p += len + 2;
	}
	if (n > 0) {
		strbuf_fini(&words);
		return NULL;
	}
	s->in.len = (size_t)(end - p);
	memmove(s->in.s, p, s->in.len);
	strbuf_add(&words, "", 0);
	text = strbuf_take(&words, &len);
	return text;
}

/* A client that has hung up meanwhile is none of the script's business. */
static inline void
peer_write(struct peer_session *s, const char *bytes, size_t len)
{
	ssize_t n = send(s->fd, bytes, len, MSG_NOSIGNAL);

	ck_assert(n == (ssize_t)len || (n < 0 && errno != EAGAIN));
}

enum peer_went { PEER_GO_ON, PEER_WAIT, PEER_GONE };

static inline enum peer_went
peer_expect(struct peer_session *s)
{
	char *command = peer_next_command(s);

	if (command == NULL)
		return PEER_WAIT;
	if (strcmp(s->step->text, "*") != 0)
		ck_assert_str_eq(command, s->step->text);
	free(command);
	return PEER_GO_ON;
}

static inline enum peer_went
peer_drip(struct peer_session *s)
{
	if (s->step->text[s->dripped] == '\0') {
		s->dripped = 0;
		return PEER_GO_ON;
	}
	peer_write(s, s->step->text + s->dripped++, 1);
	timer_set(s->timer, 0);
	return PEER_WAIT;
}

static inline enum peer_went
peer_pause(struct peer_session *s)
{
	if (s->dripped++ > 0) {
		s->dripped = 0;
		return PEER_GO_ON;
	}
	timer_set(s->timer, s->step->n);
	return PEER_WAIT;
}

static inline enum peer_went
peer_end(struct peer_session *s, int linger)
{
	struct linger l = { .l_onoff = linger };

	setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	peer_session_free(s);
	return PEER_GONE;
}

static inline enum peer_went
peer_step(struct peer_session *s)
{
	const struct peer_step *step = s->step;

	switch (step->act) {
	case PEER_OVER:
		return PEER_WAIT;
	case PEER_EXPECT:
		return peer_expect(s);
	case PEER_SEND:
		peer_write(s, step->text,
		    step->n > 0 ? (size_t)step->n : strlen(step->text));
		return PEER_GO_ON;
	case PEER_DRIP:
		return peer_drip(s);
	case PEER_PAUSE:
		return peer_pause(s);
	case PEER_FLOOD:
		event_add(s->writable, NULL);
		return PEER_WAIT;
	case PEER_CLOSE:
		return peer_end(s, 0);
	case PEER_RESET:
		return peer_end(s, 1);
	}
	return PEER_WAIT;
}

static inline void
peer_run(void *arg)
{
	struct peer_session *s = arg;
	enum peer_went went;

	while ((went = peer_step(s)) == PEER_GO_ON)
		s->step++;
}

static inline void
peer_readable(evutil_socket_t fd, short what, void *arg)
{
	struct peer_session *s = arg;
	char bytes[65536];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	(void)what;
	if (n <= 0) {
		peer_session_free(s);
		return;
	}
	strbuf_add(&s->in, bytes, (size_t)n);
	if (s->step->act == PEER_EXPECT)
		peer_run(s);
}

static inline void
peer_writable(evutil_socket_t fd, short what, void *arg)
{
	struct peer_session *s = arg;
	char bytes[65536];
	ssize_t n;

	(void)what;
	memset(bytes, 'a', sizeof(bytes));
	n = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
	if (n > 0)
		s->peer->flooded += (size_t)n;
	else
		event_del(s->writable);
}

static inline void
peer_accept(evutil_socket_t fd, short what, void *arg)
{
	struct peer *p = arg;
	struct peer_session *s;
	struct event_base *base = loop_base(p->loop);
	int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	size_t i;

	(void)what;
	if (client < 0)
		return;
	for (i = 0; i < p->accepted && p->scripts[i + 1] != NULL; i++)
		;
	p->accepted++;
	s = xcalloc(1, sizeof(*s));
	s->peer = p;
	s->fd = client;
	s->step = p->scripts[i];
	s->readable = event_new(base, client, EV_READ | EV_PERSIST,
	    peer_readable, s);
	s->writable = event_new(base, client, EV_WRITE | EV_PERSIST,
	    peer_writable, s);
	s->timer = timer_new(p->loop, peer_run, s);
	TAILQ_INSERT_TAIL(&p->sessions, s, link);
	event_add(s->readable, NULL);
	peer_run(s);
}

static inline struct peer *
peer_listen(struct loop *loop, const struct sockaddr *sa, socklen_t len,
    const struct peer_step *const *scripts)
{
	struct peer *p = xcalloc(1, sizeof(*p));
	int one = 1;

	p->loop = loop;
	p->scripts = scripts;
	TAILQ_INIT(&p->sessions);
	p->fd = socket(sa->sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(p->fd, 0);
	setsockopt(p->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(p->fd, sa, len) != 0 || listen(p->fd, 64) != 0) {
		close(p->fd);
		free(p);
		return NULL;
	}
	p->accepting = event_new(loop_base(loop), p->fd,
	    EV_READ | EV_PERSIST, peer_accept, p);
	event_add(p->accepting, NULL);
	return p;
}

/* Port 0 is any free one. */
static inline struct peer *
peer_new(struct loop *loop, uint16_t port, const struct peer_step *const *scripts)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) },
		.sin_port = htons(port),
	};
	socklen_t len = sizeof(in);
	struct peer *p = peer_listen(loop, (struct sockaddr *)&in, len,
	    scripts);

	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(getsockname(p->fd, (struct sockaddr *)&in, &len), 0);
	ck_assert(addr_set(&p->addr, "127.0.0.1", 9, ntohs(in.sin_port)));
	return p;
}

/* NULL where the machine has no IPv6. */
static inline struct peer *
peer_new_v6(struct loop *loop, const struct peer_step *const *scripts)
{
	struct sockaddr_in6 in = {
		.sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	socklen_t len = sizeof(in);
	struct peer *p = peer_listen(loop, (struct sockaddr *)&in, len,
	    scripts);

	if (p == NULL)
		return NULL;
	ck_assert_int_eq(getsockname(p->fd, (struct sockaddr *)&in, &len), 0);
	ck_assert(addr_set(&p->addr, "::1", 3, ntohs(in.sin6_port)));
	return p;
}

static inline struct peer *
peer_new_unix(struct loop *loop, const char *path,
    const struct peer_step *const *scripts)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct peer *p;

	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	p = peer_listen(loop, (struct sockaddr *)&un, sizeof(un), scripts);
	ck_assert_ptr_nonnull(p);
	ck_assert(addr_set(&p->addr, path, strlen(path), 0));
	return p;
}

/* Let connections wait in the kernel's queue. */
static inline void
peer_deafen(struct peer *p)
{
	event_del(p->accepting);
}

static inline void
peer_free(struct peer *p)
{
	struct peer_session *s;

	if (p == NULL)
		return;
	while ((s = TAILQ_FIRST(&p->sessions)) != NULL)
		peer_session_free(s);
	event_free(p->accepting);
	close(p->fd);
	free(p);
}

/* A port on 127.0.0.1 where nobody listens. */
static inline uint16_t
peer_free_port(void)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, len), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	close(fd);
	return ntohs(in.sin_port);
}

#endif
