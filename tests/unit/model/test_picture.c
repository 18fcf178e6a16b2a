/* What pictures share, and until when they are good; what they show stands in
 * the golden exposition. */
#include "model/picture.h"

#include "model/snapshot.h"
#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;
static struct picture p, q;

static void
setup(void)
{
	d = (struct deployment){ 0 };
	fleet_view(fleet_sentinel(&d, "s1"), "a", 3);
	fleet_view(fleet_sentinel(&d, "s2"), "a", 3);
	fleet_node(
	    deployment_add_master(&d, FLEET_MASTER), "a", ROLE_MASTER, 10);
	fleet_node(deployment_master(&d, FLEET_MASTER), "b", ROLE_REPLICA, 9);
	deployment_add_master(&d, "other");
}

static void
teardown(void)
{
	picture_fini(&p);
	picture_fini(&q);
	deployment_fini(&d);
}

static void
freeze(struct picture *to, int64_t later_ms)
{
	const struct picture_time t = { { FLEET_NOW_MS + later_ms,
					    fleet_now.wall_ms + later_ms },
		FLEET_STALE_MS };

	picture_init(to, &d, &t);
}

START_TEST(what_did_not_change_is_shared)
{
	freeze(&p, 0);
	freeze(&q, 1);
	ck_assert_ptr_eq(p.sentinels.v[0], q.sentinels.v[0]);
	ck_assert_ptr_eq(p.masters.v[0], q.masters.v[0]);
	ck_assert_ptr_eq(p.masters.v[1], q.masters.v[1]);
}
END_TEST

START_TEST(what_changed_is_made_anew_alone)
{
	freeze(&p, 0);
	d.sentinels.v[1]->changed = true;
	d.masters.v[0]->changed = true;
	d.masters.v[0]->failovers.attempts = 7;
	freeze(&q, 1);
	ck_assert_ptr_eq(p.sentinels.v[0], q.sentinels.v[0]);
	ck_assert_ptr_ne(p.sentinels.v[1], q.sentinels.v[1]);
	ck_assert_ptr_ne(p.masters.v[0], q.masters.v[0]);
	ck_assert_ptr_eq(p.masters.v[1], q.masters.v[1]);
	ck_assert_uint_eq(p.masters.v[0]->failovers.attempts, 0);
	ck_assert_uint_eq(q.masters.v[0]->failovers.attempts, 7);
}
END_TEST

/* Whose text is the same shares it, whatever else changed. */
START_TEST(labels_are_made_once)
{
	const struct picture_master *m, *n;

	freeze(&p, 0);
	deployment_changed(&d);
	freeze(&q, 1);
	m = p.masters.v[0];
	n = q.masters.v[0];
	ck_assert_ptr_ne(m, n);
	ck_assert_ptr_eq(m->labels, n->labels);
	ck_assert_ptr_eq(m->views.v[1].labels, n->views.v[1].labels);
	ck_assert_ptr_eq(m->nodes.v[1].labels, n->nodes.v[1].labels);
	ck_assert_ptr_eq(p.sentinels.v[0]->labels, q.sentinels.v[0]->labels);
	ck_assert_ptr_eq(p.sources.v[0]->labels, q.sources.v[0]->labels);
}
END_TEST

START_TEST(queues_keep_their_labels_as_others_come_and_go)
{
	static const char *const before[] = { "b", "d", "\xff", "f" },
				 *const after[] = { "a", "d", "e", "f" };
	struct celery *c = &d.masters.v[0]->celery;
	struct celery_db *db = celery_add_db(c, 0);
	const struct picture_db *x, *y;
	size_t i;

	d.masters.v[0]->agreement = (struct agreement){ .known = true,
		.up = true,
		.master = fleet_addr("a"),
		.at_ms = FLEET_NOW_MS };
	c->node = fleet_addr("a");
	db->at_ms = FLEET_NOW_MS;
	for (i = 0; i < 4; i++)
		celery_db_add_queue(db, before[i], 1);
	freeze(&p, 0);
	while (db->queues.n > 0) {
		queue_fini(&db->queues.v[0]);
		vec_remove(&db->queues, 0);
	}
	for (i = 0; i < 4; i++)
		celery_db_add_queue(db, after[i], 1);
	deployment_changed(&d);
	freeze(&q, 0);
	x = &p.masters.v[0]->celery.dbs.v[0];
	y = &q.masters.v[0]->celery.dbs.v[0];
	ck_assert_uint_eq(x->queues.n, 4);
	ck_assert_uint_eq(y->queues.n, 4);
	for (i = 0; i < 4; i++)
		ck_assert_str_eq(y->queues.v[i].labels->name, after[i]);
	ck_assert_ptr_eq(x->queues.v[1].labels, y->queues.v[1].labels);
	ck_assert_ptr_eq(x->queues.v[2].labels, y->queues.v[3].labels);
}
END_TEST

START_TEST(a_picture_that_went_stale_is_made_anew)
{
	freeze(&p, 0);
	ck_assert_int_eq(p.next_stale_ms, FLEET_NOW_MS + FLEET_STALE_MS + 1);
	ck_assert_uint_eq(p.masters.v[0]->views.n, 2);
	freeze(&q, FLEET_STALE_MS + 11);
	ck_assert_ptr_ne(p.masters.v[0], q.masters.v[0]);
	ck_assert_uint_eq(q.masters.v[0]->views.n, 0);
	ck_assert_int_eq(q.masters.v[0]->nodes.v[0].server->info_until_ms, 0);
	ck_assert_int_eq(q.masters.v[0]->next_stale_ms, PICTURE_NEVER);
}
END_TEST

START_TEST(a_picture_outlives_what_it_shows)
{
	freeze(&p, 0);
	deployment_fini(&d);
	ck_assert_str_eq(p.masters.v[0]->labels->name, FLEET_MASTER);
	ck_assert_str_eq(p.masters.v[0]->nodes.v[1].labels->name, "b:6379");
	ck_assert_ptr_nonnull(picture_find(&p, "other"));
	ck_assert_ptr_null(picture_find(&p, "none"));
}
END_TEST

/* An open outage counts up to the picture, and a later one never shows less. */
START_TEST(an_open_outage_grows_with_each_picture)
{
	struct failover_stats *f = &d.masters.v[0]->failovers;

	f->outage_ms = 100;
	f->outage_since_mono_ms = FLEET_NOW_MS - 50;
	freeze(&p, 0);
	d.masters.v[0]->changed = true;
	freeze(&q, 250);
	ck_assert_int_eq(p.masters.v[0]->failovers.outage_ms, 150);
	ck_assert_int_eq(q.masters.v[0]->failovers.outage_ms, 400);
	ck_assert_int_eq(f->outage_ms, 100);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("picture");
	TCase *tc = tcase_create("picture");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_did_not_change_is_shared);
	tcase_add_test(tc, what_changed_is_made_anew_alone);
	tcase_add_test(tc, labels_are_made_once);
	tcase_add_test(tc, queues_keep_their_labels_as_others_come_and_go);
	tcase_add_test(tc, a_picture_that_went_stale_is_made_anew);
	tcase_add_test(tc, a_picture_outlives_what_it_shows);
	tcase_add_test(tc, an_open_outage_grows_with_each_picture);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
