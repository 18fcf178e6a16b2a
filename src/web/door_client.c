/* door_client - one connection, from its coming to its end. */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "web/door_parts.h"
#include "web/door_request.h"

#define SEND_BUFFER  (128 * 1024) /* of the kernel, per client */
#define ON_HAND_MAX  64
#define DEAD_PEER_MS 30000 /* without an acknowledgement */

struct client *
client_of_place(struct place *p)
{
	return (struct client *)(void *)((char *)p -
					 offsetof(struct client, place));
}

struct client *
client_at(const struct door *d, int fd)
{
	return fd >= 0 && (size_t)fd < d->clients.n ? d->clients.v[fd] : NULL;
}

static void
client_keep(struct door *d, struct client *c)
{
	while (d->clients.n <= (size_t)c->fd)
		(void)vec_push(&d->clients);
	ASSERT(d->clients.v[c->fd] == NULL);
	d->clients.v[c->fd] = c;
}

void
client_forget(struct door *d, struct client *c)
{
	ASSERT(d->clients.v[c->fd] == c);
	d->clients.v[c->fd] = NULL;
	if (c->leaving)
		d->leaving--;
	else
		places_remove(&d->places, &c->place);
	free(c);
}

/* What lies in the kernel for a client that does not read must go at once. */
static void
drop_unsent(int fd)
{
	const struct linger none = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

void
client_end(struct door *d, struct client *c)
{
	if (c->leaving)
		return;
	if (!c->admitted) {
		close(c->fd);
		client_forget(d, c);
		return;
	}
	if (c->place.state == PLACE_STREAM)
		d->conf.end_stream(d->conf.arg, c->fd);
	places_remove(&d->places, &c->place);
	c->leaving = true;
	d->leaving++;
	drop_unsent(c->fd);
	(void)shutdown(c->fd, SHUT_RDWR);
}

static void
client_refuse(struct door *d, struct client *c, enum door_request why)
{
	const char *text = door_request_refusal(why);

	/* What is not read would turn the answer into a reset. */
	(void)recv(c->fd, d->request, sizeof(d->request), 0);
	(void)send(c->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
	client_end(d, c);
}

/* The server's callbacks may come before admit returns, so the lock is let go;
 * meanwhile nobody but them touches the client. */
static void
client_admit(struct door *d, struct client *c)
{
	const struct sockaddr_storage address = c->address;
	const socklen_t len = c->address_len;
	const int fd = c->fd;
	/* What it sends from now on is the server's to see. */
	struct epoll_event e = { .events = EPOLLRDHUP | EPOLLET,
		.data.fd = fd };
	bool taken;

	(void)epoll_ctl(d->epoll, EPOLL_CTL_MOD, fd, &e);
	c->admitted = true;
	places_enter(&d->places, &c->place, PLACE_ASKING, clock_now().mono_ms);
	door_unlock(d);
	taken = d->conf.admit(
	    d->conf.arg, fd, (const struct sockaddr *)&address, len);
	door_lock(d);
	if (!taken && client_at(d, fd) == c)
		client_forget(d, c);
}

/* So many may be on the server's hands before it has looked at them, or while
 * it closes them: more would wait there, out of turn. */
static bool
server_is_free(const struct door *d)
{
	return d->places.counts[PLACE_ASKING] + d->leaving < ON_HAND_MAX;
}

void
client_admit_ready(struct door *d)
{
	struct place *next, *slow;

	while (
	    server_is_free(d) && (next = places_next_ready(&d->places)) != NULL)
		client_admit(d, client_of_place(next));
	if (d->places.counts[PLACE_READY] == 0 || d->leaving >= ON_HAND_MAX / 2)
		return;
	slow = places_slow_asker(&d->places, clock_now().mono_ms);
	if (slow != NULL)
		client_end(d, client_of_place(slow));
}

static enum door_request
judge(const struct door *d, size_t len)
{
	return d->conf.tls
		   ? door_request_tls(d->request, len)
		   : door_request_http(d->request, len, DOOR_REQUEST_MAX);
}

/* Look at what a waiting client has sent, without taking it. */
static void
client_look(struct door *d, struct client *c)
{
	ssize_t n = recv(
	    c->fd, d->request, sizeof(d->request), MSG_PEEK | MSG_DONTWAIT);
	enum door_request r;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_end(d, c);
		return;
	}
	r = judge(d, (size_t)n);
	if (r == DOOR_REQUEST_WHOLE)
		places_enter(
		    &d->places, &c->place, PLACE_READY, clock_now().mono_ms);
	else if (r != DOOR_REQUEST_PART)
		client_refuse(d, c, r);
	else if (c->said_last)
		client_end(d, c);
}

void
client_said_last(struct door *d, struct client *c)
{
	const int64_t soon = clock_now().mono_ms + PLACES_GRACE_MS;

	c->said_last = true;
	switch (c->place.state) {
	case PLACE_ASKING:
	case PLACE_IDLE:
		places_hurry(&d->places, &c->place, soon);
		break;
	case PLACE_STREAM:
		client_end(d, c);
		break;
	case PLACE_WAITING:
	case PLACE_READY:
	case PLACE_ANSWER:
	case PLACE_STATES:
		break;
	}
}

void
client_event(struct door *d, int fd, uint32_t events)
{
	struct client *c = client_at(d, fd);

	if (c == NULL || c->leaving)
		return;
	if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
		client_said_last(d, c);
	if (client_at(d, fd) == c && c->place.state == PLACE_WAITING)
		client_look(d, c);
	client_admit_ready(d);
}

static uint64_t
bytes_received(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return 0;
	return info.tcpi_bytes_received + 1;
}

void
client_look_at_idle(struct door *d, int64_t now_ms)
{
	struct place *p, *next;
	struct client *c;
	uint64_t bytes;

	for (p = TAILQ_FIRST(&d->places.lists[PLACE_IDLE]); p != NULL;
	     p = next) {
		next = TAILQ_NEXT(p, link);
		c = client_of_place(p);
		bytes = bytes_received(c->fd);
		if (c->idle_bytes == 0)
			c->idle_bytes = bytes;
		else if (bytes != c->idle_bytes)
			places_enter(&d->places, p, PLACE_ASKING, now_ms);
	}
}

static void
set_options(int fd)
{
	const int buffer = SEND_BUFFER, on = 1;
	const unsigned dead = DEAD_PEER_MS;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	(void)setsockopt(
	    fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead, sizeof(dead));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

void
client_come(struct door *d, int fd, const struct sockaddr_storage *address,
    socklen_t len)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET,
		.data.fd = fd };
	uint64_t key = places_key((const struct sockaddr *)address);
	struct client *c = xcalloc(1, sizeof(*c));
	const int64_t now_ms = clock_now().mono_ms;
	struct place *victim;

	while ((victim = places_victim(&d->places, key, now_ms)) != NULL)
		client_end(d, client_of_place(victim));
	c->fd = fd;
	c->address = *address;
	c->address_len = len;
	client_keep(d, c);
	places_add(&d->places, &c->place, key, now_ms);
	set_options(fd);
	if (epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
		client_end(d, c);
}
