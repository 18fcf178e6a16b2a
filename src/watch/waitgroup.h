/*
 * waitgroup - wait for several things that end one by one.
 *
 *	waitgroup_add for each thing begun, waitgroup_seal once all have begun; fn(arg)
 *	is called on the loop when the last one has ended.
 */
#ifndef WATCH_WAITGROUP_H
#define WATCH_WAITGROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"

struct waitgroup {
	struct loop	*loop;		/* borrowed; NULL = not in use */
	struct loop_task over;		/* calls fn at the end of a turn */
	size_t		open;
	bool		sealed;
};

void	waitgroup_init(struct waitgroup *, struct loop *, loop_fn *, void *arg);
void	waitgroup_fini(struct waitgroup *);
void	waitgroup_add(struct waitgroup *);

/* One thing has ended; *t, the pointer by which it was known, turns NULL.
 * Nothing happens when it is NULL already. */
void	waitgroup_done(struct waitgroup **t);
void	waitgroup_seal(struct waitgroup *);

#endif
