/*
 * loop - the watch thread's event loop: timers and signals.
 *
 * A thin room around libevent, so that only net/ knows it.  Nothing called
 * from the loop may block.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdint.h>

struct event_base;
struct loop;
struct timer;

typedef void loop_fn(void *arg);

struct loop *loop_new(void);
void	loop_free(struct loop *);

/* Run until loop_stop. */
void	loop_run(struct loop *);
void	loop_stop(struct loop *);

/* Call fn(arg) on each arrival of the signal, on the loop. */
void	loop_on_signal(struct loop *, int signal, loop_fn *, void *arg);

/* A timer that is not set.  Freeing it unsets it. */
struct timer *timer_new(struct loop *, loop_fn *, void *arg);
void	timer_free(struct timer *);

/* Call once, ms from now; replaces what was set. */
void	timer_set(struct timer *, int64_t ms);
void	timer_unset(struct timer *);

/* For net/ alone. */
struct event_base *loop_base(struct loop *);

#endif
