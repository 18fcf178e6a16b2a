#include "model/failover_forecast.h"

#include "base/num.h"
#include "unit/unit.h"

#define FLOOR_MS (FORECAST_ELECTION_MS + FORECAST_PROMOTION_MS)

static const int64_t down_after[] = { 9000, 5000, 7000 };
static const int64_t election[] = { 300, NUM_UNKNOWN, 100, 200 };
static const int64_t promotion[] = { NUM_UNKNOWN, NUM_UNKNOWN, 900, 1100 };
static struct forecast_input in;

static void
setup(void)
{
	in = (struct forecast_input){ .down_after_ms = down_after,
		.sentinels = 3,
		.quorum = 2,
		.election_ms = election,
		.promotion_ms = promotion };
}

START_TEST(quorum_th_sentinel)
{
	ck_assert_int_eq(failover_forecast(&in), 7000 + FLOOR_MS);
	in.quorum = 1;
	ck_assert_int_eq(failover_forecast(&in), 5000 + FLOOR_MS);
	in.quorum = 3;
	ck_assert_int_eq(failover_forecast(&in), 9000 + FLOOR_MS);
}
END_TEST

START_TEST(too_few_can_vote)
{
	in.quorum = 4;
	ck_assert_int_eq(failover_forecast(&in), NUM_UNKNOWN);
	in.quorum = 1;
	in.sentinels = 0;
	ck_assert_int_eq(failover_forecast(&in), NUM_UNKNOWN);
}
END_TEST

START_TEST(quorum_is_not_known)
{
	in.quorum = NUM_UNKNOWN;
	ck_assert_int_eq(failover_forecast(&in), NUM_UNKNOWN);
	in.quorum = 0;
	ck_assert_int_eq(failover_forecast(&in), NUM_UNKNOWN);
}
END_TEST

START_TEST(down_after_that_is_not_told)
{
	static const int64_t some[] = { NUM_UNKNOWN, 5000, NUM_UNKNOWN };

	in.down_after_ms = some;
	ck_assert_int_eq(failover_forecast(&in), NUM_UNKNOWN);
	in.quorum = 1;
	ck_assert_int_eq(failover_forecast(&in), 5000 + FLOOR_MS);
}
END_TEST

START_TEST(past_failovers_by_their_median)
{
	in.failovers = 4;
	ck_assert_int_eq(failover_forecast(&in), 7000 + 200 + 900);
	in.failovers = 1;
	ck_assert_int_eq(
	    failover_forecast(&in), 7000 + 300 + FORECAST_PROMOTION_MS);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("failover_forecast");
	TCase *tc = tcase_create("failover_forecast");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, quorum_th_sentinel);
	tcase_add_test(tc, too_few_can_vote);
	tcase_add_test(tc, quorum_is_not_known);
	tcase_add_test(tc, down_after_that_is_not_told);
	tcase_add_test(tc, past_failovers_by_their_median);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
