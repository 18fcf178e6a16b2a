/* What a conn makes of all that a peer may answer. */
#include "unit/net/bench.h"

#define NO_PASSWORD                                                        \
	"-ERR AUTH <password> called without any password configured for " \
	"the default user. Are you sure your configuration is correct?\r\n"
#define MAX_CLIENTS "-ERR max number of clients reached\r\n"
#define DENIED	    "-DENIED Redis is running in protected mode because ...\r\n"
#define OVER                       \
	{                          \
		PEER_OVER, NULL, 0 \
	}
#define SCRIPT(...)                \
	(const struct peer_step[]) \
	{                          \
		__VA_ARGS__, OVER  \
	}
#define PONG   PEER_ANSWER("PING", "+PONG\r\n")
#define SERVES SCRIPT(PEER_GREETED, PONG, PONG, PONG)
#define SENDS(s)                \
	{                       \
		PEER_SEND, s, 0 \
	}
#define EXPECT(s)                 \
	{                         \
		PEER_EXPECT, s, 0 \
	}
#define CLOSE                       \
	{                           \
		PEER_CLOSE, NULL, 0 \
	}
#define RESET                       \
	{                           \
		PEER_RESET, NULL, 0 \
	}
#define ANY EXPECT("*")

struct scene {
	const char *name;
	const struct peer_step *scripts[4];
	const char *a, *b; /* commands of two batches; NULL = none */
	const char *diary;
	const char *detail; /* part of the last failure's */
	const char *user, *password;
	int64_t dial_ms, batch_ms; /* 0 = long */
	bool subscribed;
};

