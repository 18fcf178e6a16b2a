/* Each row as redis-py 4.3.4 takes it, but where the row says otherwise. */
#include "config/kombu_tls.h"

#include <string.h>

#include "unit/unit.h"

static struct kombu_tls k;
static struct err err;

static void
clear(void)
{
	kombu_tls_fini(&k);
}

static const struct row {
	const char *json;
	bool on, unverified, chain_only;
	enum tls_version min;
} rows[] = {
	{ "{\"ssl_cert_reqs\": \"required\"}", 1, 0, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_cert_reqs\": \"optional\"}", 1, 0, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_cert_reqs\": \"none\"}", 1, 1, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_cert_reqs\": null}", 1, 1, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_cert_reqs\": 0}", 1, 1, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_cert_reqs\": 2}", 1, 0, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_cert_reqs\": \"CERT_NONE\"}", 1, 1, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_check_hostname\": false}", 1, 0, 1, TLS_VERSION_1_2 },
	{ "{\"ssl_check_hostname\": true}", 1, 0, 0, TLS_VERSION_1_2 },
	{ "{\"ssl_min_version\": 772}", 1, 0, 0, TLS_VERSION_1_3 },
	{ "{\"ssl_min_version\": \"TLSv1_3\"}", 1, 0, 0, TLS_VERSION_1_3 },
	{ "{\"ssl_ca_certs\": null}", 1, 0, 0, TLS_VERSION_1_2 },
	/* Celery's transport takes these for plain text */
	{ "true", 0, 0, 0, 0 },
	{ "false", 0, 0, 0, 0 },
	{ "null", 0, 0, 0, 0 },
	{ "{}", 0, 0, 0, 0 },
};

START_TEST(reads_broker_use_ssl)
{
	const struct row *r = &rows[_i];

	ck_assert_msg(kombu_tls_parse(&k, r->json, &err), "%s", err.text);
	ck_assert_int_eq(k.conf != NULL, r->on);
	if (!r->on)
		return;
	ck_assert_int_eq(k.conf->insecure_skip_verify, r->unverified);
	ck_assert_int_eq(k.conf->skip_name_check, r->chain_only);
	ck_assert_int_eq(k.conf->min_version, r->min);
	ck_assert_uint_eq(k.ignored.items.n, 0);
}
END_TEST

START_TEST(takes_files)
{
	ck_assert(kombu_tls_parse(&k,
	    "{\"ssl_ca_certs\": \"/ca\", \"ssl_ca_path\": \"/cas\", "
	    "\"ssl_ca_data\": \"PEM\", \"ssl_certfile\": \"/c\", "
	    "\"ssl_keyfile\": \"/k\", \"ssl_ciphers\": \"HIGH\"}",
	    &err));
	ck_assert_str_eq(k.conf->ca_file, "/ca");
	ck_assert_str_eq(k.conf->ca_path, "/cas");
	ck_assert_str_eq(k.conf->ca_data, "PEM");
	ck_assert_str_eq(k.conf->cert_file, "/c");
	ck_assert_str_eq(k.conf->key_file, "/k");
	ck_assert_str_eq(k.conf->ciphers, "HIGH");
}
END_TEST

/* In a query every value is a text; "false" is read as by kombu 5.4. */
START_TEST(takes_texts)
{
	ck_assert(kombu_tls_take_text(&k, "ssl_check_hostname", "False", &err));
	ck_assert(k.conf->skip_name_check);
	ck_assert(kombu_tls_take_text(&k, "ssl_check_hostname", "1", &err));
	ck_assert(!k.conf->skip_name_check);
	ck_assert(kombu_tls_take_text(&k, "ssl_cert_reqs", "CERT_NONE", &err));
	ck_assert(k.conf->insecure_skip_verify);
	ck_assert(!kombu_tls_take_text(&k, "ssl_cert_reqs", "maybe", &err));
}
END_TEST

START_TEST(tells_what_it_does_not_follow)
{
	ck_assert(kombu_tls_parse(&k,
	    "{\"ssl_password\": \"hunter2\", \"ssl_validate_ocsp\": true}",
	    &err));
	ck_assert_uint_eq(k.ignored.items.n, 2);
	ck_assert_ptr_nonnull(
	    strstr(k.ignored.items.v[0], "must not be encrypted"));
	ck_assert_ptr_null(strstr(k.ignored.items.v[0], "hunter2"));
}
END_TEST

static const struct bad {
	const char *json, *says;
} bads[] = {
	{ "{hunter2}", "broken JSON at line 1, column" },
	{ "[\"hunter2\"]", "must be a JSON object" },
	{ "\"hunter2\"", "must be a JSON object" },
	{ "{\"keyfile\": \"hunter2\"}", "keyfile is unknown to redis-py" },
	{ "{\"ssl_cert_reqs\": \"hunter2\"}", "none, optional or required" },
	{ "{\"ssl_cert_reqs\": 3}", "none, optional or required" },
	{ "{\"ssl_min_version\": \"hunter2\"}", "TLSv1_2 or TLSv1_3" },
	{ "{\"ssl_ca_certs\": 1}", "ssl_ca_certs must be a non-empty" },
	{ "{\"ssl_keyfile\": \"\"}", "ssl_keyfile must be a non-empty" },
};

START_TEST(refuses)
{
	ck_assert(!kombu_tls_parse(&k, bads[_i].json, &err));
	ck_assert_msg(strstr(err.text, bads[_i].says) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
	ck_assert_ptr_null(k.conf);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("kombu_tls");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_loop_test(
	    tc, reads_broker_use_ssl, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, takes_files);
	tcase_add_test(tc, takes_texts);
	tcase_add_test(tc, tells_what_it_does_not_follow);
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(bads) / sizeof(bads[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
