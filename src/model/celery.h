/*
 * celery - the Celery queues of one master, DB by DB.  Plain values; pure.
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
#include "config/conf.h"
#include "protocol/kombu.h"

#define CELERY_STEPS_MAX	100
#define CELERY_QUEUES_MAX	1000	/* per DB */

struct queue {
	char	*name;		/* owned; any bytes, NUL-terminated */
	size_t	 name_len;
	bool	 configured;	/* named by the operator */
	bool	 bound;		/* its binding exists in this DB */
	bool	 bound_known;
	VEC(int64_t) lengths;	/* per priority step; NUM_UNKNOWN = denied */
};

struct celery_db {
	int	db;
	int64_t	at_ms;		/* last whole read, monotonic; 0 = never */
	bool	scanned;	/* the search for bindings went round once */
	int64_t	unacked;	/* NUM_UNKNOWN = denied */
	VEC(struct queue) queues;	/* by name */
};

struct celery {
	struct addr node;	/* that the figures were read from */
	bool	 url_conflict_known, url_conflict;
	VEC(int64_t) steps;	/* priority steps, as configured */
	VEC(struct celery_db) dbs;	/* by index */
};

void	celery_fini(struct celery *);
void	celery_copy(struct celery *dst, const struct celery *src);

/* The DB or queue of that name, added when it is new; NULL at the cap. */
struct celery_db *celery_add_db(struct celery *, int db);
struct queue *celery_db_add_queue(struct celery_db *, const char *name,
	    size_t len);

/* The queue of that name, or NULL. */
struct queue *celery_db_queue(const struct celery_db *, const char *name,
	    size_t len);

/* All priorities together, or NUM_UNKNOWN unless every one is known. */
int64_t	queue_length(const struct queue *);

/* In how many DBs is the queue of that name bound? */
int64_t	celery_queue_dbs(const struct celery *, const char *name, size_t len);

#endif