/* clang-format off */
static const struct scene scenes[] = {
	{ "plain", { SERVES }, "PING", "PING", .diary = "up a=PONG b=PONG" },
	{ "pipelined",
	    { SCRIPT(PEER_GREETED, EXPECT("INFO"), EXPECT("PING"),
		EXPECT("ROLE"), SENDS("$2\r\nhi\r\n+PONG\r\n*1\r\n:7\r\n")) },
	    "INFO PING", "ROLE", .diary = "up a=hi,PONG b=[:7]" },
	{ "error replies are the owner's",
	    { SCRIPT(EXPECT("CLIENT SETNAME sentinel-exporter"),
		SENDS("-NOAUTH Authentication required.\r\n"),
		PEER_ANSWER("INFO", "-NOAUTH Authentication required.\r\n"),
		PEER_ANSWER("LLEN", "-LOADING Redis is loading\r\n")) },
	    "INFO LLEN", NULL, .diary = "up a=-NOAUTH,-LOADING" },
	{ "setname refused",
	    { SCRIPT(ANY, SENDS("-NOPERM this user has no permissions\r\n"),
		PONG) },
	    "PING", NULL, .diary = "up a=PONG" },
	{ "setname during a script",
	    { SCRIPT(ANY, SENDS("-BUSY Redis is busy running a script.\r\n"),
		PONG) },
	    "PING", NULL, .diary = "up a=PONG" },

	/* who we are */
	{ "password",
	    { SCRIPT(PEER_ANSWER("AUTH secret", "+OK\r\n"), PEER_GREETED,
		PONG) },
	    "PING", NULL, .diary = "up a=PONG", .password = "secret" },
	{ "user and password",
	    { SCRIPT(PEER_ANSWER("AUTH joe secret", "+OK\r\n"), PEER_GREETED,
		PONG) },
	    "PING", NULL, .diary = "up a=PONG", .user = "joe",
	    .password = "secret" },
	{ "user without a password",
	    { SCRIPT(PEER_ANSWER("AUTH joe ", "+OK\r\n"), PEER_GREETED,
		PONG) },
	    "PING", NULL, .diary = "up a=PONG", .user = "joe" },
	{ "needless password",
	    { SCRIPT(PEER_ANSWER("AUTH secret", NO_PASSWORD), PEER_GREETED,
		PONG) },
	    "PING", NULL, .diary = "up a=PONG", .password = "secret" },
	{ "needless password, 5.0",
	    { SCRIPT(PEER_ANSWER("AUTH secret",
		"-ERR Client sent AUTH, but no password is set\r\n"),
		PEER_GREETED, PONG) },
	    "PING", NULL, .diary = "up a=PONG", .password = "secret" },
	{ "wrong password",
	    { SCRIPT(PEER_ANSWER("AUTH bad", "-WRONGPASS invalid username-"
		"password pair or user is disabled.\r\n")) },
	    "PING", NULL, .diary = "down=auth a=auth", "WRONGPASS invalid",
	    .password = "bad" },
	{ "wrong password, 5.0",
	    { SCRIPT(PEER_ANSWER("AUTH bad", "-ERR invalid password\r\n")) },
	    "PING", NULL, .diary = "down=auth a=auth", "ERR invalid password",
	    .password = "bad" },
	{ "user name on 5.0",
	    { SCRIPT(PEER_ANSWER("AUTH joe x",
		"-ERR wrong number of arguments for 'auth' command\r\n")) },
	    "PING", NULL, .diary = "down=auth a=auth", "wrong number",
	    .user = "joe", .password = "x" },
	{ "AUTH renamed: the answer repeats the secret",
	    { SCRIPT(PEER_ANSWER("AUTH hush", "-ERR unknown command `AUTH`, "
		"with args beginning with: `hush`, \r\n")) },
	    "PING", NULL, .diary = "down=auth a=auth", "AUTH is refused",
	    .password = "hush" },
	{ "an answer of another sort repeats the secret",
	    { SCRIPT(PEER_ANSWER("AUTH hush", "-ERR what is hush\r\n")) },
	    "PING", NULL, .diary = "down=auth a=auth", "AUTH is refused",
	    .password = "hush" },

	/* turned away at the door */
	{ "max clients", { SCRIPT(SENDS(MAX_CLIENTS), CLOSE) },
	    "PING", NULL, .diary = "down=maxclients a=maxclients",
	    "max number" },
	{ "max clients, reset", { SCRIPT(SENDS(MAX_CLIENTS), ANY, CLOSE) },
	    "PING", NULL, .diary = "down=maxclients a=maxclients",
	    "max number" },
	{ "max clients, with a password",
	    { SCRIPT(SENDS(MAX_CLIENTS), CLOSE) },
	    "PING", NULL, .diary = "down=maxclients a=maxclients", "max number",
	    .password = "x" },
	{ "protected mode", { SCRIPT(SENDS(DENIED), CLOSE) },
	    "PING", NULL, .diary = "down=auth a=auth", "protected mode" },
	{ "protected mode, with a password", { SCRIPT(SENDS(DENIED), CLOSE) },
	    "PING", NULL, .diary = "down=auth a=auth", "protected mode",
	    .password = "x" },
	{ "closed at once", { SCRIPT(CLOSE) },
	    "PING", NULL, .diary = "down=closed a=closed", "TLS" },
	{ "reset at once", { SCRIPT(RESET) },
	    "PING", NULL, .diary = "down=closed a=closed", "reset by peer" },
	{ "reset at the greeting", { SCRIPT(ANY, RESET) },
	    "PING", NULL, .diary = "down=closed a=closed", "reset by peer" },
	{ "not Redis", { SCRIPT(ANY, SENDS("HTTP/1.1 400 Bad\r\n"), CLOSE) },
	    "PING", NULL, .diary = "down=protocol a=protocol" },
	{ "silent at the greeting", { SCRIPT(ANY) },
	    "PING", NULL, .diary = "down=timeout a=timeout", "in time",
	    .dial_ms = 40 },
	{ "silent after AUTH", { SCRIPT(PEER_ANSWER("AUTH x", "+OK\r\n")) },
	    "PING", NULL, .diary = "down=timeout a=timeout", "in time",
	    .password = "x", .dial_ms = 40 },

	/* cut off */
	{ "closed: sent again",
	    { SCRIPT(PEER_GREETED, EXPECT("PING"), EXPECT("PING"), CLOSE),
		SERVES },
	    "PING", "PING", .diary = "up down=closed up a=PONG b=PONG",
	    "peer closed" },
	{ "reset within a batch: sent again as a whole",
	    { SCRIPT(PEER_GREETED, PEER_ANSWER("PING", "+OLD\r\n"),
		EXPECT("PING"), RESET), SERVES },
	    "PING PING", NULL, .diary = "up down=closed up a=PONG,PONG",
	    "reset by peer" },
	{ "closed within a reply",
	    { SCRIPT(PEER_GREETED, EXPECT("PING"), SENDS("$4\r\nPO"), CLOSE),
		SERVES },
	    "PING", NULL, .diary = "up down=closed up a=PONG" },
	{ "answered before the close",
	    { SCRIPT(PEER_GREETED, PONG, CLOSE), SERVES },
	    "PING", "PING", .diary = "up a=PONG down=closed up b=PONG" },
	{ "cut twice",
	    { SCRIPT(PEER_GREETED, EXPECT("PING"), CLOSE),
		SCRIPT(PEER_GREETED, EXPECT("PING"), CLOSE), SERVES },
	    "PING", NULL, .diary = "up down=closed up down=closed a=closed up",
	    "peer closed" },
	{ "cut twice, though the link is of use",
	    { SCRIPT(PEER_GREETED, EXPECT("PING"), EXPECT("PING"), CLOSE),
		SCRIPT(PEER_GREETED, PONG, EXPECT("PING"), CLOSE), SERVES },
	    "PING", "PING",
	    .diary = "up down=closed up a=PONG down=closed b=closed up" },
	{ "the next connection is turned away",
	    { SCRIPT(PEER_GREETED, EXPECT("PING"), CLOSE),
		SCRIPT(SENDS(MAX_CLIENTS), CLOSE), SERVES },
	    "PING", NULL,
	    .diary = "up down=closed down=maxclients a=maxclients up" },

	/* late */
	{ "silent at a command: out of step",
	    { SCRIPT(PEER_GREETED, EXPECT("PING")), SERVES },
	    "PING", NULL, .diary = "up down=timeout a=timeout up",
	    "no answer in time", .batch_ms = 300 },
	{ "half an answer in time",
	    { SCRIPT(PEER_GREETED, EXPECT("PING"), SENDS("$4\r\nPO")),
		SERVES },
	    "PING", NULL, .diary = "up down=timeout a=timeout up",
	    "no answer in time", .batch_ms = 300 },
	{ "a batch does not wait for the whole dial", { SCRIPT(ANY) },
	    "PING", NULL, .diary = "a=timeout", "not connected in time",
	    .batch_ms = 20 },
	{ "the dial goes on without the batch",
	    { SCRIPT(ANY, { PEER_PAUSE, NULL, 400 }, SENDS("+OK\r\n")) },
	    "PING", NULL, .diary = "a=timeout up", .batch_ms = 20 },
	{ "no time at all",
	    { SCRIPT(ANY, { PEER_PAUSE, NULL, 400 }, SENDS("+OK\r\n")) },
	    "PING", NULL, .diary = "a=timeout up", .batch_ms = -5 },

	/* nonsense */
	{ "garbage for a reply",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("!\r\n")), SERVES },
	    "PING", "PING", .diary = "up down=protocol a=protocol "
	    "b=protocol up" },
	{ "RESP3",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("%1\r\n+a\r\n+b\r\n")),
		SERVES },
	    "PING", NULL, .diary = "up down=protocol a=protocol up" },
	{ "a reply too many",
	    { SCRIPT(PEER_GREETED, PEER_ANSWER("PING", "+PONG\r\n+hi\r\n")),
		SERVES },
	    "PING", NULL, .diary = "up a=PONG down=protocol up",
	    "nobody asked" },
	{ "an error unasked",
	    { SCRIPT(PEER_GREETED, PONG, SENDS("-NOPERM go away\r\n")),
		SERVES },
	    "PING", NULL, .diary = "up a=PONG down=noperm up", "go away" },
	{ "a giant array announced",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("*2147483647\r\n")), SERVES },
	    "PING", NULL, .diary = "up down=protocol a=protocol up" },
	{ "too many elements",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("*1001\r\n")), SERVES },
	    "PING", NULL, .diary = "up down=protocol a=protocol up",
	    "1000 elements" },
	{ "too deep",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("*1\r\n*1\r\n*1\r\n*1\r\n"
		"*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")), SERVES },
	    "PING", NULL, .diary = "up down=protocol a=protocol up" },
	{ "a giant string announced",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("$2000000\r\n"),
		{ PEER_FLOOD, NULL, 0 }), SERVES },
	    "PING", NULL, .diary = "up down=protocol a=protocol up", "bytes" },
	{ "an endless line",
	    { SCRIPT(PEER_GREETED, ANY, SENDS("+"),
		{ PEER_FLOOD, NULL, 0 }), SERVES },
	    "PING", NULL, .diary = "up down=protocol a=protocol up", "bytes" },

	/* slow, but sound */
	{ "byte by byte",
	    { SCRIPT(ANY, { PEER_DRIP, "+OK\r\n", 0 }, ANY,
		{ PEER_DRIP, "*2\r\n$3\r\nabc\r\n*1\r\n:12\r\n", 0 }) },
	    "PING", NULL, .diary = "up a=[abc|[:12]]" },

	/* subscribed */
	{ "messages among answers",
	    { SCRIPT(PEER_GREETED,
		PEER_ANSWER("PSUBSCRIBE",
		    "*3\r\n$10\r\npsubscribe\r\n$1\r\n*\r\n:1\r\n"
		    "*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\nc\r\n"
		    "$1\r\nx\r\n"),
		EXPECT("PING"),
		SENDS("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\ny\r\n"
		    "*2\r\n$4\r\npong\r\n$0\r\n\r\n"
		    "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nz\r\n")) },
	    "PSUBSCRIBE", "PING", .diary = "up a=[psubscribe|*|:1] "
	    "push=[pmessage|*|c|x] push=[message|c|y] b=[pong|] "
	    "push=[message|c|z]", .subscribed = true },
	{ "a confirmation nobody asked for",
	    { SCRIPT(PEER_GREETED, PEER_ANSWER("PING", "+PONG\r\n"
		"*3\r\n$11\r\nunsubscribe\r\n$1\r\nc\r\n:0\r\n"
		"*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nz\r\n")) },
	    "PING", NULL, .diary = "up a=PONG push=[message|c|z]",
	    .subscribed = true },
	{ "what looks like a message is an answer to who never subscribes",
	    { SCRIPT(PEER_GREETED, PEER_ANSWER("PING",
		"*1\r\n$7\r\nmessage\r\n")) },
	    "PING", NULL, .diary = "up a=[message]" },
};
/* clang-format on */

