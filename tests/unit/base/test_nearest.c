#include "base/nearest.h"

#include <string.h>

#include "unit/unit.h"

static const struct {
	const char *typed;
	const char *candidates[4];
	const char *best;
} table[] = {
	{ "mymastr", { "redis", "mymaster" }, "mymaster" },
	{ "nautobo", { "nautobot", "nautobat" }, "nautobot" },
	{ "nautobat", { "nautobot", "nautobat" }, "nautobat" },
	{ "mymaster", { "cache", "queue" }, NULL },
	{ "", { "a" }, NULL },
	{ "ab", { "cd" }, NULL },
	{ "ab", { "ac" }, "ac" },
	{ "mymaster", { NULL }, NULL },
};

START_TEST(offers)
{
	const char *const *c;
	struct nearest n;

	nearest_init(&n, table[_i].typed, strlen(table[_i].typed));
	for (c = table[_i].candidates; *c != NULL; c++)
		nearest_offer(&n, *c);
	ck_assert_pstr_eq(n.best, table[_i].best);
}
END_TEST

START_TEST(too_long_is_like_none)
{
	char longest[NEAREST_LEN_MAX + 1], longer[NEAREST_LEN_MAX + 2];
	struct nearest n;

	memset(longest, 'x', NEAREST_LEN_MAX);
	longest[NEAREST_LEN_MAX] = '\0';
	memset(longer, 'x', NEAREST_LEN_MAX + 1);
	longer[NEAREST_LEN_MAX + 1] = '\0';
	nearest_init(&n, longest, NEAREST_LEN_MAX);
	nearest_offer(&n, longer);
	ck_assert_ptr_null(n.best);
	nearest_offer(&n, longest);
	ck_assert_ptr_eq(n.best, longest);
	nearest_init(&n, longer, NEAREST_LEN_MAX + 1);
	nearest_offer(&n, longest);
	ck_assert_ptr_null(n.best);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nearest");
	TCase *tc = tcase_create("nearest");

	tcase_add_loop_test(
	    tc, offers, 0, (int)(sizeof(table) / sizeof(table[0])));
	tcase_add_test(tc, too_long_is_like_none);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
