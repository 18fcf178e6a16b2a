/* How a conn lives: deadlines, coming back, giving up. */
#include "unit/net/bench.h"

#define OVER                       \
	{                          \
		PEER_OVER, NULL, 0 \
	}
#define PONG PEER_ANSWER("PING", "+PONG\r\n")

static const struct peer_step serve[] = { PEER_GREETED, PONG, PONG, PONG, PONG,
	OVER };
static const struct peer_step *const serves[] = { serve, NULL };
static const struct peer_step mute[] = { PEER_GREETED, OVER };
static const struct peer_step *const mutes[] = { mute, NULL };

/* A conn to a port where nobody listens; its first dial has failed. */
static void
begin_refused(struct bench *b, uint32_t ceil_ms)
{
	struct addr a;

	bench_begin(b);
	b->conf.backoff_ceil_ms = ceil_ms;
	ck_assert(addr_set(&a, "127.0.0.1", 9, peer_free_port()));
	b->conn = conn_new(&b->conf, &a, &b->ops, 0);
	bench_expect(b, "down=refused");
}

START_TEST(recovers_by_itself)
{
	uint16_t port = peer_free_port();
	struct bench b;
	struct addr a;

	bench_begin(&b);
	b.conf.backoff_ceil_ms = 100;
	ck_assert(addr_set(&a, "127.0.0.1", 9, port));
	b.conn = conn_new(&b.conf, &a, &b.ops, 0);
	bench_expect(&b, "down=refused down=refused");
	b.peer = peer_new(b.loop, port, serves);
	bench_expect(&b, "down=refused down=refused up");
	ck_assert(addr_equal(conn_peer(b.conn), &a));
	bench_end(&b);
}
END_TEST

START_TEST(fails_soon_while_gone)
{
	int64_t begun;
	struct bench b;

	begin_refused(&b, HOUR_MS);
	begun = clock_now().mono_ms;
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_send(&b, "b", "PING", HOUR_MS);
	bench_expect(&b, "down=refused a=refused b=refused");
	ck_assert_int_lt(clock_now().mono_ms - begun, 1000);
	ck_assert_ptr_nonnull(strstr(b.detail, "refused"));
	bench_end(&b);
}
END_TEST

static void
send_again(struct bench *b, const char *word)
{
	if (strncmp(word, "a=", 2) == 0)
		bench_send(b, "a", "PING", HOUR_MS);
}

/* Who sends again at each failure must leave the loop its turns. */
START_TEST(insistence_starves_nobody)
{
	struct bench b;

	begin_refused(&b, HOUR_MS);
	b.hook = send_again;
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_settle(&b, 20);
	ck_assert_uint_gt(b.words, 2);
	bench_end(&b);
}
END_TEST

START_TEST(hurry_ends_the_wait)
{
	struct bench b;

	bench_begin(&b);
	b.peer = peer_new(b.loop, 0, serves);
	b.conn = conn_new(&b.conf, &b.peer->addr, &b.ops, HOUR_MS);
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_settle(&b, 5);
	ck_assert_uint_eq(b.words, 0);
	conn_hurry(b.conn);
	conn_hurry(b.conn);
	bench_expect(&b, "up a=PONG");
	conn_hurry(b.conn);
	bench_send(&b, "b", "PING", HOUR_MS);
	bench_expect(&b, "up a=PONG b=PONG");
	ck_assert_uint_eq(b.peer->accepted, 1);
	bench_end(&b);
}
END_TEST

START_TEST(the_first_dial_waits_its_turn)
{
	int64_t begun = clock_now().mono_ms;
	struct bench b;

	bench_begin(&b);
	b.peer = peer_new(b.loop, 0, serves);
	b.conn = conn_new(&b.conf, &b.peer->addr, &b.ops, 60);
	bench_expect(&b, "up");
	ck_assert_int_ge(clock_now().mono_ms - begun, 59);
	bench_end(&b);
}
END_TEST

START_TEST(reset_dials_again_and_sends_again)
{
	static const struct peer_step *const silent_first[] = { mute, serve,
		NULL };
	struct bench b;

	bench_begin(&b);
	bench_connect(&b, silent_first);
	conn_reset(b.conn, REASON_TIMEOUT, "not up yet: nothing to do");
	bench_expect(&b, "up");
	bench_send(&b, "a", "PING", HOUR_MS);
	conn_reset(b.conn, REASON_TIMEOUT, "no PONG");
	ck_assert_str_eq(b.diary.s, "up down=timeout");
	ck_assert_str_eq(b.detail, "no PONG");
	ck_assert(!conn_is_up(b.conn));
	bench_expect(&b, "up down=timeout up a=PONG");
	bench_end(&b);
}
END_TEST

