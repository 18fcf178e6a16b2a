/*
 * loop - the watch thread's event loop: turns, timers, signals.
 *
 * A thin layer over libevent, so that only net/ knows it.  A turn is one wait
 * and the callbacks of all that it brought; nothing called from it may block.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/clock.h"

struct event_base;
struct loop;
struct timer;

typedef void loop_fn(void *arg);

struct loop *loop_new(void);
void	loop_free(struct loop *);

/* Run until loop_stop. */
void	loop_run(struct loop *);
void	loop_stop(struct loop *);

/* The time of this turn: read once, when first asked for. */
struct now loop_now(struct loop *);

/* Call fn(arg) on each arrival of the signal, on the loop. */
void	loop_on_signal(struct loop *, int signal, loop_fn *, void *arg);

/*
 * Timers.  All of them share one of libevent's, so setting one costs no system
 * call and no wake-up of its own.  None runs before its time.
 */

/* A timer that is not set.  Freeing it unsets it. */
struct timer *timer_new(struct loop *, loop_fn *, void *arg);
void	timer_free(struct timer *);

/* Call once, ms from now, and never in this turn; replaces what was set. */
void	timer_set(struct timer *, int64_t ms);
void	timer_unset(struct timer *);

/*
 * What is to be done at the end of this turn, once however often it was asked
 * for.  Embedded by its owner, who sets fn and arg and takes it back before it
 * goes.
 */
struct loop_task {
	loop_fn	*fn;
	void	*arg;
	bool	 waiting;
	TAILQ_ENTRY(loop_task) link;
};

void	loop_defer(struct loop *, struct loop_task *);
void	loop_undefer(struct loop *, struct loop_task *);

/* For net/ alone. */
struct event_base *loop_base(struct loop *);

/* Room for what one callback reads, until it returns.  On the stack it would be
 * zeroed each time. */
#define LOOP_BUFFER_BYTES	65536
char	*loop_buffer(struct loop *);

#endif
