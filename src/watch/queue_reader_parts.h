/*
 * queue_reader_parts - what the rooms of one queue reader share.
 *
 * A reading is a row of stages, each one batch or several on the agreed
 * master's connection: search for bindings, their sizes, their members; then
 * lengths, and the next messages of the queues that have any.  queue_stage.c
 * says what each asks, queue_answer.c takes what comes back.
 */
#ifndef WATCH_QUEUE_READER_PARTS_H
#define WATCH_QUEUE_READER_PARTS_H

#include <sys/queue.h>

#include "watch/binding_search.h"
#include "watch/client_census.h"
#include "watch/group.h"
#include "watch/heartbeat_stream.h"
#include "watch/queue_plan.h"

/* Members of a binding, or of a pidbox, that are still read. */
#define MEMBERS_MAX 10000

enum queue_stage {
	STAGE_SEARCH,		/* repeated */
	STAGE_SIZES,
	STAGE_MEMBERS,
	STAGE_LENGTHS,
	STAGE_HEADS,		/* repeated */
	STAGE_OVER,
};

struct queue_reader {
	TAILQ_ENTRY(queue_reader) link; /* group.readers */
	struct group *group; /* borrowed */
	struct group_conf *group_conf; /* counted */
	const struct celery_conf *conf; /* of group_conf */
	struct master *master; /* the model's; NULL once it is gone */
	struct addr node; /* that is read, and the search belongs to */
	char run_id[RUN_ID_MAX]; /* of that node */
	enum queue_stage stage;
	struct now begun;
	struct binding_search search;
	struct queue_plan plan; /* the batch on its way */
	size_t steps_left; /* of the search, in this reading */
	size_t head_turn; /* whose next message is next, over all readings */
	size_t heads_seen; /* in this reading */
	size_t head_bytes; /* of them */
	struct client_census census;
	int64_t workers; /* heard, when the last reading ended */
	struct heartbeat_stream *heartbeats; /* owned */
	struct waitgroup *waitgroup;
	bool reading, again, wanted;
};

const struct celery_conf *reader_conf(const struct queue_reader *);
struct master *reader_master(const struct queue_reader *);

/* The node that is being read while it is the agreed master, or NULL.  A
 * demoted one may answer late, and still hold itself for the master. */
struct node *reader_node(const struct queue_reader *);

/* Count a question that was not answered; nothing for REASON_NONE. */
void	reader_complain(const struct queue_reader *, enum reason);

/* Fill the plan with the stage's next batch; it stays empty when the stage has
 * nothing (more) to ask. */
void	queue_stage_fill(struct queue_reader *);

/* Take all answers of a batch; false when none can be believed. */
bool	queue_answer_take(struct queue_reader *, const struct conn_result *);

/* A stage is over, with or without a batch. */
void	queue_answer_members_over(struct queue_reader *);
void	queue_answer_reading_over(struct queue_reader *);

#endif
