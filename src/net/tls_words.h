/*
 * tls_words - OpenSSL's faults in words that name the side and the cause.
 */
#ifndef NET_TLS_WORDS_H
#define NET_TLS_WORDS_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "base/err.h"

/* A fault (X509_V_ERR_...) of a certificate in the peer's chain, which should
 * have been that of name. */
void	tls_words_of_certificate(struct err *, int fault, const X509 *,
	    const char *name);

/* What stands in OpenSSL's queue of errors: the peer's alert, or our own
 * finding.  with_certificate: we have one to show. */
void	tls_words_of_errors(struct err *, bool with_certificate);

#endif
