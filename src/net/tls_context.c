/* tls_context - PEM files to OpenSSL's context, followed when they change. */
#include "net/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/log.h"
#include "base/xalloc.h"

#define PEM_BYTES_MAX (4 * 1024 * 1024) /* a bundle of the system is 200 KiB */

enum watched {
	WATCHED_CA,
	WATCHED_CERT,
	WATCHED_KEY,
	WATCHED_COUNT,
};

struct tls_context {
	uint32_t magic;
#define TLS_CONTEXT_MAGIC 0x715c0c7e
	int refs;
	struct tls_conf *conf; /* counted */
	SSL_CTX *ssl; /* owned; NULL = never usable so far */
	uint64_t generation;
	bool tried;
	struct file_stamp stamps[WATCHED_COUNT]; /* when tried last */
	struct err err; /* of the last try, when there is no ssl */
};

/* What OpenSSL says of the last failure, in its words. */
static const char *
openssl_words(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *text = code == 0 ? NULL : ERR_reason_error_string(code);

	return text == NULL ? "OpenSSL gives no reason" : text;
}

static const char *
key_path(const struct tls_conf *c)
{
	return c->key_file != NULL ? c->key_file : c->cert_file;
}

/*
 * Reading PEM.
 */

/* The file as a BIO over f, which outlives it. */
static BIO *
open_pem(const char *what, const char *path, struct file *f, struct err *err)
{
	struct err why;
	BIO *bio;

	if (!file_read(f, path, PEM_BYTES_MAX, &why)) {
		err_set(err, "%s %s: %s", what, path, why.text);
		return NULL;
	}
	bio = BIO_new_mem_buf(f->bytes, (int)f->len);
	ASSERT(bio != NULL);
	return bio;
}

/* All certificates in it; false when there is none. */
static bool
trust_all(SSL_CTX *ssl, BIO *bio)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ssl);
	X509 *cert;
	size_t n = 0;

	while ((cert = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
		n += X509_STORE_add_cert(store, cert) == 1;
		X509_free(cert);
	}
	return n > 0;
}

static bool
load_ca_file(SSL_CTX *ssl, const char *path, struct err *err)
{
	struct file f;
	BIO *bio = open_pem("CA file", path, &f, err);
	bool ok;

	if (bio == NULL)
		return false;
	ok = trust_all(ssl, bio);
	if (!ok)
		err_set(err, "CA file %s: no PEM certificate in it", path);
	BIO_free(bio);
	file_fini(&f);
	return ok;
}

static bool
load_ca_data(SSL_CTX *ssl, const char *pem, struct err *err)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	bool ok;

	ASSERT(bio != NULL);
	ok = trust_all(ssl, bio);
	if (!ok)
		err_set(err, "the CA data holds no PEM certificate");
	BIO_free(bio);
	return ok;
}

static bool
load_cas(SSL_CTX *ssl, const struct tls_conf *c, struct err *err)
{
	if (c->ca_file == NULL && c->ca_path == NULL && c->ca_data == NULL) {
		if (SSL_CTX_set_default_verify_paths(ssl) == 1)
			return true;
		err_set(err, "the system's CAs cannot be read: %s",
		    openssl_words());
		return false;
	}
	if (c->ca_file != NULL && !load_ca_file(ssl, c->ca_file, err))
		return false;
	if (c->ca_data != NULL && !load_ca_data(ssl, c->ca_data, err))
		return false;
	if (c->ca_path == NULL || SSL_CTX_load_verify_dir(ssl, c->ca_path) == 1)
		return true;
	err_set(err, "CA folder %s: %s", c->ca_path, openssl_words());
	return false;
}

/* Without one OpenSSL would ask on the terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static bool
use_certificates(SSL_CTX *ssl, BIO *bio)
{
	X509 *cert = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL);
	bool ok = cert != NULL && SSL_CTX_use_certificate(ssl, cert) == 1;

	X509_free(cert);
	while (ok && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ssl, cert) != 1) {
			X509_free(cert);
			ok = false;
		}
	return ok;
}

static bool
load_certificate(SSL_CTX *ssl, const struct tls_conf *c, struct err *err)
{
	struct file f;
	BIO *bio = open_pem("certificate file", c->cert_file, &f, err);
	bool ok;

	if (bio == NULL)
		return false;
	ERR_clear_error();
	ok = use_certificates(ssl, bio);
	if (!ok)
		err_set(err, "certificate file %s: %s", c->cert_file,
		    ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
			? "no PEM certificate in it"
			: openssl_words());
	BIO_free(bio);
	file_fini(&f);
	return ok;
}

static bool
load_key(SSL_CTX *ssl, const struct tls_conf *c, struct err *err)
{
	const char *path = key_path(c);
	bool encrypted = false, ok = false;
	struct file f;
	BIO *bio = open_pem("key file", path, &f, err);
	EVP_PKEY *key;

	if (bio == NULL)
		return false;
	ERR_clear_error();
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &encrypted);
	if (encrypted)
		err_set(err,
		    "key file %s: the key is encrypted; give one that is not "
		    "(openssl pkey -in OLD -out NEW), readable by us alone",
		    path);
	else if (key == NULL)
		err_set(err, "key file %s: no PEM private key in it", path);
	else if (SSL_CTX_use_PrivateKey(ssl, key) != 1 ||
		 SSL_CTX_check_private_key(ssl) != 1)
		err_set(err,
		    "key file %s does not belong to certificate file %s: %s",
		    path, c->cert_file, openssl_words());
	else
		ok = true;
	EVP_PKEY_free(key);
	BIO_free(bio);
	file_fini(&f);
	return ok;
}

/*
 * The context.
 */

