/*
 * background - work that may block, on a thread of its own.
 *
 * The answer comes on the loop.  Made for writing files: a disk may take its
 * time.
 */
#ifndef NET_BACKGROUND_H
#define NET_BACKGROUND_H

#include "net/loop.h"

struct background;

/* Run work(arg) on a thread, then done(arg) on the loop, never before this
 * returns; until then arg belongs to work.  NULL when no thread can be had. */
struct background *background_start(struct loop *, loop_fn *work,
	    loop_fn *done, void *arg);

/* Wait for work to return; done is not called any more.  Not after done was
 * called. */
void	background_join(struct background *);

#endif
