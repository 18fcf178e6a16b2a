/*
 * celery - what Celery keeps on one master, DB by DB.  Plain values; pure.
 *
 * Figures come only from a node that said role:master before and after they
 * were read, in the same pipeline.
 */
#ifndef MODEL_CELERY_H
#define MODEL_CELERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/vec.h"
#include "model/queue.h"
#include "model/stall.h"

#define CELERY_QUEUES_MAX	1000	/* per DB, unless told otherwise */
#define CELERY_QUEUE_NAME_MAX	256	/* bytes; a longer one is left out */

/* What tells how many workers read in a DB.  CLIENT LIST is exact.  The
 * binding of kombu's pidbox outlives a worker that died without a word, or
 * was moved by a crash failover: an upper bound. */
enum readers_sign {
	READERS_UNKNOWN,
	READERS_CLIENTS,
	READERS_PIDBOX,
	READERS_SIGN_COUNT,
};

/* "clients", "pidbox". */
const char *readers_sign_name(enum readers_sign);

struct celery_db {
	int	db;
	int64_t	at_ms;		/* last whole read, monotonic; 0 = never */
	bool	scanned;	/* the search for bindings went round once */
	/* NUM_UNKNOWN: denied; of the oldest also: there is none. */
	int64_t	unacked, unacked_oldest_wall_ms, unacked_overdue;
	struct stall unacked_stall;
	enum readers_sign readers_sign;
	int64_t	readers;
	struct stall unread;	/* by anyone; rounds 0 = is read, or
					 * not known */
	bool	deserted;	/* a worker that listened here once was heard
				 * since */
	int64_t	left_out;	/* queues and exchanges over the cap */
	int64_t	shared;		/* holds others' keys too: 1, 0, NUM_UNKNOWN */
	int64_t	unacked_stranded;	/* 1, 0, NUM_UNKNOWN */
	size_t	queues_max;	/* 0 = CELERY_QUEUES_MAX */
	VEC(struct queue) queues;	/* by name */
};

struct celery {
	struct addr node;	/* that the figures were read from */
	bool	 url_conflict_known, url_conflict;
	VEC(int) url_dbs;	/* that the broker URL's list names */
	size_t	 queues_max;	/* of DBs added from now on */
	int64_t	 workers;	/* heard; NUM_UNKNOWN */
	int64_t	 workers_at_ms;	/* when they were counted; 0 = never */
	VEC(int64_t) steps;	/* priority steps, as configured */
	VEC(struct celery_db) dbs;	/* by index */
};

void	celery_fini(struct celery *);
/* The DB or queue of that name, added when it is new; NULL at the cap, and for
 * a queue's name that is too long: one member of a binding may hold 512 MB. */
struct celery_db *celery_add_db(struct celery *, int db);
struct queue *celery_db_add_queue(struct celery_db *, const char *name,
	    size_t len);

/* The queue of that name, or NULL. */
struct queue *celery_db_queue(const struct celery_db *, const char *name,
	    size_t len);

/* Does anything wait in that DB, as far as it was told? */
bool	celery_db_waits(const struct celery_db *);

/* All clients were, or may have been, cut off: what waits starts to wait again
 * for whoever comes back. */
void	celery_db_disturb(struct celery_db *);

/* In how many DBs is the queue of that name bound? */
int64_t	celery_queue_dbs(const struct celery *, const char *name, size_t len);

#endif
