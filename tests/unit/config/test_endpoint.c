#include "config/endpoint.h"

#include <string.h>

#include "unit/unit.h"

static const struct good {
	const char *text, *formatted;
	bool is_unix;
} goods[] = {
	{ "s1:26380", "s1:26380", false },
	{ "s1", "s1:26379", false },
	{ "10.0.0.1:1", "10.0.0.1:1", false },
	{ "[::1]:26380", "[::1]:26380", false },
	{ "[fe80::1%eth0]", "[fe80::1%eth0]:26379", false },
	{ "a_b.c-d.local.:65535", "a_b.c-d.local.:65535", false },
	{ "unix:///run/s.sock", "unix:///run/s.sock", true },
};

START_TEST(reads_and_writes)
{
	const struct good *g = &goods[_i];
	char text[ADDR_TEXT_MAX];
	struct endpoint e;
	struct err err;

	ck_assert(endpoint_parse(&e, g->text, strlen(g->text), &err));
	ck_assert_uint_eq(endpoint_format(&e, text), strlen(g->formatted));
	ck_assert_str_eq(text, g->formatted);
	ck_assert_int_eq(endpoint_is_unix(&e), g->is_unix);
}
END_TEST

static const struct bad {
	const char *text, *says;
} bads[] = {
	{ "", "host:port" },
	{ ":26379", "host:port" },
	{ "s1:", "\"s1:\"" },
	{ "s1:0", "\"s1:0\"" },
	{ "s1:65536", "\"s1:65536\"" },
	{ "::1:26379", "in brackets: [::1]:26379" },
	{ "\"s1:1\"", "quotation marks" },
	{ "[::1", "[v6]:port" },
	{ "[::g]:1", "\"[::g]:1\"" },
	{ "s1:26379,s2:26379", "each address by itself" },
	{ "s1,s2", "each address by itself" },
	{ "redis://s1:26379", "host:port" },
	{ "s1/3", "\"s1/3\"" },
	{ "a b", "\"a b\"" },
	{ "a\nb", "\"a?b\"" },
	{ "unix://run/s.sock", "unix:///path" },
	{ "unix:///", "unix:///path" },
	{ "unix:///a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z"
	  "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/aaaaaa",
	    "107" },
};

START_TEST(refuses)
{
	const struct bad *b = &bads[_i];
	struct endpoint e;
	struct err err;

	ck_assert(!endpoint_parse(&e, b->text, strlen(b->text), &err));
	ck_assert_msg(strstr(err.text, b->says) != NULL, "%s", err.text);
	ck_assert_ptr_null(strchr(err.text, '\n'));
}
END_TEST

START_TEST(never_quotes_credentials)
{
	static const char text[] = "sentinel://:hunter2@s1:26379";
	struct endpoint e;
	struct err err;

	ck_assert(!endpoint_parse(&e, text, strlen(text), &err));
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
}
END_TEST

START_TEST(knows_its_like)
{
	struct endpoint list[2], e;
	struct err err;

	ck_assert(endpoint_parse(&list[0], "a:1", 3, &err));
	ck_assert(endpoint_parse(&list[1], "b", 1, &err));
	ck_assert(endpoint_parse(&e, "b:26379", 7, &err));
	ck_assert(endpoint_listed(list, 2, &e));
	ck_assert(!endpoint_listed(list, 1, &e));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("endpoint");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(
	    tc, reads_and_writes, 0, (int)(sizeof(goods) / sizeof(goods[0])));
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(bads) / sizeof(bads[0])));
	tcase_add_test(tc, never_quotes_credentials);
	tcase_add_test(tc, knows_its_like);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
