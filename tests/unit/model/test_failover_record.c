#include "model/derive.h"
#include "model/failover_record.h"
#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;

static void
setup(void)
{
	d = (struct deployment){ .stale_after_ms = FLEET_STALE_MS };
}

static void
teardown(void)
{
	deployment_fini(&d);
}

START_TEST(a_record_is_found_by_its_name_alone)
{
	struct failover_record *b = deployment_add_record(&d, "b", 1);
	struct failover_record *a = deployment_add_record(&d, "a", 2);

	ck_assert_ptr_eq(deployment_record(&d, "a"), a);
	ck_assert_ptr_eq(deployment_record(&d, "b"), b);
	ck_assert_ptr_null(deployment_record(&d, "c"));
	ck_assert_ptr_eq(deployment_add_record(&d, "b", 3), b);
	ck_assert_int_eq(b->monitored_ms, 1);
}
END_TEST

START_TEST(forgotten_after_a_day_without_a_sentinel_that_monitors_it)
{
	struct failover_record *r = deployment_add_record(&d, "a", 1000);
	struct master *m = deployment_add_master(&d, "a");

	m->record = r;
	ck_assert(
	    !deployment_expire_records(&d, 1000 + FAILOVER_RECORD_KEEP_MS));
	ck_assert_ptr_eq(m->record, r);
	ck_assert(
	    deployment_expire_records(&d, 1001 + FAILOVER_RECORD_KEEP_MS));
	ck_assert_ptr_null(m->record);
	ck_assert_uint_eq(d.records.n, 0);
}
END_TEST

/* Past the limit a new master had shown another one's failovers. */
START_TEST(past_the_limit_nobody_gets_the_record_of_another)
{
	struct failover_record *r;
	char name[16];
	int i;

	for (i = 0; i < FAILOVER_RECORDS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "m%d", i);
		deployment_add_record(&d, name, 10 + i);
	}
	r = deployment_add_record(&d, "true", 20 + i);
	ck_assert_str_eq(r->master_name, "true");
	ck_assert_uint_eq(tracker_count(r->tracker), 0);
	ck_assert_uint_eq(d.records.n, FAILOVER_RECORDS_MAX);
	/* The one that was not monitored for longest made room. */
	ck_assert_ptr_null(deployment_record(&d, "m0"));
	ck_assert_ptr_nonnull(deployment_record(&d, "m1"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("failover_record");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_record_is_found_by_its_name_alone);
	tcase_add_test(
	    tc, forgotten_after_a_day_without_a_sentinel_that_monitors_it);
	tcase_add_test(tc, past_the_limit_nobody_gets_the_record_of_another);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
