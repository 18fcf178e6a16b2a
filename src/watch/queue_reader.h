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
struct master;
struct queue_reader;

/* Make the readers those that the model's masters want.  From group_settle
 * alone. */
void	queue_readers_follow(struct group *);
void	queue_readers_free(struct group *);

/* The connection of each that hears heartbeats is made again. */
void	queue_readers_redial(struct group *);

/* The master is about to go. */
void	queue_reader_leave(struct master *);

/* Read all queues of one master (NULL: nothing is done), or of all.  waiting
 * may be NULL. */
void	queue_reader_read(struct queue_reader *, struct waitgroup *waiting);
void	queue_readers_read(struct group *, struct waitgroup *waiting);

#endif
