/*
 * tls_context - what connections to one kind of server share for TLS: the CAs
 * that are trusted, our own certificate, versions and ciphers.
 *
 * Files are read when the first connection dials, and again when they changed;
 * ones that cannot be used leave those in use that were read before.
 * Counted; watch thread only.
 */
#ifndef NET_TLS_CONTEXT_H
#define NET_TLS_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/tls_conf.h"

struct ssl_ctx_st;
struct tls_context;

/* One reference; NULL for a NULL conf, which is plain text. */
struct tls_context *tls_context_new(struct tls_conf *);
struct tls_context *tls_context_ref(struct tls_context *);
void	tls_context_unref(struct tls_context *);

/* OpenSSL's context as the files are now.  NULL with the reason, which names
 * the file, when there never was one that could be used. */
struct ssl_ctx_st *tls_context_get(struct tls_context *, struct err *);

/* Grows with each new context: sessions of an older one are not resumed. */
uint64_t tls_context_generation(const struct tls_context *);

const struct tls_conf *tls_context_conf(const struct tls_context *);

#endif
