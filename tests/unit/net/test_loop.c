#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/loop.h"
#include "unit/unit.h"

struct bench {
	struct loop *loop;
	struct timer *a, *b;
	int calls;
	char order[8];
};

static void
stop(void *arg)
{
	struct bench *t = arg;

	t->calls++;
	loop_stop(t->loop);
}

static void
note_a(void *arg)
{
	struct bench *t = arg;

	t->order[t->calls++] = 'a';
}

static void
note_b_and_stop(void *arg)
{
	struct bench *t = arg;

	t->order[t->calls++] = 'b';
	loop_stop(t->loop);
}

static const int64_t waits[] = { INT64_MIN, -1, 0, 1, 20, 1001 };

START_TEST(timer_comes_in_time)
{
	struct bench t = { .loop = loop_new() };
	int64_t begin, took, wait = waits[_i] > 0 ? waits[_i] : 0;

	t.a = timer_new(t.loop, stop, &t);
	begin = clock_now().mono_ms;
	timer_set(t.a, waits[_i]);
	ck_assert_int_eq(t.calls, 0);
	loop_run(t.loop);
	took = clock_now().mono_ms - begin;
	ck_assert_int_eq(t.calls, 1);
	ck_assert_int_ge(took, wait);
	ck_assert_int_lt(took, wait + 1000);
	timer_free(t.a);
	loop_free(t.loop);
}
END_TEST

START_TEST(timer_set_again_replaces)
{
	struct bench t = { .loop = loop_new() };

	t.a = timer_new(t.loop, note_a, &t);
	t.b = timer_new(t.loop, note_b_and_stop, &t);
	timer_set(t.a, 3600000);
	timer_set(t.a, 1);
	timer_set(t.b, 10);
	loop_run(t.loop);
	ck_assert_str_eq(t.order, "ab");
	timer_free(t.a);
	timer_free(t.b);
	loop_free(t.loop);
}
END_TEST

START_TEST(timer_unset_or_freed_never_comes)
{
	struct bench t = { .loop = loop_new() };
	struct timer *freed = timer_new(t.loop, note_a, &t);

	t.a = timer_new(t.loop, note_a, &t);
	t.b = timer_new(t.loop, note_b_and_stop, &t);
	timer_set(t.a, 1);
	timer_set(freed, 1);
	timer_set(t.b, 10);
	timer_unset(t.a);
	timer_free(freed);
	timer_free(NULL);
	loop_run(t.loop);
	ck_assert_str_eq(t.order, "b");
	timer_free(t.a);
	timer_free(t.b);
	loop_free(t.loop);
}
END_TEST

static void
free_itself(void *arg)
{
	struct bench *t = arg;

	timer_free(t->a);
	t->a = NULL;
	stop(t);
}

START_TEST(timer_may_free_itself)
{
	struct bench t = { .loop = loop_new() };

	t.a = timer_new(t.loop, free_itself, &t);
	timer_set(t.a, 0);
	loop_run(t.loop);
	ck_assert_int_eq(t.calls, 1);
	loop_free(t.loop);
}
END_TEST

START_TEST(stop_before_run_is_kept)
{
	struct bench t = { .loop = loop_new() };

	loop_stop(t.loop);
	loop_run(t.loop);
	/* And only for one run. */
	t.a = timer_new(t.loop, stop, &t);
	timer_set(t.a, 1);
	loop_run(t.loop);
	ck_assert_int_eq(t.calls, 1);
	timer_free(t.a);
	loop_free(t.loop);
}
END_TEST

/* A timer that a timer sets for now has its turn in the next, so that sockets
 * come in between. */
static void
set_again(void *arg)
{
	struct bench *t = arg;

	t->order[t->calls++] = 'x';
	if (t->calls < 3)
		timer_set(t->a, 0);
	else
		loop_stop(t->loop);
}

START_TEST(timers_of_one_turn_do_not_run_in_it)
{
	struct bench t = { .loop = loop_new() };

	t.a = timer_new(t.loop, set_again, &t);
	t.b = timer_new(t.loop, note_a, &t);
	timer_set(t.a, 0);
	timer_set(t.b, 0);
	loop_run(t.loop);
	ck_assert_str_eq(t.order, "xax");
	timer_free(t.a);
	timer_free(t.b);
	loop_free(t.loop);
}
END_TEST

#define MANY 500

struct many {
	struct bench bench;
	struct timer *timers[MANY];
	int64_t last_ms;
	int left;
};

static void
note_order(void *arg)
{
	struct many *m = arg;
	int64_t now_ms = loop_now(m->bench.loop).mono_ms;

	ck_assert_int_ge(now_ms, m->last_ms);
	m->last_ms = now_ms;
	if (--m->left == 0)
		loop_stop(m->bench.loop);
}