/* A peer that takes us in and hangs up each time is dialled with back-off. */
START_TEST(a_peer_that_always_hangs_up_is_not_pestered)
{
	static const struct peer_step hello[] = { PEER_GREETED,
		{ PEER_CLOSE, NULL, 0 }, OVER };
	static const struct peer_step *const hellos[] = { hello, NULL };
	struct bench b;

	bench_begin(&b);
	b.conf.backoff_ceil_ms = HOUR_MS;
	bench_connect(&b, hellos);
	bench_settle(&b, 1000);
	/* At once, one more, then 50..100, 100..200, 200..400 ... ms later. */
	ck_assert_uint_ge(b.peer->accepted, 3);
	ck_assert_uint_le(b.peer->accepted, 8);
	bench_end(&b);
}
END_TEST

static void
subscribe_when_up(struct bench *b, const char *word)
{
	if (strcmp(word, "up") == 0)
		bench_send(b, "a", "PSUBSCRIBE", HOUR_MS);
}

#define SUBSCRIBED(reply)                                       \
	{                                                       \
		PEER_GREETED, PEER_ANSWER("PSUBSCRIBE", reply), \
		    { PEER_CLOSE, NULL, 0 }, OVER               \
	}

/* Dialled 1,540 times a second once: any answer ended the back-off.  One that
 * refuses is answered with growing pauses; one that answers well is worth
 * dialling, but is no storm either. */
START_TEST(a_peer_that_answers_and_closes_makes_no_dial_storm)
{
	static const struct peer_step refusing[] = SUBSCRIBED("-NOPERM no\r\n");
	static const struct peer_step good[] = SUBSCRIBED("+OK\r\n");
	static const struct peer_step *const scripts[][2] = {
		{ refusing, NULL }, { good, NULL }
	};
	static const size_t most[] = { 8, 24 };
	struct bench b;

	bench_begin(&b);
	b.hook = subscribe_when_up;
	b.conf.backoff_ceil_ms = HOUR_MS;
	bench_connect(&b, scripts[_i]);
	bench_settle(&b, 1000);
	ck_assert_uint_ge(b.peer->accepted, 3);
	ck_assert_uint_le(b.peer->accepted, most[_i]);
	bench_end(&b);
}
END_TEST

static void
hurry_at_first(struct bench *b, const char *word)
{
	(void)word;
	if (b->words <= 5)
		conn_hurry(b->conn);
}

START_TEST(an_answer_ends_the_growth_of_the_back_off)
{
	static const struct peer_step shut[] = { { PEER_CLOSE, NULL, 0 } };
	static const struct peer_step once[] = { PEER_GREETED, PONG,
		{ PEER_CLOSE, NULL, 0 } };
	static const struct peer_step *const then[] = { shut, shut, shut, shut,
		shut, once, shut, serve, NULL };
	struct bench b;
	int64_t begun;

	bench_begin(&b);
	b.hook = hurry_at_first;
	b.conf.backoff_ceil_ms = HOUR_MS;
	bench_connect(&b, then);
	bench_wait(&b, 5);
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_wait(&b, 9);
	begun = b.noted_ms;
	bench_expect(&b, "down=closed down=closed down=closed down=closed "
			 "down=closed up a=PONG down=closed down=closed up");
	ck_assert_int_ge(clock_now().mono_ms - begun, 49);
	ck_assert_int_lt(clock_now().mono_ms - begun, 1500);
	bench_end(&b);
}
END_TEST

/*
 * A password that changes while we run.
 */

struct secret {
	char path[64];
};

static void
secret_write(struct secret *s, const char *password)
{
	char fresh[80];
	FILE *f;

	(void)snprintf(fresh, sizeof(fresh), "%s.new", s->path);
	f = fopen(fresh, "w");
	ck_assert_ptr_nonnull(f);
	fputs(password, f);
	fclose(f);
	ck_assert_int_eq(rename(fresh, s->path), 0);
}

