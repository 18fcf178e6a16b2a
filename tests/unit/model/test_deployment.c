#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;

static void
setup(void)
{
	d = (struct deployment){ .group = NULL };
}

static void
teardown(void)
{
	deployment_fini(&d);
}

/* Names in an order that is none. */
static const char *const names[] = { "m", "c", "zz", "a", "", "b", "z", "aa" };
static const char *const sorted[] = { "", "a", "aa", "b", "c", "m", "z", "zz" };
#define NNAMES (sizeof(names) / sizeof(names[0]))

START_TEST(sentinels_stand_in_order)
{
	size_t i;

	for (i = 0; i < NNAMES; i++) {
		ck_assert_ptr_null(deployment_sentinel(&d, names[i]));
		deployment_add_sentinel(&d, names[i])->source.tried = true;
		ck_assert(deployment_add_sentinel(&d, names[i])->source.tried);
	}
	ck_assert_uint_eq(d.sentinels.n, NNAMES);
	for (i = 0; i < NNAMES; i++) {
		ck_assert_str_eq(d.sentinels.v[i]->label, sorted[i]);
		ck_assert_ptr_eq(
		    deployment_sentinel(&d, sorted[i]), d.sentinels.v[i]);
	}
}
END_TEST

START_TEST(masters_stand_in_order)
{
	size_t i;

	for (i = 0; i < NNAMES; i++) {
		ck_assert_ptr_null(deployment_master(&d, names[i]));
		deployment_add_master(&d, names[i])->agreement.known = true;
		ck_assert(deployment_add_master(&d, names[i])->agreement.known);
	}
	ck_assert_uint_eq(d.masters.n, NNAMES);
	for (i = 0; i < NNAMES; i++) {
		ck_assert_str_eq(d.masters.v[i]->name, sorted[i]);
		ck_assert_ptr_eq(
		    deployment_master(&d, sorted[i]), d.masters.v[i]);
	}
}
END_TEST

START_TEST(views_stand_in_order)
{
	struct sentinel *s = deployment_add_sentinel(&d, "s");
	size_t i;

	for (i = 0; i < NNAMES; i++) {
		ck_assert_ptr_null(sentinel_view(s, names[i]));
		sentinel_add_view(s, names[i])->at_ms = 5;
		ck_assert_int_eq(sentinel_add_view(s, names[i])->at_ms, 5);
	}
	ck_assert_uint_eq(s->views.n, NNAMES);
	for (i = 0; i < NNAMES; i++) {
		ck_assert_str_eq(s->views.v[i]->fields.name, sorted[i]);
		ck_assert_ptr_eq(sentinel_view(s, sorted[i]), s->views.v[i]);
	}
}
END_TEST

START_TEST(what_is_removed_is_gone)
{
	struct sentinel *s;
	size_t i;

	for (i = 0; i < NNAMES; i++) {
		s = deployment_add_sentinel(&d, names[i]);
		fleet_replica(sentinel_add_view(s, "x"), "r");
		fleet_peer(sentinel_add_view(s, "x"), "p");
		fleet_node(
		    deployment_add_master(&d, names[i]), "n", ROLE_MASTER, 0);
	}
	for (i = 0; i < NNAMES; i++) {
		sentinel_remove_view(deployment_sentinel(&d, names[i]), "x");
		sentinel_remove_view(deployment_sentinel(&d, names[i]), "x");
		ck_assert_uint_eq(
		    deployment_sentinel(&d, names[i])->views.n, 0);
		deployment_remove_sentinel(
		    &d, deployment_sentinel(&d, names[i]));
		ck_assert_ptr_null(deployment_sentinel(&d, names[i]));
		deployment_remove_master(&d, deployment_master(&d, names[i]));
		ck_assert_ptr_null(deployment_master(&d, names[i]));
		ck_assert_uint_eq(d.sentinels.n, NNAMES - 1 - i);
		ck_assert_uint_eq(d.masters.n, NNAMES - 1 - i);
	}
}
END_TEST

START_TEST(a_new_sentinel_has_told_nothing)
{
	const struct sentinel *s = deployment_add_sentinel(&d, "s");

	ck_assert_int_eq(s->info.tilt, NUM_UNKNOWN);
	ck_assert_int_eq(s->info.uptime_s, NUM_UNKNOWN);
	ck_assert_int_eq(s->info.scripts_running, NUM_UNKNOWN);
	ck_assert_int_eq(s->info.scripts_queue_length, NUM_UNKNOWN);
	ck_assert_int_eq(s->info.masters, NUM_UNKNOWN);
	ck_assert(!s->source.tried && !s->source.up);
}
END_TEST

START_TEST(one_process_under_many_names_is_one_server)
{
	struct master *a = deployment_add_master(&d, "a");
	struct master *b = deployment_add_master(&d, "b");
	struct node *in_a = fleet_node(a, "n", ROLE_MASTER, 0);
	struct node *in_b = fleet_node(b, "n", ROLE_MASTER, 0);

	fleet_node(b, "other", ROLE_REPLICA, 0);
	ck_assert_uint_eq(d.servers.n, 2);
	ck_assert_ptr_eq(in_a->server, in_b->server);
	ck_assert_uint_eq(in_a->server->nodes.n, 2);
	deployment_remove_master(&d, a);
	deployment_drop_servers(&d, NULL);
	ck_assert_uint_eq(d.servers.n, 2);
	ck_assert_uint_eq(in_b->server->nodes.n, 1);
	node_remove(in_b);
	deployment_drop_servers(&d, NULL);
	ck_assert_uint_eq(d.servers.n, 1);
	ck_assert_str_eq(d.servers.v[0]->label, "other:6379");
}
END_TEST

START_TEST(a_new_label_is_the_same_sentinel)
{
	struct sentinel *s = deployment_add_sentinel(&d, "m");

	deployment_add_sentinel(&d, "a");
	deployment_add_sentinel(&d, "z");
	deployment_rename_sentinel(&d, s, "zz");
	ck_assert_ptr_eq(d.sentinels.v[2], s);
	ck_assert_ptr_eq(deployment_sentinel(&d, "zz"), s);
	ck_assert_ptr_null(deployment_sentinel(&d, "m"));
}
END_TEST

static const struct {
	int64_t at, now;
	bool fresh;
} ages[] = {
	{ 0, 0, false }, /* never */
	{ 0, 5, false }, { 1, 1, true }, { 1, 16, true }, { 1, 17, false },
	{ 9, 1, true }, /* learnt since "now" was read */
};

START_TEST(freshness)
{
	ck_assert_int_eq(fresh(ages[_i].at, ages[_i].now, 15), ages[_i].fresh);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("deployment");
	TCase *tc = tcase_create("deployment");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, sentinels_stand_in_order);
	tcase_add_test(tc, masters_stand_in_order);
	tcase_add_test(tc, views_stand_in_order);
	tcase_add_test(tc, what_is_removed_is_gone);
	tcase_add_test(tc, a_new_sentinel_has_told_nothing);
	tcase_add_test(tc, one_process_under_many_names_is_one_server);
	tcase_add_test(tc, a_new_label_is_the_same_sentinel);
	tcase_add_loop_test(tc, freshness, 0, sizeof(ages) / sizeof(ages[0]));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
