/*
 * certs - certificates made by a test, as PEM files in a folder of its own.
 *
 * A certificate and its key are NAME.crt and NAME.key.
 */
#ifndef FAKE_CERTS_H
#define FAKE_CERTS_H

#include <check.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CERTS_DAY 86400L

struct certs {
	char folder[64];
	long serial;
};

/* What is left out is the default of a good server's certificate. */
struct cert_spec {
	const char *name;	/* of the files, and the CN */
	const char *issuer;	/* NULL = itself, as a CA */
	const char *sans;	/* "DNS:a,IP:127.0.0.1"; NULL = none */
	const char *usage;	/* extended; NULL = any */
	long	from_s, until_s; /* from now; both 0 = a day ago, a day on */
};

static inline const char *
certs_path(const struct certs *c, const char *name, const char *suffix)
{
	static char paths[8][160];
	static int turn;
	char *path = paths[turn++ % 8];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s%s", c->folder, name,
	    suffix);
	return path;
}

static inline void
certs_begin(struct certs *c)
{
	*c = (struct certs){ .folder = "/tmp/certs-XXXXXX" };
	ck_assert_ptr_nonnull(mkdtemp(c->folder));
}

static inline void
certs_end(const struct certs *c)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", c->folder);
	ck_assert_int_eq(system(command), 0);
}

static inline void *
certs_read(const struct certs *c, const char *name, bool key)
{
	FILE *f = fopen(certs_path(c, name, key ? ".key" : ".crt"), "r");
	void *p;

	ck_assert_ptr_nonnull(f);
	p = key ? (void *)PEM_read_PrivateKey(f, NULL, NULL, NULL)
		: (void *)PEM_read_X509(f, NULL, NULL, NULL);
	ck_assert_ptr_nonnull(p);
	fclose(f);
	return p;
}

/* Into a new file that then takes the old one's place, as renewals do. */
static inline void
certs_write(const struct certs *c, const char *name, X509 *cert, EVP_PKEY *key,
    char *passphrase)
{
	const char *path = certs_path(c, name, cert != NULL ? ".crt" : ".key");
	const char *fresh = certs_path(c, name, ".new");
	FILE *f = fopen(fresh, "w");

	ck_assert_ptr_nonnull(f);
	if (cert != NULL)
		ck_assert_int_eq(PEM_write_X509(f, cert), 1);
	else
		ck_assert_int_eq(
		    PEM_write_PrivateKey(f, key,
			passphrase == NULL ? NULL : EVP_aes_128_cbc(), NULL, 0,
			NULL, passphrase),
		    1);
	fclose(f);
	ck_assert_int_eq(rename(fresh, path), 0);
}

/* Another's certificate (".crt") or key (".key") under this name from now on. */
static inline void
certs_copy(const struct certs *c, const char *from, const char *to,
    const char *suffix)
{
	char command[600];

	(void)snprintf(command, sizeof(command),
	    "cp '%s' '%s/new' && mv '%s/new' '%s'",
	    certs_path(c, from, suffix), c->folder, c->folder,
	    certs_path(c, to, suffix));
	ck_assert_int_eq(system(command), 0);
}

/* The key under another name, encrypted. */
static inline void
certs_seal(const struct certs *c, const char *from, const char *to)
{
	EVP_PKEY *key = certs_read(c, from, true);
	char phrase[] = "pass phrase";

	certs_write(c, to, NULL, key, phrase);
	EVP_PKEY_free(key);
}

static inline void
certs_extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	if (value == NULL)
		return;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ck_assert_ptr_nonnull(e);
	ck_assert_int_eq(X509_add_ext(cert, e, -1), 1);
	X509_EXTENSION_free(e);
}

static inline void
certs_make(struct certs *c, const struct cert_spec *spec)
{
	bool dated = spec->from_s != 0 || spec->until_s != 0;
	EVP_PKEY *key = EVP_EC_gen("P-256"), *issuer_key = key;
	X509 *cert = X509_new(), *issuer = cert;
	X509_NAME *name = X509_get_subject_name(cert);

	ck_assert_int_eq(X509_set_version(cert, 2), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), ++c->serial);
	X509_gmtime_adj(X509_getm_notBefore(cert),
	    dated ? spec->from_s : -CERTS_DAY);
	X509_gmtime_adj(X509_getm_notAfter(cert),
	    dated ? spec->until_s : CERTS_DAY);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)spec->name, -1, -1, 0);
	X509_set_pubkey(cert, key);
	if (spec->issuer != NULL) {
		issuer = certs_read(c, spec->issuer, false);
		issuer_key = certs_read(c, spec->issuer, true);
	}
	X509_set_issuer_name(cert, X509_get_subject_name(issuer));
	certs_extend(cert, issuer, NID_basic_constraints,
	    spec->issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
	certs_extend(cert, issuer, NID_subject_alt_name, spec->sans);
	certs_extend(cert, issuer, NID_ext_key_usage, spec->usage);
	ck_assert_int_gt(X509_sign(cert, issuer_key, EVP_sha256()), 0);
	certs_write(c, spec->name, cert, NULL, NULL);
	certs_write(c, spec->name, NULL, key, NULL);
	if (spec->issuer != NULL) {
		X509_free(issuer);
		EVP_PKEY_free(issuer_key);
	}
	X509_free(cert);
	EVP_PKEY_free(key);
}

#endif
