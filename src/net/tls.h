/*
 * tls - TLS on one connection: bytes in, bytes out, no I/O.
 *
 * OpenSSL works on memory here and never sees the socket, so that a connection
 * with TLS reads, writes and ends exactly as one without (net/link.c), and
 * every failure is found in the order in which its bytes came.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "net/tls_context.h"

struct evbuffer;
struct ssl_session_st;
struct tls;

/* The session of the last connection to a peer, to be resumed by the next. */
struct tls_memory {
	struct ssl_session_st *session;	/* owned; NULL = none */
	uint64_t generation;	/* of the context that it was made with */
};

void	tls_memory_fini(struct tls_memory *);

/* Begin as a client.  host: the name or IP that was dialled, which the
 * certificate must carry unless the configuration says otherwise; a path, of a
 * unix socket, needs a server name.  The context and the memory are borrowed
 * for the life of it.  NULL with the reason when the configuration's files
 * cannot be used. */
struct tls *tls_new(struct tls_context *, const char *host,
	    struct tls_memory *, struct err *);
void	tls_free(struct tls *);

/* Take bytes that came from the peer. */
void	tls_feed(struct tls *, const char *bytes, size_t len);

enum tls_got {
	TLS_GOT_BYTES,		/* *n bytes of plain text */
	TLS_GOT_NOTHING,	/* more must come first */
	TLS_GOT_END,		/* the peer said that it sends no more */
	TLS_GOT_FAILURE,	/* tls_failure says why */
};
enum tls_got tls_read(struct tls *, char *bytes, size_t size, size_t *n);

/* Encrypt what it takes of the plain text, which waits until the handshake is
 * over, and move what is to be sent to the end of out.  False when the
 * handshake failed: tls_failure says why. */
bool	tls_write(struct tls *, struct evbuffer *plain, struct evbuffer *out);

/* Has the handshake come to its end? */
bool	tls_is_up(const struct tls *);

/* Why it failed, in words for an operator. */
const char *tls_failure(const struct tls *);

#endif
