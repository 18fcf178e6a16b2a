#include "model/agreement.h"

#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;
static struct master *m;

static void
setup(void)
{
	d = (struct deployment){ .group = NULL };
	m = deployment_add_master(&d, FLEET_MASTER);
}

static void
teardown(void)
{
	deployment_fini(&d);
}

static void
update(void)
{
	agreement_update(&d, m, fleet_now, FLEET_STALE_MS);
}

/* One sentinel's line: name, node, epoch, and what is wrong with it. */
static void
tell(const char *line, size_t len)
{
	char text[128], name[16], node[16], words[64] = "";
	struct sentinel *s;
	struct view *v;
	long epoch;

	ck_assert_uint_lt(len, sizeof(text));
	memcpy(text, line, len);
	text[len] = '\0';
	ck_assert_int_ge(
	    sscanf(text, " %15s %15s %ld %63[^;]", name, node, &epoch, words),
	    3);
	s = fleet_sentinel(&d, name);
	v = fleet_view(s, node, epoch);
	if (fleet_has(words, "tilt"))
		s->info.tilt = 1;
	if (fleet_has(words, "old-tilt")) {
		s->info.tilt = 1;
		s->info_at.mono_ms -= FLEET_STALE_MS + 1;
	}
	if (fleet_has(words, "stale"))
		v->at_ms -= FLEET_STALE_MS + 1;
	if (fleet_has(words, "denied"))
		v->addr = (struct addr){ 0 };
}

static void
tell_all(const char *text)
{
	const char *end;

	for (; *text != '\0'; text = end + (*end == ';')) {
		end = strchrnul(text, ';');
		tell(text, (size_t)(end - text));
	}
}

static const struct election {
	const char *told; /* after "b2" was known to be an alias of b */
	const char *before; /* agreed on so far */
	const char *master; /* NULL = none */
	int64_t epoch, counted, agreeing, distinct;
} elections[] = {
	{ "", NULL, NULL, 0, 0, 0, 0 },
	{ "s1 a 1", NULL, "a", 1, 1, 1, 1 },
	{ "s1 a 1; s2 a 1; s3 a 1", NULL, "a", 1, 3, 3, 1 },
	{ "s1 a 1; s2 b 2; s3 a 1", NULL, "b", 2, 3, 1, 2 },
	{ "s1 a 1; s2 b 2; s3 c 3", NULL, "c", 3, 3, 1, 3 },
	/* Of one epoch: most sentinels, then as before, then by name. */
	{ "s1 c 2; s2 b 2; s3 c 2", "b", "c", 2, 3, 2, 2 },
	{ "s1 c 2; s2 b 2", "c", "c", 2, 2, 1, 2 },
	{ "s1 c 2; s2 b 2", "b", "b", 2, 2, 1, 2 },
	{ "s1 b 2; s2 c 2", "c", "c", 2, 2, 1, 2 },
	{ "s1 c 2; s2 b 2", NULL, "b", 2, 2, 1, 2 },
	{ "s1 b 2; s2 c 2", "a", "b", 2, 2, 1, 2 },
	/* One that lags behind agrees all the same. */
	{ "s1 b 2; s2 b 1; s3 b 2", NULL, "b", 2, 3, 3, 1 },
	/* Who does not count. */
	{ "s1 a 1; s2 b 2 tilt; s3 a 1", NULL, "a", 1, 2, 2, 1 },
	{ "s1 a 1; s2 b 2 stale; s3 a 1", NULL, "a", 1, 2, 2, 1 },
	{ "s1 a 1; s2 b 2 denied; s3 a 1", NULL, "a", 1, 2, 2, 1 },
	{ "s1 a 1; s2 b 2 old-tilt; s3 a 1", NULL, "b", 2, 3, 1, 2 },
	{ "s1 a 1 tilt; s2 a 1 tilt", "a", NULL, 0, 0, 0, 0 },
	/* Two names for one node. */
	{ "s1 b 2; s2 b2 2; s3 b 2", NULL, "b", 2, 3, 3, 1 },
	{ "s1 c 2; s2 b2 2; s3 b 2", NULL, "b", 2, 3, 2, 2 },
};

START_TEST(election)
{
	const struct election *e = &elections[_i];
	const struct agreement *a = &m->agreement;
	struct addr alias = fleet_addr("b2");

	node_add_alias(fleet_node(m, "b", ROLE_REPLICA, 0), &alias);
	tell_all(e->told);
	if (e->before != NULL) {
		m->agreement.known = true;
		m->agreement.master = fleet_addr(e->before);
	}
	update();
	ck_assert_msg(a->known == (e->master != NULL), "%s", e->told);
	if (a->known)
		ck_assert_str_eq(a->master.host, e->master);
	ck_assert_int_eq(a->epoch, e->epoch);
	ck_assert_int_eq(a->counted, e->counted);
	ck_assert_int_eq(a->agreeing, e->agreeing);
	ck_assert_int_eq(a->distinct, e->distinct);
	ck_assert_int_eq(a->at_ms, FLEET_NOW_MS);
}
END_TEST

