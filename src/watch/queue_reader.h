/*
 * queue_reader - the Celery queues of one master, read from its agreed node.
 *
 * Every batch names its DB (SELECT) and has ROLE before and after the figures:
 * nothing is believed unless the node said role:master both times.
 */
#ifndef WATCH_QUEUE_READER_H
#define WATCH_QUEUE_READER_H

#include "watch/waitgroup.h"

struct group;
struct queue_reader;

/* Make the readers those that the model's masters need. */
void	queue_readers_follow(struct group *);
void	queue_readers_free(struct group *);

/* Read all queues of all masters (or of the one named).  waiting may be
 * NULL. */
void	queue_readers_read(struct group *, const char *master_name,
	    struct waitgroup *waiting);

#endif
