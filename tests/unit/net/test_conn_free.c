/* A conn may be freed at every moment, and ends all that is open first. */
#include "unit/net/bench.h"

#define OVER                       \
	{                          \
		PEER_OVER, NULL, 0 \
	}
#define PONG PEER_ANSWER("PING", "+PONG\r\n")
#define PUSH "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\ny\r\n"

static const struct peer_step serve[] = { PEER_GREETED, PONG, PONG, PONG, PONG,
	OVER };
static const struct peer_step *const serves[] = { serve, NULL };
static const struct peer_step mute[] = { PEER_GREETED, OVER };
static const struct peer_step *const mutes[] = { mute, NULL };
static const struct peer_step push[] = { PEER_GREETED,
	PEER_ANSWER("PING", PUSH "+PONG\r\n" PUSH), OVER };
static const struct peer_step *const pushes[] = { push, NULL };
static const struct peer_step cut[] = { PEER_GREETED,
	{ PEER_EXPECT, "PING", 0 }, { PEER_CLOSE, NULL, 0 }, OVER };
static const struct peer_step *const cuts[] = { cut, NULL };
static const struct peer_step shut[] = { { PEER_CLOSE, NULL, 0 }, OVER };
static const struct peer_step *const shuts[] = { shut, NULL };

/*
 * Freed in the callback that says this word: all the rest ends before
 * conn_free returns, in order, and nothing comes afterwards.
 */
static const struct {
	const struct peer_step *const *scripts;
	const char *when, *diary;
	int64_t timeout_ms;
} ends[] = {
	{ serves, "up", "up a=closed b=closed c=closed", HOUR_MS },
	{ serves, "a=PONG", "up a=PONG b=closed c=closed", HOUR_MS },
	{ pushes, "push=[message|c|y]",
	    "up push=[message|c|y] a=closed b=closed c=closed", HOUR_MS },
	{ cuts, "down=closed", "up down=closed a=closed b=closed c=closed",
	    HOUR_MS },
	{ shuts, "down=closed", "down=closed a=closed b=closed c=closed",
	    HOUR_MS },
	{ shuts, "a=closed", "down=closed a=closed b=closed c=closed",
	    HOUR_MS },
	{ mutes, "down=timeout", "up down=timeout a=closed b=closed c=closed",
	    300 },
	{ mutes, "a=timeout", "up down=timeout a=timeout b=closed c=closed",
	    300 },
};
static const char *end_when;

static void
free_then(struct bench *b, const char *word)
{
	struct conn *c = b->conn;

	if (strcmp(word, end_when) != 0)
		return;
	b->conn = NULL;
	b->hook = NULL;
	conn_free(c);
	loop_stop(b->loop);
}

START_TEST(freed_in_a_callback)
{
	struct bench b;

	bench_begin(&b);
	end_when = ends[_i].when;
	b.hook = free_then;
	b.ops.on_push = bench_on_push;
	bench_connect(&b, ends[_i].scripts);
	bench_send(&b, "a", "PING", ends[_i].timeout_ms);
	bench_send(&b, "b", "PING", ends[_i].timeout_ms);
	bench_send(&b, "c", "PING", ends[_i].timeout_ms);
	timer_set(b.watchdog, WATCHDOG_MS);
	loop_run(b.loop);
	ck_assert_str_eq(b.diary.s, ends[_i].diary);
	bench_settle(&b, 5);
	ck_assert_str_eq(b.diary.s, ends[_i].diary);
	bench_end(&b);
}
END_TEST

static void
free_or_send(struct bench *b, const char *word)
{
	if (strcmp(word, "a=closed") == 0) {
		conn_free(b->conn); /* twice does no harm here */
		bench_send(b, "d", "PING", HOUR_MS);
		conn_hurry(b->conn);
		conn_reset(b->conn, REASON_OTHER, "");
		ck_assert(!conn_is_up(b->conn));
	}
}

START_TEST(used_while_it_is_freed)
{
	struct bench b;

	bench_begin(&b);
	bench_connect(&b, mutes);
	bench_expect(&b, "up");
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_send(&b, "b", "PING", HOUR_MS);
	b.hook = free_or_send;
	conn_free(b.conn);
	b.conn = NULL;
	ck_assert_str_eq(b.diary.s, "up a=closed b=closed d=closed");
	bench_end(&b);
	conn_free(NULL);
}
END_TEST

/* While it waits, looks up, connects, greets. */
START_TEST(freed_at_any_moment)
{
	struct bench b;

	bench_begin(&b);
	bench_connect(&b, serves);
	bench_send(&b, "a", "PING", HOUR_MS);
	for (int i = 0; i < _i; i++)
		bench_settle(&b, 0);
	bench_end(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conn_free");
	TCase *tc = tcase_create("conn_free");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, freed_in_a_callback, 0, COUNT(ends));
	tcase_add_test(tc, used_while_it_is_freed);
	tcase_add_loop_test(tc, freed_at_any_moment, 0, 8);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
