#include "model/source.h"

#include "unit/unit.h"

static const struct now noon = { 5000, 1700000000000 };
static const struct now later = { 6000, 1700000001000 };

START_TEST(a_new_source_was_not_tried)
{
	struct source s = { .tried = false };

	ck_assert(!s.tried && !s.up);
	ck_assert_int_eq(s.reason, REASON_NONE);
	ck_assert_int_eq(s.last_success.mono_ms, 0);
}
END_TEST

START_TEST(an_answer)
{
	struct source s = { .tried = false };

	source_answered(&s, noon);
	ck_assert(s.tried && s.up);
	ck_assert_int_eq(s.reason, REASON_NONE);
	ck_assert_int_eq(s.last_success.mono_ms, 5000);
	ck_assert_int_eq(s.last_success.wall_ms, 1700000000000);
}
END_TEST

START_TEST(a_failure_keeps_the_last_success)
{
	struct source s = { .tried = false };

	source_answered(&s, noon);
	source_failed(&s, REASON_TIMEOUT);
	ck_assert(s.tried && !s.up);
	ck_assert_int_eq(s.reason, REASON_TIMEOUT);
	ck_assert_uint_eq(s.errors[REASON_TIMEOUT], 1);
	ck_assert_int_eq(s.last_success.mono_ms, 5000);
	source_answered(&s, later);
	ck_assert(s.up);
	ck_assert_int_eq(s.reason, REASON_NONE);
	ck_assert_int_eq(s.last_success.mono_ms, 6000);
	ck_assert_uint_eq(s.errors[REASON_TIMEOUT], 1);
}
END_TEST

START_TEST(a_first_failure_is_a_try)
{
	struct source s = { .tried = false };

	source_failed(&s, REASON_REFUSED);
	ck_assert(s.tried && !s.up);
}
END_TEST

START_TEST(a_complaint_leaves_it_up)
{
	struct source s = { .tried = false };

	source_answered(&s, noon);
	source_complain(&s, REASON_NOPERM);
	ck_assert(s.up);
	ck_assert_int_eq(s.reason, REASON_NOPERM);
	ck_assert_uint_eq(s.errors[REASON_NOPERM], 1);
}
END_TEST

/* Each reason has a count of its own. */
START_TEST(counts)
{
	struct source s = { .tried = false };
	int i, k;

	for (i = 0; i < REASON_COUNT; i++)
		for (k = 0; k <= i; k++)
			source_failed(&s, (enum reason)i);
	for (i = 0; i < REASON_COUNT; i++)
		ck_assert_uint_eq(s.errors[i], (uint64_t)i + 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("source");
	TCase *tc = tcase_create("source");

	tcase_add_test(tc, a_new_source_was_not_tried);
	tcase_add_test(tc, an_answer);
	tcase_add_test(tc, a_failure_keeps_the_last_success);
	tcase_add_test(tc, a_first_failure_is_a_try);
	tcase_add_test(tc, a_complaint_leaves_it_up);
	tcase_add_test(tc, counts);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
