#include "net/backoff.h"
#include "unit/unit.h"

static const uint32_t steps[] = { 100, 200, 400, 800, 1000, 1000, 1000 };

START_TEST(doubles_up_to_the_ceiling)
{
	struct backoff b;
	uint32_t got = 0;

	backoff_init(&b, 100, 1000);
	for (int i = 0; i <= _i; i++)
		got = backoff_fail(&b, 0);
	ck_assert_uint_eq(got, steps[_i]);
}
END_TEST

static const struct {
	uint32_t random, delay;
} jitters[] = {
	{ 0, 100 },
	{ 1, 99 },
	{ 50, 50 },
	{ 51, 100 },
	{ UINT32_MAX, 100 - UINT32_MAX % 51 },
};

START_TEST(jitter_takes_up_to_half)
{
	struct backoff b;

	backoff_init(&b, 100, 1000);
	ck_assert_uint_eq(
	    backoff_fail(&b, jitters[_i].random), jitters[_i].delay);
}
END_TEST

START_TEST(jitter_does_not_slow_the_growth)
{
	struct backoff b;

	backoff_init(&b, 100, 1000);
	(void)backoff_fail(&b, 50);
	ck_assert_uint_eq(backoff_fail(&b, 0), 200);
}
END_TEST

START_TEST(an_answer_starts_anew)
{
	struct backoff b;

	backoff_init(&b, 100, 1000);
	for (int i = 0; i < 5; i++)
		(void)backoff_fail(&b, 0);
	backoff_ok(&b);
	ck_assert_uint_eq(backoff_fail(&b, 0), 100);
}
END_TEST

static const struct {
	uint32_t floor, ceil, first, tenth;
} bounds[] = {
	{ 100, 50, 100, 100 }, /* the floor is stronger */
	{ 100, 100, 100, 100 },
	{ 100, 150, 100, 150 },
	{ 1, UINT32_MAX, 1, 512 },
	{ UINT32_MAX / 2 + 1, UINT32_MAX, UINT32_MAX / 2 + 1, UINT32_MAX },
};

START_TEST(stays_within_odd_bounds)
{
	struct backoff b;
	uint32_t got;

	backoff_init(&b, bounds[_i].floor, bounds[_i].ceil);
	got = backoff_fail(&b, 0);
	ck_assert_uint_eq(got, bounds[_i].first);
	for (int i = 1; i < 10; i++)
		got = backoff_fail(&b, 0);
	ck_assert_uint_eq(got, bounds[_i].tenth);
}
END_TEST

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("backoff");
	TCase *tc = tcase_create("backoff");

	tcase_add_loop_test(tc, doubles_up_to_the_ceiling, 0, COUNT(steps));
	tcase_add_loop_test(tc, jitter_takes_up_to_half, 0, COUNT(jitters));
	tcase_add_test(tc, jitter_does_not_slow_the_growth);
	tcase_add_test(tc, an_answer_starts_anew);
	tcase_add_loop_test(tc, stays_within_odd_bounds, 0, COUNT(bounds));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
