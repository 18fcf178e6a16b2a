#include "model/replication.h"

#include "unit/model/fleet.h"
#include "unit/unit.h"

/*
 * Master a, replicas b and c that follow it, and a sentinel that knows them.
 * Replicas were asked before the master was, as a round does it.
 */
static struct deployment d;
static struct master *m;

static struct node *
at(const char *name)
{
	return fleet_at(m, name);
}

static const struct replication *
of(const char *name)
{
	return &at(name)->replication;
}

static void
setup(void)
{
	struct view *v;

	d = (struct deployment){ .group = NULL };
	m = deployment_add_master(&d, FLEET_MASTER);
	v = fleet_view(fleet_sentinel(&d, "s1"), "a", 1);
	fleet_replica(v, "b");
	fleet_replica(v, "c");
	fleet_node(m, "a", ROLE_MASTER, 0);
	fleet_follows(fleet_node(m, "b", ROLE_REPLICA, -1), "a");
	fleet_follows(fleet_node(m, "c", ROLE_REPLICA, -1), "a");
	fleet_attach(at("a"), "b")->lag_s = 0;
	fleet_attach(at("a"), "c")->lag_s = 7;
}

static void
teardown(void)
{
	deployment_fini(&d);
}

static void
update_at(int64_t ms)
{
	struct now now = { FLEET_NOW_MS + ms, fleet_now.wall_ms + ms };

	agreement_update(&d, m, now, FLEET_STALE_MS);
	replication_update(&d, m, now.mono_ms, FLEET_STALE_MS);
}

static void
update(void)
{
	update_at(0);
}

START_TEST(all_is_well)
{
	update();
	ck_assert(!of("a")->replica);
	ck_assert(of("b")->replica);
	ck_assert(of("b")->link_known && of("b")->link_up);
	ck_assert_int_eq(of("b")->lag_bytes, 0);
	ck_assert_int_eq(of("b")->lag_at_ms, FLEET_NOW_MS);
	ck_assert_int_eq(of("b")->ack_age_s, 0);
	ck_assert_int_eq(of("c")->ack_age_s, 7);
	ck_assert_int_eq(of("b")->link_down_ms, 0);
	ck_assert_int_eq(of("b")->sync_in_progress, 0);
	ck_assert_int_eq(of("b")->depth, 1);
	ck_assert(!of("b")->foreign_master);
	ck_assert(of("b")->ghost_known && !of("b")->ghost);
	ck_assert_int_eq(of("b")->diverged_bytes, NUM_UNKNOWN);
	ck_assert_int_eq(of("a")->diverged_bytes, NUM_UNKNOWN);
	ck_assert_int_eq(of("a")->depth, NUM_UNKNOWN);
	ck_assert(!of("a")->foreign_master && !of("a")->ghost_known);
}
END_TEST

/*
 * Lag.
 */

