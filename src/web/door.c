/* door - one epoll set over the listeners and all connections. */
#include "web/door.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/thread.h"
#include "web/door_parts.h"

#define EVENTS	   64 /* taken up per turn */
#define ACCEPTS	   32 /* per listener and turn */
#define TICK_MS	   250 /* while somebody is there */
#define STARVED_MS 20 /* no descriptor is left */

/* In turn: a mutex alone may go to the same thread again and again, and the
 * server would wait while a flood comes in. */
void
door_lock(struct door *d)
{
	uint64_t ticket;

	pthread_mutex_lock(&d->mutex);
	ticket = d->next_ticket++;
	while (ticket != d->serving)
		pthread_cond_wait(&d->turn, &d->mutex);
	pthread_mutex_unlock(&d->mutex);
}

void
door_unlock(struct door *d)
{
	pthread_mutex_lock(&d->mutex);
	d->serving++;
	if (d->serving != d->next_ticket)
		pthread_cond_broadcast(&d->turn);
	pthread_mutex_unlock(&d->mutex);
}

/* Descriptors have run out: somebody gives one back, and the watch, which may
 * be short of them too, gets a moment. */
static void
starved(struct door *d)
{
	struct place *least;

	door_lock(d);
	least = places_least(&d->places, clock_now().mono_ms);
	if (least != NULL)
		client_end(d, client_of_place(least));
	door_unlock(d);
	(void)poll(NULL, 0, STARVED_MS);
}

static bool
out_of_descriptors(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM;
}

static void
accept_some(struct door *d, int listener)
{
	struct sockaddr_storage address;
	socklen_t len;
	int i, fd;

	for (i = 0; i < ACCEPTS; i++) {
		len = sizeof(address);
		memset(&address, 0, sizeof(address));
		fd = accept4(listener, (struct sockaddr *)&address, &len,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && out_of_descriptors(errno))
			starved(d);
		if (fd < 0)
			return;
		door_lock(d);
		client_come(d, fd, &address, len);
		door_unlock(d);
	}
}

static bool
is_listener(const struct door *d, int fd)
{
	const int *listener;

	vec_foreach(listener, &d->listeners)
		if (*listener == fd)
			return true;
	return false;
}

/* Whoever has come is looked at before others are let in. */
static void
take_up(struct door *d, const struct epoll_event *events, int n)
{
	uint64_t count;
	int i;

	for (i = 0; i < n; i++) {
		if (events[i].data.fd == d->wake) {
			(void)!read(d->wake, &count, sizeof(count));
		} else if (!is_listener(d, events[i].data.fd)) {
			door_lock(d);
			client_event(d, events[i].data.fd, events[i].events);
			door_unlock(d);
		}
	}
	for (i = 0; i < n; i++)
		if (is_listener(d, events[i].data.fd))
			accept_some(d, events[i].data.fd);
}

/* Let go who is late; then how long to wait.  Nothing to wait for but events
 * when nobody is there. */
static int
look_round(struct door *d)
{
	const int64_t now_ms = clock_now().mono_ms;
	struct place *late;
	int64_t left;

	door_lock(d);
	client_look_at_idle(d, now_ms);
	while ((late = places_overdue(&d->places, now_ms)) != NULL)
		client_end(d, client_of_place(late));
	client_admit_ready(d);
	left = places_next_ms(&d->places);
	door_unlock(d);
	if (left == PLACES_NEVER)
		return -1;
	left -= now_ms;
	return left > TICK_MS ? TICK_MS : (int)left;
}

static void *
door_run(void *arg)
{
	struct epoll_event events[EVENTS];
	struct door *d = arg;
	int n;

	while (!__atomic_load_n(&d->stopping, __ATOMIC_ACQUIRE)) {
		n = epoll_wait(d->epoll, events, EVENTS, look_round(d));
		d->conf.tick(d->conf.arg);
		take_up(d, events, n);
	}
	return NULL;
}

