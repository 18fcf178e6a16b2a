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
	tcase_add_test(tc, signals_reach_the_loop);
	tcase_add_test(tc, a_broken_pipe_kills_nobody);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