START_TEST(scene)
{
	const struct scene *sc = &scenes[_i];
	struct bench b;
	char *user = NULL, *password = NULL;

	bench_begin(&b);
	if (sc->user != NULL)
		b.auth.username = user = xstrdup(sc->user);
	if (sc->password != NULL)
		b.auth.password = password = xstrdup(sc->password);
	if (sc->dial_ms != 0)
		b.conf.dial_timeout_ms = sc->dial_ms;
	if (sc->subscribed)
		b.ops.on_push = bench_on_push;
	bench_connect(&b, sc->scripts);
	bench_send(&b, "a", sc->a, sc->batch_ms != 0 ? sc->batch_ms : HOUR_MS);
	if (sc->b != NULL)
		bench_send(&b, "b", sc->b, HOUR_MS);
	bench_expect(&b, sc->diary);
	if (sc->detail != NULL && strstr(b.detail, sc->detail) == NULL)
		ck_abort_msg(
		    "%s: \"%s\" lacks \"%s\"", sc->name, b.detail, sc->detail);
	if (sc->password != NULL)
		ck_assert_ptr_null(strstr(b.detail, "hush"));
	/* What floods us is cut off at the limit; the rest is the kernel's. */
	ck_assert_uint_lt(b.peer->flooded, 16 << 20);
	bench_end(&b);
	free(user);
	free(password);
}
END_TEST

