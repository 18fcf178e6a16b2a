/*
 * request - one batch on its way: its bytes, its deadline, its replies.
 *
 * Owned by the conn that carries it.  A list of requests is in the order of
 * sending, which is the order of answers.
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
	struct reply **replies; /* owned, room for batch.n */
	size_t got;
	size_t answered;	/* got before it failed */
	enum reason reason;	/* how it ended */
	char *detail;		/* owned; NULL = "" */
	conn_done_fn *fn;
	void *arg;
};

TAILQ_HEAD(request_list, request);

/* Takes the batch over. */
struct request *request_new(struct batch *, int64_t deadline_ms,
	    conn_done_fn *, void *arg);

/* Keep one reply; true when it was the last. */
bool	request_take(struct request *, struct reply *);

/* Forget the replies so far. */
void	request_rewind(struct request *);

/* Set why it failed. */
void	request_fail(struct request *, enum reason, const char *detail);

/* Tell the owner how it ended, and free it; it is on no list. */
void	request_finish(struct request *);

/* Finish those that are on the list now, and not what callbacks add to it: who
 * sends anew as soon as it failed waits for the loop's next turn. */
void	requests_finish(struct request_list *);

/* The earliest deadline, or INT64_MAX. */
int64_t	requests_deadline(const struct request_list *);

#endif
