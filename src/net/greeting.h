/*
 * greeting - what a connection says first, and what the answers mean.  Pure.
 *
 * AUTH when credentials are configured, then CLIENT SETNAME, whose refusal
 * does not matter: ACLs may forbid it and Sentinel before 6.2 does not know
 * it.
 */
#ifndef NET_GREETING_H
#define NET_GREETING_H

#include <stdbool.h>
#include <stddef.h>

#include "config/conf.h"
#include "net/batch.h"
#include "protocol/reason.h"
#include "protocol/reply.h"

enum greeting_step {
	GREETING_AUTH,
	GREETING_NAME,
	GREETING_OVER,
};

struct greeting {
	const struct credentials *auth;	/* borrowed */
	enum greeting_step step;	/* whose answer is awaited */
	bool no_password;	/* the server has none; we went on without */
};

/* Begin; the commands go into the batch, which then holds the secret. */
void	greeting_start(struct greeting *, const struct credentials *,
	    struct batch *);

/* Take the next answer.  REASON_NONE: go on, over when step says so.  Else the
 * server refused us, and detail (without a secret) says how. */
enum reason greeting_take(struct greeting *, const struct reply *,
	    struct err *detail);

#endif
