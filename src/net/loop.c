/* loop - libevent waits; turns, timers and deferred tasks are ours. */
#include "net/loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/tree.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/xalloc.h"

/* Tasks that defer tasks: after so many passes the sockets come first. */
#define DEFERRED_PASSES 8

/* A timer from here on may be late by two ticks of libevent's clock. */
#define LONG_MS 20

struct watched_signal {
	SLIST_ENTRY(watched_signal) link;
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct timer {
	uint32_t magic;
#define TIMER_MAGIC 0x7133a2e5
	bool set;
	RB_ENTRY(timer) node; /* loop->timers, while set */
	struct loop *loop; /* borrowed */
	int64_t due_ms; /* monotonic */
	uint64_t number; /* of the setting */
	loop_fn *fn;
	void *arg;
};

RB_HEAD(timer_tree, timer);
TAILQ_HEAD(task_list, loop_task);

struct loop {
	struct event_base *base;
	SLIST_HEAD(, watched_signal) signals;
	struct timer_tree timers; /* by time, then by number */
	uint64_t number; /* of the last setting */
	struct event *alarm; /* for the first timer, or earlier */
	int64_t tick_ms; /* of libevent's clock */
	int64_t alarm_ms; /* when it is due; INT64_MAX = not set */
	struct task_list tasks;
	struct event *tasks_event;
	int passes; /* of tasks, in this turn */
	struct now now;
	bool now_known, running, stopped;
	char buffer[LOOP_BUFFER_BYTES];
};

static int
timer_compare(struct timer *a, struct timer *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

RB_GENERATE_INTERNAL(
    timer_tree, timer, node, timer_compare, __attribute__((unused)) static)

struct now
loop_now(struct loop *l)
{
	if (l->now_known)
		return l->now;
	l->now = clock_now();
	l->now_known = l->running;
	return l->now;
}

/*
 * Timers.
 */

static void
add_event(struct event *event, int64_t ms)
{
	struct timeval tv = { 0 };

	if (ms > 0) {
		tv.tv_sec = (time_t)(ms / 1000);
		tv.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	}
	if (event_add(event, &tv) != 0)
		abort();
}

/* libevent's clock is coarse: it moves by a few ms at a time, and a wait that
 * is no multiple of that ends before it is due and is begun again, two or three
 * times.  A tick more makes up for the time since the clock last moved. */
static int64_t
whole_ticks(const struct loop *l, int64_t ms)
{
	return ms < LONG_MS
		   ? ms
		   : (ms + 2 * l->tick_ms - 1) / l->tick_ms * l->tick_ms;
}

/* An alarm that is too early only finds nothing to do, so it is moved when the
 * first timer is due before it, and never because that was unset. */
static void
arm(struct loop *l)
{
	const struct timer *first = RB_MIN(timer_tree, &l->timers);

	if (first == NULL || first->due_ms >= l->alarm_ms)
		return;
	l->alarm_ms = first->due_ms;
	add_event(
	    l->alarm, whole_ticks(l, first->due_ms - loop_now(l).mono_ms));
}

/* libevent's clock is coarse, so it may call a little early.  A timer that is
 * set by one of these callbacks has its turn in the next. */
static void
alarm_due(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	int64_t now_ms = loop_now(l).mono_ms;
	uint64_t last = l->number;
	struct timer *t;

	(void)fd;
	(void)what;
	l->alarm_ms = INT64_MAX;
	while ((t = RB_MIN(timer_tree, &l->timers)) != NULL &&
	       t->due_ms <= now_ms && t->number <= last && !l->stopped) {
		OBJECT_CHECK(t, TIMER_MAGIC);
		timer_unset(t);
		t->fn(t->arg);
	}
	arm(l);
}

struct timer *
timer_new(struct loop *l, loop_fn *fn, void *arg)
{
	struct timer *t = xcalloc(1, sizeof(*t));

	OBJECT_INIT(t, TIMER_MAGIC);
	t->loop = l;
	t->fn = fn;
	t->arg = arg;
	return t;
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	timer_unset(t);
	OBJECT_FINI(t, TIMER_MAGIC);
	free(t);
}

void
timer_set(struct timer *t, int64_t ms)
{
	struct loop *l = t->loop;

	timer_unset(t);
	t->due_ms = loop_now(l).mono_ms + (ms > 0 ? ms : 0);
	t->number = ++l->number;
	t->set = true;
	RB_INSERT(timer_tree, &l->timers, t);
	arm(l);
}

void
timer_unset(struct timer *t)
{
	OBJECT_CHECK(t, TIMER_MAGIC);
	if (t->set)
		RB_REMOVE(timer_tree, &t->loop->timers, t);
	t->set = false;
}

/*
 * Tasks.
 */

/* An event that is made active by a callback is called in the same turn, after
 * those that were active already. */
static void
call_tasks_soon(struct loop *l)
{
	if (l->passes < DEFERRED_PASSES)
		event_active(l->tasks_event, EV_TIMEOUT, 0);
	else
		add_event(l->tasks_event, 0);
}

static void
run_tasks(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	struct loop_task *task, *last = TAILQ_LAST(&l->tasks, task_list);
	bool is_last = false;

	(void)fd;
	(void)what;
	l->passes++;
	while (!is_last && !l->stopped &&
	       (task = TAILQ_FIRST(&l->tasks)) != NULL) {
		is_last = task == last;
		loop_undefer(l, task);
		task->fn(task->arg);
	}
	if (!TAILQ_EMPTY(&l->tasks))
		call_tasks_soon(l);
}

void
loop_defer(struct loop *l, struct loop_task *task)
{
	if (task->waiting)
		return;
	if (TAILQ_EMPTY(&l->tasks))
		call_tasks_soon(l);
	task->waiting = true;
	TAILQ_INSERT_TAIL(&l->tasks, task, link);
}

void
loop_undefer(struct loop *l, struct loop_task *task)
{
	if (!task->waiting)
		return;
	task->waiting = false;
	TAILQ_REMOVE(&l->tasks, task, link);
}

/*
 * The loop.
 */

struct loop *
loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof(*l));

	/* Sockets are written with writev(2), which knows no MSG_NOSIGNAL. */
	(void)signal(SIGPIPE, SIG_IGN);
	SLIST_INIT(&l->signals);
	TAILQ_INIT(&l->tasks);
	RB_INIT(&l->timers);
	l->alarm_ms = INT64_MAX;
	l->tick_ms = clock_coarse_tick_ms();
	l->base = event_base_new();
	if (l->base == NULL) {
		log_error("cannot make an event loop", NULL);
		abort();
	}
	l->alarm = evtimer_new(l->base, alarm_due, l);
	l->tasks_event = evtimer_new(l->base, run_tasks, l);
	if (l->alarm == NULL || l->tasks_event == NULL)
		abort();
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
	event_free(l->alarm);
	event_free(l->tasks_event);
	event_base_free(l->base);
	free(l);
}

void
loop_run(struct loop *l)
{
	l->running = true;
	/* A stop that came before the run must not be lost. */
	while (!l->stopped) {
		event_base_loop(l->base, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY);
		l->now_known = false;
		l->passes = 0;
	}
	l->running = l->stopped = false;
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

char *
loop_buffer(struct loop *l)
{
	return l->buffer;
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
