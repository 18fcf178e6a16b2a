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
#include "model/deployment.h"
#include "net/conn.h"

enum ask_kind {
	ASK_SELECT,
	ASK_ROLE,
	ASK_SCAN,		/* one step of a DB's search for bindings */
	ASK_SAMPLE,		/* a few of its keys, whatever they are */
	ASK_SIZE,		/* of a binding: how many members */
	ASK_MEMBERS,
	ASK_PIDBOX_SIZE,
	ASK_PIDBOX_MEMBERS,
	ASK_LENGTH,		/* one priority step of one queue */
	ASK_UNACKED,
	ASK_OLDEST,		/* of the unacked */
	ASK_OVERDUE,
	ASK_HEAD,		/* the queue's next message */
	ASK_CLIENTS,		/* of no DB */
};

struct ask {
	enum ask_kind	kind;
	int		db;
	size_t		item;	/* index of the binding or queue in its DB */
	size_t		step;	/* of the queue */
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
void	queue_plan_sample(struct queue_plan *, int db, uint64_t cursor);

/* SIZE or MEMBERS of a binding, or of the pidbox (key NULL). */
void	queue_plan_size(struct queue_plan *, int db, size_t item,
	    const char *key);
void	queue_plan_members(struct queue_plan *, int db, size_t item,
	    const char *key);

/* All lengths of the queues; then what is unacked, and of that what was
 * delivered before now less the visibility timeout. */
void	queue_plan_lengths(struct queue_plan *, const struct celery_db *);
void	queue_plan_unacked(struct queue_plan *, int db, int64_t now_wall_ms);

void	queue_plan_head(struct queue_plan *, const struct celery_db *,
	    size_t queue, size_t step);
void	queue_plan_clients(struct queue_plan *);

#endif
