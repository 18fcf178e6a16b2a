#include "model/next_master.h"

#include "unit/model/fleet.h"
#include "unit/unit.h"

/*
 * Master a, replicas b, c and d, sentinels s1 to s3 that all see the same:
 * everything is level, so that the run id decides for b.
 */
static struct deployment deployment;
static struct master *m;

static const char *const sentinels[] = { "s1", "s2", "s3" };
static const char *const replicas[] = { "b", "c", "d" };

static void
setup(void)
{
	struct view *v;
	int i, k;

	deployment = (struct deployment){ .group = NULL };
	m = deployment_add_master(&deployment, FLEET_MASTER);
	for (i = 0; i < 3; i++) {
		v = fleet_view(
		    fleet_sentinel(&deployment, sentinels[i]), "a", 1);
		for (k = 0; k < 3; k++)
			fleet_replica(v, replicas[k]);
	}
	fleet_attach(fleet_node(m, "a", ROLE_MASTER, 0), "b");
	for (k = 0; k < 3; k++)
		fleet_follows(
		    fleet_node(m, replicas[k], ROLE_REPLICA, -1), "a");
}

static void
teardown(void)
{
	deployment_fini(&deployment);
}

static struct replica_fields *
copy(int sentinel, int replica)
{
	struct view *v =
	    sentinel_view(deployment.sentinels.v[sentinel], FLEET_MASTER);

	return &v->replicas.v[replica];
}

static void
update_at(int64_t ms)
{
	struct now now = { FLEET_NOW_MS + ms, fleet_now.wall_ms + ms };

	agreement_update(&deployment, m, now, FLEET_STALE_MS);
	replication_update(&deployment, m, now.mono_ms, FLEET_STALE_MS);
}

/* At most one replica is marked: its name, or "". */
static const char *
marked(void)
{
	const char *name = "";
	const struct node *n;

	vec_each(n, &m->nodes) {
		if (!n->replication.next_master)
			continue;
		ck_assert_str_eq(name, "");
		name = n->addr.host;
	}
	return name;
}

static const char *
next(void)
{
	update_at(0);
	return marked();
}

static const struct replication *
of(const char *name)
{
	return &fleet_at(m, name)->replication;
}

START_TEST(level_replicas_go_by_run_id)
{
	ck_assert_str_eq(next(), "b");
	strcpy(copy(0, 2)->run_id, "0000");
	strcpy(copy(1, 2)->run_id, "0000");
	strcpy(copy(2, 2)->run_id, "0000");
	ck_assert_str_eq(next(), "d");
	ck_assert(!of("a")->promotable_known);
	ck_assert_int_eq(of("b")->promotable, true);
	ck_assert_int_eq(of("b")->sdown, 0);
	ck_assert_int_eq(of("b")->priority, 100);
}
END_TEST

START_TEST(a_priority_counts_as_the_node_itself_says)
{
	fleet_at(m, "c")->server->info.priority = 10;
	ck_assert_str_eq(next(), "c");
	fleet_at(m, "c")->server->info.priority = 0;
	ck_assert_str_eq(next(), "b");
	ck_assert(of("c")->promotable_known && !of("c")->promotable);
	ck_assert_int_eq(of("c")->priority, 0);
	/* Silent, it has the one that the sentinels know. */
	fleet_at(m, "c")->server->source.up = false;
	update_at(0);
	ck_assert_int_eq(of("c")->priority, 100);
	ck_assert(of("c")->promotable);
}
END_TEST

START_TEST(of_sentinels_that_differ_most_decide)
{
	copy(0, 0)->flags = FLAG_S_DOWN;
	ck_assert_str_eq(next(), "b");
	ck_assert_int_eq(of("b")->sdown, 0);
	copy(1, 0)->flags = FLAG_S_DOWN;
	ck_assert_str_eq(next(), "c");
	ck_assert_int_eq(of("b")->sdown, 1);
	ck_assert(!of("b")->promotable);
	/* One in TILT does not fail over. */
	deployment.sentinels.v[1]->info.tilt = 1;
	copy(2, 0)->flags = 0;
	ck_assert_str_eq(next(), "c");
	deployment.sentinels.v[0]->info.tilt = 1;
	ck_assert_str_eq(next(), "b");
}
END_TEST

