/*
 * link - one connected socket: commands out, replies in.
 *
 * The only room that knows what carries the bytes (here TCP or a unix socket),
 * so that the connection above need not.  It has no deadlines of its own.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include <stddef.h>

#include "protocol/reason.h"
#include "protocol/reply.h"

struct link;
struct loop;

/* Both may free the link. */
struct link_ops {
	/* The reply is the callee's. */
	void	(*on_reply)(void *arg, struct reply *);

	/* Nothing more will come, after all replies; told once.  CLOSED,
	 * TIMEOUT (of TCP itself) or PROTOCOL. */
	void	(*on_down)(void *arg, enum reason, const char *detail);
	void	*arg;
};

/* Takes over the descriptor of a connected socket. */
struct link *link_new(struct loop *, int fd, const struct reply_limits *,
	    const struct link_ops *);
void	link_free(struct link *);

void	link_write(struct link *, const char *, size_t len);

/* Takes over heap bytes, which are wiped once they are written. */
void	link_write_secret(struct link *, char *owned, size_t len);

#endif
