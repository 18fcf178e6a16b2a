/*
 * picture_celery - the Celery queues of one master, as they may be shown.
 *
 * A plain part of a picture_master.  Figures are there only while the node
 * they were read from is the agreed master and answers as one.
 */
#ifndef MODEL_PICTURE_CELERY_H
#define MODEL_PICTURE_CELERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/celery.h"
#include "model/labels.h"

struct picture_queue {
	const struct labels *labels;	/* master_name, db, queue */
	int64_t		length, bound, stranded;
	int64_t		head_until_ms, head_since_wall_ms;
	int64_t		*lengths;	/* per step; in the DB's block */
	bool		configured;
};

struct picture_db {
	const struct labels *labels;	/* master_name, db */
	int		db;
	int64_t		until_ms;
	int64_t	unacked, unacked_oldest_wall_ms, unacked_overdue,
	    unacked_stranded, shared, left_out, readers;
	enum readers_sign readers_sign;
	size_t		n_lengths;	/* of each queue */
	int64_t		*lengths;	/* owned */
	VEC(struct picture_queue) queues;	/* by name */
};

/* A queue name, once, whatever the DBs. */
struct picture_queue_name {
	const struct labels *labels;	/* master_name, queue */
	int64_t		until_ms, bound_dbs;
};

struct picture_celery {
	int64_t		url_conflict;
	int64_t		workers_until_ms, workers;
	int64_t		carries_broker;
	VEC(int) url_dbs;
	VEC(int64_t) steps;
	VEC(struct picture_db) dbs;	/* by index */
	VEC(struct picture_queue_name) names;	/* by name */
};

void	picture_celery_fini(struct picture_celery *);

#endif
