/* stream - channels, their newest text, and the listeners that wait. */
#include "web/stream.h"

#include <pthread.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/vec.h"
#include "model/snapshot.h"
#include "web/mhd.h"
#include "web/site.h"

#define BLOCK 4096 /* what libmicrohttpd asks for at a time */

struct channel {
	stream_fn *print;
	const struct snapshot *of; /* counted; what was printed last */
	struct blob *newest; /* owned; NULL = nothing yet */
	uint64_t number; /* of newest */
	uint64_t beat; /* counts the comments that show life */
	int64_t sent_ms;
	size_t listeners;
};

struct listener {
	uint32_t magic;
#define LISTENER_MAGIC 0x11573e4e
	struct streams *streams;
	struct channel *channel;
	struct MHD_Connection *connection;
	int fd;
	struct blob *text; /* counted; being sent; NULL = none */
	size_t sent; /* of it */
	uint64_t number, beat; /* of what was sent last */
	bool suspended, ended;
};

struct streams {
	struct site *site;
	size_t max;
	pthread_mutex_t mutex; /* guards all below */
	bool over;
	int64_t looked_ms;
	VEC(struct channel *) channels; /* owned */
	VEC(struct listener *) listeners; /* owned by their responses */
};

struct streams *
streams_new(struct site *site, size_t max_listeners)
{
	struct streams *s = xcalloc(1, sizeof(*s));

	s->site = site;
	s->max = max_listeners;
	pthread_mutex_init(&s->mutex, NULL);
	return s;
}