static void
secret_begin(struct secret *s, struct bench *b)
{
	int fd;

	(void)snprintf(s->path, sizeof(s->path), "/tmp/secret-XXXXXX");
	fd = mkstemp(s->path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	secret_write(s, "old");
	b->auth.password = xstrdup("old");
	b->auth.password_file = xstrdup(s->path);
	b->auth.stamp = file_stamp(s->path);
}

static void
secret_end(struct secret *s, struct bench *b)
{
	unlink(s->path);
	bench_end(b);
	credentials_fini(&b->auth);
}

#define WRONG \
	"-WRONGPASS invalid username-password pair or user is disabled.\r\n"

/* With a back-off of an hour only the new password can be the reason. */
START_TEST(a_refused_password_that_changed_is_tried_at_once)
{
	static const struct peer_step takes[] = {
		PEER_ANSWER("AUTH new", "+OK\r\n"), PEER_GREETED, PONG, OVER
	};
	static const struct peer_step refuses[] = { { PEER_EXPECT, "AUTH old",
							0 },
		{ PEER_PAUSE, NULL, 50 }, { PEER_SEND, WRONG, 0 }, OVER };
	static const struct peer_step *const scripts[] = { refuses, takes,
		NULL };
	struct secret s;
	struct bench b;

	bench_begin(&b);
	b.conf.backoff_ceil_ms = HOUR_MS;
	secret_begin(&s, &b);
	bench_connect(&b, scripts);
	bench_settle(&b, 20);
	secret_write(&s, "new");
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_expect(&b, "down=auth up a=PONG");
	secret_end(&s, &b);
}
END_TEST

START_TEST(a_changed_password_file_is_read_before_the_next_dial)
{
	static const struct peer_step first[] = {
		PEER_ANSWER("AUTH old", "+OK\r\n"), PEER_GREETED,
		{ PEER_PAUSE, NULL, 50 }, { PEER_CLOSE, NULL, 0 }, OVER
	};
	static const struct peer_step takes[] = {
		PEER_ANSWER("AUTH new", "+OK\r\n"), PEER_GREETED, OVER
	};
	static const struct peer_step *const scripts[] = { first, takes, NULL };
	struct secret s;
	struct bench b;

	bench_begin(&b);
	secret_begin(&s, &b);
	bench_connect(&b, scripts);
	bench_wait(&b, 1);
	secret_write(&s, "new");
	bench_expect(&b, "up down=closed up");
	secret_end(&s, &b);
}
END_TEST

/* The file is gone for a moment: the password that we have is tried. */
START_TEST(an_unreadable_password_file_leaves_the_password)
{
	static const struct peer_step first[] = {
		PEER_ANSWER("AUTH old", "+OK\r\n"), PEER_GREETED,
		{ PEER_PAUSE, NULL, 50 }, { PEER_CLOSE, NULL, 0 }, OVER
	};
	static const struct peer_step *const scripts[] = { first, NULL };
	struct secret s;
	struct bench b;

	bench_begin(&b);
	secret_begin(&s, &b);
	bench_connect(&b, scripts);
	bench_wait(&b, 1);
	ck_assert_int_eq(unlink(s.path), 0);
	bench_expect(&b, "up down=closed up");
	secret_end(&s, &b);
}
END_TEST

static void
send_when_down(struct bench *b, const char *word)
{
	if (strcmp(word, "down=closed") == 0)
		bench_send(b, "b", "PING", HOUR_MS);
}

/* Were it waiting for its turn, what is sent now would fail. */
START_TEST(idle_ones_come_back_at_once)
{
	static const struct peer_step once[] = { PEER_GREETED, PONG,
		{ PEER_PAUSE, NULL, 5 }, { PEER_CLOSE, NULL, 0 }, OVER };
	static const struct peer_step *const then[] = { once, serve, NULL };
	struct bench b;

	bench_begin(&b);
	b.hook = send_when_down;
	bench_connect(&b, then);
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_expect(&b, "up a=PONG down=closed up b=PONG");
	bench_end(&b);
}
END_TEST

START_TEST(answers_keep_their_order)
{
	static const char *const tags[] = { "a", "b", "c", "d" };
	struct bench b;
	int i;

	bench_begin(&b);
	bench_connect(&b, serves);
	for (i = 0; i < 4; i++)
		bench_send(&b, tags[i], "PING", HOUR_MS - i);
	bench_expect(&b, "up a=PONG b=PONG c=PONG d=PONG");
	bench_end(&b);
}
END_TEST

/* Only what is late ends while we are not connected. */
START_TEST(each_has_its_own_deadline)
{
	struct bench b;

	bench_begin(&b);
	b.peer = peer_new(b.loop, 0, serves);
	b.conn = conn_new(&b.conf, &b.peer->addr, &b.ops, HOUR_MS);
	bench_send(&b, "a", "PING", 300);
	bench_send(&b, "b", "PING", 100);
	bench_send(&b, "c", "PING", 200);
	bench_send(&b, "d", "PING", HOUR_MS);
	bench_expect(&b, "b=timeout c=timeout a=timeout");
	bench_settle(&b, 20);
	ck_assert_str_eq(b.diary.s, "b=timeout c=timeout a=timeout");
	bench_end(&b);
}
END_TEST

START_TEST(a_late_one_does_not_spoil_the_others)
{
	static const struct peer_step *const silent_first[] = { mute, serve,
		NULL };
	struct bench b;

	bench_begin(&b);
	bench_connect(&b, silent_first);
	bench_expect(&b, "up");
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_send(&b, "b", "PING", 300);
	bench_send(&b, "c", "PING", HOUR_MS);
	bench_expect(&b, "up down=timeout b=timeout up a=PONG c=PONG");
	bench_end(&b);
}
END_TEST

START_TEST(so_many_at_once_and_no_more)
{
	struct bench b;
	char name[32];
	size_t i;

	bench_begin(&b);
	bench_connect(&b, mutes);
	bench_expect(&b, "up");
	for (i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "%zu", i);
		bench_send(&b, name, "PING", HOUR_MS);
	}
	bench_wait(&b, 1 + 1000 - CONN_IN_FLIGHT);
	ck_assert_int_eq(strncmp(b.diary.s, "up 64=other 65=other ", 21), 0);
	ck_assert_ptr_nonnull(strstr(b.detail, "too many"));
	bench_settle(&b, 5);
	ck_assert_uint_eq(b.words, 1 + 1000 - CONN_IN_FLIGHT);
	b.diary.len = 0;
	conn_free(b.conn);
	b.conn = NULL;
	ck_assert_int_eq(strncmp(b.diary.s, "0=closed 1=closed ", 18), 0);
	ck_assert_uint_eq(b.words, 1001);
	bench_end(&b);
}
END_TEST

