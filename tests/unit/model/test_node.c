#include "base/strbuf.h"
#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;
static struct master *m;
static struct view *v1, *v2;

static void
setup(void)
{
	d = (struct deployment){ .group = NULL };
	m = deployment_add_master(&d, FLEET_MASTER);
	v1 = fleet_view(fleet_sentinel(&d, "s1"), "a", 1);
	fleet_sentinel(&d, "s2");
	v2 = NULL;
}

static void
teardown(void)
{
	deployment_fini(&d);
}

/* A second sentinel, which names the same node otherwise. */
static void
second(const char *name, const char *run_id)
{
	v2 = fleet_view(deployment_sentinel(&d, "s2"), name, 1);
	fleet_run_id(v2->fields.run_id, run_id);
}

static bool
update_at(int64_t ms)
{
	return master_update_nodes(&d, m, FLEET_NOW_MS + ms, FLEET_STALE_MS);
}

static bool
update(void)
{
	return update_at(0);
}

/* The nodes' labels without the port, in their order. */
static void
check_nodes(const char *want)
{
	struct strbuf got = { 0 };
	const struct node *n;

	vec_each(n, &m->nodes)
		strbuf_printf(
		    &got, "%s%s", got.len > 0 ? " " : "", n->addr.host);
	ck_assert_str_eq(strbuf_text(&got), want);
	strbuf_fini(&got);
}

static void
check_same(const char *one, const char *other)
{
	ck_assert_ptr_eq(fleet_at(m, one), fleet_at(m, other));
}

START_TEST(master_and_replicas)
{
	fleet_replica(v1, "c");
	fleet_replica(v1, "b");
	ck_assert(update());
	check_nodes("a b c");
	ck_assert_str_eq(m->nodes.v[0]->label, "a:6379");
	ck_assert_str_eq(fleet_at(m, "b")->run_id, "B");
	ck_assert_int_eq(fleet_at(m, "c")->announced_ms, FLEET_NOW_MS);
	ck_assert(!update());
	check_nodes("a b c");
}
END_TEST

START_TEST(names_and_addresses_are_joined_by_run_id)
{
	fleet_replica(v1, "b");
	second("a.example", "a");
	fleet_run_id(fleet_replica(v2, "b.example")->run_id, "b");
	ck_assert(update());
	check_nodes("a b");
	check_same("a", "a.example");
	check_same("b", "b.example");
	ck_assert(!update());
}
END_TEST

/* Until the first INFO a sentinel knows no run id: two nodes for a while. */
START_TEST(joined_once_the_run_ids_are_known)
{
	struct addr a = fleet_addr("a"), z = fleet_addr("z"), from, to;

	second("z", "");
	ck_assert(update());
	check_nodes("a z");
	ck_assert(!master_merge_twins(m, &from, &to));
	strcpy(fleet_at(m, "z")->run_id, "A");
	ck_assert(master_merge_twins(m, &from, &to));
	ck_assert(addr_equal(&from, &z) && addr_equal(&to, &a));
	ck_assert(!master_merge_twins(m, &from, &to));
	check_nodes("a");
	check_same("a", "z");
	ck_assert(!update());
}
END_TEST

/* While a failover is on its way the configured address is the old one's, and
 * so is the run id. */
START_TEST(the_run_id_goes_with_the_configured_address)
{
	fleet_replica(v1, "b");
	v1->addr = fleet_addr("b");
	v1->fields.addr = fleet_addr("a");
	update();
	check_nodes("b");
	ck_assert_str_eq(fleet_at(m, "b")->run_id, "B");
}
END_TEST

START_TEST(an_alias_moves_on_with_the_run_id)
{
	struct addr ip = fleet_addr("10.0.0.5");

	fleet_replica(v1, "b");
	fleet_replica(v1, "c");
	update();
	node_add_alias(fleet_at(m, "b"), &ip);
	check_same("b", "10.0.0.5");
	/* The pod of c came back with the address that b's had. */
	second("a", "a");
	fleet_run_id(fleet_replica(v2, "10.0.0.5")->run_id, "c");
	ck_assert(!update());
	check_nodes("a b c");
	check_same("c", "10.0.0.5");
}
END_TEST

START_TEST(an_own_address_does_not_move)
{
	fleet_replica(v1, "b");
	fleet_replica(v1, "c");
	update();
	/* A sentinel that has not heard of b's restart. */
	second("a", "a");
	fleet_run_id(fleet_replica(v2, "b")->run_id, "c");
	ck_assert(!update());
	check_nodes("a b c");
	ck_assert_str_eq(fleet_at(m, "b")->run_id, "B");
}
END_TEST

START_TEST(a_restarted_node_stays_itself)
{
	update();
	strcpy(fleet_at(m, "a")->run_id, "ANEW"); /* by its INFO */
	ck_assert(!update());
	check_nodes("a");
	ck_assert_str_eq(fleet_at(m, "a")->run_id, "ANEW");
}
END_TEST

START_TEST(aliases_have_a_limit)
{
	char name[16];
	struct addr a;
	int i;

	update();
	for (i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "name%d", i);
		a = fleet_addr(name);
		node_add_alias(fleet_at(m, "a"), &a);
		node_add_alias(fleet_at(m, "a"), &a);
	}
	ck_assert_uint_eq(fleet_at(m, "a")->aliases.n, 16);
}
END_TEST

START_TEST(canonical)
{
	struct addr alias = fleet_addr("alias"), other = fleet_addr("other"),
		    got;

	update();
	node_add_alias(fleet_at(m, "a"), &alias);
	got = master_canonical(m, &alias);
	ck_assert_str_eq(got.host, "a");
	got = master_canonical(m, &other);
	ck_assert_str_eq(got.host, "other");
	ck_assert_ptr_null(master_node(m, &other));
}
END_TEST

