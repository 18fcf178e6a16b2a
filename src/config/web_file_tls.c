/* web_file_tls - tls_server_config. */
#include <string.h>

#include "config/web_file_parts.h"

#define PEM_MAX	 (256 * 1024)
#define LIST_MAX 64

static bool
read_pem_text(struct web_pem *pem, const struct yaml *y)
{
	if (pem->text == NULL)
		pem->text = xstrdup(y->text);
	return true;
}

/* Relative to the folder of the file that names it. */
static char *
resolve(const char *base, const char *path)
{
	const char *slash = strrchr(base, '/');

	if (path[0] == '/' || slash == NULL)
		return xstrdup(path);
	return xasprintf("%.*s/%s", (int)(slash - base), base, path);
}

static bool
read_pem_file(struct web_reader *r, struct web_pem *pem, const struct yaml *y)
{
	struct err why;
	struct file f;

	if (y->text[0] == '\0')
		return true;
	if (pem->text != NULL) {
		yaml_refuse_key(y, r->name, r->err,
		    "%s beside the same as text: give one of them", y->key);
		return false;
	}
	pem->path = resolve(r->f->path, y->text);
	if (!file_read(&f, pem->path, PEM_MAX, &why)) {
		yaml_refuse(y, r->name, r->err, "cannot read %s: %s", pem->path,
		    why.text);
		return false;
	}
	pem->text = xmemdup0(f.bytes, f.len);
	pem->stamp = f.stamp;
	file_fini(&f);
	return true;
}

#define PEM(field)                                                           \
	static bool read_##field(struct web_reader *r, const struct yaml *y) \
	{                                                                    \
		return read_pem_text(&r->f->field, y);                       \
	}                                                                    \
	static bool read_##field##_file(                                     \
	    struct web_reader *r, const struct yaml *y)                      \
	{                                                                    \
		return read_pem_file(r, &r->f->field, y);                    \
	}

PEM(cert)
PEM(private_key)
PEM(client_ca)

/* The index of the value among the words; -1 with a reason that lists them. */
static int
read_word(struct web_reader *r, const struct yaml *y, const char *const *words)
{
	char list[300] = "";
	int i;

	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(y->text, words[i]) == 0)
			return i;
		(void)strlcat(list, i > 0 ? ", " : "", sizeof(list));
		(void)strlcat(list, words[i], sizeof(list));
	}
	yaml_refuse(y, r->name, r->err, "it must be one of %s", list);
	return -1;
}

static bool
read_client_auth(struct web_reader *r, const struct yaml *y)
{
	static const char *const words[] = { "NoClientCert",
		"RequestClientCert", "RequireAnyClientCert",
		"VerifyClientCertIfGiven", "RequireAndVerifyClientCert",
		"RequireClientCert", NULL };
	int i;

	if (y->text[0] == '\0')
		return true;
	r->client_auth_given = true;
	i = read_word(r, y, words);
	/* An older name of RequireAnyClientCert. */
	r->f->client_auth = i == 5 ? WEB_REQUIRE_ANY_CLIENT_CERT
				   : (enum web_client_auth)(i < 0 ? 0 : i);
	return i >= 0;
}

static const char *const versions[] = { "TLS10", "TLS11", "TLS12", "TLS13",
	NULL };

static bool
read_min_version(struct web_reader *r, const struct yaml *y)
{
	int i = read_word(r, y, versions);

	r->f->min_version = 10 + i;
	return i >= 0;
}

static bool
read_max_version(struct web_reader *r, const struct yaml *y)
{
	int i = read_word(r, y, versions);

	r->f->max_version = 10 + i;
	return i >= 0;
}

static bool
read_list(struct web_reader *r, const struct yaml *y, struct strlist *out,
    const char *const *words)
{
	const struct yaml *item;

	vec_foreach(item, &y->children) {
		if (item->kind != YAML_SCALAR || out->items.n >= LIST_MAX) {
			yaml_refuse(item, r->name, r->err,
			    "%s must be a list of at most %d values", y->key,
			    LIST_MAX);
			return false;
		}
		if (words != NULL && read_word(r, item, words) < 0)
			return false;
		strlist_add(out, item->text, strlen(item->text));
	}
	return true;
}

