/*
 * subscription - one connection that hears what a server publishes.
 *
 * Ways of asking are tried in order until the server's ACLs allow one: a
 * pattern may be denied where single channels are not.  RESP2 allows nothing
 * else on such a connection.  PINGs notice a server that is stopped with its
 * socket open within timeout_ms, but it has longer before we hang up: what is
 * published during a short stall comes after it, and would be lost with the
 * connection.
 * Watch thread only.
 */
#ifndef NET_SUBSCRIPTION_H
#define NET_SUBSCRIPTION_H

#include "net/conn.h"

/* A PING is waited for so long, or timeout_ms when that is longer. */
#define SUBSCRIPTION_PONG_MS	5000

struct subscription;

enum subscription_state {
	SUBSCRIPTION_DOWN,	/* not connected */
	SUBSCRIPTION_ASKING,
	SUBSCRIPTION_UP,
	SUBSCRIPTION_SILENT,	/* was UP, but a PING is not answered; it turns
				 * UP again, with nothing lost, or DOWN */
	SUBSCRIPTION_DENIED,	/* connected; no way is allowed */
};

struct subscription_change {
	enum subscription_state was, is;
	enum reason	reason;	/* DOWN: of the connection; DENIED and a partly
				 * denied UP: of the refusal */
	const char	*detail; /* in words; "" without a reason */
	size_t		denied;	/* UP: channels that the server refused */
};

struct subscription_ops {
	/* Add the commands of this way, each of one channel or pattern; false:
	 * there are no more ways. */
	bool	(*ask)(void *arg, size_t way, struct batch *);

	/* Each change of state, and each failed dial (DOWN to DOWN). */
	void	(*on_change)(void *arg, const struct subscription_change *);

	/* A message; both are strings, valid until the callback returns. */
	void	(*on_message)(void *arg, const struct reply *channel,
		    const struct reply *payload);
	void	*arg;
};

/* Starts dialling after delay_ms.  The answers to what was asked have
 * timeout_ms; a PING goes out after half of that without a word, and is missed
 * after the other half. */
struct subscription *subscription_new(const struct conn_conf *,
	    const struct addr *, const struct subscription_ops *,
	    int64_t timeout_ms, int64_t delay_ms);

/* Callable from its own callbacks; none comes after. */
void	subscription_free(struct subscription *);

/* Ask again if it was denied: rights may have been granted meanwhile. */
void	subscription_retry(struct subscription *);

enum subscription_state subscription_state(const struct subscription *);

/* How often it was cut while it was UP or SILENT. */
uint64_t subscription_cuts(const struct subscription *);

#endif
