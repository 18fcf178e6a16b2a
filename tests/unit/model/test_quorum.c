#include "model/quorum.h"

#include "unit/model/fleet.h"
#include "unit/unit.h"

#define SENTINELS_MAX 7

static struct deployment d;

static void
setup(void)
{
	d = (struct deployment){ .group = NULL };
	deployment_add_master(&d, FLEET_MASTER);
}

static void
teardown(void)
{
	deployment_fini(&d);
}

static const char *
name_of(int i)
{
	static const char *const names[SENTINELS_MAX] = { "s0", "s1", "s2",
		"s3", "s4", "s5", "s6" };

	return names[i];
}

/* Sentinels that all know one another, as a string: one letter each.
 *	u up	d dead	t in TILT	f up, forgot all others
 *	x alive, but does not answer us
 */
static void
make(const char *who, int64_t quorum)
{
	struct sentinel *s;
	struct view *v;
	int i, k;

	for (i = 0; who[i] != '\0'; i++) {
		s = fleet_sentinel(&d, name_of(i));
		s->source.up = who[i] != 'd' && who[i] != 'x';
		if (!s->source.up)
			continue;
		s->info.tilt = who[i] == 't';
		v = fleet_view(s, "a", 1);
		v->fields.quorum = quorum;
		for (k = 0; who[k] != '\0' && who[i] != 'f'; k++)
			if (k != i && who[k] == 'd')
				fleet_peer(v, name_of(k))->flags = FLAG_S_DOWN;
			else if (k != i)
				fleet_peer(v, name_of(k));
	}
}

static void
check_headroom(int64_t want, const char *what)
{
	int64_t got;

	ck_assert(quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &got));
	ck_assert_msg(
	    got == want, "%s: %ld, not %ld", what, (long)got, (long)want);
}

static const struct {
	const char *who;
	int64_t quorum, headroom;
} cases[] = {
	{ "u", 1, 0 },
	{ "uu", 1, 0 }, /* two: a majority is both */
	{ "uu", 2, 0 },
	{ "ud", 1, -1 },
	{ "uuu", 1, 1 }, /* the majority needs two whatever the quorum */
	{ "uuu", 2, 1 },
	{ "uuu", 3, 0 },
	{ "uuu", 4, -1 },
	{ "uud", 2, 0 },
	{ "uud", 3, -1 },
	{ "udd", 2, -1 },
	{ "udd", 1, -1 },
	{ "uuuuu", 2, 2 },
	{ "uuuuu", 3, 2 },
	{ "uuuuu", 4, 1 },
	/* The dead raise the majority until they are forgotten. */
	{ "uuudd", 2, 0 },
	{ "uuuuudd", 2, 1 },
	{ "uuuuuuu", 2, 3 },
	/* One in TILT votes, but does not say that the master is down. */
	{ "uut", 2, 0 },
	{ "uut", 1, 1 },
	{ "utt", 2, -1 },
	{ "utd", 2, -1 },
	{ "uutuu", 2, 2 },
	{ "uutuu", 4, 0 },
	/* One was RESET and knows nobody yet: it could not lead. */
	{ "uuf", 2, 1 },
	{ "uff", 2, 0 },
	{ "fff", 2, -1 },
	/* Those that only their peers reach are no worse than those we reach. */
	{ "uxx", 2, 1 },
	{ "uuxxx", 2, 2 },
};

START_TEST(headroom)
{
	make(cases[_i].who, cases[_i].quorum);
	check_headroom(cases[_i].headroom, cases[_i].who);
}
END_TEST

/* CKQUORUM's own count goes before ours. */
START_TEST(headroom_by_ckquorum)
{
	struct view *v;
	int i;

	make("uuu", 2);
	for (i = 0; i < 3; i++) {
		v = sentinel_view(d.sentinels.v[i], FLEET_MASTER);
		v->ckquorum = (struct ckquorum){ true, 2, true, true };
		v->lists_known = false;
	}
	check_headroom(0, "two usable");
}
END_TEST

