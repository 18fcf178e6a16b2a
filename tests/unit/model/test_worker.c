#include "model/worker.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "unit/unit.h"

static struct workers ws;

static void
setup(void)
{
	ws = (struct workers){ 0 };
}

static void
teardown(void)
{
	workers_fini(&ws);
}

static bool
heard(const char *name, int64_t period_ms, int64_t now_ms)
{
	struct heartbeat h = { .period_ms = period_ms };

	(void)snprintf(h.worker, sizeof(h.worker), "%s", name);
	return workers_heard(&ws, &h, now_ms);
}

START_TEST(nothing_is_known_before_all_had_time_to_speak)
{
	ck_assert_int_eq(workers_count(&ws, 1000), NUM_UNKNOWN);
	workers_listen(&ws, 1000);
	ck_assert(heard("a", 2000, 1500));
	ck_assert_int_eq(workers_count(&ws, 6999), NUM_UNKNOWN);
	ck_assert(!heard("a", 2000, 6500));
	ck_assert_int_eq(workers_count(&ws, 7000), 1);
	workers_deaf(&ws);
	ck_assert_int_eq(workers_count(&ws, 7500), NUM_UNKNOWN);
	/* What was learnt once is remembered over a failover. */
	workers_listen(&ws, 20000);
	ck_assert_int_eq(workers_count(&ws, 20000), 1);
}
END_TEST

START_TEST(zero_is_a_number)
{
	workers_listen(&ws, 1000);
	ck_assert_int_eq(workers_count(&ws, 7000), 0);
}
END_TEST

START_TEST(three_silent_periods)
{
	workers_listen(&ws, 1000);
	(void)heard("quick", 2000, 10000);
	(void)heard("slow", 30000, 10000);
	ck_assert_int_eq(workers_count(&ws, 16000), 2);
	ck_assert_int_eq(workers_count(&ws, 16001), 1);
	ck_assert_int_eq(workers_count(&ws, 100000), 1);
	ck_assert_int_eq(workers_count(&ws, 100001), 0);
	ck_assert(heard("quick", 2000, 100002));
	ck_assert_int_eq(workers_count(&ws, 100002), 1);
}
END_TEST

START_TEST(our_own_deafness_is_nobodys_silence)
{
	workers_listen(&ws, 1000);
	(void)heard("a", 2000, 10000);
	workers_deaf(&ws);
	workers_listen(&ws, 60000);
	ck_assert_int_eq(workers_count(&ws, 66000), 1);
	ck_assert_int_eq(workers_count(&ws, 66001), 0);
}
END_TEST

START_TEST(farewell)
{
	workers_listen(&ws, 1000);
	(void)heard("b", 2000, 10000);
	(void)heard("a", 2000, 10000);
	(void)heard("c", 2000, 10000);
	ck_assert_str_eq(ws.list.v[0].name, "a");
	ck_assert_str_eq(ws.list.v[2].name, "c");
	/* Back at once, as after every cut of its connection. */
	workers_left(&ws, "b", 11000);
	workers_left(&ws, "0", 11000);
	ck_assert_int_eq(workers_count(&ws, 13000), 3);
	ck_assert(!heard("b", 2000, 13000));
	ck_assert_int_eq(workers_count(&ws, 14000), 3);
	(void)heard("a", 2000, 18000);
	(void)heard("c", 2000, 18000);
	(void)heard("b", 2000, 18000);
	/* Or not. */
	workers_left(&ws, "b", 19000);
	ck_assert_int_eq(workers_count(&ws, 21000), 3);
	ck_assert_int_eq(workers_count(&ws, 21001), 2);
	ck_assert(heard("b", 2000, 21002));
	ck_assert_int_eq(workers_count(&ws, 21002), 3);
}
END_TEST

