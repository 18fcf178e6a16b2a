/*
 * event_stream - the subscription to one sentinel.
 *
 * PSUBSCRIBE first, confirmed; then a poll; then what was published meanwhile;
 * so nothing falls between.  Where ACLs forbid "*", single channels.  A
 * sentinel that is stopped with its socket open is noticed within the poll
 * timeout; when it goes on before long, nothing is missed.
 */
#ifndef WATCH_EVENT_STREAM_H
#define WATCH_EVENT_STREAM_H

#include "base/addr.h"

struct event_stream;
struct sentinel_source;

struct event_stream *event_stream_new(struct sentinel_source *,
	    const struct addr *);
void	event_stream_free(struct event_stream *);

/* With each round: what was denied may have been granted meanwhile. */
void	event_stream_retry(struct event_stream *);

/* The sentinel's own poll has been answered (or not): a stream that was
 * confirmed before it is now live, and what it queued is told. */
void	event_stream_polled(struct event_stream *, bool answered);

#endif
