#include "config/web_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

#define HASH "$2y$10$abcdefghijklmnopqrstuu5Lh1Cs1vJ1Q9rXqz1v1v1v1v1v1v1v."
#define PAIR "tls_server_config:\n  cert: C\n  key: K\n"

static char path[] = "/tmp/test_web_file.XXXXXX";
static struct web_file file;
static struct err err;

static void
setup(void)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void
teardown(void)
{
	web_file_fini(&file);
	unlink(path);
}

static bool
read_text(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return web_file_read(&file, path, &err);
}

static const struct broken {
	const char *text, *place, *why;
} broken[] = {
	{ "a: 1\n", ":1:1: ", "unknown key \"a\"" },
	{ "basic_auth_user: {}\n",
	    ":1:1: ", "did you mean \"basic_auth_users\"?" },
	{ "basic_auth_users: [a]\n", ":1:19: ", "must be a map, not a list" },
	{ "basic_auth_users:\n  a: b\n", ":2:6: ", "no bcrypt hash" },
	{ "basic_auth_users:\n  a: " HASH "x\n", ":2:6: ", "no bcrypt hash" },
	{ "basic_auth_users:\n  a: $2y$31$abcdefghijklmnopqrstuu5Lh1Cs1vJ1Q9rX"
	  "qz1v1v1v1v1v1v1v.\n",
	    ":2:6: ", "cost of 31 takes too long" },
	{ "basic_auth_users:\n  a: " HASH "\n  a: " HASH "\n", ":3:3: ", "a" },
	{ "- a\n", ":1:1: ", "must be a map" },
	{ "tls_server_config:\n  cert: C\n", ":1:1: ", "key_file is missing" },
	{ "tls_server_config:\n  key: C\n", ":1:1: ", "cert_file is missing" },
	{ "tls_server_config:\n  cert_file: /nowhere\n",
	    ":2:14: ", "cannot read /nowhere: No such file" },
	{ "tls_server_config:\n  client_auth_type: RequestClientCert\n",
	    ":1:1: ", "cert_file is missing" },
	{ PAIR "  client_auth_type: Some\n",
	    ":4:21: ", "one of NoClientCert, " },
	{ PAIR "  client_ca: A\n", ":1:1: ", "nothing without client_auth_" },
	{ PAIR "  client_auth_type: RequireAndVerifyClientCert\n",
	    ":1:1: ", "without client_ca_file" },
	{ PAIR "  client_allowed_sans: [x]\n",
	    ":1:1: ", "client_allowed_sans does nothing" },
	{ PAIR "  min_version: TLS13\n  max_version: TLS12\n",
	    ":1:1: ", "min_version is above max_version" },
	{ PAIR "  min_version: TLS14\n", ":4:16: ", "one of TLS10, TLS11" },
	{ PAIR "  cipher_suites: [TLS_RSA_WITH_AES_128_GCM_SHA256]\n",
	    ":4:19: ", "cipher suite is not known" },
	{ PAIR "  curve_preferences: [P256]\n", ":4:23: ", "CurveP256" },
	{ PAIR "  prefer_server_cipher_suites: maybe\n",
	    ":4:32: ", "true or false" },
	{ "http_server_config:\n  headers:\n    X-Frame-Options: no\n",
	    ":3:22: ", "cannot have this value" },
	{ "http_server_config:\n  headers:\n    Server: x\n",
	    ":3:5: ", "\"Server\" cannot be set" },
	{ "http_server_config:\n  headers:\n"
	  "    Content-Security-Policy: \"a\\nSet-Cookie: b\"\n",
	    ":3:30: ", "cannot have this value" },
};

START_TEST(what_is_broken_is_named_with_its_place)
{
	const struct broken *b = &broken[_i];
	char place[200];

	ck_assert(!read_text(b->text));
	(void)snprintf(place, sizeof(place), "%s%s", path, b->place);
	ck_assert_msg(
	    strncmp(err.text, place, strlen(place)) == 0, "%s", err.text);
	ck_assert_msg(strstr(err.text, b->why) != NULL, "%s", err.text);
	ck_assert_ptr_null(file.path);
}
END_TEST

START_TEST(an_empty_file_changes_nothing)
{
	ck_assert_msg(read_text(""), "%s", err.text);
	ck_assert(!file.tls);
	ck_assert_uint_eq(file.users.n, 0);
}
END_TEST

START_TEST(a_full_file)
{
	ck_assert_msg(
	    read_text(PAIR "  client_ca: A\n"
			   "  client_auth_type: RequireClientCert\n"
			   "  client_allowed_sans: [a, b]\n"
			   "  min_version: TLS11\n"
			   "  cipher_suites: [TLS_AES_128_GCM_SHA256]\n"
			   "  curve_preferences: [X25519, CurveP256]\n"
			   "  prefer_server_cipher_suites: false\n"
			   "http_server_config:\n  http2: true\n  headers:\n"
			   "    X-Frame-Options: deny\n"
			   "basic_auth_users:\n  alice: " HASH "\n"),
	    "%s", err.text);
	ck_assert(file.tls && !file.prefer_server_ciphers);
	ck_assert_int_eq(file.client_auth, WEB_REQUIRE_ANY_CLIENT_CERT);
	ck_assert_int_eq(file.min_version, 11);
	ck_assert_int_eq(file.max_version, 13);
	ck_assert_uint_eq(file.client_allowed_sans.items.n, 2);
	ck_assert_uint_eq(file.curves.items.n, 2);
	ck_assert_str_eq(file.users.v[0].name, "alice");
	ck_assert_str_eq(file.headers.v[0].value, "deny");
}
END_TEST

START_TEST(tls_settings_without_a_certificate_are_no_tls)
{
	ck_assert(read_text("tls_server_config:\n  min_version: TLS13\n"));
	ck_assert(!file.tls);
}
END_TEST

START_TEST(a_change_is_seen)
{
	FILE *f;

	ck_assert(read_text("basic_auth_users: {}\n"));
	ck_assert(!web_file_changed(&file));
	f = fopen(path, "a");
	fputs("# more\n", f);
	fclose(f);
	ck_assert(web_file_changed(&file));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("web_file");
	TCase *tc = tcase_create("web_file");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_is_broken_is_named_with_its_place, 0,
	    sizeof(broken) / sizeof(broken[0]));
	tcase_add_test(tc, an_empty_file_changes_nothing);
	tcase_add_test(tc, a_full_file);
	tcase_add_test(tc, tls_settings_without_a_certificate_are_no_tls);
	tcase_add_test(tc, a_change_is_seen);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
