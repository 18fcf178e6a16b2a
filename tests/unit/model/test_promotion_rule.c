#include "model/promotion_rule.h"

#include "base/num.h"
#include "unit/unit.h"

#define UNKNOWN NUM_UNKNOWN

/* A replica that is well in every respect. */
static const struct candidate well = {
	.last_ok_ping_ms = 300,
	.info_refresh_ms = 4000,
	.priority = 100,
	.offset = 1000,
	.run_id = "aaaa",
};

static const struct eligibility {
	const char *what;
	unsigned flags;
	int64_t ping_ms, info_ms, link_ms, priority;
	int64_t down_after_ms, s_down_ms;
	bool eligible;
} eligibilities[] = {
	{ "well", 0, 300, 4000, 0, 100, 3000, UNKNOWN, true },
	{ "s_down", FLAG_S_DOWN, 300, 4000, 0, 100, 3000, UNKNOWN, false },
	{ "o_down", FLAG_O_DOWN, 300, 4000, 0, 100, 3000, UNKNOWN, false },
	{ "disconnected", FLAG_DISCONNECTED, 300, 4000, 0, 100, 3000, UNKNOWN,
	    false },
	{ "other flags", FLAG_MASTER_DOWN | FLAG_RECONF_SENT | FLAG_PROMOTED,
	    300, 4000, 0, 100, 3000, UNKNOWN, true },
	{ "priority 0", 0, 300, 4000, 0, 0, 3000, UNKNOWN, false },
	{ "priority 1", 0, 300, 4000, 0, 1, 3000, UNKNOWN, true },
	{ "no priority", 0, 300, 4000, 0, UNKNOWN, 3000, UNKNOWN, false },
	{ "silent for 5 s", 0, 5000, 4000, 0, 100, 3000, UNKNOWN, true },
	{ "silent for longer", 0, 5001, 4000, 0, 100, 3000, UNKNOWN, false },
	{ "never heard", 0, UNKNOWN, 4000, 0, 100, 3000, UNKNOWN, false },
	{ "INFO of 30 s", 0, 300, 30000, 0, 100, 3000, UNKNOWN, true },
	{ "older INFO", 0, 300, 30001, 0, 100, 3000, UNKNOWN, false },
	{ "no INFO", 0, 300, 0, 0, 100, 3000, UNKNOWN, false },
	{ "INFO not told", 0, 300, UNKNOWN, 0, 100, 3000, UNKNOWN, false },
	{ "INFO of 5 s, master down", 0, 300, 5000, 0, 100, 3000, 10, true },
	{ "older, master down", 0, 300, 5001, 0, 100, 3000, 10, false },
	{ "older, master just down", 0, 300, 5001, 0, 100, 3000, 0, false },
	{ "link down, in bounds", 0, 300, 4000, 30000, 100, 3000, UNKNOWN,
	    true },
	{ "link down for long", 0, 300, 4000, 30001, 100, 3000, UNKNOWN,
	    false },
	{ "with the master", 0, 300, 4000, 34000, 100, 3000, 4000, true },
	{ "before the master", 0, 300, 4000, 34001, 100, 3000, 4000, false },
	{ "link not told", 0, 300, 4000, UNKNOWN, 100, 3000, UNKNOWN, true },
	{ "huge down-after", 0, 300, 4000, INT64_MAX, 100, INT64_MAX, UNKNOWN,
	    true },
	{ "huge s-down", 0, 300, 4000, INT64_MAX, 100, 3000, INT64_MAX, true },
	{ "no down-after", 0, 300, 4000, INT64_MAX, 100, UNKNOWN, UNKNOWN,
	    true },
};

START_TEST(eligibility)
{
	const struct eligibility *t = &eligibilities[_i];
	struct candidate c = well;

	c.flags = t->flags;
	c.last_ok_ping_ms = t->ping_ms;
	c.info_refresh_ms = t->info_ms;
	c.link_down_ms = t->link_ms;
	c.priority = t->priority;
	ck_assert_msg(promotion_rule_eligible(
			  &c, t->down_after_ms, t->s_down_ms) == t->eligible,
	    "%s", t->what);
}
END_TEST

/* a goes before b, and b does not go before a. */
static const struct order {
	int64_t a_priority, a_offset;
	const char *a_run_id;
	int64_t b_priority, b_offset;
	const char *b_run_id;
} orders[] = {
	{ 10, 1, "z", 100, 9, "a" },
	{ 100, 9, "z", 100, 8, "a" },
	{ 100, 9, "a", 100, 9, "b" },
	{ 100, 9, "A", 100, 9, "b" },
	{ 100, 9, "a", 100, 9, "B" },
	{ 100, 9, "z", 100, 9, "" },
	{ 100, 9, "z", 100, 9, NULL },
	{ 100, 0, "a", 100, -1, "b" },
	{ 1, INT64_MIN, NULL, INT64_MAX, INT64_MAX, "a" },
};

START_TEST(order)
{
	const struct order *t = &orders[_i];
	struct candidate a = well, b = well;

	a.priority = t->a_priority;
	a.offset = t->a_offset;
	a.run_id = t->a_run_id;
	b.priority = t->b_priority;
	b.offset = t->b_offset;
	b.run_id = t->b_run_id;
	ck_assert(promotion_rule_before(&a, &b));
	ck_assert(!promotion_rule_before(&b, &a));
	ck_assert(!promotion_rule_before(&a, &a));
}
END_TEST

START_TEST(two_without_run_id_are_level)
{
	struct candidate a = well, b = well;

	a.run_id = "";
	b.run_id = NULL;
	ck_assert(!promotion_rule_before(&a, &b));
	ck_assert(!promotion_rule_before(&b, &a));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("promotion");
	TCase *tc = tcase_create("promotion");

	tcase_add_loop_test(tc, eligibility, 0,
	    sizeof(eligibilities) / sizeof(eligibilities[0]));
	tcase_add_loop_test(tc, order, 0, sizeof(orders) / sizeof(orders[0]));
	tcase_add_test(tc, two_without_run_id_are_level);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