struct door *
door_new(const struct door_conf *conf)
{
	struct door *d = xcalloc(1, sizeof(*d));

	d->conf = *conf;
	d->epoll = d->wake = -1;
	pthread_mutex_init(&d->mutex, NULL);
	pthread_cond_init(&d->turn, NULL);
	places_init(&d->places, conf->max_connections);
	return d;
}

void
door_listen(struct door *d, int listener)
{
	*vec_push(&d->listeners) = listener;
}

static bool
watch_for_input(struct door *d, int fd)
{
	struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

bool
door_start(struct door *d, struct err *err)
{
	const int *fd;
	bool fine;

	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	fine = d->epoll >= 0 && d->wake >= 0 && watch_for_input(d, d->wake);
	vec_foreach(fd, &d->listeners)
		fine = fine && watch_for_input(d, *fd);
	if (!fine) {
		err_set(err, "cannot serve HTTP: %s", strerror(errno));
		return false;
	}
	d->running = thread_start(&d->thread, door_run, d);
	if (!d->running)
		err_set(err, "cannot serve HTTP: no thread can be started");
	return d->running;
}

void
door_stop(struct door *d)
{
	const int *fd;
	size_t i;

	__atomic_store_n(&d->stopping, true, __ATOMIC_RELEASE);
	door_wake(d);
	if (d->running)
		pthread_join(d->thread, NULL);
	vec_foreach(fd, &d->listeners)
		close(*fd);
	d->listeners.n = 0;
	door_lock(d);
	for (i = 0; i < d->clients.n; i++)
		if (d->clients.v[i] != NULL && !d->clients.v[i]->admitted)
			client_end(d, d->clients.v[i]);
	door_unlock(d);
}

/* Those that the server was given, but had not looked at when it stopped, are
 * closed without a word. */
void
door_free(struct door *d)
{
	size_t i;

	for (i = 0; i < d->clients.n; i++)
		if (d->clients.v[i] != NULL)
			client_forget(d, d->clients.v[i]);
	places_fini(&d->places);
	vec_fini(&d->clients);
	pthread_cond_destroy(&d->turn);
	pthread_mutex_destroy(&d->mutex);
	if (d->epoll >= 0)
		close(d->epoll);
	if (d->wake >= 0)
		close(d->wake);
	vec_fini(&d->listeners);
	free(d);
}

void
door_wake(struct door *d)
{
	const uint64_t one = 1;

	if (d->wake >= 0)
		(void)!write(d->wake, &one, sizeof(one));
}

/* The server has a hand free again. */
static void
wake_for_ready(struct door *d)
{
	if (d->places.counts[PLACE_READY] > 0)
		door_wake(d);
}

void
door_enter(struct door *d, int fd, enum place_state state)
{
	struct client *c;

	door_lock(d);
	c = client_at(d, fd);
	ASSERT(c != NULL && c->admitted);
	if (!c->leaving) {
		c->idle_bytes = 0;
		places_enter(&d->places, &c->place, state, clock_now().mono_ms);
		if (c->said_last)
			client_said_last(d, c);
	}
	wake_for_ready(d);
	door_unlock(d);
}

void
door_closed(struct door *d, int fd)
{
	door_lock(d);
	ASSERT(client_at(d, fd) != NULL && client_at(d, fd)->admitted);
	client_forget(d, client_at(d, fd));
	wake_for_ready(d);
	door_unlock(d);
}

void
door_hang_up(struct door *d, int fd)
{
	struct client *c;

	door_lock(d);
	c = client_at(d, fd);
	ASSERT(c != NULL && c->admitted);
	client_end(d, c);
	door_unlock(d);
}

void
door_relieve(struct door *d)
{
	struct place *slowest;

	door_lock(d);
	slowest = TAILQ_FIRST(&d->places.lists[PLACE_ANSWER]);
	if (slowest != NULL)
		places_hurry(
		    &d->places, slowest, clock_now().mono_ms + PLACES_GRACE_MS);
	door_unlock(d);
}
