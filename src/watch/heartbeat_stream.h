/*
 * heartbeat_stream - the subscription to the workers of one broker.
 *
 * A connection of its own to the agreed master, as RESP2 allows nothing but
 * subscriptions on it.  Patterns are tried until an ACL allows one; where none
 * is, the number of workers is unknown, and it is tried again now and then.  A
 * PING with each reading notices a master that is stopped with its socket
 * open.
 */
#ifndef WATCH_HEARTBEAT_STREAM_H
#define WATCH_HEARTBEAT_STREAM_H

#include "base/addr.h"

struct group;
struct kombu_options;
struct master;
struct heartbeat_stream;
struct workers;

struct heartbeat_stream *heartbeat_stream_new(struct group *, struct master *,
	    const struct kombu_options *);
void	heartbeat_stream_free(struct heartbeat_stream *);

/* Listen nowhere, until the next heartbeat_stream_follow. */
void	heartbeat_stream_hang_up(struct heartbeat_stream *);

/* Listen at that node, and at no other. */
void	heartbeat_stream_follow(struct heartbeat_stream *,
	    const struct addr *node);

/* With each reading: still there?  Who fell silent? */
void	heartbeat_stream_look(struct heartbeat_stream *);

/* Those that were heard; borrowed. */
struct workers *heartbeat_stream_workers(struct heartbeat_stream *);

#endif