static bool
read_sans(struct web_reader *r, const struct yaml *y)
{
	return read_list(r, y, &r->f->client_allowed_sans, NULL);
}

static bool
read_curves(struct web_reader *r, const struct yaml *y)
{
	static const char *const words[] = { "CurveP256", "CurveP384",
		"CurveP521", "X25519", NULL };

	return read_list(r, y, &r->f->curves, words);
}

/* TLS 1.3 has suites of its own, which are all on; their names change
 * nothing.  Suites without forward secrecy cannot be told apart from those of
 * ECDHE in GnuTLS, and nobody should want them. */
static bool
read_ciphers(struct web_reader *r, const struct yaml *y)
{
	static const char *const words[] = {
		"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
		"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
		"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
		"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
		"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
		"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
		"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
		"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
		"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_AES_128_GCM_SHA256",
		"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", NULL
	};
	const struct yaml *item;
	size_t i;

	vec_foreach(item, &y->children) {
		for (i = 0; words[i] != NULL; i++)
			if (strcmp(item->text, words[i]) == 0)
				break;
		if (words[i] == NULL) {
			yaml_refuse(item, r->name, r->err,
			    "this cipher suite is not known, or not offered; "
			    "leave cipher_suites out for a safe choice");
			return false;
		}
	}
	return read_list(r, y, &r->f->cipher_suites, NULL);
}

static bool
read_prefer(struct web_reader *r, const struct yaml *y)
{
	return web_file_bool(r, y, &r->f->prefer_server_ciphers);
}

bool
web_file_tls(struct web_reader *r, const struct yaml *y)
{
	static const struct web_key keys[] = {
		{ "cert", YAML_SCALAR, read_cert },
		{ "cert_file", YAML_SCALAR, read_cert_file },
		{ "key", YAML_SCALAR, read_private_key },
		{ "key_file", YAML_SCALAR, read_private_key_file },
		{ "client_ca", YAML_SCALAR, read_client_ca },
		{ "client_ca_file", YAML_SCALAR, read_client_ca_file },
		{ "client_auth_type", YAML_SCALAR, read_client_auth },
		{ "client_allowed_sans", YAML_LIST, read_sans },
		{ "min_version", YAML_SCALAR, read_min_version },
		{ "max_version", YAML_SCALAR, read_max_version },
		{ "cipher_suites", YAML_LIST, read_ciphers },
		{ "curve_preferences", YAML_LIST, read_curves },
		{ "prefer_server_cipher_suites", YAML_SCALAR, read_prefer },
	};

	return web_file_keys(r, y, keys, sizeof(keys) / sizeof(keys[0]));
}

static bool
refuse(struct web_reader *r, const struct yaml *tls, const char *why)
{
	yaml_refuse_key(tls, r->name, r->err, "%s", why);
	return false;
}

/* What Go's side checks when it starts to listen, and what would let nobody
 * in. */
bool
web_file_check_tls(struct web_reader *r, const struct yaml *tls)
{
	struct web_file *f = r->f;
	bool verifies = f->client_auth >= WEB_VERIFY_CLIENT_CERT_IF_GIVEN;

	f->tls = f->cert.text != NULL || f->private_key.text != NULL ||
		 f->client_ca.text != NULL || r->client_auth_given;
	if (!f->tls)
		return true;
	if (f->cert.text == NULL)
		return refuse(r, tls, "cert_file is missing");
	if (f->private_key.text == NULL)
		return refuse(r, tls, "key_file is missing");
	if (f->client_ca.text != NULL && f->client_auth == WEB_NO_CLIENT_CERT)
		return refuse(r, tls,
		    "client_ca_file does nothing without client_auth_type; "
		    "set that to RequireAndVerifyClientCert");
	if (verifies && f->client_ca.text == NULL)
		return refuse(r, tls,
		    "client certificates cannot be verified without "
		    "client_ca_file");
	if (f->client_allowed_sans.items.n > 0 &&
	    f->client_auth == WEB_NO_CLIENT_CERT)
		return refuse(r, tls,
		    "client_allowed_sans does nothing without "
		    "client_auth_type; set that to RequireAndVerifyClientCert");
	if (f->min_version > f->max_version)
		return refuse(r, tls, "min_version is above max_version");
	return true;
}
