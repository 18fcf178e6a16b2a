/*
 * request - one batch on its way: its bytes, its deadline, its replies; and
 * all of those that one connection carries.
 *
 * Open ones are in the order of sending, which is the order of answers.  How
 * one ended is told later than it is noted, as callbacks may do anything.
 */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "net/batch.h"
#include "net/conn.h"
#include "protocol/reason.h"
#include "protocol/reply.h"

struct request {
	TAILQ_ENTRY(request) link;
	struct batch batch;	/* owned; kept, it may be sent again */
	int64_t deadline_ms;	/* monotonic */
	int64_t sent_ms;
	bool cut;		/* was cut off once */
	struct reply **replies; /* owned, room for batch.n; NULL with each */
	size_t got;
	size_t answered;	/* got before it failed */
	size_t memory;		/* bytes that replies take */
	enum reason reason;	/* how it ended */
	char *detail;		/* owned; NULL = "" */
	conn_reply_fn *each;	/* NULL: replies are kept */
	conn_done_fn *fn;
	void *arg;
};

TAILQ_HEAD(request_list, request);

struct requests {
	struct request_list open;	/* owned */
	size_t n;			/* of them */
	struct request_list over;	/* owned; fn is still to be called */
	struct request *current;	/* whose each runs; NULL once it ended */
};

void	requests_init(struct requests *);

/* Take the batch over into a new open request. */
struct request *requests_add(struct requests *, struct batch *,
	    int64_t deadline_ms, conn_reply_fn *each, conn_done_fn *,
	    void *arg);

/* Move an open one to those that are over. */
void	requests_end(struct requests *, struct request *, enum reason,
	    const char *detail);

/* End those whose deadline has passed; true when there was one. */
bool	requests_end_late(struct requests *, int64_t now_ms,
	    const char *detail);

/* The connection is gone: what may be sent again stays open when repeat is
 * set, its replies forgotten; all others end. */
void	requests_cut(struct requests *, bool repeat, enum reason,
	    const char *detail);

enum requests_took {
	REQUESTS_WAIT,		/* more replies are to come */
	REQUESTS_COMPLETE,	/* the first open one was told; it is gone */
	REQUESTS_GONE,		/* its own callback has ended it */
	REQUESTS_OVER_BUDGET,	/* its replies take more than memory_max */
};

/* The reply of the first open one; there is one.  Takes the reply over. */
enum requests_took requests_take(struct requests *, struct reply *,
	    size_t memory_max);

/* Call back those that are over now, and not what callbacks add: who sends
 * again as soon as it failed waits for the loop's next turn. */
void	requests_finish(struct requests *);

/* End and call back all. */
void	requests_finish_all(struct requests *, enum reason,
	    const char *detail);

/* The earliest deadline of those open, or INT64_MAX. */
int64_t	requests_deadline(const struct requests *);

#endif