static const char split[] = "$5\r\nhello\r\n*3\r\n:-12\r\n$-1\r\n-ERR no\r\n";

START_TEST(split_anywhere)
{
	const struct peer_step script[] = { PEER_GREETED,
		{ PEER_EXPECT, "INFO", 0 }, { PEER_EXPECT, "ROLE", 0 },
		{ PEER_SEND, split, _i }, { PEER_PAUSE, NULL, 1 },
		{ PEER_SEND, split + _i, 0 }, OVER };
	const struct peer_step *const scripts[] = { script, NULL };
	struct bench b;

	bench_begin(&b);
	bench_connect(&b, scripts);
	bench_send(&b, "a", "INFO ROLE", HOUR_MS);
	bench_expect(&b, "up a=hello,[:-12|nil|-ERR]");
	bench_end(&b);
}
END_TEST

/* The server's close races with our greeting: it may answer that with a reset,
 * and its words must not be lost whichever comes first. */
START_TEST(max_clients_every_time)
{
	static const struct peer_step script[] = { SENDS(MAX_CLIENTS), CLOSE,
		OVER };
	static const struct peer_step *const scripts[] = { script, NULL };
	struct bench b;

	bench_begin(&b);
	b.auth.password = xstrdup("x");
	bench_connect(&b, scripts);
	bench_expect(&b, "down=maxclients");
	bench_end(&b);
	free(b.auth.password);
}
END_TEST

