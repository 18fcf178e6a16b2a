/*
 * seeds - the sentinels that the operator named.
 *
 * A name with several addresses (a headless service) means all of them; names
 * are looked up again while one of them does not answer, and now and then.
 */
#ifndef WATCH_SEEDS_H
#define WATCH_SEEDS_H

#include "watch/waitgroup.h"

struct group;
struct seeds;

struct seeds *seeds_new(struct group *);
void	seeds_free(struct seeds *);

/* Look up what is due.  waiting is told when every first look-up is over. */
void	seeds_resolve(struct seeds *, struct waitgroup *waiting);

#endif