START_TEST(nothing_to_send_is_an_error)
{
	struct bench b;

	bench_begin(&b);
	bench_connect(&b, serves);
	bench_send(&b, "a", "", HOUR_MS);
	bench_send(&b, "b", "PING", HOUR_MS);
	bench_expect(&b, "a=other up b=PONG");
	bench_end(&b);
}
END_TEST

static void
reset_then(struct bench *b, const char *word)
{
	if (strcmp(word, "a=PONG") == 0)
		conn_reset(b->conn, REASON_OTHER, "as we like");
}

/* The replies that came with the first belong to the old connection. */
START_TEST(reset_in_a_callback)
{
	static const struct peer_step two[] = { PEER_GREETED,
		{ PEER_EXPECT, "PING", 0 }, { PEER_EXPECT, "PING", 0 },
		{ PEER_SEND, "+PONG\r\n+OLD\r\n", 0 }, OVER };
	static const struct peer_step *const then[] = { two, serve, NULL };
	struct bench b;

	bench_begin(&b);
	b.hook = reset_then;
	bench_connect(&b, then);
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_send(&b, "b", "PING", HOUR_MS);
	bench_expect(&b, "up a=PONG down=other up b=PONG");
	bench_end(&b);
}
END_TEST

static void
send_next(struct bench *b, const char *word)
{
	if (strcmp(word, "a=PONG") == 0)
		bench_send(b, "b", "PING", HOUR_MS);
	else if (strcmp(word, "up") == 0)
		bench_send(b, "a", "PING", HOUR_MS);
}

START_TEST(sends_in_callbacks)
{
	struct bench b;

	bench_begin(&b);
	b.hook = send_next;
	bench_connect(&b, serves);
	bench_expect(&b, "up a=PONG b=PONG");
	bench_end(&b);
}
END_TEST

