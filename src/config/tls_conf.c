/* tls_conf - counted, compared. */
#include "config/tls_conf.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

struct tls_conf *
tls_conf_new(void)
{
	struct tls_conf *t = xcalloc(1, sizeof(*t));

	atomic_init(&t->refs, 1);
	return t;
}

struct tls_conf *
tls_conf_ref(struct tls_conf *t)
{
	if (t != NULL)
		atomic_fetch_add(&t->refs, 1);
	return t;
}

void
tls_conf_unref(struct tls_conf *t)
{
	if (t == NULL || atomic_fetch_sub(&t->refs, 1) != 1)
		return;
	free(t->ca_file);
	free(t->ca_path);
	free(t->ca_data);
	free(t->cert_file);
	free(t->key_file);
	free(t->server_name);
	free(t->ciphers);
	free(t);
}

bool
tls_conf_equal(const struct tls_conf *a, const struct tls_conf *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return str_same(a->ca_file, b->ca_file) &&
	       str_same(a->ca_path, b->ca_path) &&
	       str_same(a->ca_data, b->ca_data) &&
	       str_same(a->cert_file, b->cert_file) &&
	       str_same(a->key_file, b->key_file) &&
	       str_same(a->server_name, b->server_name) &&
	       str_same(a->ciphers, b->ciphers) &&
	       a->min_version == b->min_version &&
	       a->insecure_skip_verify == b->insecure_skip_verify &&
	       a->skip_name_check == b->skip_name_check;
}