START_TEST(where_they_once_listened)
{
	workers_listen(&ws, 1000);
	/* Nobody we hear: a binding left by the dead. */
	workers_bound(&ws, "dead@h", 6, 5);
	ck_assert(!workers_once_in(&ws, 5, 0));
	(void)heard("w@h", 2000, 2000);
	workers_bound(&ws, "w@hXXX", 3, 0);
	workers_bound(&ws, "w@h", 3, 0);
	workers_bound(&ws, "w@h", 3, 3);
	workers_bound(&ws, "w@", 2, 4);
	ck_assert_uint_eq(ws.list.v[0].dbs.n, 2);
	ck_assert(workers_once_in(&ws, 0, 0));
	ck_assert(workers_once_in(&ws, 3, 0));
	ck_assert(!workers_once_in(&ws, 4, 0));
	/* Not heard since we listen: it may be dead. */
	workers_deaf(&ws);
	ck_assert(!workers_once_in(&ws, 0, 0));
	workers_listen(&ws, 9000);
	ck_assert(!workers_once_in(&ws, 0, 0));
	(void)heard("w@h", 2000, 9500);
	ck_assert(workers_once_in(&ws, 0, 0));
	/* Not since then: its connection is gone, and so may it be. */
	ck_assert(workers_once_in(&ws, 0, 9499));
	ck_assert(!workers_once_in(&ws, 0, 9500));
	/* It says good-bye before it moves, and comes back elsewhere. */
	workers_left(&ws, "w@h", 10000);
	ck_assert(!workers_once_in(&ws, 0, 0));
	(void)heard("w@h", 2000, 12000);
	ck_assert(workers_once_in(&ws, 0, 0));
	ck_assert_int_eq(workers_count(&ws, 18001), 0);
	ck_assert(!workers_once_in(&ws, 0, 0));
	(void)heard("w@h", 2000, 30000);
	ck_assert(workers_once_in(&ws, 0, 0));
}
END_TEST

START_TEST(forgotten_in_the_end)
{
	workers_listen(&ws, 1000);
	(void)heard("a", 2000, 10000);
	(void)heard("b", 2000, 10000);
	ck_assert_int_eq(workers_count(&ws, 10000 + WORKER_REMEMBERED_MS), 0);
	ck_assert_uint_eq(ws.list.n, 2);
	ck_assert_int_eq(workers_count(&ws, 10001 + WORKER_REMEMBERED_MS), 0);
	ck_assert_uint_eq(ws.list.n, 0);
}
END_TEST

START_TEST(caps)
{
	char name[WORKER_NAME_MAX + 20], text[24];
	int i;

	workers_listen(&ws, 1000);
	for (i = 0; i <= WORKERS_MAX; i++) {
		(void)snprintf(text, sizeof(text), "w%d", i);
		ck_assert_int_eq(heard(text, 2000, 5000), i < WORKERS_MAX);
	}
	ck_assert_int_eq(workers_count(&ws, 8000), WORKERS_MAX);
	for (i = 0; i < 1000; i++)
		workers_bound(&ws, "w1", 2, i);
	ck_assert_uint_le(ws.list.v[1].dbs.n, 100);
	/* Those that are gone make room, the longest gone first. */
	(void)heard("w1", 1, 6000);
	(void)heard("w2", 1, 6001);
	workers_bound(&ws, "w2", 2, 7001);
	ck_assert_int_eq(workers_count(&ws, 8000), WORKERS_MAX - 2);
	ck_assert(heard("new", 2000, 8000));
	ck_assert(heard("w2", 2000, 8000));
	ck_assert(workers_once_in(&ws, 7001, 0));
	ck_assert(!heard("w1", 2000, 8000));
	ck_assert_int_eq(workers_count(&ws, 8000), WORKERS_MAX);
	/* Both sides cut a long name at the same place. */
	(void)heard("w3", 1, 8000);
	ck_assert_int_eq(workers_count(&ws, 8004), WORKERS_MAX - 1);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert(heard(name, 2000, 8000));
	workers_bound(&ws, name, strlen(name), 7000);
	ck_assert(workers_once_in(&ws, 7000, 0));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("worker");
	TCase *tc = tcase_create("worker");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_is_known_before_all_had_time_to_speak);
	tcase_add_test(tc, zero_is_a_number);
	tcase_add_test(tc, three_silent_periods);
	tcase_add_test(tc, our_own_deafness_is_nobodys_silence);
	tcase_add_test(tc, farewell);
	tcase_add_test(tc, where_they_once_listened);
	tcase_add_test(tc, forgotten_in_the_end);
	tcase_add_test(tc, caps);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
