/*
 * tls_server - TLS for the web's connections, as --web.config.file wants it.
 *
 * Everything is set per connection, so that a renewed certificate is followed
 * without a connection lost: those that are there keep what they began with.
 * Counted; on the web thread only.
 */
#ifndef WEB_TLS_SERVER_H
#define WEB_TLS_SERVER_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

#include "base/err.h"

struct tls_server;
struct web_file;

/* From a file with TLS; NULL with a reason that names it. */
struct tls_server *tls_server_new(const struct web_file *, struct err *);
struct tls_server *tls_server_ref(struct tls_server *);
void	tls_server_unref(struct tls_server *);

/* Prepare a session before its handshake; it holds a reference of the caller's
 * until it ends. */
bool	tls_server_attach(struct tls_server *, gnutls_session_t);

#endif
