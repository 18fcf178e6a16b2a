#include "net/link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/xalloc.h"
#include "net/loop.h"

#define READ_BYTES  16384
#define DRAIN_READS 1024 /* after the end; a receive buffer's worth */

struct link {
	struct bufferevent *bev; /* owned */
	struct reply_reader *reader; /* owned */
	struct link_ops ops;
	bool busy; /* in one of our callbacks: it frees us afterwards */
	bool freed;
};

static void
destroy(struct link *l)
{
	bufferevent_free(l->bev);
	reply_reader_free(l->reader);
	free(l);
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	l->freed = true;
	if (!l->busy)
		destroy(l);
}

/* The end of every callback. */
static void
leave(struct link *l)
{
	l->busy = false;
	if (l->freed)
		destroy(l);
}

static void
go_down(struct link *l, enum reason reason, const char *detail)
{
	bufferevent_disable(l->bev, EV_READ | EV_WRITE);
	l->ops.on_down(l->ops.arg, reason, detail);
}

/* Bytes from the peer; false when they or the owner made an end. */
static bool
feed(struct link *l, const char *bytes, size_t len)
{
	struct reply *reply;
	struct err err;

	reply_reader_feed(l->reader, bytes, len);
	while ((reply = reply_reader_next(l->reader, &err)) != NULL) {
		l->ops.on_reply(l->ops.arg, reply);
		if (l->freed)
			return false;
	}
	if (err.text[0] == '\0')
		return true;
	go_down(l, REASON_PROTOCOL, err.text);
	return false;
}

static bool
feed_input(struct link *l, char *bytes)
{
	struct evbuffer *in = bufferevent_get_input(l->bev);
	int n;

	while ((n = evbuffer_remove(in, bytes, READ_BYTES)) > 0)
		if (!feed(l, bytes, (size_t)n))
			return false;
	return true;
}

/* A failed write may be noticed before the last bytes are read, in which a
 * server that turns us away says why. */
static bool
drain(struct link *l)
{
	char bytes[READ_BYTES];
	ssize_t n;
	int i;

	if (!feed_input(l, bytes))
		return false;
	for (i = 0; i < DRAIN_READS; i++) {
		n = recv(bufferevent_getfd(l->bev), bytes, sizeof(bytes),
		    MSG_DONTWAIT);
		if (n <= 0)
			return true;
		if (!feed(l, bytes, (size_t)n))
			return false;
	}
	return true;
}

static void
readable(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;
	char bytes[READ_BYTES];

	(void)bev;
	l->busy = true;
	(void)feed_input(l, bytes);
	leave(l);
}

static void
ended(struct bufferevent *bev, short what, void *arg)
{
	struct link *l = arg;
	int error = (what & BEV_EVENT_ERROR) != 0 ? errno : 0;

	(void)bev;
	l->busy = true;
	if (drain(l))
		go_down(l, error == ETIMEDOUT ? REASON_TIMEOUT : REASON_CLOSED,
		    error == 0 ? "the peer closed the connection"
			       : strerror(error));
	leave(l);
}

struct link *
link_new(struct loop *loop, int fd, const struct reply_limits *limits,
    const struct link_ops *ops)
{
	struct link *l = xcalloc(1, sizeof(*l));

	l->ops = *ops;
	l->reader = reply_reader_new(limits);
	l->bev =
	    bufferevent_socket_new(loop_base(loop), fd, BEV_OPT_CLOSE_ON_FREE);
	if (l->bev == NULL)
		abort();
	bufferevent_setcb(l->bev, readable, NULL, ended, l);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	return l;
}

void
link_write(struct link *l, const char *bytes, size_t len)
{
	if (bufferevent_write(l->bev, bytes, len) != 0)
		abort();
}

static void
wipe(const void *bytes, size_t len, void *owned)
{
	(void)bytes;
	explicit_bzero(owned, len);
	free(owned);
}

void
link_write_secret(struct link *l, char *owned, size_t len)
{
	if (evbuffer_add_reference(
		bufferevent_get_output(l->bev), owned, len, wipe, owned) != 0)
		abort();
}