static const struct lag {
	const char *what;
	int64_t master, replica; /* offsets */
	int64_t lag, missing;
} lags[] = {
	{ "behind", 1500, 1000, 500, 500 },
	{ "level", 1000, 1000, 0, 0 },
	/* The reply of the replica was the later one after all. */
	{ "ahead", 1000, 1030, 0, 0 },
	{ "link down", 1500, 1000, NUM_UNKNOWN, 500 },
	{ "link not told", 1500, 1000, NUM_UNKNOWN, 500 },
	{ "another stream", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "no stream", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "replica stale", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "replica silent", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "master silent", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "master demoted", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "not told", 1500, NUM_UNKNOWN, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "not told", NUM_UNKNOWN, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
	{ "read after the master", 1500, 1000, NUM_UNKNOWN, NUM_UNKNOWN },
};

static void
make(const char *what)
{
	struct node *a = at("a"), *b = at("b");

	if (strcmp(what, "link down") == 0)
		b->server->info.link_up = 0;
	else if (strcmp(what, "link not told") == 0)
		b->server->info.link_up = NUM_UNKNOWN;
	else if (strcmp(what, "another stream") == 0)
		strcpy(b->server->info.replid, "another");
	else if (strcmp(what, "no stream") == 0)
		a->server->info.replid[0] = b->server->info.replid[0] = '\0';
	else if (strcmp(what, "replica stale") == 0)
		b->server->info_at.mono_ms -= FLEET_STALE_MS + 1;
	else if (strcmp(what, "replica silent") == 0)
		b->server->source.up = false;
	else if (strcmp(what, "master silent") == 0)
		a->server->source.up = false;
	else if (strcmp(what, "master demoted") == 0)
		a->server->info.role = ROLE_REPLICA;
	else if (strcmp(what, "read after the master") == 0)
		b->server->info_at.mono_ms = a->server->asked_at.mono_ms + 1;
}

START_TEST(lag)
{
	const struct lag *t = &lags[_i];

	make(t->what);
	at("a")->server->info.master_repl_offset = t->master;
	at("b")->server->info.slave_repl_offset = t->replica;
	update();
	ck_assert_msg(of("b")->lag_bytes == t->lag, "%s: %ld", t->what,
	    (long)of("b")->lag_bytes);
	ck_assert_msg(of("b")->missing_bytes == t->missing, "%s: %ld", t->what,
	    (long)of("b")->missing_bytes);
}
END_TEST

/* A node that is read alone, because of an event, leaves what was measured. */
START_TEST(lag_lasts_until_it_is_stale)
{
	at("a")->server->info.master_repl_offset = 1300;
	update();
	at("b")->server->info_at.mono_ms += 1000;
	at("b")->server->info.slave_repl_offset = 900;
	update_at(1000);
	ck_assert_int_eq(of("b")->lag_bytes, 300);
	ck_assert_int_eq(of("b")->lag_at_ms, FLEET_NOW_MS);
	at("b")->server->info_at.mono_ms += FLEET_STALE_MS;
	at("a")->server->info_at.mono_ms += FLEET_STALE_MS;
	d.sentinels.v[0]->views.v[0]->at_ms += FLEET_STALE_MS;
	update_at(FLEET_STALE_MS + 1);
	ck_assert_int_eq(of("b")->lag_bytes, NUM_UNKNOWN);
}
END_TEST

/*
 * Link and synchronization.
 */

START_TEST(link_down)
{
	struct node *b = at("b");

	b->server->info.link_up = 0;
	b->server->info.sync_in_progress = 1;
	update();
	ck_assert(of("b")->link_known && !of("b")->link_up);
	ck_assert_int_eq(of("b")->link_down_ms, NUM_UNKNOWN);
	ck_assert_int_eq(of("b")->sync_in_progress, 1);
	b->server->info.link_down_since_s = 12;
	update();
	ck_assert_int_eq(of("b")->link_down_ms, 12000);
	b->server->source.up = false;
	update();
	ck_assert(!of("b")->link_known && !of("b")->link_up);
	ck_assert_int_eq(of("b")->link_down_ms, NUM_UNKNOWN);
	ck_assert_int_eq(of("b")->sync_in_progress, NUM_UNKNOWN);
}
END_TEST

START_TEST(acknowledgements)
{
	struct info_replica *line = &at("a")->server->info.replicas.v[1];

	/* The age of one that is being sent the whole data means nothing. */
	line->online = false;
	update();
	ck_assert_int_eq(of("c")->ack_age_s, NUM_UNKNOWN);
	line->online = true;
	at("c")->server->source.up = false;
	update();
	ck_assert_int_eq(of("c")->ack_age_s, 7);
	at("a")->server->source.up = false;
	update();
	ck_assert_int_eq(of("c")->ack_age_s, NUM_UNKNOWN);
}
END_TEST

/* The master knows its replica by an address, the sentinels by a name. */
START_TEST(acknowledgements_to_another_name)
{
	struct addr alias = fleet_addr("c.example");

	at("a")->server->info.replicas.v[1].addr = alias;
	update();
	ck_assert_int_eq(of("c")->ack_age_s, NUM_UNKNOWN);
	node_add_alias(at("c"), &alias);
	update();
	ck_assert_int_eq(of("c")->ack_age_s, 7);
}
END_TEST

/*
 * Whom they follow.
 */

START_TEST(cascaded)
{
	at("a")->server->info.replicas.n = 1;
	fleet_follows(at("c"), "b");
	fleet_attach(at("b"), "c")->lag_s = 3;
	at("a")->server->info.master_repl_offset = 1200;
	update();
	ck_assert_int_eq(of("b")->depth, 1);
	ck_assert_int_eq(of("c")->depth, 2);
	ck_assert(!of("c")->foreign_master);
	ck_assert_int_eq(of("c")->ack_age_s, 3);
	ck_assert_int_eq(of("c")->lag_bytes, 200);
}
END_TEST

/* One that changed over is for a while in the lines of both. */
START_TEST(the_agreed_masters_line_goes_first)
{
	struct node *first = m->nodes.v[0];

	fleet_attach(at("b"), "c")->lag_s = 3;
	update();
	ck_assert_int_eq(of("c")->ack_age_s, 7);
	m->nodes.v[0] = m->nodes.v[1];
	m->nodes.v[1] = first;
	update();
	ck_assert_int_eq(of("c")->ack_age_s, 7);
}
END_TEST

static const struct following {
	const char *b, *c; /* whom they follow; NULL = nobody known */
	bool same_stream, link_up;
	int64_t depth;
	bool foreign; /* c's */
} followings[] = {
	{ "a", "a", true, true, 1, false },
	{ "a", "b", true, true, 2, false },
	{ "stranger", "b", false, true, NUM_UNKNOWN, true },
	{ "a", "stranger", false, true, NUM_UNKNOWN, true },
	{ "a", "stranger", false, false, NUM_UNKNOWN, true },
	{ "a", "stranger", true, false, NUM_UNKNOWN, true },
	/* The master by another address: its stream tells. */
	{ "a", "stranger", true, true, NUM_UNKNOWN, false },
	{ "a", NULL, false, false, NUM_UNKNOWN, true },
	/* In a circle. */
	{ "c", "b", false, false, NUM_UNKNOWN, true },
	{ "a", "c", false, false, NUM_UNKNOWN, true },
};

START_TEST(following)
{
	const struct following *t = &followings[_i];

	fleet_follows(at("b"), t->b);
	at("c")->server->info.master = (struct addr){ 0 };
	if (t->c != NULL)
		fleet_follows(at("c"), t->c);
	if (!t->same_stream)
		strcpy(at("c")->server->info.replid, "another");
	at("c")->server->info.link_up = t->link_up;
	update();
	ck_assert_int_eq(of("c")->depth, t->depth);
	ck_assert_int_eq(of("c")->foreign_master, t->foreign);
}
END_TEST

START_TEST(whom_a_silent_one_follows_is_not_known)
{
	fleet_follows(at("c"), "stranger");
	strcpy(at("c")->server->info.replid, "another");
	update();
	ck_assert(of("c")->foreign_master);
	at("c")->server->source.up = false;
	update();
	ck_assert(!of("c")->foreign_master);
	ck_assert_int_eq(of("c")->depth, NUM_UNKNOWN);
}
END_TEST

START_TEST(without_an_agreed_master_nothing_is_foreign)
{
	fleet_follows(at("c"), "stranger");
	d.sentinels.v[0]->info.tilt = 1;
	update();
	ck_assert(of("b")->replica && of("c")->replica && !of("a")->replica);
	ck_assert(!of("c")->foreign_master);
	ck_assert_int_eq(of("c")->depth, NUM_UNKNOWN);
	ck_assert_int_eq(of("b")->lag_bytes, NUM_UNKNOWN);
	ck_assert(!of("b")->ghost_known);
}
END_TEST

/*
 * Ghosts.
 */

static const struct ghost {
	bool tried, up, attached, master_up;
	bool known, ghost;
} ghosts[] = {
	{ true, true, true, true, true, false },
	{ true, true, false, true, true, false },
	{ true, false, true, true, true, false },
	{ true, false, false, true, true, true },
	{ true, false, false, false, false, false },
	{ false, false, false, true, false, false },
};

START_TEST(ghost)
{
	const struct ghost *t = &ghosts[_i];
	struct source *source = &at("c")->server->source;

	source->tried = t->tried;
	source->up = t->up;
	if (!t->attached)
		at("a")->server->info.replicas.n = 1;
	at("a")->server->source.up = t->master_up;
	update();
	ck_assert_int_eq(of("c")->ghost_known, t->known);
	ck_assert_int_eq(of("c")->ghost, t->ghost);
}
END_TEST

START_TEST(attached_to_another_replica_is_no_ghost)
{
	at("c")->server->source.up = false;
	at("a")->server->info.replicas.n = 1;
	fleet_attach(at("b"), "c");
	update();
	ck_assert(of("c")->ghost_known && !of("c")->ghost);
}
END_TEST

/*
 * A second master.
 */

static const struct divergence {
	const char *stream; /* of the second master */
	int64_t second_offset, offset, bytes;
} divergences[] = {
	{ "old", 901, 1400, 500 },
	{ "old", 901, 900, 0 },
	{ "old", 901, 800, 0 }, /* it lacks something instead */
	{ "another", 901, 1400, NUM_UNKNOWN },
	{ "old", NUM_UNKNOWN, 1400, NUM_UNKNOWN },
	{ "old", 901, NUM_UNKNOWN, NUM_UNKNOWN },
};

START_TEST(divergence)
{
	const struct divergence *t = &divergences[_i];
	struct node *a = at("a"), *b = at("b");

	strcpy(a->server->info.replid2, "old");
	a->server->info.second_repl_offset = t->second_offset;
	b->server->info.role = ROLE_MASTER;
	b->server->info.link_up = NUM_UNKNOWN;
	strcpy(b->server->info.replid, t->stream);
	b->server->info.master_repl_offset = t->offset;
	update();
	ck_assert_int_eq(of("b")->diverged_bytes, t->bytes);
	ck_assert(of("b")->replica && !of("b")->link_known);
	ck_assert_int_eq(of("b")->lag_bytes, NUM_UNKNOWN);
	ck_assert(!of("b")->foreign_master);
	ck_assert_int_eq(of("c")->diverged_bytes, NUM_UNKNOWN);
	b->server->source.up = false;
	update();
	ck_assert_int_eq(of("b")->diverged_bytes, NUM_UNKNOWN);
}
END_TEST

/* "" is what a server prints that has no earlier stream. */
START_TEST(no_divergence_of_what_has_no_stream)
{
	at("a")->server->info.second_repl_offset = 0;
	at("b")->server->info.role = ROLE_MASTER;
	at("b")->server->info.replid[0] = '\0';
	update();
	ck_assert_int_eq(of("b")->diverged_bytes, NUM_UNKNOWN);
}
END_TEST

START_TEST(the_last_two_readings_are_kept)
{
	update();
	update();
	ck_assert_int_eq(of("b")->last.offset, 1000);
	ck_assert_int_eq(of("b")->last.at_ms, FLEET_NOW_MS - 1);
	ck_assert_int_eq(of("b")->before.at_ms, 0);
	at("b")->server->info_at.mono_ms = FLEET_NOW_MS + 50;
	at("b")->server->info.slave_repl_offset = 1100;
	update_at(50);
	ck_assert_int_eq(of("b")->last.offset, 1100);
	ck_assert_int_eq(of("b")->before.offset, 1000);
	at("b")->server->info_at.mono_ms = FLEET_NOW_MS + 60;
	at("b")->server->info.slave_repl_offset = 1200;
	at("b")->server->source.up = false;
	update_at(60);
	ck_assert_int_eq(of("b")->last.offset, 1100);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("replication");
	TCase *tc = tcase_create("replication");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, all_is_well);
	tcase_add_loop_test(tc, lag, 0, sizeof(lags) / sizeof(lags[0]));
	tcase_add_test(tc, lag_lasts_until_it_is_stale);
	tcase_add_test(tc, link_down);
	tcase_add_test(tc, acknowledgements);
	tcase_add_test(tc, acknowledgements_to_another_name);
	tcase_add_test(tc, cascaded);
	tcase_add_test(tc, the_agreed_masters_line_goes_first);
	tcase_add_loop_test(
	    tc, following, 0, sizeof(followings) / sizeof(followings[0]));
	tcase_add_test(tc, whom_a_silent_one_follows_is_not_known);
	tcase_add_test(tc, without_an_agreed_master_nothing_is_foreign);
	tcase_add_loop_test(tc, ghost, 0, sizeof(ghosts) / sizeof(ghosts[0]));
	tcase_add_test(tc, attached_to_another_replica_is_no_ghost);
	tcase_add_loop_test(
	    tc, divergence, 0, sizeof(divergences) / sizeof(divergences[0]));
	tcase_add_test(tc, no_divergence_of_what_has_no_stream);
	tcase_add_test(tc, the_last_two_readings_are_kept);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