START_TEST(one_that_most_do_not_list_is_not_promotable)
{
	sentinel_view(deployment.sentinels.v[0], FLEET_MASTER)->replicas.n = 0;
	ck_assert_str_eq(next(), "b");
	sentinel_view(deployment.sentinels.v[1], FLEET_MASTER)->replicas.n = 0;
	ck_assert_str_eq(next(), "");
	ck_assert(of("b")->promotable_known && !of("b")->promotable);
	/* Kept from us is not forgotten. */
	sentinel_view(deployment.sentinels.v[0], FLEET_MASTER)->lists_known =
	    false;
	sentinel_view(deployment.sentinels.v[1], FLEET_MASTER)->lists_known =
	    false;
	ck_assert_str_eq(next(), "b");
	sentinel_view(deployment.sentinels.v[2], FLEET_MASTER)->lists_known =
	    false;
	ck_assert_str_eq(next(), "");
	ck_assert(!of("b")->promotable_known);
	ck_assert_int_eq(of("b")->sdown, NUM_UNKNOWN);
	ck_assert_int_eq(of("b")->priority, 100);
}
END_TEST

/* Half is not most. */
START_TEST(of_two_that_differ_neither_decides)
{
	deployment.sentinels.v[2]->info.tilt = 1;
	copy(0, 0)->flags = FLAG_S_DOWN;
	ck_assert_str_eq(next(), "c");
	ck_assert_int_eq(of("b")->sdown, 0);
	ck_assert(!of("b")->promotable);
}
END_TEST

START_TEST(of_one_that_nobody_tells_of_nothing_is_known)
{
	fleet_at(m, "b")->server->source.up = false;
	update_at(0);
	ck_assert_int_eq(of("b")->priority, 100);
	sentinel_view(deployment.sentinels.v[0], FLEET_MASTER)->replicas.n = 0;
	sentinel_view(deployment.sentinels.v[1], FLEET_MASTER)->replicas.n = 0;
	update_at(0);
	ck_assert_int_eq(of("b")->priority, 100);
	sentinel_view(deployment.sentinels.v[2], FLEET_MASTER)->replicas.n = 0;
	update_at(0);
	ck_assert_int_eq(of("b")->priority, NUM_UNKNOWN);
	ck_assert_int_eq(of("b")->sdown, NUM_UNKNOWN);
	ck_assert(of("b")->promotable_known && !of("b")->promotable);
}
END_TEST

/*
 * Ages of INFO: 10 s between two is normal while nothing is decided.
 */
static const struct waiting {
	unsigned flags;
	int64_t s_down_ms, info_ms;
	bool promotable;
} waitings[] = {
	{ 0, NUM_UNKNOWN, 9000, true },
	{ FLAG_S_DOWN, 4000, 9000, true },
	{ FLAG_S_DOWN, 4000, 30000, true },
	{ FLAG_S_DOWN, 4000, 30001, false },
	{ FLAG_S_DOWN, 4000, 0, false },
	{ FLAG_S_DOWN | FLAG_O_DOWN, 4000, 5000, true },
	{ FLAG_S_DOWN | FLAG_O_DOWN, 4000, 9000, false },
};

START_TEST(info_is_read_anew_before_it_is_decided)
{
	const struct waiting *t = &waitings[_i];
	struct view *v;
	int i;

	for (i = 0; i < 3; i++) {
		v = sentinel_view(deployment.sentinels.v[i], FLEET_MASTER);
		v->fields.flags = t->flags;
		v->fields.s_down_ms = t->s_down_ms;
		copy(i, 0)->info_refresh_ms = t->info_ms;
	}
	update_at(0);
	ck_assert_int_eq(of("b")->promotable, t->promotable);
}
END_TEST

/*
 * Offsets.
 */

/* Read the node anew: asked and answered at these times. */
static void
read_node(const char *name, int64_t offset, int64_t asked, int64_t at)
{
	struct node *n = fleet_at(m, name);

	n->server->info.slave_repl_offset = offset;
	n->server->asked_at.mono_ms = FLEET_NOW_MS + asked;
	n->server->info_at.mono_ms = FLEET_NOW_MS + at;
}

/* All keep up: a second reading of each one, moments apart, in rounds. */
START_TEST(readings_of_a_flowing_stream_are_level)
{
	int64_t round;

	for (round = 0; round < 5; round++) {
		read_node(
		    "b", 1000 + 500 * round, 1000 * round, 1000 * round + 1);
		read_node(
		    "c", 1100 + 500 * round, 1000 * round, 1000 * round + 3);
		read_node(
		    "d", 1050 + 500 * round, 1000 * round, 1000 * round + 2);
		update_at(1000 * round + 3);
		ck_assert_str_eq(marked(), "b");
	}
}
END_TEST

