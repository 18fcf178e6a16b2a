#include "config/kombu_options.h"

#include <string.h>

#include "unit/unit.h"

START_TEST(defaults_are_kombus)
{
	struct kombu_options k;
	struct err err;

	kombu_options_init(&k);
	ck_assert(kombu_options_parse(&k, "{}", &err));
	ck_assert_ptr_null(k.master_name);
	ck_assert_str_eq(k.global_keyprefix, "");
	ck_assert_str_eq(k.sep, "\x06\x16");
	ck_assert_str_eq(k.unacked_key, "unacked");
	ck_assert_str_eq(k.unacked_index_key, "unacked_index");
	ck_assert_uint_eq(k.priority_steps.n, 4);
	ck_assert_int_eq(k.priority_steps.v[3], 9);
	ck_assert_int_eq(k.visibility_timeout_ms, 3600000);
	ck_assert_ptr_null(k.sentinel_password);
	ck_assert_ptr_null(k.sentinel_tls.conf);
	kombu_options_fini(&k);
}
END_TEST

START_TEST(takes_all)
{
	struct kombu_options k;
	struct err err;

	kombu_options_init(&k);
	ck_assert(kombu_options_parse(&k,
	    "{\"master_name\": \"m\", \"global_keyprefix\": \"nb:\","
	    " \"sep\": \":\", \"unacked_key\": \"u\","
	    " \"unacked_index_key\": \"ui\", \"priority_steps\": [0, 5],"
	    " \"visibility_timeout\": 0.5, \"fanout_prefix\": true,"
	    " \"anything\": {}, \"sentinel_kwargs\": {\"username\": \"s\","
	    " \"password\": \"p\", \"socket_timeout\": 1, \"ssl\": false}}",
	    &err));
	ck_assert_str_eq(k.master_name, "m");
	ck_assert_str_eq(k.global_keyprefix, "nb:");
	ck_assert_str_eq(k.sep, ":");
	ck_assert_str_eq(k.unacked_key, "u");
	ck_assert_str_eq(k.unacked_index_key, "ui");
	ck_assert_uint_eq(k.priority_steps.n, 2);
	ck_assert_int_eq(k.priority_steps.v[1], 5);
	ck_assert_int_eq(k.visibility_timeout_ms, 500);
	ck_assert_str_eq(k.sentinel_username, "s");
	ck_assert_str_eq(k.sentinel_password, "p");
	ck_assert_ptr_null(k.sentinel_tls.conf);
	kombu_options_fini(&k);
}
END_TEST

static const struct tls {
	const char *json;
	bool tls;
} tls_rows[] = {
	{ "{\"sentinel_kwargs\": null}", false },
	{ "{\"sentinel_kwargs\": {\"ssl\": null}}", false },
	{ "{\"sentinel_kwargs\": {\"ssl\": 0, \"password\": null}}", false },
	{ "{\"sentinel_kwargs\": {\"ssl\": \"\"}}", false },
	{ "{\"sentinel_kwargs\": {\"ssl\": true}}", true },
	{ "{\"sentinel_kwargs\": {\"ssl\": 1}}", true },
	{ "{\"sentinel_kwargs\": {\"ssl\": \"no\"}}", true },
	{ "{\"sentinel_kwargs\": {\"ssl\": {\"a\": 1}}}", true },
};

START_TEST(sees_tls_as_python_does)
{
	struct kombu_options k;
	struct err err;

	kombu_options_init(&k);
	ck_assert(kombu_options_parse(&k, tls_rows[_i].json, &err));
	ck_assert_int_eq(k.sentinel_tls.conf != NULL, tls_rows[_i].tls);
	ck_assert_ptr_null(k.sentinel_password);
	kombu_options_fini(&k);
}
END_TEST

static const struct bad {
	const char *json, *says;
} bads[] = {
	{ "", "broken JSON at line 1" },
	{ "{\"master_name\": hunter2}", "broken JSON" },
	{ "{\"a\": \"hunter2\"", "broken JSON" },
	{ "{'master_name': 'hunter2'}", "broken JSON" },
	{ "[\"hunter2\"]", "JSON object" },
	{ "{\"master_name\": 2}", "master_name must be a non-empty string" },
	{ "{\"master_name\": \"\"}", "master_name" },
	{ "{\"global_keyprefix\": null}", "global_keyprefix must be a str" },
	{ "{\"sep\": \"\"}", "sep must" },
	{ "{\"unacked_key\": [\"hunter2\"]}", "unacked_key must" },
	{ "{\"priority_steps\": []}", "priority_steps must" },
	{ "{\"priority_steps\": \"0369\"}", "priority_steps must" },
	{ "{\"priority_steps\": [0, \"hunter2\"]}", "priority_steps must" },
	{ "{\"priority_steps\": [3, 0]}", "ascending" },
	{ "{\"priority_steps\": [-1]}", "priority_steps must" },
	{ "{\"visibility_timeout\": \"hunter2\"}", "visibility_timeout" },
	{ "{\"visibility_timeout\": 0}", "visibility_timeout" },
	{ "{\"visibility_timeout\": 1e300}", "visibility_timeout" },
	{ "{\"sentinel_kwargs\": \"hunter2\"}", "sentinel_kwargs must" },
	{ "{\"sentinel_kwargs\": {\"password\": 2}}",
	    "sentinel_kwargs.password must be a string" },
	{ "{\"sentinel_kwargs\": {\"username\": [\"hunter2\"]}}",
	    "sentinel_kwargs.username must be a string" },
};

START_TEST(refuses)
{
	struct kombu_options k;
	struct err err;

	kombu_options_init(&k);
	ck_assert(!kombu_options_parse(&k, bads[_i].json, &err));
	ck_assert_msg(strstr(err.text, bads[_i].says) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "hunter"));
	kombu_options_fini(&k);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("kombu_options");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, defaults_are_kombus);
	tcase_add_test(tc, takes_all);
	tcase_add_loop_test(tc, sees_tls_as_python_does, 0,
	    (int)(sizeof(tls_rows) / sizeof(tls_rows[0])));
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(bads) / sizeof(bads[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