void
streams_free(struct streams *s)
{
	struct channel *c;

	if (s == NULL)
		return;
	ASSERT(s->listeners.n == 0);
	vec_each(c, &s->channels) {
		snapshot_unref(c->of);
		blob_unref(c->newest);
		free(c);
	}
	vec_fini(&s->channels);
	vec_fini(&s->listeners);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

static struct channel *
channel_of(struct streams *s, stream_fn *print)
{
	struct channel *c;

	vec_each(c, &s->channels)
		if (c->print == print)
			return c;
	c = xcalloc(1, sizeof(*c));
	c->print = print;
	*vec_push(&s->channels) = c;
	return c;
}

/* Under the mutex, which the reader holds while it suspends: so nobody is
 * woken before it sleeps. */
static void
wake(struct listener *l)
{
	if (!l->suspended)
		return;
	l->suspended = false;
	MHD_resume_connection(l->connection);
}

static void
wake_all(struct streams *s, struct channel *c, int64_t now_ms)
{
	struct listener *l;

	c->sent_ms = now_ms;
	vec_each(l, &s->listeners)
		if (l->channel == c)
			wake(l);
}

/* As one event: every line of the text behind "data: ". */
static void
put_event(struct strbuf *out, const struct strbuf *text)
{
	const char *line = strbuf_text(text), *end;

	for (;; line = end + 1) {
		end = line + strcspn(line, "\r\n");
		strbuf_puts(out, "data: ");
		strbuf_add(out, line, (size_t)(end - line));
		strbuf_putc(out, '\n');
		if (*end == '\0')
			break;
	}
	strbuf_putc(out, '\n');
}

/* Take the event for the newest, unless it says nothing new. */
static bool
replace(struct channel *c, struct strbuf *event)
{
	if (c->newest != NULL && c->newest->len == event->len &&
	    memcmp(c->newest->bytes, event->s, event->len) == 0)
		return false;
	blob_unref(c->newest);
	c->newest = blob_new(event);
	c->number++;
	return true;
}

static bool
has_changed(struct streams *s, struct channel *c, int64_t now_ms)
{
	const struct snapshot *newest = handover_take(s->site->handover);
	struct strbuf text = { 0 }, event = { 0 };
	bool changed;

	if (newest == c->of && now_ms < newest->next_stale_ms) {
		snapshot_unref(newest);
		return false;
	}
	snapshot_unref(c->of);
	c->of = newest;
	c->print(s->site, newest, &text);
	put_event(&event, &text);
	changed = replace(c, &event);
	strbuf_fini(&text);
	strbuf_fini(&event);
	return changed;
}

static void
look(struct streams *s, struct channel *c, int64_t now_ms)
{
	if (has_changed(s, c, now_ms)) {
		wake_all(s, c, now_ms);
	} else if (now_ms - c->sent_ms >= STREAM_ALIVE_MS) {
		c->beat++;
		wake_all(s, c, now_ms);
	}
}

void
streams_turn(struct streams *s, int64_t now_ms)
{
	struct channel *c;

	pthread_mutex_lock(&s->mutex);
	if (now_ms - s->looked_ms >= STREAM_MS) {
		s->looked_ms = now_ms;
		vec_each(c, &s->channels)
			if (c->listeners > 0)
				look(s, c, now_ms);
	}
	pthread_mutex_unlock(&s->mutex);
}

bool
streams_busy(struct streams *s)
{
	bool busy;

	pthread_mutex_lock(&s->mutex);
	busy = s->listeners.n > 0;
	pthread_mutex_unlock(&s->mutex);
	return busy;
}

/* Copy what this listener is to hear next; 0 when it has heard all. */
static size_t
next_bytes(struct listener *l, char *buf, size_t max)
{
	static const char alive[] = ":\n\n";
	const struct channel *c = l->channel;
	size_t n;

	if (l->text == NULL && c->newest != NULL && l->number != c->number) {
		l->text = blob_ref(c->newest);
		l->number = c->number;
		l->sent = 0;
	}
	if (l->text == NULL) {
		if (l->beat == c->beat || max < sizeof(alive) - 1)
			return 0;
		l->beat = c->beat;
		memcpy(buf, alive, sizeof(alive) - 1);
		return sizeof(alive) - 1;
	}
	n = l->text->len - l->sent;
	if (n > max)
		n = max;
	memcpy(buf, l->text->bytes + l->sent, n);
	l->sent += n;
	if (l->sent == l->text->len) {
		blob_unref(l->text);
		l->text = NULL;
	}
	return n;
}

static ssize_t
read_stream(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct listener *l = arg;
	ssize_t n = MHD_CONTENT_READER_END_OF_STREAM;

	(void)pos;
	OBJECT_CHECK(l, LISTENER_MAGIC);
	pthread_mutex_lock(&l->streams->mutex);
	if (!l->ended && !l->streams->over) {
		n = (ssize_t)next_bytes(l, buf, max);
		if (n == 0) {
			l->suspended = true;
			MHD_suspend_connection(l->connection);
		}
	}
	pthread_mutex_unlock(&l->streams->mutex);
	return n;
}

static void
free_listener(void *arg)
{
	struct listener *l = arg;
	struct streams *s = l->streams;
	size_t i;

	OBJECT_CHECK(l, LISTENER_MAGIC);
	pthread_mutex_lock(&s->mutex);
	for (i = 0; s->listeners.v[i] != l; i++)
		ASSERT(i + 1 < s->listeners.n);
	vec_remove(&s->listeners, i);
	l->channel->listeners--;
	pthread_mutex_unlock(&s->mutex);
	blob_unref(l->text);
	OBJECT_FINI(l, LISTENER_MAGIC);
	free(l);
}

static struct listener *
add_listener(struct streams *s, stream_fn *print,
    struct MHD_Connection *connection, int fd)
{
	struct listener *l;

	if (s->over || s->listeners.n >= s->max)
		return NULL;
	l = xcalloc(1, sizeof(*l));
	OBJECT_INIT(l, LISTENER_MAGIC);
	l->streams = s;
	l->channel = channel_of(s, print);
	l->connection = connection;
	l->fd = fd;
	l->beat = l->channel->beat;
	*vec_push(&s->listeners) = l;
	/* What nobody listened to may be old: look at the next turn. */
	if (l->channel->listeners++ == 0) {
		blob_unref(l->channel->newest);
		l->channel->newest = NULL;
		snapshot_unref(l->channel->of);
		l->channel->of = NULL;
		s->looked_ms = 0;
	}
	return l;
}

struct MHD_Response *
streams_listen(struct streams *s, stream_fn *print,
    struct MHD_Connection *connection, int fd)
{
	struct MHD_Response *response;
	struct listener *l;

	pthread_mutex_lock(&s->mutex);
	l = add_listener(s, print, connection, fd);
	pthread_mutex_unlock(&s->mutex);
	if (l == NULL)
		return NULL;
	response = MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, BLOCK, read_stream, l, free_listener);
	if (response == NULL)
		free_listener(l);
	return response;
}

void
streams_end(struct streams *s, int fd)
{
	struct listener *l;

	pthread_mutex_lock(&s->mutex);
	vec_each(l, &s->listeners)
		if (l->fd == fd) {
			l->ended = true;
			wake(l);
		}
	pthread_mutex_unlock(&s->mutex);
}

void
streams_end_all(struct streams *s)
{
	struct listener *l;

	pthread_mutex_lock(&s->mutex);
	s->over = true;
	vec_each(l, &s->listeners)
		wake(l);
	pthread_mutex_unlock(&s->mutex);
}
