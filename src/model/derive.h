/*
 * derive - what follows from the facts, master by master.  Pure.
 *
 * Run once after all that came together, for the masters that were touched:
 * their nodes, who is agreed on, lag, who would be promoted, outages.  What the
 * watch has to do about it stands in master.change until it did.
 */
#ifndef MODEL_DERIVE_H
#define MODEL_DERIVE_H

#include <stdbool.h>

#include "base/clock.h"
#include "model/deployment.h"

/* Work out all masters that were touched.  True when something changed that
 * must survive a restart. */
bool	deployment_derive(struct deployment *, struct now);

/* Nodes of the master that turned out to be one become one. */
void	master_join_twins(struct master *);

/* A poll round is over: time alone changes what may be said. */
void	deployment_take_round(struct deployment *, struct now);

/* Forget the masters that no sentinel names any more; gone is told of each
 * before. */
void	deployment_drop_masters(struct deployment *,
	    void (*gone)(struct master *));

#endif