START_TEST(one_that_had_less_later_is_behind)
{
	read_node("c", 1500, 0, 3);
	update_at(3);
	ck_assert_str_eq(marked(), "b");
	/* Asked before c's answer came: no proof. */
	read_node("b", 1400, 2, 4);
	read_node("d", 1400, 4, 5);
	update_at(5);
	ck_assert_str_eq(marked(), "b");
	read_node("b", 1400, 4, 6);
	update_at(6);
	ck_assert_str_eq(marked(), "c");
}
END_TEST

START_TEST(an_earlier_reading_is_proof_too)
{
	read_node("c", 1500, 0, 3);
	update_at(3);
	read_node("b", 1400, 1000, 1002);
	read_node("c", 2000, 1000, 1003);
	read_node("d", 1600, 1000, 1001);
	update_at(1003);
	/* d may be level with c; of the two, c has the smaller run id. */
	ck_assert_str_eq(marked(), "c");
	/* What c had, it proves even when it cannot be promoted itself. */
	fleet_at(m, "c")->server->info.priority = 0;
	update_at(1003);
	ck_assert_str_eq(marked(), "d");
}
END_TEST

START_TEST(one_that_lacks_what_the_master_had_before)
{
	read_node("b", 1400, 1000, 1002);
	read_node("c", 1500, 1000, 1001);
	read_node("d", 1400, 1000, 1003);
	fleet_at(m, "a")->server->info.master_repl_offset = 1500;
	update_at(1003);
	ck_assert_str_eq(marked(), "c");
	/* The same number of another stream says nothing. */
	strcpy(fleet_at(m, "a")->server->info.replid, "another");
	update_at(1003);
	ck_assert_str_eq(marked(), "b");
}
END_TEST

START_TEST(one_whose_link_is_down_gets_no_more)
{
	read_node("b", 990, -1, 0);
	ck_assert_str_eq(next(), "b");
	fleet_at(m, "b")->server->info.link_up = 0;
	ck_assert_str_eq(next(), "c");
	/* It may have the most, from before the others fell behind. */
	read_node("b", 1001, -1, 1);
	update_at(1);
	ck_assert_str_eq(marked(), "b");
}
END_TEST

START_TEST(link_down_for_too_long)
{
	struct node *b = fleet_at(m, "b");

	b->server->info.link_up = 0;
	b->server->info.link_down_since_s = 30;
	ck_assert_str_eq(next(), "b");
	b->server->info.link_down_since_s = 31;
	ck_assert_str_eq(next(), "c");
}
END_TEST

/* Sentinel compares the bare numbers, of whichever stream. */
START_TEST(offsets_of_different_streams_compare_all_the_same)
{
	struct node *d = fleet_at(m, "d");

	strcpy(d->server->info.replid, "another");
	d->server->info.slave_repl_offset = 999999;
	ck_assert_str_eq(next(), "d");
	d->server->info.slave_repl_offset = 1;
	fleet_at(m, "b")->server->info.priority =
	    fleet_at(m, "c")->server->info.priority = 0;
	ck_assert_str_eq(next(), "d");
	fleet_at(m, "c")->server->info.priority = 100;
	ck_assert_str_eq(next(), "c");
}
END_TEST

/* One that does not answer us has the offset that sentinels read last. */
START_TEST(a_silent_one_is_behind_when_its_last_reading_shows_it)
{
	int i;

	fleet_at(m, "b")->server->source.up = false;
	for (i = 0; i < 3; i++) {
		copy(i, 0)->repl_offset = 400;
		copy(i, 0)->info_refresh_ms = 2000;
	}
	read_node("c", 500, -3000, -2500);
	update_at(-2500);
	read_node("c", 1000, -1, 0);
	update_at(0);
	ck_assert_str_eq(marked(), "c");
	for (i = 0; i < 3; i++)
		copy(i, 0)->repl_offset = 500;
	update_at(0);
	ck_assert_str_eq(marked(), "b");
}
END_TEST

