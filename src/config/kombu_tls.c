/* kombu_tls - redis-py's ssl_* keys, one by one. */
#include "config/kombu_tls.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xalloc.h"

void
kombu_tls_fini(struct kombu_tls *k)
{
	tls_conf_unref(k->conf);
	strlist_fini(&k->ignored);
	*k = (struct kombu_tls){ 0 };
}

struct tls_conf *
kombu_tls_on(struct kombu_tls *k)
{
	if (k->conf == NULL)
		k->conf = tls_conf_new();
	return k->conf;
}

bool
kombu_tls_is_key(const char *key)
{
	return strncmp(key, "ssl_", 4) == 0;
}

bool
kombu_truthy(const struct json_t *v)
{
	return json_is_true(v) ||
	       (json_is_number(v) &&
		   fpclassify(json_number_value(v)) != FP_ZERO) ||
	       json_string_length(v) > 0 || json_array_size(v) > 0 ||
	       json_object_size(v) > 0;
}

static void
ignore(struct kombu_tls *k, const char *key, const char *why)
{
	char *text = xasprintf("%.40s %s", key, why);

	strlist_add(&k->ignored, text, strlen(text));
	free(text);
}

static const struct text_key {
	const char *key;
	size_t offset;
} text_keys[] = {
	{ "ssl_ca_certs", offsetof(struct tls_conf, ca_file) },
	{ "ssl_ca_path", offsetof(struct tls_conf, ca_path) },
	{ "ssl_ca_data", offsetof(struct tls_conf, ca_data) },
	{ "ssl_certfile", offsetof(struct tls_conf, cert_file) },
	{ "ssl_keyfile", offsetof(struct tls_conf, key_file) },
	{ "ssl_ciphers", offsetof(struct tls_conf, ciphers) },
};

static bool
take_text(struct kombu_tls *k, const struct text_key *t, const json_t *value,
    struct err *err)
{
	char **field = (char **)(void *)((char *)k->conf + t->offset);

	if (!json_is_null(value) && json_string_length(value) == 0) {
		err_set(err, "%s must be a non-empty string", t->key);
		return false;
	}
	free(*field);
	*field = json_is_null(value) ? NULL : xstrdup(json_string_value(value));
	return true;
}

/* A client that says "optional" verifies all the same. */
static bool
take_cert_reqs(struct tls_conf *t, const json_t *value, struct err *err)
{
	static const char *const words[] = { "none", "optional", "required",
		"CERT_NONE", "CERT_OPTIONAL", "CERT_REQUIRED" };
	const char *text = json_string_value(value);
	json_int_t n = json_integer_value(value);
	size_t i;

	if (json_is_null(value)) {
		t->insecure_skip_verify = true;
		return true;
	}
	for (i = 0; text != NULL && i < 6; i++) {
		if (strcmp(text, words[i]) == 0) {
			t->insecure_skip_verify = i % 3 == 0;
			return true;
		}
	}
	if (json_is_integer(value) && n >= 0 && n <= 2) {
		t->insecure_skip_verify = n == 0;
		return true;
	}
	err_set(err, "ssl_cert_reqs must be none, optional or required");
	return false;
}

/* Python's ssl.TLSVersion as number or name. */
static bool
take_min_version(struct tls_conf *t, const json_t *value, struct err *err)
{
	const char *text = json_string_value(value);
	const json_int_t n = json_integer_value(value);

	if (n == 772 || (text != NULL && strcasecmp(text, "TLSv1_3") == 0)) {
		t->min_version = TLS_VERSION_1_3;
		return true;
	}
	if (json_is_null(value) || n == 771 ||
	    (text != NULL && strcasecmp(text, "TLSv1_2") == 0)) {
		t->min_version = TLS_VERSION_1_2;
		return true;
	}
	err_set(err, "ssl_min_version must be TLSv1_2 or TLSv1_3");
	return false;
}

bool
kombu_tls_take(struct kombu_tls *k, const char *key, const struct json_t *value,
    struct err *err)
{
	struct tls_conf *t = kombu_tls_on(k);
	size_t i;

	for (i = 0; i < sizeof(text_keys) / sizeof(text_keys[0]); i++)
		if (strcmp(key, text_keys[i].key) == 0)
			return take_text(k, &text_keys[i], value, err);
	if (strcmp(key, "ssl_cert_reqs") == 0)
		return take_cert_reqs(t, value, err);
	if (strcmp(key, "ssl_min_version") == 0)
		return take_min_version(t, value, err);
	if (strcmp(key, "ssl_check_hostname") == 0)
		t->skip_name_check = !kombu_truthy(value);
	else if (strcmp(key, "ssl_password") == 0)
		ignore(k, key,
		    "is not used: the key must not be encrypted; "
		    "openssl pkey -in KEY -out PLAIN decrypts it");
	else
		ignore(k, key, "is not followed by this exporter");
	return true;
}

bool
kombu_tls_take_text(
    struct kombu_tls *k, const char *key, const char *text, struct err *err)
{
	json_t *value;
	bool ok;

	if (strcmp(key, "ssl_check_hostname") == 0)
		value = json_boolean(strcasecmp(text, "false") != 0);
	else
		value = json_string(text);
	ok = kombu_tls_take(k, key, value, err);
	json_decref(value);
	return ok;
}

static bool
take_object(struct kombu_tls *k, json_t *root, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value)
	{
		if (!kombu_tls_is_key(key)) {
			err_set(err,
			    "%.40s is unknown to redis-py, and Celery fails; "
			    "its keys begin with ssl_, such as ssl_ca_certs, "
			    "ssl_certfile and ssl_keyfile",
			    key);
			return false;
		}
		if (!kombu_tls_take(k, key, value, err))
			return false;
	}
	return true;
}

bool
kombu_tls_parse(struct kombu_tls *k, const char *json, struct err *err)
{
	json_error_t where;
	json_t *root;
	bool ok = true;

	*k = (struct kombu_tls){ 0 };
	root = json_loads(json, JSON_DECODE_ANY, &where);
	if (root == NULL) {
		/* jansson's own text may quote a value */
		err_set(err,
		    "broken JSON at line %d, column %d; write an "
		    "object such as {\"ssl_ca_certs\": \"/path/ca.pem\"}",
		    where.line, where.column);
		return false;
	}
	if (json_is_object(root))
		ok = take_object(k, root, err);
	else if (json_is_true(root))
		ignore(k, "true",
		    "is taken for no TLS by Celery's Redis "
		    "transport, which wants an object such as "
		    "{\"ssl_cert_reqs\": \"required\"}");
	else if (kombu_truthy(root)) {
		err_set(err, "must be a JSON object, "
			     "such as {\"ssl_ca_certs\": \"/path/ca.pem\"}");
		ok = false;
	}
	json_decref(root);
	if (!ok)
		kombu_tls_fini(k);
	return ok;
}