/* In whichever order sentinels stand, the same master is agreed on. */
START_TEST(election_in_any_order)
{
	static const char *const nodes[] = { "a", "b", "c" };
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	static const char *const names[] = { "s1", "s2", "s3" };
	int i;

	for (i = 0; i < 3; i++)
		fleet_view(
		    fleet_sentinel(&d, names[i]), nodes[orders[_i][i]], 4);
	update();
	ck_assert_str_eq(m->agreement.master.host, "a");
}
END_TEST

/*
 * Drift.
 */

static const struct drift {
	enum agreement_setting setting;
	size_t offset;
} drifts[] = {
	{ SETTING_QUORUM, offsetof(struct master_fields, quorum) },
	{ SETTING_DOWN_AFTER, offsetof(struct master_fields, down_after_ms) },
	{ SETTING_FAILOVER_TIMEOUT,
	    offsetof(struct master_fields, failover_timeout_ms) },
	{ SETTING_PARALLEL_SYNCS,
	    offsetof(struct master_fields, parallel_syncs) },
	{ SETTING_KNOWN_SENTINELS,
	    offsetof(struct master_fields, num_other_sentinels) },
	{ SETTING_KNOWN_REPLICAS, offsetof(struct master_fields, num_slaves) },
};
#define NDRIFTS (sizeof(drifts) / sizeof(drifts[0]))

static void
check_drift(enum agreement_setting only)
{
	enum agreement_setting i;

	for (i = 0; i < AGREEMENT_SETTING_COUNT; i++)
		ck_assert_msg(m->agreement.drift[i] == (i == only), "%s",
		    agreement_setting_name(i));
}

static struct view *
three_sentinels(int odd)
{
	static const char *const names[] = { "s1", "s2", "s3" };
	int i;

	for (i = 0; i < 3; i++)
		fleet_view(fleet_sentinel(&d, names[i]), "a", 1);
	return sentinel_view(d.sentinels.v[odd], FLEET_MASTER);
}

/* Whichever of the three it is, and in whichever setting. */
START_TEST(drift)
{
	const struct drift *t = &drifts[(size_t)_i % NDRIFTS];
	struct view *v = three_sentinels(_i / (int)NDRIFTS);
	int64_t other = 77;

	update();
	check_drift(AGREEMENT_SETTING_COUNT);
	memcpy((char *)&v->fields + t->offset, &other, sizeof(other));
	update();
	check_drift(t->setting);
}
END_TEST

START_TEST(drift_of_one_in_tilt_shows)
{
	three_sentinels(0)->fields.quorum = 3;
	d.sentinels.v[0]->info.tilt = 1;
	update();
	check_drift(SETTING_QUORUM);
}
END_TEST

START_TEST(drift_of_a_stale_view_does_not)
{
	struct view *v = three_sentinels(0);

	v->fields.quorum = 3;
	v->at_ms -= FLEET_STALE_MS + 1;
	update();
	check_drift(AGREEMENT_SETTING_COUNT);
}
END_TEST

/* The first ones do not count, the others still compare. */
START_TEST(drift_behind_sentinels_that_do_not_count)
{
	struct view *v = three_sentinels(2);

	v->fields.quorum = 3;
	d.sentinels.v[0]->source.up = false;
	update();
	check_drift(SETTING_QUORUM);
	d.sentinels.v[0]->source.up = true;
	d.sentinels.v[0]->views.v[0]->at_ms = 0;
	update();
	check_drift(SETTING_QUORUM);
}
END_TEST

START_TEST(a_master_that_one_does_not_know)
{
	three_sentinels(0);
	sentinel_remove_view(d.sentinels.v[1], FLEET_MASTER);
	update();
	check_drift(SETTING_KNOWN_MASTER);
	/* One that does not answer may know it; one that kept its list from
	 * us too. */
	d.sentinels.v[1]->source.reason = REASON_NOPERM;
	update();
	check_drift(AGREEMENT_SETTING_COUNT);
	d.sentinels.v[1]->source.reason = REASON_NONE;
	d.sentinels.v[1]->source.up = false;
	update();
	check_drift(AGREEMENT_SETTING_COUNT);
}
END_TEST

START_TEST(one_that_tells_of_other_masters_and_was_denied_something)
{
	three_sentinels(0);
	sentinel_remove_view(d.sentinels.v[1], FLEET_MASTER);
	sentinel_add_view(d.sentinels.v[1], "other");
	d.sentinels.v[1]->source.reason = REASON_NOPERM;
	update();
	check_drift(SETTING_KNOWN_MASTER);
}
END_TEST

START_TEST(a_view_that_was_not_read_yet_is_no_drift)
{
	three_sentinels(0)->at_ms = 0;
	update();
	check_drift(AGREEMENT_SETTING_COUNT);
}
END_TEST

