/* tls_server - GnuTLS credentials, priorities and the check of clients. */
#include "web/tls_server.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/assert.h"
#include "base/strbuf.h"
#include "base/strlist.h"
#include "base/xalloc.h"
#include "config/web_file.h"

struct tls_server {
	uint32_t magic;
#define TLS_SERVER_MAGIC 0x75e1c0de
	int refs;
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
	gnutls_priority_t priority12; /* for TLS 1.2 and older; NULL: none */
	enum web_client_auth client_auth;
	struct strlist sans; /* empty: any */
};

static bool
fail(struct err *err, const struct web_file *f, const char *what, int rc)
{
	err_set(err, "%s: %s: %s", f->path, what, gnutls_strerror(rc));
	return false;
}

/* -- what is spoken ------------------------------------------------------- */

static void
put_versions(struct strbuf *out, const struct web_file *f, int max)
{
	int v;

	for (v = max; v >= f->min_version; v--)
		strbuf_printf(out, ":+VERS-TLS1.%d", v - 10);
}

static void
put_curves(struct strbuf *out, const struct web_file *f)
{
	static const char *const names[][2] = {
		{ "CurveP256", "SECP256R1" },
		{ "CurveP384", "SECP384R1" },
		{ "CurveP521", "SECP521R1" },
		{ "X25519", "X25519" },
	};
	char *const *curve;
	size_t i;

	if (f->curves.items.n == 0)
		return;
	strbuf_puts(out, ":-GROUP-ALL");
	vec_foreach(curve, &f->curves.items)
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strcmp(*curve, names[i][0]) == 0)
				strbuf_printf(out, ":+GROUP-%s", names[i][1]);
}

static bool
init_priority(gnutls_priority_t *out, const struct web_file *f,
    struct strbuf *text, struct err *err)
{
	int rc;

	if (f->prefer_server_ciphers)
		strbuf_puts(text, ":%SERVER_PRECEDENCE");
	rc = gnutls_priority_init(out, strbuf_text(text), NULL);
	strbuf_fini(text);
	return rc == 0 || fail(err, f, "the versions, curves or ciphers", rc);
}

static bool
read_priority(struct tls_server *t, const struct web_file *f, struct err *err)
{
	struct strbuf text = { 0 };

	/* Static RSA has no forward secrecy: a client without a common curve
	 * would fall back to it. */
	strbuf_puts(&text, "NORMAL:-RSA:-VERS-ALL");
	put_versions(&text, f, f->max_version);
	put_curves(&text, f);
	return init_priority(&t->priority, f, &text, err);
}

