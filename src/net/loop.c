#include "net/loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/log.h"
#include "base/xalloc.h"

struct watched_signal {
	SLIST_ENTRY(watched_signal) link;
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct loop {
	struct event_base *base;
	SLIST_HEAD(, watched_signal) signals;
	bool stopped;
};

struct timer {
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct loop *
loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof(*l));
	struct event_config *config = event_config_new();

	/* Sockets are written with writev(2), which knows no MSG_NOSIGNAL. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (config != NULL) {
		/* Else time stands still while one turn's callbacks run on
		 * the coarse clock, and deadlines come up to 4 ms early. */
		event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
		l->base = event_base_new_with_config(config);
		event_config_free(config);
	}
	if (l->base == NULL) {
		log_error("cannot make an event loop", NULL);
		abort();
	}
	SLIST_INIT(&l->signals);
	return l;
}

void
loop_free(struct loop *l)
{
	struct watched_signal *s;

	if (l == NULL)
		return;
	while ((s = SLIST_FIRST(&l->signals)) != NULL) {
		SLIST_REMOVE_HEAD(&l->signals, link);
		event_free(s->event);
		free(s);
	}
	event_base_free(l->base);
	free(l);
}

void
loop_run(struct loop *l)
{
	/* A stop that came before the run must not be lost. */
	while (!l->stopped)
		event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY);
	l->stopped = false;
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
	event_base_loopbreak(l->base);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

static void
signalled(evutil_socket_t number, short what, void *arg)
{
	const struct watched_signal *s = arg;

	(void)number;
	(void)what;
	s->fn(s->arg);
}

void
loop_on_signal(struct loop *l, int number, loop_fn *fn, void *arg)
{
	struct watched_signal *s = xcalloc(1, sizeof(*s));

	s->fn = fn;
	s->arg = arg;
	s->event = evsignal_new(l->base, number, signalled, s);
	if (s->event == NULL || event_add(s->event, NULL) != 0) {
		log_error("cannot watch a signal", NULL);
		abort();
	}
	SLIST_INSERT_HEAD(&l->signals, s, link);
}

static void
expired(evutil_socket_t fd, short what, void *arg)
{
	const struct timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg);
}

struct timer *
timer_new(struct loop *l, loop_fn *fn, void *arg)
{
	struct timer *t = xcalloc(1, sizeof(*t));

	t->fn = fn;
	t->arg = arg;
	t->event = evtimer_new(l->base, expired, t);
	if (t->event == NULL)
		abort();
	return t;
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	event_free(t->event);
	free(t);
}

void
timer_set(struct timer *t, int64_t ms)
{
	struct timeval tv = { 0 };

	if (ms > 0) {
		tv.tv_sec = (time_t)(ms / 1000);
		tv.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	}
	evtimer_add(t->event, &tv);
}

void
timer_unset(struct timer *t)
{
	evtimer_del(t->event);
}