/*
 * Nodes.
 */

START_TEST(the_agreed_master_is_up_when_it_says_so)
{
	struct node *a = fleet_node(m, "a", ROLE_MASTER, 0);

	fleet_node(m, "b", ROLE_REPLICA, 0);
	three_sentinels(0);
	update();
	ck_assert(m->agreement.up_known && m->agreement.up);
	ck_assert_int_eq(m->agreement.reporting_nodes, 1);
	a->server->info.role = ROLE_REPLICA;
	update();
	ck_assert(m->agreement.up_known && !m->agreement.up);
	ck_assert_int_eq(m->agreement.reporting_nodes, 0);
	a->server->info.role = ROLE_MASTER;
	a->server->source.up = false;
	update();
	ck_assert(m->agreement.up_known && !m->agreement.up);
	a->server->source.up = true;
	a->server->info_at.mono_ms -= FLEET_STALE_MS + 1;
	update();
	ck_assert(!m->agreement.up);
	a->server->source.tried = false;
	update();
	ck_assert(!m->agreement.up_known);
}
END_TEST

START_TEST(a_split_brain_keeps_its_beginning)
{
	struct now later = { fleet_now.mono_ms + 4000,
		fleet_now.wall_ms + 4000 };
	struct node *b;

	fleet_node(m, "a", ROLE_MASTER, 0);
	fleet_node(m, "b", ROLE_REPLICA, 0);
	b = fleet_at(m, "b");
	three_sentinels(0);
	update();
	ck_assert_int_eq(m->agreement.split_since.mono_ms, 0);
	b->server->info.role = ROLE_MASTER;
	update();
	ck_assert_int_eq(m->agreement.reporting_nodes, 2);
	ck_assert_int_eq(m->agreement.split_since.wall_ms, fleet_now.wall_ms);
	agreement_update(&d, m, later, FLEET_STALE_MS);
	ck_assert_int_eq(m->agreement.split_since.mono_ms, FLEET_NOW_MS);
	ck_assert_int_eq(m->agreement.split_since.wall_ms, fleet_now.wall_ms);
	b->server->info.role = ROLE_REPLICA;
	agreement_update(&d, m, later, FLEET_STALE_MS);
	ck_assert_int_eq(m->agreement.split_since.mono_ms, 0);
	b->server->info.role = ROLE_MASTER;
	agreement_update(&d, m, later, FLEET_STALE_MS);
	ck_assert_int_eq(m->agreement.split_since.mono_ms, later.mono_ms);
}
END_TEST

START_TEST(two_masters_show_without_any_sentinel)
{
	fleet_node(m, "a", ROLE_MASTER, 0);
	fleet_node(m, "b", ROLE_MASTER, 0);
	update();
	ck_assert(!m->agreement.known);
	ck_assert_int_eq(m->agreement.reporting_nodes, 2);
}
END_TEST

START_TEST(replicas_that_are_counted_and_not_listed)
{
	struct view *v = three_sentinels(1);

	update();
	ck_assert_int_eq(m->agreement.unannounced, 0);
	fleet_replica(v, "b");
	update();
	ck_assert_int_eq(m->agreement.unannounced, 0);
	v->fields.num_slaves = 3;
	update();
	ck_assert_int_eq(m->agreement.unannounced, 2);
	v->lists_known = false;
	update();
	ck_assert_int_eq(m->agreement.unannounced, 0);
	sentinel_view(d.sentinels.v[0], FLEET_MASTER)->lists_known = false;
	sentinel_view(d.sentinels.v[2], FLEET_MASTER)->lists_known = false;
	update();
	ck_assert_int_eq(m->agreement.unannounced, NUM_UNKNOWN);
	v->lists_known = true;
	v->fields.num_slaves = 0; /* read in the middle of a change */
	update();
	ck_assert_int_eq(m->agreement.unannounced, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("agreement");
	TCase *tc = tcase_create("agreement");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(
	    tc, election, 0, sizeof(elections) / sizeof(elections[0]));
	tcase_add_loop_test(tc, election_in_any_order, 0, 6);
	tcase_add_loop_test(tc, drift, 0, 3 * (int)NDRIFTS);
	tcase_add_test(tc, drift_of_one_in_tilt_shows);
	tcase_add_test(tc, drift_of_a_stale_view_does_not);
	tcase_add_test(tc, drift_behind_sentinels_that_do_not_count);
	tcase_add_test(tc, a_master_that_one_does_not_know);
	tcase_add_test(
	    tc, one_that_tells_of_other_masters_and_was_denied_something);
	tcase_add_test(tc, a_view_that_was_not_read_yet_is_no_drift);
	tcase_add_test(tc, the_agreed_master_is_up_when_it_says_so);
	tcase_add_test(tc, a_split_brain_keeps_its_beginning);
	tcase_add_test(tc, two_masters_show_without_any_sentinel);
	tcase_add_test(tc, replicas_that_are_counted_and_not_listed);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
