/*
 * stream - pages that hear of changes: Server-Sent Events.
 *
 * A channel is one function that prints the newest snapshot.  It is called
 * only while somebody listens, at most once per STREAM_MS, on the door's
 * thread; what it prints is sent to all listeners when it differs from what
 * was sent last.  A listener that takes its time is sent the newest state next
 * and never what lay between, so it holds one shared text and no queue.
 */
#ifndef WEB_STREAM_H
#define WEB_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_MS		250
#define STREAM_ALIVE_MS		15000	/* a comment when all is quiet */

struct MHD_Connection;
struct MHD_Response;
struct handover;
struct site;
struct snapshot;
struct strbuf;
struct streams;

/* Print what listeners shall know; it becomes the data of one event. */
typedef void stream_fn(struct site *, const struct snapshot *, struct strbuf *);

/* site is borrowed. */
struct streams *streams_new(struct site *, size_t max_listeners);

/* No listener may be left. */
void	streams_free(struct streams *);

/* A response for one more listener of the channel; NULL when there are too
 * many.  Call it from the handler of the connection with that descriptor. */
struct MHD_Response *streams_listen(struct streams *, stream_fn *,
	    struct MHD_Connection *, int fd);

/* Is anybody listening? */
bool	streams_busy(struct streams *);

/* Look for a change, and wake those who wait for it. */
void	streams_turn(struct streams *, int64_t now_ms);

/* End the stream on that descriptor, or all of them and those to come. */
void	streams_end(struct streams *, int fd);
void	streams_end_all(struct streams *);

#endif