static void
ping_when_up(struct bench *b, const char *word)
{
	if (strcmp(word, "up") == 0)
		bench_send(b, "a", "PING", HOUR_MS);
}

START_TEST(warns_once_of_a_needless_password)
{
	static const struct peer_step cut[] = { PEER_ANSWER(
						    "AUTH hush", NO_PASSWORD),
		PEER_GREETED, PONG, CLOSE, OVER };
	static const struct peer_step *const scripts[] = { cut, NULL };
	char log[2048] = "", *first;
	struct bench b;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_ge(dup2(fds[1], STDERR_FILENO), 0);
	bench_begin(&b);
	b.auth.password = xstrdup("hush");
	b.hook = ping_when_up;
	bench_connect(&b, scripts);
	bench_wait(&b, 7);
	ck_assert_uint_ge(b.peer->accepted, 3);
	ck_assert_int_gt(read(fds[0], log, sizeof(log) - 1), 0);
	first = strstr(log, "the server has none");
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(strstr(first + 1, "the server has none"));
	ck_assert_ptr_null(strstr(log, "hush"));
	bench_end(&b);
	free(b.auth.password);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

/*
 * Many and large replies.
 */

#define BIG20 "$20\r\n01234567890123456789\r\n"

/* What one batch keeps is counted over all of its replies. */
START_TEST(replies_over_the_batch_budget_end_the_connection)
{
	static const struct peer_step script[] = { PEER_GREETED,
		PEER_ANSWER("A", BIG20), PEER_ANSWER("B", BIG20),
		PEER_ANSWER("C", BIG20), { PEER_OVER, NULL, 0 } };
	static const struct peer_step *const scripts[] = { script, NULL };
	struct bench b;

	bench_begin(&b);
	b.conf.batch_memory = 200;
	bench_connect(&b, scripts);
	bench_send(&b, "a", "A", HOUR_MS);
	bench_send(&b, "b", "B C", HOUR_MS);
	bench_wait(&b, 4);
	ck_assert_str_eq(
	    b.diary.s, "up a=01234567890123456789 down=protocol b=protocol");
	ck_assert_str_eq(
	    b.detail, "replies that take more than 200 bytes of memory");
	bench_end(&b);
}
END_TEST

struct stream {
	struct bench *bench;
	bool free_at_first;
};

static void
on_each(void *arg, size_t i, const struct reply *reply)
{
	struct stream *s = arg;
	char word[64];

	(void)snprintf(word, sizeof(word), "%zu:%s", i, reply->str);
	if (s->free_at_first)
		conn_free(s->bench->conn);
	bench_note(s->bench, word);
}

static void
on_each_done(void *arg, const struct conn_result *result)
{
	struct stream *s = arg;
	char word[64];

	ck_assert_uint_eq(result->n, 0);
	(void)snprintf(word, sizeof(word), "end=%s,%zu",
	    reason_name(result->reason), result->answered);
	bench_note(s->bench, word);
}

static void
send_each(struct stream *s)
{
	struct batch batch = { 0 };

	batch_add(&batch, "A", NULL);
	batch_add(&batch, "B", NULL);
	batch_add(&batch, "C", NULL);
	conn_send_each(
	    s->bench->conn, &batch, HOUR_MS, on_each, on_each_done, s);
}

static const struct peer_step streams[] = { PEER_GREETED,
	PEER_ANSWER("A", BIG20), PEER_ANSWER("B", "+b\r\n"),
	PEER_ANSWER("C", BIG20), { PEER_OVER, NULL, 0 } };
static const struct peer_step breaks[] = { PEER_GREETED,
	PEER_ANSWER("A", "+a\r\n"), CLOSE, { PEER_OVER, NULL, 0 } };

/* Nothing is kept, so nothing counts against the budget. */
START_TEST(replies_are_given_as_they_come)
{
	static const struct peer_step *const scripts[] = { streams, NULL };
	struct stream s = { 0 };
	struct bench b;

	bench_begin(&b);
	b.conf.batch_memory = 300;
	s.bench = &b;
	bench_connect(&b, scripts);
	send_each(&s);
	bench_expect(&b, "up 0:01234567890123456789 1:b "
			 "2:01234567890123456789 end=,3");
	bench_end(&b);
}
END_TEST

/* What was handed over cannot be taken back, so it is not asked again. */
START_TEST(a_cut_stream_of_replies_is_not_repeated)
{
	static const struct peer_step *const scripts[] = { breaks, streams,
		NULL };
	struct stream s = { 0 };
	struct bench b;

	bench_begin(&b);
	s.bench = &b;
	bench_connect(&b, scripts);
	send_each(&s);
	bench_expect(&b, "up 0:a down=closed end=closed,1 up");
	bench_end(&b);
}
END_TEST

START_TEST(a_connection_freed_by_one_of_its_replies)
{
	static const struct peer_step *const scripts[] = { streams, NULL };
	struct stream s = { .free_at_first = true };
	struct bench b;

	bench_begin(&b);
	s.bench = &b;
	bench_connect(&b, scripts);
	send_each(&s);
	bench_expect(&b, "up end=closed,1 0:01234567890123456789");
	b.conn = NULL;
	bench_end(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conn");
	TCase *tc = tcase_create("conn");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, scene, 0, COUNT(scenes));
	tcase_add_loop_test(tc, split_anywhere, 1, sizeof(split) - 1);
	tcase_add_loop_test(tc, max_clients_every_time, 0, 30);
	tcase_add_test(tc, warns_once_of_a_needless_password);
	tcase_add_test(tc, replies_over_the_batch_budget_end_the_connection);
	tcase_add_test(tc, replies_are_given_as_they_come);
	tcase_add_test(tc, a_cut_stream_of_replies_is_not_repeated);
	tcase_add_test(tc, a_connection_freed_by_one_of_its_replies);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
