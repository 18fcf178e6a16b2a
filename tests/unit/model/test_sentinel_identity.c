#include "model/sentinel_identity.h"
#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;
static struct sentinel *a, *b;

static struct sentinel *
make(const char *name, const char *id, const char *run_id)
{
	struct sentinel *s = fleet_sentinel(&d, name);

	s->addr = fleet_addr(name);
	strcpy(s->id, id);
	strcpy(s->info.run_id, run_id);
	return s;
}

static void
setup(void)
{
	d = (struct deployment){ .stale_after_ms = FLEET_STALE_MS };
	a = make("a:6379", "ID", "R1");
	b = make("b:6379", "ID", "R1");
	a->addr = fleet_addr("a");
	b->addr = fleet_addr("b");
}

static void
teardown(void)
{
	deployment_fini(&d);
}

START_TEST(one_id_and_one_process_are_the_same)
{
	ck_assert(sentinel_is_same(a, b));
	ck_assert(!sentinel_is_copy(a, b));
	/* Until INFO tells the run id, the id is all there is. */
	b->info.run_id[0] = '\0';
	ck_assert(sentinel_is_same(a, b));
	a->id[0] = b->id[0] = '\0';
	ck_assert(!sentinel_is_same(a, b));
}
END_TEST

START_TEST(one_id_in_two_processes_is_a_copy)
{
	strcpy(b->info.run_id, "R2");
	ck_assert(!sentinel_is_same(a, b));
	ck_assert(sentinel_is_copy(a, b));
	/* One that is gone may have been the same before a restart. */
	b->source.up = false;
	ck_assert(!sentinel_is_copy(a, b));
}
END_TEST

START_TEST(joined_addresses_lead_to_one_sentinel)
{
	struct addr first = fleet_addr("a"), second = fleet_addr("b");

	a->seed = true;
	b->announced_ms = 5;
	ck_assert_ptr_eq(sentinel_join(a, b), a);
	ck_assert(b->seed);
	deployment_remove_sentinel(&d, a);
	ck_assert_ptr_eq(deployment_sentinel_at(&d, &first), b);
	ck_assert_ptr_eq(deployment_sentinel_at(&d, &second), b);
	deployment_split_sentinel(&d, &first);
	ck_assert_ptr_null(deployment_sentinel_at(&d, &first));
	ck_assert_ptr_eq(deployment_sentinel_at(&d, &second), b);
}
END_TEST

START_TEST(a_peer_is_known_by_address_then_by_id)
{
	struct peer_fields p = { .id = "ID", .addr = fleet_addr("b") };

	ck_assert_ptr_eq(deployment_peer(&d, &p), b);
	p.addr = fleet_addr("elsewhere");
	ck_assert_ptr_eq(deployment_peer(&d, &p), a);
	/* Another sentinel has that address now. */
	p.addr = fleet_addr("b");
	strcpy(p.id, "OTHER");
	ck_assert_ptr_null(deployment_peer(&d, &p));
	/* Too old to tell its id. */
	b->id[0] = '\0';
	ck_assert_ptr_eq(deployment_peer(&d, &p), b);
}
END_TEST

START_TEST(a_new_name_is_taken_when_the_old_one_is_not_announced)
{
	ck_assert_int_eq(
	    sentinel_renaming(a, a->label, FLEET_NOW_MS), SENTINEL_KEEPS);
	ck_assert_int_eq(
	    sentinel_renaming(a, "new:1", FLEET_NOW_MS), SENTINEL_TAKES);
	a->announced_ms = FLEET_NOW_MS - FLEET_STALE_MS;
	ck_assert_int_eq(
	    sentinel_renaming(a, "new:1", FLEET_NOW_MS), SENTINEL_IS_OLD);
	a->announced_ms--;
	ck_assert_int_eq(
	    sentinel_renaming(a, "new:1", FLEET_NOW_MS), SENTINEL_TAKES);
	ck_assert_int_eq(
	    sentinel_renaming(a, b->label, FLEET_NOW_MS), SENTINEL_IS_OLD);
}
END_TEST

START_TEST(forgotten_when_nobody_names_it_and_it_is_down)
{
	a->source.up = false;
	a->announced_ms = FLEET_NOW_MS - FLEET_STALE_MS - 1;
	ck_assert(sentinel_is_forgotten(a, FLEET_NOW_MS));
	a->seed = true;
	ck_assert(!sentinel_is_forgotten(a, FLEET_NOW_MS));
	a->seed = false;
	a->announced_ms++;
	ck_assert(!sentinel_is_forgotten(a, FLEET_NOW_MS));
	a->announced_ms--;
	/* With nobody else to ask, it stays. */
	b->source.up = false;
	ck_assert(!sentinel_is_forgotten(a, FLEET_NOW_MS));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sentinel_identity");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_id_and_one_process_are_the_same);
	tcase_add_test(tc, one_id_in_two_processes_is_a_copy);
	tcase_add_test(tc, joined_addresses_lead_to_one_sentinel);
	tcase_add_test(tc, a_peer_is_known_by_address_then_by_id);
	tcase_add_test(
	    tc, a_new_name_is_taken_when_the_old_one_is_not_announced);
	tcase_add_test(tc, forgotten_when_nobody_names_it_and_it_is_down);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