/* The best placed one may be among those that are lost. */
START_TEST(headroom_when_they_see_each_other_differently)
{
	make("uuu", 2);
	sentinel_view(d.sentinels.v[1], FLEET_MASTER)->peers.v[1].flags =
	    FLAG_S_DOWN;
	sentinel_view(d.sentinels.v[2], FLEET_MASTER)->peers.v[1].flags =
	    FLAG_S_DOWN;
	check_headroom(0, "s1 and s2 hold each other for down");
	sentinel_view(d.sentinels.v[1], FLEET_MASTER)->peers.v[1].flags = 0;
	check_headroom(1, "s2 alone holds s1 for down");
}
END_TEST

START_TEST(headroom_is_not_known_without_a_count)
{
	int64_t out;
	int i;

	ck_assert(!quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &out));
	make("uuu", 2);
	for (i = 0; i < 3; i++)
		sentinel_view(d.sentinels.v[i], FLEET_MASTER)->lists_known =
		    false;
	ck_assert(!quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &out));
}
END_TEST

/* What no sentinel would say does not upset the sums. */
START_TEST(headroom_of_senseless_numbers)
{
	struct view *v;
	int64_t out;

	make("u", 1);
	v = sentinel_view(d.sentinels.v[0], FLEET_MASTER);
	v->fields.quorum = INT64_MAX;
	ck_assert(!quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &out));
	v->fields.quorum = 1;
	v->fields.num_other_sentinels = INT64_MAX;
	ck_assert(!quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &out));
	v->fields.num_other_sentinels = NUM_UNKNOWN;
	ck_assert(!quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &out));
	v->fields.num_other_sentinels = 0;
	v->ckquorum = (struct ckquorum){ true, INT64_MAX, true, true };
	ck_assert(!quorum_headroom(
	    &d, FLEET_MASTER, FLEET_NOW_MS, FLEET_STALE_MS, &out));
	v->ckquorum.usable = INT32_MAX;
	check_headroom(INT32_MAX - 1, "many usable");
}
END_TEST

static int64_t
unknown_to(int i)
{
	const struct sentinel *s = d.sentinels.v[i];

	return quorum_unknown_peers(&d, s, sentinel_view(s, FLEET_MASTER),
	    FLEET_NOW_MS, FLEET_STALE_MS);
}

START_TEST(peers_that_are_not_known)
{
	make("uuf", 2);
	ck_assert_int_eq(unknown_to(0), 0);
	ck_assert_int_eq(unknown_to(1), 0);
	ck_assert_int_eq(unknown_to(2), 2);
	/* One without an id cannot be looked for. */
	d.sentinels.v[0]->id[0] = '\0';
	ck_assert_int_eq(unknown_to(2), 1);
	/* One that does not answer us is nobody's fault. */
	d.sentinels.v[1]->source.up = false;
	ck_assert_int_eq(unknown_to(2), 0);
}
END_TEST

START_TEST(peers_that_watch_other_masters_need_not_be_known)
{
	make("uf", 2);
	ck_assert_int_eq(unknown_to(1), 1);
	sentinel_view(d.sentinels.v[0], FLEET_MASTER)->at_ms = 0;
	ck_assert_int_eq(unknown_to(1), 0);
	sentinel_remove_view(d.sentinels.v[0], FLEET_MASTER);
	ck_assert_int_eq(unknown_to(1), 0);
}
END_TEST

START_TEST(peers_of_one_that_gave_no_list)
{
	make("uuf", 2);
	sentinel_view(d.sentinels.v[2], FLEET_MASTER)->lists_known = false;
	ck_assert_int_eq(unknown_to(2), NUM_UNKNOWN);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("quorum");
	TCase *tc = tcase_create("quorum");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, headroom, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, headroom_by_ckquorum);
	tcase_add_test(tc, headroom_when_they_see_each_other_differently);
	tcase_add_test(tc, headroom_is_not_known_without_a_count);
	tcase_add_test(tc, headroom_of_senseless_numbers);
	tcase_add_test(tc, peers_that_are_not_known);
	tcase_add_test(tc, peers_that_watch_other_masters_need_not_be_known);
	tcase_add_test(tc, peers_of_one_that_gave_no_list);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