static void
set_rules(SSL_CTX *ssl, const struct tls_conf *c)
{
	int min =
	    c->min_version == TLS_VERSION_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;

	ASSERT(SSL_CTX_set_min_proto_version(ssl, min) == 1);
	(void)SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS |
					SSL_MODE_ENABLE_PARTIAL_WRITE |
					SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* Sessions are kept by the connections, each its own. */
	(void)SSL_CTX_set_session_cache_mode(
	    ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
}

static SSL_CTX *
load(const struct tls_conf *c, struct err *err)
{
	SSL_CTX *ssl = SSL_CTX_new(TLS_client_method());
	bool ok = true;

	ASSERT(ssl != NULL);
	set_rules(ssl, c);
	if (c->ciphers != NULL &&
	    SSL_CTX_set_cipher_list(ssl, c->ciphers) != 1) {
		err_set(err, "no cipher of \"%s\" is known", c->ciphers);
		ok = false;
	}
	if (ok && !c->insecure_skip_verify)
		ok = load_cas(ssl, c, err);
	if (ok && c->cert_file != NULL)
		ok = load_certificate(ssl, c, err) && load_key(ssl, c, err);
	ERR_clear_error();
	if (ok)
		return ssl;
	SSL_CTX_free(ssl);
	return NULL;
}

/* Have the files changed since the last try?  Notes how they are now. */
static bool
have_changed(struct tls_context *t)
{
	const struct tls_conf *c = t->conf;
	const char *paths[WATCHED_COUNT] = {
		[WATCHED_CA] = c->ca_file,
		[WATCHED_CERT] = c->cert_file,
		[WATCHED_KEY] = key_path(c),
	};
	bool changed = !t->tried;
	struct file_stamp now;
	size_t i;

	if (c->ca_file == NULL && c->ca_path == NULL && c->ca_data == NULL &&
	    !c->insecure_skip_verify)
		paths[WATCHED_CA] = X509_get_default_cert_file();
	for (i = 0; i < WATCHED_COUNT; i++) {
		if (paths[i] == NULL)
			continue;
		now = file_stamp(paths[i]);
		changed |= !file_stamp_equal(&now, &t->stamps[i]);
		t->stamps[i] = now;
	}
	t->tried = true;
	return changed;
}

static void
refresh(struct tls_context *t)
{
	SSL_CTX *ssl;

	if (!have_changed(t))
		return;
	ssl = load(t->conf, &t->err);
	if (ssl == NULL) {
		if (t->ssl != NULL)
			log_warn("TLS files changed, but cannot be used; those "
				 "read before stay in use",
			    "reason", t->err.text, NULL);
		return;
	}
	if (t->ssl != NULL)
		log_info("TLS files were read again", NULL);
	SSL_CTX_free(t->ssl);
	t->ssl = ssl;
	t->generation++;
}

struct tls_context *
tls_context_new(struct tls_conf *conf)
{
	struct tls_context *t;

	if (conf == NULL)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	OBJECT_INIT(t, TLS_CONTEXT_MAGIC);
	t->refs = 1;
	t->conf = tls_conf_ref(conf);
	return t;
}

struct tls_context *
tls_context_ref(struct tls_context *t)
{
	if (t == NULL)
		return NULL;
	OBJECT_CHECK(t, TLS_CONTEXT_MAGIC);
	t->refs++;
	return t;
}

void
tls_context_unref(struct tls_context *t)
{
	if (t == NULL)
		return;
	OBJECT_CHECK(t, TLS_CONTEXT_MAGIC);
	if (--t->refs > 0)
		return;
	SSL_CTX_free(t->ssl);
	tls_conf_unref(t->conf);
	OBJECT_FINI(t, TLS_CONTEXT_MAGIC);
	free(t);
}

struct ssl_ctx_st *
tls_context_get(struct tls_context *t, struct err *err)
{
	OBJECT_CHECK(t, TLS_CONTEXT_MAGIC);
	refresh(t);
	if (t->ssl == NULL)
		*err = t->err;
	return t->ssl;
}

uint64_t
tls_context_generation(const struct tls_context *t)
{
	return t->generation;
}

const struct tls_conf *
tls_context_conf(const struct tls_context *t)
{
	return t->conf;
}