/* "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" in GnuTLS' words. */
static void
put_cipher(struct strbuf *out, const char *suite)
{
	static const char *const words[][2] = {
		{ "_ECDHE_ECDSA_", ":+ECDHE-ECDSA" },
		{ "_ECDHE_RSA_", ":+ECDHE-RSA" },
		{ "_AES_128_GCM_", ":+AES-128-GCM:+AEAD" },
		{ "_AES_256_GCM_", ":+AES-256-GCM:+AEAD" },
		{ "_CHACHA20_POLY1305_", ":+CHACHA20-POLY1305:+AEAD" },
		{ "_AES_128_CBC_", ":+AES-128-CBC:+SHA1" },
		{ "_AES_256_CBC_", ":+AES-256-CBC:+SHA1" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(suite, words[i][0]) != NULL)
			strbuf_puts(out, words[i][1]);
}

/* GnuTLS has one list of ciphers for all versions, while Go's governs those
 * before 1.3: so it is set once the version is known. */
static bool
read_priority12(struct tls_server *t, const struct web_file *f, struct err *err)
{
	struct strbuf text = { 0 };
	char *const *suite;

	if (f->cipher_suites.items.n == 0)
		return true;
	strbuf_puts(&text, "NONE:+SIGN-ALL:+CTYPE-X509:+COMP-NULL");
	put_versions(&text, f, f->max_version < 12 ? f->max_version : 12);
	vec_foreach(suite, &f->cipher_suites.items)
		put_cipher(&text, *suite);
	if (f->curves.items.n == 0)
		strbuf_puts(&text, ":+GROUP-ALL");
	put_curves(&text, f);
	return init_priority(&t->priority12, f, &text, err);
}

static int
on_client_hello(gnutls_session_t session)
{
	struct tls_server *t = gnutls_db_get_ptr(session);

	OBJECT_CHECK(t, TLS_SERVER_MAGIC);
	if (t->priority12 != NULL &&
	    gnutls_protocol_get_version(session) < GNUTLS_TLS1_3)
		return gnutls_priority_set(session, t->priority12);
	return 0;
}

/* -- who may come --------------------------------------------------------- */

static bool
san_matches(
    const struct strlist *sans, unsigned type, const char *san, size_t len)
{
	char ip[INET6_ADDRSTRLEN];
	char *const *want;

	if (type == GNUTLS_SAN_IPADDRESS) {
		if (inet_ntop(len == 4 ? AF_INET : AF_INET6, san, ip,
			sizeof(ip)) == NULL)
			return false;
		return strlist_has(sans, ip);
	}
	if (type != GNUTLS_SAN_DNSNAME && type != GNUTLS_SAN_RFC822NAME &&
	    type != GNUTLS_SAN_URI)
		return false;
	vec_foreach(want, &sans->items)
		if (strlen(*want) == len && memcmp(*want, san, len) == 0)
			return true;
	return false;
}

static bool
has_allowed_san(const struct tls_server *t, const gnutls_datum_t *der)
{
	gnutls_x509_crt_t crt;
	unsigned i, type = 0;
	bool allowed = false;
	char san[1024];
	size_t len;
	int rc = 0;

	if (gnutls_x509_crt_init(&crt) != 0)
		return false;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) != 0)
		rc = GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
	for (i = 0; !allowed && rc != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
	     i++) {
		len = sizeof(san);
		rc = gnutls_x509_crt_get_subject_alt_name2(
		    crt, i, san, &len, &type, NULL);
		if (rc >= 0)
			allowed = san_matches(&t->sans, type, san, len);
	}
	gnutls_x509_crt_deinit(crt);
	return allowed;
}

/* The alert that is sent when the client's certificate is not good enough; 0
 * when it is. */
static int
judge_chain(gnutls_session_t session)
{
	gnutls_typed_vdata_st purpose = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
		.data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT };
	unsigned status = 0;

	if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) != 0)
		return GNUTLS_A_BAD_CERTIFICATE;
	if ((status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0)
		return GNUTLS_A_UNKNOWN_CA;
	if ((status & GNUTLS_CERT_EXPIRED) != 0)
		return GNUTLS_A_CERTIFICATE_EXPIRED;
	return status == 0 ? 0 : GNUTLS_A_BAD_CERTIFICATE;
}

static int
judge_client(const struct tls_server *t, gnutls_session_t session)
{
	unsigned n = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &n);
	int alert = 0;

	if (chain == NULL || n == 0) {
		if (t->client_auth != WEB_REQUIRE_ANY_CLIENT_CERT &&
		    t->client_auth != WEB_REQUIRE_AND_VERIFY_CLIENT_CERT)
			return 0;
		return gnutls_protocol_get_version(session) == GNUTLS_TLS1_3
			   ? GNUTLS_A_CERTIFICATE_REQUIRED
			   : GNUTLS_A_HANDSHAKE_FAILURE;
	}
	if (t->client_auth >= WEB_VERIFY_CLIENT_CERT_IF_GIVEN)
		alert = judge_chain(session);
	if (alert == 0 && t->sans.items.n > 0 && !has_allowed_san(t, &chain[0]))
		alert = GNUTLS_A_BAD_CERTIFICATE;
	return alert;
}

/* libmicrohttpd sends no alert, and the client would only see an end. */
static int
on_client_certificate(gnutls_session_t session)
{
	struct tls_server *t = gnutls_db_get_ptr(session);
	int alert;

	OBJECT_CHECK(t, TLS_SERVER_MAGIC);
	alert = judge_client(t, session);
	if (alert == 0)
		return 0;
	(void)gnutls_alert_send(
	    session, GNUTLS_AL_FATAL, (gnutls_alert_description_t)alert);
	return GNUTLS_E_CERTIFICATE_ERROR;
}

