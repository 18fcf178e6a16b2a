#include "base/addr.h"

#include <string.h>

#include "unit/unit.h"

static const struct {
	const char *text;
	const char *host; /* NULL: refused */
	uint16_t port;
	const char *again;
} texts[] = {
	{ "10.0.0.1:6379", "10.0.0.1", 6379, "10.0.0.1:6379" },
	{ "redis-0.redis:6379", "redis-0.redis", 6379, "redis-0.redis:6379" },
	{ "redis-0", "redis-0", 26379, "redis-0:26379" },
	{ "[::1]:6379", "::1", 6379, "[::1]:6379" },
	{ "[::1]", "::1", 26379, "[::1]:26379" },
	{ "::1", NULL, 0, NULL },
	{ "::1:6379", NULL, 0, NULL },
	{ "[host]:6379", NULL, 0, NULL },
	{ "[::1]6379", NULL, 0, NULL },
	{ "[::1", NULL, 0, NULL },
	{ "host:", NULL, 0, NULL },
	{ ":6379", NULL, 0, NULL },
	{ "host:0", NULL, 0, NULL },
	{ "host:65536", NULL, 0, NULL },
	{ "host:65535", "host", 65535, "host:65535" },
	{ "ho st:1", NULL, 0, NULL },
	{ "ho\x01st:1", NULL, 0, NULL },
	{ "", NULL, 0, NULL },
};

START_TEST(as_operators_write_it)
{
	char again[ADDR_TEXT_MAX];
	struct addr a;
	bool ok;

	ok = addr_parse(&a, texts[_i].text, strlen(texts[_i].text), 26379);
	ck_assert_int_eq(ok, texts[_i].host != NULL);
	if (!ok)
		return;
	ck_assert_str_eq(a.host, texts[_i].host);
	ck_assert_uint_eq(a.port, texts[_i].port);
	ck_assert_uint_eq(addr_format(&a, again), strlen(texts[_i].again));
	ck_assert_str_eq(again, texts[_i].again);
}
END_TEST

START_TEST(a_port_is_demanded_where_there_is_no_default)
{
	struct addr a;

	ck_assert(!addr_parse(&a, "host", 4, 0));
	ck_assert(!addr_parse(&a, "[::1]", 5, 0));
}
END_TEST

START_TEST(info_divides_at_the_last_colon)
{
	struct addr a;

	ck_assert(addr_parse_info(&a, "::1:22460", 9));
	ck_assert_str_eq(a.host, "::1");
	ck_assert_uint_eq(a.port, 22460);
	ck_assert(!addr_parse_info(&a, "nothing", 7));
}
END_TEST

START_TEST(a_host_has_a_longest_length)
{
	char host[ADDR_HOST_MAX + 1];
	struct addr a;

	memset(host, 'x', sizeof(host));
	ck_assert(addr_set(&a, host, ADDR_HOST_MAX - 1, 1));
	ck_assert_uint_eq(strlen(a.host), ADDR_HOST_MAX - 1);
	ck_assert(!addr_set(&a, host, ADDR_HOST_MAX, 1));
	ck_assert(!addr_set(&a, "h", 1, 65536));
	ck_assert(!addr_set(&a, "h", 1, -1));
}
END_TEST

START_TEST(order_is_by_host_then_port)
{
	struct addr a = { "a", 2 }, b = { "a", 10 }, c = { "b", 1 };

	ck_assert_int_lt(addr_compare(&a, &b), 0);
	ck_assert_int_lt(addr_compare(&b, &c), 0);
	ck_assert_int_gt(addr_compare(&c, &a), 0);
	ck_assert(addr_equal(&a, &a) && !addr_equal(&a, &b));
	ck_assert(addr_known(&a));
	ck_assert(!addr_known(&(struct addr){ .port = 1 }));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("addr");
	TCase *tc = tcase_create("addr");

	tcase_add_loop_test(tc, as_operators_write_it, 0,
	    (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_test(tc, a_port_is_demanded_where_there_is_no_default);
	tcase_add_test(tc, info_divides_at_the_last_colon);
	tcase_add_test(tc, a_host_has_a_longest_length);
	tcase_add_test(tc, order_is_by_host_then_port);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
