/*
 * tally - wait for several things that end one by one.
 *
 *	tally_add for each thing begun, tally_seal once all have begun; fn(arg)
 *	is called on the loop when the last one has ended.
 */
#ifndef WATCH_TALLY_H
#define WATCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"

struct tally {
	struct timer	*timer;		/* owned: calls fn from the loop */
	size_t		open;
	bool		sealed;
};

void	tally_init(struct tally *, struct loop *, loop_fn *, void *arg);
void	tally_fini(struct tally *);
void	tally_add(struct tally *);

/* One thing has ended; *t, the pointer by which it was known, turns NULL.
 * Nothing happens when it is NULL already. */
void	tally_done(struct tally **t);
void	tally_seal(struct tally *);

#endif
