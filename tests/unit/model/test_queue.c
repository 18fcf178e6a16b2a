#include "model/queue.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "unit/unit.h"

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

static struct queue q;

static void
setup(void)
{
	q = (struct queue){ .name = xmemdup0("a\0b", 3),
		.name_len = 3,
		.stranded = NUM_UNKNOWN };
}

static void
teardown(void)
{
	queue_fini(&q);
}

static struct now
at(int64_t ms)
{
	return (struct now){ ms, 1790000000000 + ms };
}

static void
take_lengths(const char *s)
{
	size_t step;

	for (step = 0; s[step] != '\0'; step++)
		queue_take_length(
		    &q, step, s[step] == '?' ? NUM_UNKNOWN : s[step] - '0');
}

/* One whole look: lengths, and the next message's tag, NULL when it cannot be
 * read. */
static void
look(const char *lengths, const char *tag, int64_t ms)
{
	size_t step;

	take_lengths(lengths);
	if (queue_head_step(&q, &step)) {
		if (tag == NULL)
			queue_lose_head(&q);
		else
			queue_take_head(&q, step, tag, at(ms));
	}
	queue_settle(&q, ms);
}

static const struct {
	const char *lengths;
	int64_t length, step; /* -1: no step */
} sums[] = {
	{ "", NUM_UNKNOWN, -1 },
	{ "0000", 0, -1 },
	{ "1234", 10, 0 },
	{ "0020", 2, 2 },
	{ "?", NUM_UNKNOWN, -1 },
	/* What comes before the known one may be next. */
	{ "0?10", NUM_UNKNOWN, -1 },
	{ "01?0", NUM_UNKNOWN, 1 },
};

START_TEST(sum_and_step)
{
	size_t step;
	bool any;

	take_lengths(sums[_i].lengths);
	ck_assert_int_eq(queue_length(&q), sums[_i].length);
	any = queue_head_step(&q, &step);
	ck_assert_int_eq(any ? (int64_t)step : -1, sums[_i].step);
}
END_TEST

START_TEST(head_since)
{
	look("2", "a", 1000);
	ck_assert(q.head.known);
	ck_assert_int_eq(q.head.since_wall_ms, at(1000).wall_ms);
	look("3", "a", 2000);
	ck_assert_int_eq(q.head.since_wall_ms, at(1000).wall_ms);
	ck_assert_int_eq(q.head.at_ms, 2000);
	look("2", "b", 3000);
	ck_assert_int_eq(q.head.since_wall_ms, at(3000).wall_ms);
	/* Denied for a while; then the same message is still next. */
	look("2", NULL, 4000);
	ck_assert(!q.head.known);
	look("2", "b", 5000);
	ck_assert(q.head.known);
	ck_assert_int_eq(q.head.since_wall_ms, at(3000).wall_ms);
	look("0", NULL, 6000);
	ck_assert(!q.head.known);
	/* The same again: it was delivered, and restored. */
	look("1", "b", 7000);
	ck_assert_int_eq(q.head.since_wall_ms, at(7000).wall_ms);
}
END_TEST

START_TEST(head_of_an_emptied_list)
{
	look("1", "a", 1000);
	take_lengths("1");
	queue_head_went(&q);
	queue_settle(&q, 2000);
	ck_assert(!q.head.known);
	ck_assert_int_eq(q.stall.since_ms, 2000);
}
END_TEST

/* Looks "lengths:tag" 5 s apart, tag "?" unreadable; is it still at the end? */
static const struct {
	const char *looks[5];
	bool want;
} stills[] = {
	{ { "3:a", "3:a", "3:a", "3:a" }, true },
	{ { "3:a", "4:a", "5:a", "6:a" }, true },
	{ { "3:a", "3:a", "3:b", "3:b" }, false },
	{ { "3:a", "2:b", "1:c", "1:d" }, false },
	/* A message of higher priority came; none was taken. */
	{ { "03:a", "03:a", "13:x", "13:x" }, true },
	{ { "03:a", "13:x", "23:x", "33:x" }, true },
	/* The one of higher priority was taken. */
	{ { "13:x", "13:x", "03:a", "03:a" }, false },
	/* Unreadable: the length must do. */
	{ { "3:?", "3:?", "4:?", "4:?" }, true },
	{ { "3:?", "3:?", "2:?", "2:?" }, false },
	{ { "3:a", "3:?", "3:?", "3:a" }, true },
	{ { "3:?", "3:?", "3:a", "3:a" }, true },
	{ { "3:a", "0:?", "3:a", "3:a" }, false },
	{ { "?:?", "?:?", "?:?", "?:?" }, false },
};

START_TEST(still)
{
	char lengths[8], tag[8];
	int64_t now = 1000;
	int i;

	for (i = 0; stills[_i].looks[i] != NULL; i++, now += 5000) {
		ck_assert_int_eq(
		    sscanf(stills[_i].looks[i], "%7[^:]:%7s", lengths, tag), 2);
		look(lengths, strcmp(tag, "?") == 0 ? NULL : tag, now);
	}
	ck_assert_int_eq(stall_holds(&q.stall, now - 5000), stills[_i].want);
}
END_TEST

/* A look in which it was not the head's turn tells nothing of it. */
START_TEST(not_its_turn)
{
	int64_t now;

	for (now = 1000; now < 60000; now += 5000) {
		take_lengths("3");
		queue_settle(&q, now);
	}
	ck_assert(!stall_holds(&q.stall, now));
	/* An empty queue has no head to wait for. */
	look("3", "a", now);
	ck_assert_int_eq(q.stall.rounds, 1);
	take_lengths("0");
	queue_settle(&q, now + 1);
	ck_assert_int_eq(q.stall.rounds, 0);
}
END_TEST

static const struct {
	bool was_bound, named, scanned, all_read;
	const char *want; /* "1", "0", "?" */
} bindings[] = {
	{ false, true, false, true, "1" },
	{ false, true, false, false, "1" },
	{ false, false, true, true, "0" },
	{ false, false, false, true, "?" },
	{ false, false, true, false, "?" },
	{ true, false, false, true, "0" },
	{ true, false, false, false, "?" },
	{ true, false, true, false, "?" },
};

START_TEST(binding)
{
	q.was_bound = bindings[_i].was_bound;
	q.named = bindings[_i].named;
	queue_settle_binding(&q, bindings[_i].scanned, bindings[_i].all_read);
	ck_assert_int_eq(q.bound_known, bindings[_i].want[0] != '?');
	if (q.bound_known)
		ck_assert_int_eq(q.bound, bindings[_i].want[0] == '1');
	ck_assert_int_eq(
	    q.was_bound, bindings[_i].was_bound || bindings[_i].named);
	ck_assert(!q.named);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("queue");
	TCase *tc = tcase_create("queue");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, sum_and_step, 0, N(sums));
	tcase_add_test(tc, head_since);
	tcase_add_test(tc, head_of_an_emptied_list);
	tcase_add_loop_test(tc, still, 0, N(stills));
	tcase_add_test(tc, not_its_turn);
	tcase_add_loop_test(tc, binding, 0, N(bindings));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