/* -- what we are ---------------------------------------------------------- */

static gnutls_datum_t
datum(const char *text)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text,
		(unsigned)strlen(text) };
}

static bool
read_pair(struct tls_server *t, const struct web_file *f, struct err *err)
{
	const gnutls_datum_t cert = datum(f->cert.text);
	const gnutls_datum_t key = datum(f->private_key.text);
	int rc;

	if (strstr(f->private_key.text, "ENCRYPTED") != NULL) {
		err_set(err,
		    "%s: the key is encrypted; give one without a passphrase, "
		    "readable only by the exporter",
		    f->private_key.path != NULL ? f->private_key.path
						: f->path);
		return false;
	}
	rc = gnutls_certificate_set_x509_key_mem(
	    t->credentials, &cert, &key, GNUTLS_X509_FMT_PEM);
	if (rc == GNUTLS_E_CERTIFICATE_KEY_MISMATCH) {
		err_set(err,
		    "%s: the certificate and the key do not belong "
		    "together",
		    f->path);
		return false;
	}
	return rc >= 0 || fail(err, f, "the certificate or its key", rc);
}

static bool
read_client_ca(struct tls_server *t, const struct web_file *f, struct err *err)
{
	gnutls_datum_t ca;
	int n;

	if (f->client_ca.text == NULL)
		return true;
	ca = datum(f->client_ca.text);
	n = gnutls_certificate_set_x509_trust_mem(
	    t->credentials, &ca, GNUTLS_X509_FMT_PEM);
	if (n > 0)
		return true;
	err_set(err,
	    "%s: there is no certificate in client_ca_file, so no "
	    "client could ever come in",
	    f->path);
	return false;
}

struct tls_server *
tls_server_new(const struct web_file *f, struct err *err)
{
	struct tls_server *t = xcalloc(1, sizeof(*t));
	char *const *san;

	OBJECT_INIT(t, TLS_SERVER_MAGIC);
	t->refs = 1;
	t->client_auth = f->client_auth;
	vec_foreach(san, &f->client_allowed_sans.items)
		strlist_add(&t->sans, *san, strlen(*san));
	if (gnutls_certificate_allocate_credentials(&t->credentials) != 0)
		abort();
	gnutls_certificate_set_verify_function(
	    t->credentials, on_client_certificate);
	if (read_pair(t, f, err) && read_client_ca(t, f, err) &&
	    read_priority(t, f, err) && read_priority12(t, f, err))
		return t;
	tls_server_unref(t);
	return NULL;
}

struct tls_server *
tls_server_ref(struct tls_server *t)
{
	OBJECT_CHECK(t, TLS_SERVER_MAGIC);
	t->refs++;
	return t;
}

void
tls_server_unref(struct tls_server *t)
{
	if (t == NULL)
		return;
	OBJECT_CHECK(t, TLS_SERVER_MAGIC);
	ASSERT(t->refs > 0);
	if (--t->refs > 0)
		return;
	gnutls_certificate_free_credentials(t->credentials);
	if (t->priority != NULL)
		gnutls_priority_deinit(t->priority);
	if (t->priority12 != NULL)
		gnutls_priority_deinit(t->priority12);
	strlist_fini(&t->sans);
	OBJECT_FINI(t, TLS_SERVER_MAGIC);
	free(t);
}

bool
tls_server_attach(struct tls_server *t, gnutls_session_t session)
{
	gnutls_db_set_ptr(session, t);
	gnutls_handshake_set_post_client_hello_function(
	    session, on_client_hello);
	/* REQUEST also where one is required: we say so with an alert. */
	gnutls_certificate_server_set_request(session,
	    t->client_auth == WEB_NO_CLIENT_CERT ? GNUTLS_CERT_IGNORE
						 : GNUTLS_CERT_REQUEST);
	return gnutls_priority_set(session, t->priority) == 0 &&
	       gnutls_credentials_set(
		   session, GNUTLS_CRD_CERTIFICATE, t->credentials) == 0;
}