START_TEST(of_several_copies_the_youngest_counts)
{
	fleet_at(m, "b")->server->source.up = false;
	copy(0, 0)->priority = 50;
	copy(0, 0)->info_refresh_ms = 8000;
	copy(1, 0)->priority = 200;
	copy(1, 0)->info_refresh_ms = 1000;
	copy(2, 0)->info_refresh_ms = 0;
	ck_assert_str_eq(next(), "c");
	ck_assert_int_eq(of("b")->priority, 200);
}
END_TEST

/* Sentinel does not ask whether a candidate is a replica. */
START_TEST(an_old_master_that_came_back_is_a_candidate)
{
	struct node *b = fleet_at(m, "b");
	int i;

	b->server->info.role = ROLE_MASTER;
	b->server->info.priority = NUM_UNKNOWN;
	for (i = 0; i < 3; i++)
		copy(i, 0)->repl_offset = 0;
	update_at(0);
	ck_assert(of("b")->promotable);
	fleet_at(m, "c")->server->info.priority =
	    fleet_at(m, "d")->server->info.priority = 101;
	ck_assert_str_eq(next(), "b");
	fleet_at(m, "c")->server->info.priority = 99;
	ck_assert_str_eq(next(), "c");
}
END_TEST

/*
 * SENTINEL FAILOVER.
 */

static const char *
forced(int sentinel)
{
	const struct node *n = next_master_forced(
	    m, sentinel_view(deployment.sentinels.v[sentinel], FLEET_MASTER));

	return n == NULL ? "" : n->addr.host;
}

START_TEST(forced_goes_by_one_sentinels_copy_alone)
{
	ck_assert_str_eq(forced(0), "b");
	copy(0, 1)->repl_offset = 1001;
	copy(1, 2)->priority = 99;
	fleet_at(m, "b")->server->info.priority = 1;
	fleet_at(m, "b")->server->info.slave_repl_offset = 5000;
	ck_assert_str_eq(forced(0), "c");
	ck_assert_str_eq(forced(1), "d");
	ck_assert_str_eq(forced(2), "b");
	ck_assert_str_eq(next(), "b");
}
END_TEST

START_TEST(forced_leaves_out_whom_the_rule_leaves_out)
{
	struct view *v = sentinel_view(deployment.sentinels.v[0], FLEET_MASTER);

	copy(0, 0)->flags = FLAG_DISCONNECTED;
	ck_assert_str_eq(forced(0), "c");
	copy(0, 1)->info_refresh_ms = 9000;
	ck_assert_str_eq(forced(0), "c");
	v->fields.s_down_ms = 100;
	ck_assert_str_eq(forced(0), "d");
	copy(0, 2)->link_down_ms = 30101;
	ck_assert_str_eq(forced(0), "");
	copy(0, 2)->link_down_ms = 30100;
	ck_assert_str_eq(forced(0), "d");
	v->replicas.n = 0;
	ck_assert_str_eq(forced(0), "");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("next_master");
	TCase *tc = tcase_create("next_master");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, level_replicas_go_by_run_id);
	tcase_add_test(tc, a_priority_counts_as_the_node_itself_says);
	tcase_add_test(tc, of_sentinels_that_differ_most_decide);
	tcase_add_test(tc, one_that_most_do_not_list_is_not_promotable);
	tcase_add_test(tc, of_two_that_differ_neither_decides);
	tcase_add_test(tc, of_one_that_nobody_tells_of_nothing_is_known);
	tcase_add_loop_test(tc, info_is_read_anew_before_it_is_decided, 0,
	    sizeof(waitings) / sizeof(waitings[0]));
	tcase_add_test(tc, readings_of_a_flowing_stream_are_level);
	tcase_add_test(tc, one_that_had_less_later_is_behind);
	tcase_add_test(tc, an_earlier_reading_is_proof_too);
	tcase_add_test(tc, one_that_lacks_what_the_master_had_before);
	tcase_add_test(tc, one_whose_link_is_down_gets_no_more);
	tcase_add_test(tc, link_down_for_too_long);
	tcase_add_test(tc, offsets_of_different_streams_compare_all_the_same);
	tcase_add_test(
	    tc, a_silent_one_is_behind_when_its_last_reading_shows_it);
	tcase_add_test(tc, of_several_copies_the_youngest_counts);
	tcase_add_test(tc, an_old_master_that_came_back_is_a_candidate);
	tcase_add_test(tc, forced_goes_by_one_sentinels_copy_alone);
	tcase_add_test(tc, forced_leaves_out_whom_the_rule_leaves_out);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
