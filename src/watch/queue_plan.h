/*
 * queue_plan - one batch of questions about queues, and what each asks.
 *
 * The plan remembers, command by command, what a reply will mean; answers are
 * taken only when ROLE said master before and after them.
 */
#ifndef WATCH_QUEUE_PLAN_H
#define WATCH_QUEUE_PLAN_H

#include "base/clock.h"
#include "base/vec.h"
#include "model/deploy.h"
#include "net/conn.h"

enum ask_kind {
	ASK_SELECT,
	ASK_ROLE,
	ASK_SCAN,		/* one step of a DB's search for bindings */
	ASK_BINDING,		/* members of one binding */
	ASK_LENGTH,		/* one priority step of one queue */
	ASK_UNACKED,
};

struct ask {
	enum ask_kind	kind;
	int		db;
	size_t		queue, step;	/* ASK_LENGTH: indexes in the DB */
};

struct queue_plan {
	struct batch	batch;
	VEC(struct ask)	asks;
	const struct kombu_options *kombu;	/* borrowed */
};

void	queue_plan_fini(struct queue_plan *);

/* Begin and end one DB's questions: SELECT and ROLE, and ROLE again. */
void	queue_plan_open(struct queue_plan *, int db);
void	queue_plan_close(struct queue_plan *, int db);

/* The first ROLE among the replies that does not say master; NULL when all
 * do. */
const struct reply *queue_plan_denial(const struct queue_plan *,
	    const struct conn_result *);

void	queue_plan_scan(struct queue_plan *, int db, uint64_t cursor);
void	queue_plan_binding(struct queue_plan *, int db, const char *key);
void	queue_plan_lengths(struct queue_plan *, const struct celery_db *);

#endif
