/* tls - OpenSSL between two memory buffers. */
#include "net/tls.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/xalloc.h"
#include "net/tls_words.h"

#define RECORD_BYTES 16384

struct tls {
	uint32_t magic;
#define TLS_MAGIC 0x7150ff1e
	SSL *ssl; /* owned */
	BIO *in, *out; /* of ssl */
	struct tls_context *context; /* counted */
	struct tls_memory *memory; /* borrowed */
	char *name; /* owned; that the certificate must carry */
	bool begun; /* a byte has come */
	bool failed;
	struct err failure;
	struct err refusal; /* of the certificate, noted while it was at hand */
};

static struct tls *
tls_of(const SSL *ssl)
{
	struct tls *t = SSL_get_app_data(ssl);

	OBJECT_CHECK(t, TLS_MAGIC);
	return t;
}

/*
 * Sessions.
 */

void
tls_memory_fini(struct tls_memory *m)
{
	SSL_SESSION_free(m->session);
	*m = (struct tls_memory){ 0 };
}

/* A ticket came; one is good for one connection. */
static int
keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct tls *t = tls_of(ssl);

	SSL_SESSION_free(t->memory->session);
	t->memory->session = session;
	t->memory->generation = tls_context_generation(t->context);
	return 1;
}

/* A resumed session's certificate is not looked at again, so one that has run
 * out since, or was judged by other CAs, is not resumed. */
static bool
may_resume(const struct tls *t)
{
	const struct tls_memory *m = t->memory;
	const X509 *cert;

	if (m->session == NULL ||
	    m->generation != tls_context_generation(t->context))
		return false;
	cert = SSL_SESSION_get0_peer(m->session);
	return cert != NULL &&
	       X509_cmp_current_time(X509_get0_notAfter(cert)) > 0;
}

static void
resume(struct tls *t)
{
	if (may_resume(t))
		(void)SSL_set_session(t->ssl, t->memory->session);
	tls_memory_fini(t->memory);
}

/*
 * Whom we expect.
 */

static bool
is_ip(const char *host)
{
	struct in6_addr scratch;

	return inet_pton(AF_INET, host, &scratch) == 1 ||
	       inet_pton(AF_INET6, host, &scratch) == 1;
}

/* Called with each fault of the chain; the certificate is at hand only now. */
static int
judge(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
	    store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls *t = tls_of(ssl);

	if (!ok && t->refusal.text[0] == '\0')
		tls_words_of_certificate(&t->refusal,
		    X509_STORE_CTX_get_error(store),
		    X509_STORE_CTX_get_current_cert(store), t->name);
	return ok;
}

static bool
expect_name(struct tls *t, struct err *err)
{
	const struct tls_conf *c = tls_context_conf(t->context);
	bool ip = is_ip(t->name);

	if (!ip && t->name[0] != '/')
		(void)SSL_set_tlsext_host_name(t->ssl, t->name);
	if (c->insecure_skip_verify)
		return true;
	SSL_set_verify(t->ssl, SSL_VERIFY_PEER, judge);
	if (c->skip_name_check)
		return true;
	if (t->name[0] == '/') {
		err_set(err,
		    "TLS over a unix socket needs a server name to check the "
		    "certificate by");
		return false;
	}
	SSL_set_hostflags(t->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	ASSERT(
	    (ip ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), t->name)
		: SSL_set1_host(t->ssl, t->name)) == 1);
	return true;
}

struct tls *
tls_new(struct tls_context *context, const char *host, struct tls_memory *m,
    struct err *err)
{
	const struct tls_conf *c = tls_context_conf(context);
	SSL_CTX *ctx = tls_context_get(context, err);
	struct tls *t;

