/* link - reads stay armed; a write happens once a turn. */
#include "net/link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/xalloc.h"
#include "net/loop.h"
#include "net/tls.h"

/* Decrypted at a time: a record of TLS. */
#define RECORD_BYTES 16384

/* More than Redis takes for one line (PROTO_INLINE_MAX_SIZE). */
#define LONG_LINE_BYTES (65536 + 1024)

struct link {
	uint32_t magic;
#define LINK_MAGIC 0x11a7c0b5
	int fd; /* owned */
	struct loop *loop; /* borrowed */
	struct event *readable; /* owned; set until it is down */
	struct event *writable; /* owned; set while the socket is full */
	struct tls *tls; /* owned; NULL = plain text */
	struct evbuffer *plain; /* owned, with tls; not encrypted yet */
	struct evbuffer *out; /* owned; not written yet */
	struct loop_task flush;
	struct reply_reader *reader; /* owned */
	struct link_ops ops;
	bool begun; /* the peer has sent something */
	bool deaf; /* it takes no more bytes: its end is to be read */
	bool busy; /* in one of our callbacks: it frees us afterwards */
	bool freed;
};

static void
destroy(struct link *l)
{
	OBJECT_FINI(l, LINK_MAGIC);
	loop_undefer(l->loop, &l->flush);
	event_free(l->readable);
	event_free(l->writable);
	evbuffer_free(l->out);
	if (l->tls != NULL)
		evbuffer_free(l->plain);
	tls_free(l->tls);
	reply_reader_free(l->reader);
	close(l->fd);
	free(l);
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	OBJECT_CHECK(l, LINK_MAGIC);
	l->freed = true;
	if (!l->busy)
		destroy(l);
}

static void
go_down(struct link *l, enum reason reason, const char *detail)
{
	(void)event_del(l->readable);
	(void)event_del(l->writable);
	l->deaf = true;
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

static bool write_out(struct link *);

/* The peer's bytes through TLS.  What it answers by itself, an alert among it,
 * leaves at the end of the turn or with the link. */
static void
feed_tls(struct link *l, const char *bytes, size_t len)
{
	char plain[RECORD_BYTES];
	enum tls_got got;
	size_t n;

	tls_feed(l->tls, bytes, len);
	while (
	    (got = tls_read(l->tls, plain, sizeof(plain), &n)) == TLS_GOT_BYTES)
		if (!feed(l, plain, n))
			return;
	switch (got) {
	case TLS_GOT_END:
		go_down(l, REASON_CLOSED, "the peer closed the connection");
		break;
	case TLS_GOT_FAILURE:
		(void)write_out(l); /* an alert */
		go_down(l, REASON_TLS, tls_failure(l->tls));
		break;
	case TLS_GOT_BYTES:
	case TLS_GOT_NOTHING:
		loop_defer(l->loop, &l->flush);
		break;
	}
}

static void
take_bytes(struct link *l, const char *bytes, size_t len)
{
	l->begun = true;
	if (l->tls == NULL)
		(void)feed(l, bytes, len);
	else
		feed_tls(l, bytes, len);
}

static void
end_of_input(struct link *l, ssize_t n, int error)
{
	if (n == 0)
		go_down(l, REASON_CLOSED, "the peer closed the connection");
	else if (error != EAGAIN && error != EINTR)
		go_down(l, error == ETIMEDOUT ? REASON_TIMEOUT : REASON_CLOSED,
		    strerror(error));
}

static void
readable(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	char *bytes = loop_buffer(l->loop);
	ssize_t n;

	(void)what;
	OBJECT_CHECK(l, LINK_MAGIC);
	l->busy = true;
	/* Once: no peer holds the loop longer than this takes. */
	n = recv(fd, bytes, LOOP_BUFFER_BYTES, MSG_DONTWAIT);
	if (n > 0)
		take_bytes(l, bytes, (size_t)n);
	else
		end_of_input(l, n, errno);
	l->busy = false;
	if (l->freed)
		destroy(l);
}

/* A failed write is no end yet: a server that turns us away says why in bytes
 * that are still to be read. */
static bool
write_out(struct link *l)
{
	bool ok = l->tls == NULL || tls_write(l->tls, l->plain, l->out);

	if (!l->deaf && evbuffer_get_length(l->out) > 0 &&
	    evbuffer_write(l->out, l->fd) < 0 && errno != EAGAIN &&
	    errno != EINTR)
		l->deaf = true;
	if (l->deaf)
		(void)evbuffer_drain(l->out, evbuffer_get_length(l->out));
	return ok;
}

static void
flush(void *arg)
{
	struct link *l = arg;

	OBJECT_CHECK(l, LINK_MAGIC);
	l->busy = true;
	if (!write_out(l))
		go_down(l, REASON_TLS, tls_failure(l->tls));
	else if (evbuffer_get_length(l->out) > 0 &&
		 event_add(l->writable, NULL) != 0)
		abort();
	l->busy = false;
	if (l->freed)
		destroy(l);
}

static void
writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	flush(arg);
}

struct link *
link_new(struct loop *loop, int fd, struct tls *tls,
    const struct reply_limits *limits, const struct link_ops *ops)
{
	struct event_base *base = loop_base(loop);
	struct link *l = xcalloc(1, sizeof(*l));

	OBJECT_INIT(l, LINK_MAGIC);
	l->fd = fd;
	l->loop = loop;
	l->ops = *ops;
	l->flush = (struct loop_task){ .fn = flush, .arg = l };
	l->reader = reply_reader_new(limits);
	l->tls = tls;
	l->out = evbuffer_new();
	l->plain = tls == NULL ? l->out : evbuffer_new();
	l->readable = event_new(base, fd, EV_READ | EV_PERSIST, readable, l);
	l->writable = event_new(base, fd, EV_WRITE, writable, l);
	if (l->out == NULL || l->plain == NULL || l->readable == NULL ||
	    l->writable == NULL || event_add(l->readable, NULL) != 0)
		abort();
	if (tls != NULL)
		loop_defer(loop, &l->flush);
	return l;
}

void
link_set_ops(struct link *l, const struct link_ops *ops)
{
	l->ops = *ops;
}

void
link_write(struct link *l, const char *bytes, size_t len)
{
	if (evbuffer_add(l->plain, bytes, len) != 0)
		abort();
	loop_defer(l->loop, &l->flush);
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
	if (evbuffer_add_reference(l->plain, owned, len, wipe, owned) != 0)
		abort();
	loop_defer(l->loop, &l->flush);
}

bool
link_is_up(const struct link *l)
{
	return l->tls == NULL || tls_is_up(l->tls);
}

bool
link_provoke(struct link *l)
{
	static const char zeros[LONG_LINE_BYTES];

	if (l->tls == NULL || l->begun || l->deaf)
		return false;
	if (evbuffer_add_reference(l->out, zeros, sizeof(zeros), NULL, NULL) !=
	    0)
		abort();
	loop_defer(l->loop, &l->flush);
	return true;
}