/* Whatever is set, moved and unset in between. */
START_TEST(many_timers_keep_their_order)
{
	struct many m = { .bench.loop = loop_new() };
	int i;

	for (i = 0; i < MANY; i++) {
		m.timers[i] = timer_new(m.bench.loop, note_order, &m);
		timer_set(m.timers[i], (i * 7919) % 50);
	}
	for (i = 0; i < MANY; i++) {
		if (i % 3 == 0)
			timer_unset(m.timers[i]);
		if (i % 3 == 1)
			timer_set(m.timers[i], (i * 31) % 50);
		m.left += i % 3 != 0;
	}
	loop_run(m.bench.loop);
	ck_assert_int_eq(m.left, 0);
	for (i = 0; i < MANY; i++)
		timer_free(m.timers[i]);
	loop_free(m.bench.loop);
}
END_TEST

struct tasks {
	struct bench bench;
	struct loop_task first, second, endless;
	struct now at;
};

static void
first_task(void *arg)
{
	struct tasks *t = arg;

	t->bench.order[t->bench.calls++] = '1';
	loop_defer(t->bench.loop, &t->second);
}

static void
second_task(void *arg)
{
	struct tasks *t = arg;

	t->bench.order[t->bench.calls++] = '2';
	ck_assert_int_eq(loop_now(t->bench.loop).mono_ms, t->at.mono_ms);
}

static void
endless_task(void *arg)
{
	struct tasks *t = arg;

	loop_defer(t->bench.loop, &t->endless);
}

static void
defer_both(void *arg)
{
	struct tasks *t = arg;

	t->at = loop_now(t->bench.loop);
	while (clock_now().mono_ms < t->at.mono_ms + 3)
		;
	loop_defer(t->bench.loop, &t->first);
	loop_defer(t->bench.loop, &t->first);
	loop_defer(t->bench.loop, &t->endless);
	loop_undefer(t->bench.loop, &t->endless);
	loop_undefer(t->bench.loop, &t->endless);
	t->bench.order[t->bench.calls++] = 't';
}

/* Once, at the end of the turn, whose time stands still. */
START_TEST(tasks_end_the_turn)
{
	struct tasks t = { .bench.loop = loop_new() };

	t.first = (struct loop_task){ .fn = first_task, .arg = &t };
	t.second = (struct loop_task){ .fn = second_task, .arg = &t };
	t.endless = (struct loop_task){ .fn = endless_task, .arg = &t };
	t.bench.a = timer_new(t.bench.loop, defer_both, &t);
	t.bench.b = timer_new(t.bench.loop, stop, &t.bench);
	timer_set(t.bench.a, 0);
	timer_set(t.bench.b, 10);
	loop_run(t.bench.loop);
	ck_assert_str_eq(t.bench.order, "t12");
	timer_free(t.bench.a);
	timer_free(t.bench.b);
	loop_free(t.bench.loop);
}
END_TEST

START_TEST(a_task_without_end_starves_nobody)
{
	struct tasks t = { .bench.loop = loop_new() };

	t.endless = (struct loop_task){ .fn = endless_task, .arg = &t };
	t.bench.a = timer_new(t.bench.loop, stop, &t.bench);
	loop_defer(t.bench.loop, &t.endless);
	timer_set(t.bench.a, 20);
	loop_run(t.bench.loop);
	ck_assert_int_eq(t.bench.calls, 1);
	timer_free(t.bench.a);
	loop_free(t.bench.loop);
}
END_TEST

static void
raise_usr1(void *arg)
{
	struct bench *t = arg;

	t->order[t->calls++] = 'r';
	(void)raise(SIGUSR1);
}

START_TEST(signals_reach_the_loop)
{
	struct bench t = { .loop = loop_new() };

	loop_on_signal(t.loop, SIGUSR1, note_b_and_stop, &t);
	loop_on_signal(t.loop, SIGUSR2, note_a, &t);
	t.a = timer_new(t.loop, raise_usr1, &t);
	timer_set(t.a, 0);
	loop_run(t.loop);
	timer_set(t.a, 0);
	loop_run(t.loop);
	ck_assert_str_eq(t.order, "rbrb");
	timer_free(t.a);
	loop_free(t.loop);
}
END_TEST

START_TEST(a_broken_pipe_kills_nobody)
{
	struct loop *loop = loop_new();
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	close(fds[0]);
	ck_assert_int_eq(write(fds[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	close(fds[1]);
	loop_free(loop);
	loop_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("loop");
	TCase *tc = tcase_create("loop");

	tcase_add_loop_test(
	    tc, timer_comes_in_time, 0, sizeof(waits) / sizeof(waits[0]));
	tcase_add_test(tc, timer_set_again_replaces);
	tcase_add_test(tc, timer_unset_or_freed_never_comes);
	tcase_add_test(tc, timer_may_free_itself);
	tcase_add_test(tc, stop_before_run_is_kept);
	tcase_add_test(tc, timers_of_one_turn_do_not_run_in_it);
	tcase_add_test(tc, many_timers_keep_their_order);
	tcase_add_test(tc, tasks_end_the_turn);
	tcase_add_test(tc, a_task_without_end_starves_nobody);
	tcase_add_test(tc, signals_reach_the_loop);
	tcase_add_test(tc, a_broken_pipe_kills_nobody);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
