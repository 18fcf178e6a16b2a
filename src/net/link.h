/*
 * link - one connected socket: commands out, replies in.
 *
 * The only file that knows what carries the bytes (TCP, a unix socket, TLS on
 * top), so that the connection above need not.  What is written in one turn of
 * the loop leaves together at its end.  No deadlines of its own.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/reason.h"
#include "protocol/reply_reader.h"

struct link;
struct loop;
struct tls;

/* Both may free the link. */
struct link_ops {
	/* The reply is the callee's. */
	void	(*on_reply)(void *arg, struct reply *);

	/* Nothing more will come, after all replies; told once.  CLOSED,
	 * TIMEOUT (of TCP itself), TLS or PROTOCOL. */
	void	(*on_down)(void *arg, enum reason, const char *detail);
	void	*arg;
};

/* Takes over the descriptor of a connected, non-blocking socket, and the TLS
 * that is spoken on it, or NULL. */
struct link *link_new(struct loop *, int fd, struct tls *,
	    const struct reply_limits *, const struct link_ops *);
void	link_free(struct link *);

/* Another owner, from the next callback on. */
void	link_set_ops(struct link *, const struct link_ops *);

void	link_write(struct link *, const char *, size_t len);

/* Takes over heap bytes, which are wiped once they are written. */
void	link_write_secret(struct link *, char *owned, size_t len);

/* With TLS: is the handshake over? */
bool	link_is_up(const struct link *);

/* With TLS, when the peer has not sent a byte: send a line that is too long for
 * a server of plain text, which refuses it.  False when there is no point. */
bool	link_provoke(struct link *);

#endif
