/*
 * conn - one Redis connection that keeps itself up.
 *
 * Dials (all addresses of the name in turn), authenticates, names itself, and
 * then carries pipelined batches of read-only commands, each with a deadline.
 * When the peer hangs up it dials again with back-off and jitter, which only a
 * connection that proved useful ends.  A batch that
 * was cut off on a connection that had worked is sent once more on the next
 * one, because Sentinel cuts every connection of a node that it demotes.
 * Watch thread only.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "config/conf.h"
#include "net/batch.h"
#include "protocol/reason.h"
#include "protocol/reply_reader.h"

struct conn;
struct loop;
struct resolver;
struct tls_context;

/* What a group's connections share; borrowed for their life, with all that it
 * holds.  What is changed in it meanwhile counts from the next dial on. */
struct conn_conf {
	struct loop	*loop;
	struct resolver	*resolver;
	struct credentials *auth;	/* refreshed before each dial */
	struct tls_context *tls;	/* NULL = plain text */
	int64_t		dial_timeout_ms; /* dial, AUTH and all, per attempt */
	uint32_t	backoff_ceil_ms;
	struct reply_limits limits;
	size_t		batch_memory;	/* of the replies that one batch keeps;
					 * 0 = no limit but theirs */
};

/* What a batch came to.  On success (reason NONE) replies holds one reply per
 * command, in order, error replies among them; they belong to conn and live
 * until the callback returns.  Else n is 0 and detail says what went wrong, in
 * words without a secret; commands before the one numbered answered had been
 * answered by then. */
struct conn_result {
	enum reason	reason;
	const char	*detail;
	struct reply	*const *replies;
	size_t		n, answered;
	int64_t		sent_ms;	/* monotonic, when it was written */
};
typedef void conn_done_fn(void *arg, const struct conn_result *);

/* Reply i of a batch, as it comes.  Valid until the callback returns. */
typedef void conn_reply_fn(void *arg, size_t i, const struct reply *);

/* A pub/sub message: an array whose first element is (p)message.  Valid until
 * the callback returns. */
typedef void conn_push_fn(void *arg, const struct reply *);

/* The connection came up (reason NONE) or went down; told once per change and
 * per failed dial. */
typedef void conn_state_fn(void *arg, enum reason, const char *detail);

struct conn_ops {
	conn_state_fn	*on_state;	/* may be NULL */
	conn_push_fn	*on_push;	/* may be NULL: no subscriptions */
	void		*arg;
};

/* Starts dialling after delay_ms (to stagger many).  addr: host and port, or
 * the path of a unix socket with port 0. */
struct conn *conn_new(const struct conn_conf *, const struct addr *,
	    const struct conn_ops *, int64_t delay_ms);

/* Every batch still open ends with REASON_CLOSED before this returns, without
 * a word to on_state; callable from its own callbacks. */
void	conn_free(struct conn *);

/* Take over the batch (left empty) and call fn exactly once within timeout_ms,
 * never before this returns.  While the peer is known to be gone and the next
 * dial is not yet due it fails soon, with the last reason; so does one too many
 * at once (CONN_IN_FLIGHT), with REASON_OTHER.  A batch that times out on a
 * connection ends that connection: its answer may still come. */
#define CONN_IN_FLIGHT	64
void	conn_send(struct conn *, struct batch *, int64_t timeout_ms,
	    conn_done_fn *, void *arg);

/* The same for many or large replies: each goes to the callback as it comes
 * and is freed then; the result holds none, answered says how many came.  A
 * batch that was answered in part is not sent again when it is cut off. */
void	conn_send_each(struct conn *, struct batch *, int64_t timeout_ms,
	    conn_reply_fn *, conn_done_fn *, void *arg);

/* Dial now instead of waiting for the back-off to end. */
void	conn_hurry(struct conn *);

/* Hang up and dial again: the peer is silent.  Nothing happens unless up. */
void	conn_reset(struct conn *, enum reason, const char *detail);

bool	conn_is_up(const struct conn *);

/* The address that the last successful dial reached; unknown before. */
const struct addr *conn_peer(const struct conn *);

#endif