	if (ctx == NULL)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	OBJECT_INIT(t, TLS_MAGIC);
	t->context = tls_context_ref(context);
	t->memory = m;
	t->name = xstrdup(c->server_name != NULL ? c->server_name : host);
	SSL_CTX_sess_set_new_cb(ctx, keep_session);
	t->ssl = SSL_new(ctx);
	t->in = BIO_new(BIO_s_mem());
	t->out = BIO_new(BIO_s_mem());
	ASSERT(t->ssl != NULL && t->in != NULL && t->out != NULL);
	(void)SSL_set_app_data(t->ssl, t);
	(void)BIO_set_mem_eof_return(t->in, -1);
	SSL_set_bio(t->ssl, t->in, t->out);
	SSL_set_connect_state(t->ssl);
	if (!expect_name(t, err)) {
		tls_free(t);
		return NULL;
	}
	resume(t);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	/* Else OpenSSL takes the session for one that ended badly. */
	SSL_set_shutdown(t->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(t->ssl);
	tls_context_unref(t->context);
	free(t->name);
	OBJECT_FINI(t, TLS_MAGIC);
	free(t);
}

/*
 * Bytes.
 */

static void
fail(struct tls *t)
{
	const struct tls_conf *c = tls_context_conf(t->context);

	t->failed = true;
	if (t->refusal.text[0] != '\0')
		t->failure = t->refusal;
	else
		tls_words_of_errors(&t->failure, c->cert_file != NULL);
	ERR_clear_error();
}

void
tls_feed(struct tls *t, const char *bytes, size_t len)
{
	/* A record of a handshake, or an alert: nothing else can come first. */
	if (!t->begun && len > 0 && bytes[0] != 0x16 && bytes[0] != 0x15) {
		t->failed = true;
		err_set(&t->failure,
		    "the peer answers in plain text: it does not speak TLS on "
		    "this port");
	}
	t->begun |= len > 0;
	if (!t->failed)
		ASSERT(BIO_write(t->in, bytes, (int)len) == (int)len);
}

enum tls_got
tls_read(struct tls *t, char *bytes, size_t size, size_t *n)
{
	int rc;

	OBJECT_CHECK(t, TLS_MAGIC);
	if (t->failed)
		return TLS_GOT_FAILURE;
	ERR_clear_error();
	if (SSL_read_ex(t->ssl, bytes, size, n) == 1)
		return TLS_GOT_BYTES;
	rc = SSL_get_error(t->ssl, 0);
	if (rc == SSL_ERROR_WANT_READ || rc == SSL_ERROR_WANT_WRITE)
		return TLS_GOT_NOTHING;
	if (rc == SSL_ERROR_ZERO_RETURN)
		return TLS_GOT_END;
	fail(t);
	return TLS_GOT_FAILURE;
}

static void
encrypt(struct tls *t, struct evbuffer *plain)
{
	unsigned char *bytes;
	size_t len, n;

	while ((len = evbuffer_get_length(plain)) > 0) {
		len = len < RECORD_BYTES ? len : RECORD_BYTES;
		bytes = evbuffer_pullup(plain, (ev_ssize_t)len);
		if (SSL_write_ex(t->ssl, bytes, len, &n) != 1)
			break;
		(void)evbuffer_drain(plain, n);
	}
}

/* True also while it waits for the peer. */
static bool
go_on(struct tls *t)
{
	int rc = SSL_do_handshake(t->ssl);

	if (rc == 1)
		return true;
	rc = SSL_get_error(t->ssl, rc);
	if (rc == SSL_ERROR_WANT_READ || rc == SSL_ERROR_WANT_WRITE)
		return true;
	fail(t);
	return false;
}

bool
tls_write(struct tls *t, struct evbuffer *plain, struct evbuffer *out)
{
	char *bytes;
	long n;

	OBJECT_CHECK(t, TLS_MAGIC);
	ERR_clear_error();
	if (!t->failed && go_on(t) && SSL_is_init_finished(t->ssl))
		encrypt(t, plain);
	ERR_clear_error();
	n = BIO_get_mem_data(t->out, &bytes);
	if (n > 0 && evbuffer_add(out, bytes, (size_t)n) != 0)
		abort();
	(void)BIO_reset(t->out);
	return !t->failed;
}

bool
tls_is_up(const struct tls *t)
{
	return SSL_is_init_finished(t->ssl);
}

const char *
tls_failure(const struct tls *t)
{
	return t->failure.text;
}
