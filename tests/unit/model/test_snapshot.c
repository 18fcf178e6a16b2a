#include "model/snapshot.h"

#include <pthread.h>

#include "unit/model/fleet.h"
#include "unit/unit.h"

/* One group whose figures all say the same number, so that a reader could
 * tell a picture that is half of one and half of another. */
static struct snapshot *
picture(int64_t number)
{
	const struct picture_time t = { fleet_now, FLEET_STALE_MS };
	struct snapshot *s = snapshot_new();
	struct deployment d = { .group = xstrdup("g") };
	struct master *m = deployment_add_master(&d, FLEET_MASTER);

	fleet_view(fleet_sentinel(&d, "s1"), "a", number);
	fleet_node(m, "a", ROLE_MASTER, 0)->server->info.master_repl_offset =
	    number;
	m->failovers.attempts = (uint64_t)number;
	s->last_poll_wall_ms = number;
	snapshot_add(s, &d, &t);
	deployment_fini(&d);
	return s;
}

static int64_t
number_of(const struct snapshot *s)
{
	const struct picture_master *m = s->groups.v[0].masters.v[0];

	ck_assert_int_eq(m->views.v[0].config_epoch, s->last_poll_wall_ms);
	ck_assert_int_eq(m->nodes.v[0].server->info.master_repl_offset,
	    s->last_poll_wall_ms);
	ck_assert_uint_eq(
	    m->failovers.attempts, (uint64_t)s->last_poll_wall_ms);
	return s->last_poll_wall_ms;
}

START_TEST(the_slot_begins_empty)
{
	struct handover *h = handover_new();
	const struct snapshot *s = handover_take(h);

	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(s->groups.n, 0);
	ck_assert(!s->first_round_over);
	ck_assert_int_eq(s->poll_duration_ms, NUM_UNKNOWN);
	snapshot_unref(s);
	handover_free(h);
}
END_TEST

START_TEST(the_newest_is_taken)
{
	struct handover *h = handover_new();
	const struct snapshot *s;

	handover_publish(h, picture(1));
	handover_publish(h, picture(2));
	s = handover_take(h);
	ck_assert_int_eq(number_of(s), 2);
	snapshot_unref(s);
	handover_free(h);
}
END_TEST

/* What was taken stays whole, whatever becomes of the slot. */
START_TEST(what_is_held_stays)
{
	struct handover *h = handover_new();
	const struct snapshot *one, *again, *two;

	handover_publish(h, picture(1));
	one = handover_take(h);
	again = handover_take(h);
	ck_assert_ptr_eq(one, again);
	handover_publish(h, picture(2));
	two = handover_take(h);
	handover_free(h);
	ck_assert_int_eq(number_of(one), 1);
	snapshot_unref(one);
	ck_assert_int_eq(number_of(again), 1);
	ck_assert_int_eq(number_of(two), 2);
	snapshot_unref(two);
	snapshot_unref(again);
}
END_TEST

START_TEST(nothing_is_fine)
{
	snapshot_unref(NULL);
	handover_free(NULL);
	snapshot_unref(snapshot_new());
}
END_TEST

/*
 * Two threads that take and let go while a third publishes; the sanitizers
 * watch.
 */
#define PICTURES 2000
#define READERS	 2

struct reader {
	struct handover *handover;
	int64_t seen; /* pictures newer than the one before */
};

static void *
read_all(void *arg)
{
	struct reader *r = arg;
	const struct snapshot *s, *held = handover_take(r->handover);
	int64_t number, last = 0;

	while (last < PICTURES) {
		s = handover_take(r->handover);
		number = s->groups.n == 0 ? 0 : number_of(s);
		ck_assert_int_ge(number, last);
		r->seen += number > last;
		last = number;
		/* Let go later, in another order. */
		snapshot_unref(held);
		held = s;
	}
	snapshot_unref(held);
	return NULL;
}

START_TEST(threads)
{
	struct handover *h = handover_new();
	struct reader readers[READERS];
	pthread_t ids[READERS];
	int64_t n;
	int i;

	for (i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ h, 0 };
		ck_assert_int_eq(
		    pthread_create(&ids[i], NULL, read_all, &readers[i]), 0);
	}
	for (n = 1; n <= PICTURES; n++)
		handover_publish(h, picture(n));
	for (i = 0; i < READERS; i++) {
		pthread_join(ids[i], NULL);
		ck_assert_int_gt(readers[i].seen, 0);
	}
	handover_free(h);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("snapshot");
	TCase *tc = tcase_create("snapshot");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_slot_begins_empty);
	tcase_add_test(tc, the_newest_is_taken);
	tcase_add_test(tc, what_is_held_stays);
	tcase_add_test(tc, nothing_is_fine);
	tcase_add_test(tc, threads);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
