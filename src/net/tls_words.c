/* tls_words - one table for alerts, one for certificates. */
#include "net/tls_words.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"

#define NAMES_MAX 8 /* of a certificate, shown */

/*
 * The peer's certificate.
 */

static void
put_ip(struct strbuf *s, const ASN1_OCTET_STRING *ip)
{
	char text[INET6_ADDRSTRLEN] = "";
	int len = ASN1_STRING_length(ip);

	if (len == 4 || len == 16)
		(void)inet_ntop(len == 4 ? AF_INET : AF_INET6,
		    ASN1_STRING_get0_data(ip), text, sizeof(text));
	strbuf_puts(s, text);
}

/* The names come from the peer: only what may stand in a name is shown. */
static void
put_dns(struct strbuf *s, const ASN1_STRING *name)
{
	const unsigned char *p = ASN1_STRING_get0_data(name);
	int i, len = ASN1_STRING_length(name);

	for (i = 0; i < len && i < 253; i++)
		strbuf_putc(s, p[i] > ' ' && p[i] < 0x7f ? (char)p[i] : '?');
}

/* "; it is for a, b and 127.0.0.1", or nothing when no name can be read. */
static void
put_names(struct strbuf *s, const X509 *cert)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	const GENERAL_NAME *name;
	int i, shown = 0;

	for (i = 0; i < sk_GENERAL_NAME_num(names) && shown < NAMES_MAX; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS && name->type != GEN_IPADD)
			continue;
		strbuf_puts(s, shown++ == 0 ? "; it is for " : ", ");
		if (name->type == GEN_DNS)
			put_dns(s, name->d.dNSName);
		else
			put_ip(s, name->d.iPAddress);
	}
	GENERAL_NAMES_free(names);
}

static void
put_date(struct strbuf *s, const ASN1_TIME *at)
{
	char text[32];
	struct tm tm;

	if (ASN1_TIME_to_tm(at, &tm) == 1 &&
	    strftime(text, sizeof(text), " (%Y-%m-%dT%H:%M:%SZ)", &tm) > 0)
		strbuf_puts(s, text);
}

static void
put_fault(struct strbuf *s, int fault, const X509 *cert, const char *name)
{
	switch (fault) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		strbuf_puts(s, "the peer's certificate has expired");
		if (cert != NULL)
			put_date(s, X509_get0_notAfter(cert));
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		strbuf_puts(s, "the peer's certificate is not valid yet");
		if (cert != NULL)
			put_date(s, X509_get0_notBefore(cert));
		return;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		strbuf_puts(s,
		    "the peer's certificate is signed by an unknown CA: the "
		    "CA file does not hold the one that signed it");
		return;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		strbuf_printf(s, "the peer's certificate is not for %s", name);
		if (cert != NULL)
			put_names(s, cert);
		return;
	case X509_V_ERR_INVALID_PURPOSE:
		strbuf_puts(s,
		    "the peer's certificate is not meant for servers "
		    "(extended key usage)");
		return;
	default:
		strbuf_printf(s, "the peer's certificate is refused: %s",
		    X509_verify_cert_error_string(fault));
	}
}

void
tls_words_of_certificate(
    struct err *err, int fault, const X509 *cert, const char *name)
{
	struct strbuf s = { 0 };

	put_fault(&s, fault, cert, name);
	err_set(err, "%s", strbuf_text(&s));
	strbuf_fini(&s);
}

/*
 * Everything else.
 */

#define WANTS_CERTIFICATE "the peer wants a client certificate"

static const struct {
	int reason; /* from 1000 on: the alert that the peer sent */
	const char *words;
} known[] = {
	{ SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, WANTS_CERTIFICATE },
	{ SSL_R_TLSV1_ALERT_UNKNOWN_CA,
	    "the peer does not know the CA of our certificate" },
	{ SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
	    "the peer says that our certificate has expired" },
	{ SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
	    "the peer says that our certificate was revoked" },
	{ SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
	    "the peer does not take our certificate: it may not be meant for "
	    "clients (extended key usage)" },
	{ SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
	    "the peer does not take our certificate" },
	{ SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
	    "the peer does not take our certificate" },
	{ SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
	    "the peer speaks none of our TLS versions (1.2 and later)" },
	{ SSL_R_UNSUPPORTED_PROTOCOL,
	    "the peer speaks none of our TLS versions (1.2 and later)" },
};

/* The first that TLS itself reported; what follows are consequences. */
static unsigned long
first_error(void)
{
	unsigned long code;

	while ((code = ERR_get_error()) != 0)
		if (ERR_GET_LIB(code) == ERR_LIB_SSL)
			break;
	return code;
}

void
tls_words_of_errors(struct err *err, bool with_certificate)
{
	unsigned long code = first_error();
	int reason = ERR_GET_REASON(code);
	const char *text = ERR_reason_error_string(code);
	size_t i;

	if (reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE) {
		err_set(err, "%s",
		    with_certificate
			? "the peer refuses the handshake: our certificate "
			  "and it, or our ciphers, do not fit"
			: WANTS_CERTIFICATE ", or other ciphers than ours");
		return;
	}
	for (i = 0; code != 0 && i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].reason == reason) {
			err_set(err, "%s", known[i].words);
			return;
		}
	err_set(err, "TLS failed: %s",
	    text == NULL ? "OpenSSL gives no reason" : text);
}