/* No run id is none that two nodes could share. */
START_TEST(nodes_without_a_run_id_are_not_one)
{
	fleet_replica(v1, "b")->run_id[0] = '\0';
	fleet_replica(v1, "c")->run_id[0] = '\0';
	update();
	check_nodes("a b c");
	ck_assert(!update());
	check_nodes("a b c");
}
END_TEST

START_TEST(an_alias_without_a_run_id_stays)
{
	struct addr alias = fleet_addr("b.example");

	fleet_replica(v1, "b");
	update();
	node_add_alias(fleet_at(m, "b"), &alias);
	second("a", "a");
	fleet_replica(v2, "b.example")->run_id[0] = '\0';
	ck_assert(!update());
	check_nodes("a b");
	check_same("b", "b.example");
}
END_TEST

START_TEST(a_stale_view_names_nobody)
{
	v1->at_ms -= FLEET_STALE_MS + 1;
	second("b", "b");
	ck_assert(update());
	check_nodes("b");
}
END_TEST

/*
 * Forgetting.
 */

static void
refresh_view(int64_t ms)
{
	v1->at_ms = FLEET_NOW_MS + ms;
}

START_TEST(a_node_that_nobody_names_goes_after_a_while)
{
	fleet_replica(v1, "b");
	update();
	v1->replicas.n = 0;
	refresh_view(15000);
	ck_assert(!update_at(15000));
	check_nodes("a b");
	refresh_view(15001);
	ck_assert(update_at(15001));
	check_nodes("a");
}
END_TEST

START_TEST(the_first_and_the_last_go_alike)
{
	fleet_replica(v1, "0");
	fleet_replica(v1, "z");
	update();
	check_nodes("0 a z");
	v1->replicas.n = 0;
	refresh_view(15001);
	ck_assert(update_at(15001));
	check_nodes("a");
}
END_TEST

/* After a RESET a sentinel knows no replicas for ten seconds; a short interval
 * between polls must not forget them. */
START_TEST(no_node_goes_before_sentinels_could_have_found_it)
{
	fleet_replica(v1, "b");
	update();
	v1->replicas.n = 0;
	refresh_view(15000);
	ck_assert(!master_update_nodes(&d, m, FLEET_NOW_MS + 15000, 1500));
	check_nodes("a b");
	refresh_view(15001);
	ck_assert(master_update_nodes(&d, m, FLEET_NOW_MS + 15001, 1500));
	check_nodes("a");
}
END_TEST

START_TEST(a_long_interval_keeps_nodes_for_longer)
{
	fleet_replica(v1, "b");
	update();
	v1->replicas.n = 0;
	refresh_view(60000);
	ck_assert(!master_update_nodes(&d, m, FLEET_NOW_MS + 60000, 60000));
	refresh_view(60001);
	ck_assert(master_update_nodes(&d, m, FLEET_NOW_MS + 60001, 60000));
}
END_TEST

START_TEST(without_a_sentinel_no_node_is_forgotten)
{
	fleet_replica(v1, "b");
	update();
	ck_assert(!update_at(100 * FLEET_STALE_MS));
	check_nodes("a b");
	/* Nor by one that keeps its lists from us. */
	v1->replicas.n = 0;
	v1->lists_known = false;
	refresh_view(100 * FLEET_STALE_MS);
	ck_assert(!update_at(100 * FLEET_STALE_MS));
	check_nodes("a b");
}
END_TEST

START_TEST(a_view_without_an_address_names_no_master)
{
	v1->addr = (struct addr){ 0 };
	ck_assert(!update());
	check_nodes("");
}
END_TEST

START_TEST(whether_a_node_answers)
{
	struct node *n;

	update();
	n = fleet_at(m, "a");
	n->server->info_at = fleet_now;
	ck_assert(!node_answers(n, FLEET_NOW_MS, FLEET_STALE_MS));
	n->server->source.up = true;
	ck_assert(
	    node_answers(n, FLEET_NOW_MS + FLEET_STALE_MS, FLEET_STALE_MS));
	ck_assert(!node_answers(
	    n, FLEET_NOW_MS + FLEET_STALE_MS + 1, FLEET_STALE_MS));
	n->server->info_at.mono_ms = 0;
	ck_assert(!node_answers(n, 1, FLEET_STALE_MS));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("node");
	TCase *tc = tcase_create("node");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, master_and_replicas);
	tcase_add_test(tc, names_and_addresses_are_joined_by_run_id);
	tcase_add_test(tc, joined_once_the_run_ids_are_known);
	tcase_add_test(tc, the_run_id_goes_with_the_configured_address);
	tcase_add_test(tc, an_alias_moves_on_with_the_run_id);
	tcase_add_test(tc, an_own_address_does_not_move);
	tcase_add_test(tc, a_restarted_node_stays_itself);
	tcase_add_test(tc, aliases_have_a_limit);
	tcase_add_test(tc, canonical);
	tcase_add_test(tc, nodes_without_a_run_id_are_not_one);
	tcase_add_test(tc, an_alias_without_a_run_id_stays);
	tcase_add_test(tc, a_stale_view_names_nobody);
	tcase_add_test(tc, a_node_that_nobody_names_goes_after_a_while);
	tcase_add_test(tc, the_first_and_the_last_go_alike);
	tcase_add_test(tc, no_node_goes_before_sentinels_could_have_found_it);
	tcase_add_test(tc, a_long_interval_keeps_nodes_for_longer);
	tcase_add_test(tc, without_a_sentinel_no_node_is_forgotten);
	tcase_add_test(tc, a_view_without_an_address_names_no_master);
	tcase_add_test(tc, whether_a_node_answers);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
