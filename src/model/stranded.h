/*
 * stranded - tasks that wait in a DB that nobody reads.  Pure.
 *
 * kombu chooses the DB again for each connection when the URLs of a broker name
 * different ones: DB 0 while one of the first URLs answers, DB N from the first
 * failover on.  Workers and publishers then sit in different DBs, and what is
 * published in one is not read there, though all processes are well.
 *
 * The tasks of a queue are stranded in a DB when all of this holds:
 *   1. some wait, and none was taken for STALL_MS over STALL_ROUNDS looks;
 *   2. nobody has read in that DB for as long.  CLIENT LIST tells for certain;
 *	the pidbox binding does when it is empty, and says nothing when it is
 *	not;
 *   3. a worker of the same broker lives elsewhere: one that listened in this
 *	DB once was heard since nobody reads here; or the broker URL names both
 *	this DB and another one in which the queue is bound and that has
 *	readers.
 * A queue whose workers are busy fails 2, and one whose workers are all down
 * fails 3.  Two applications that share a Redis fail 3 as well: neither's
 * workers listened in the other's DB, nor does its URL name it.
 *
 * What was delivered and never acknowledged is stranded by the same rule, with
 * the DB in place of the queue: a worker's prefetched and ETA tasks stay behind
 * when it moves, and only a worker of that DB can restore them.
 */
#ifndef MODEL_STRANDED_H
#define MODEL_STRANDED_H

#include <stdint.h>

struct celery;

/* Work the verdicts of all DBs out, after a whole look at each. */
void	stranded_update(struct celery *, int64_t now_ms);

#endif