START_TEST(over_a_unix_socket)
{
	char dir[] = "/tmp/net-XXXXXX", path[64];
	struct addr a;
	struct bench b;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/redis.sock", dir);
	bench_begin(&b);
	b.conf.backoff_ceil_ms = 100;
	ck_assert(addr_set(&a, path, strlen(path), 0));
	b.conn = conn_new(&b.conf, &a, &b.ops, 0);
	bench_expect(&b, "down=refused");
	b.peer = peer_new_unix(b.loop, path, serves);
	conn_hurry(b.conn);
	bench_send(&b, "a", "PING PING", HOUR_MS);
	bench_expect(&b, "down=refused up a=PONG,PONG");
	ck_assert(addr_equal(conn_peer(b.conn), &a));
	bench_end(&b);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(over_ipv6)
{
	struct bench b;

	bench_begin(&b);
	b.peer = peer_new_v6(b.loop, serves);
	if (b.peer == NULL) {
		printf("skipped: no IPv6 on this machine\n");
	} else {
		b.conn = conn_new(&b.conf, &b.peer->addr, &b.ops, 0);
		bench_send(&b, "a", "PING", HOUR_MS);
		bench_expect(&b, "up a=PONG");
		ck_assert_str_eq(conn_peer(b.conn)->host, "::1");
	}
	bench_end(&b);
}
END_TEST

/* The kernel completes connections for a peer that never accepts (SIGSTOP). */
START_TEST(a_peer_that_never_accepts)
{
	struct bench b;

	bench_begin(&b);
	b.conf.dial_timeout_ms = 40;
	bench_connect(&b, serves);
	peer_deafen(b.peer);
	bench_send(&b, "a", "PING", HOUR_MS);
	bench_expect(&b, "down=timeout a=timeout");
	bench_end(&b);
}
END_TEST

static void
note_times(void *arg, const struct conn_result *result)
{
	*(int64_t *)arg = result->sent_ms;
	ck_assert_int_eq(result->reason, REASON_NONE);
}

START_TEST(tells_when_it_was_written)
{
	int64_t begun = clock_now().mono_ms, sent = 0;
	struct batch batch = { 0 };
	struct bench b;

	bench_begin(&b);
	b.peer = peer_new(b.loop, 0, serves);
	b.conn = conn_new(&b.conf, &b.peer->addr, &b.ops, 30);
	batch_add(&batch, "PING", NULL);
	conn_send(b.conn, &batch, HOUR_MS, note_times, &sent);
	bench_send(&b, "b", "PING", HOUR_MS);
	bench_expect(&b, "up b=PONG");
	ck_assert_int_ge(sent, begun + 29);
	ck_assert_int_le(sent, clock_now().mono_ms);
	bench_end(&b);
}
END_TEST

static void
note_answered(void *arg, const struct conn_result *result)
{
	*(size_t *)arg = result->answered;
}

START_TEST(tells_how_far_it_came)
{
	static const struct peer_step halting[] = { PEER_GREETED, PONG, PONG,
		OVER };
	static const struct peer_step *const scripts[] = { halting, serve,
		NULL };
	size_t cut_off = SIZE_MAX, whole = SIZE_MAX;
	struct batch batch = { 0 };
	struct bench b;
	int i;

	bench_begin(&b);
	bench_connect(&b, scripts);
	for (i = 0; i < 4; i++)
		batch_add(&batch, "PING", NULL);
	conn_send(b.conn, &batch, 500, note_answered, &cut_off);
	bench_expect(&b, "up down=timeout up");
	ck_assert_uint_eq(cut_off, 2);
	for (i = 0; i < 3; i++)
		batch_add(&batch, "PING", NULL);
	conn_send(b.conn, &batch, HOUR_MS, note_answered, &whole);
	bench_send(&b, "b", "PING", HOUR_MS);
	bench_expect(&b, "up down=timeout up b=PONG");
	ck_assert_uint_eq(whole, 3);
	bench_end(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conn_life");
	TCase *tc = tcase_create("conn_life");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, recovers_by_itself);
	tcase_add_test(tc, fails_soon_while_gone);
	tcase_add_test(tc, insistence_starves_nobody);
	tcase_add_test(tc, hurry_ends_the_wait);
	tcase_add_test(tc, the_first_dial_waits_its_turn);
	tcase_add_test(tc, reset_dials_again_and_sends_again);
	tcase_add_test(tc, a_refused_password_that_changed_is_tried_at_once);
	tcase_add_test(
	    tc, a_changed_password_file_is_read_before_the_next_dial);
	tcase_add_test(tc, an_unreadable_password_file_leaves_the_password);
	tcase_add_test(tc, a_peer_that_always_hangs_up_is_not_pestered);
	tcase_add_loop_test(
	    tc, a_peer_that_answers_and_closes_makes_no_dial_storm, 0, 2);
	tcase_add_test(tc, an_answer_ends_the_growth_of_the_back_off);
	tcase_add_test(tc, idle_ones_come_back_at_once);
	tcase_add_test(tc, answers_keep_their_order);
	tcase_add_test(tc, each_has_its_own_deadline);
	tcase_add_test(tc, a_late_one_does_not_spoil_the_others);
	tcase_add_test(tc, so_many_at_once_and_no_more);
	tcase_add_test(tc, nothing_to_send_is_an_error);
	tcase_add_test(tc, reset_in_a_callback);
	tcase_add_test(tc, sends_in_callbacks);
	tcase_add_test(tc, over_a_unix_socket);
	tcase_add_test(tc, over_ipv6);
	tcase_add_test(tc, a_peer_that_never_accepts);
	tcase_add_test(tc, tells_when_it_was_written);
	tcase_add_test(tc, tells_how_far_it_came);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
