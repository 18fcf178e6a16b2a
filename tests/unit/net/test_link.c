#include <arpa/inet.h>
#include <event2/util.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "net/link.h"
#include "net/loop.h"
#include "unit/unit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct reply_limits limits = {
	.bytes = 1000, .elements = 100, .depth = 7
};

struct bench {
	struct loop *loop;
	struct link *link;
	int peer;
	struct strbuf diary; /* each reply's text, then the reason */
	const char *free_at; /* the word in whose callback to free it */
	struct timer *timer;
};

static void
note(struct bench *b, const char *word)
{
	strbuf_printf(&b->diary, "%s ", word);
	if (b->free_at != NULL && strcmp(word, b->free_at) == 0) {
		link_free(b->link);
		b->link = NULL;
		loop_stop(b->loop);
	}
}

static void
on_reply(void *arg, struct reply *r)
{
	note(arg, r->str);
	reply_free(r);
}

static void
on_down(void *arg, enum reason reason, const char *detail)
{
	struct bench *b = arg;

	ck_assert_str_ne(detail, "");
	note(b, reason_name(reason));
	loop_stop(b->loop);
}

static void
stop(void *arg)
{
	const struct bench *b = arg;

	loop_stop(b->loop);
}

/* Two ends over TCP, for a unix socket knows no reset of its own. */
static void
tcp_pair(int fds[2])
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, len), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fds[0], (struct sockaddr *)&in, len), 0);
	fds[1] = accept(fd, NULL, NULL);
	ck_assert_int_ge(fds[1], 0);
	close(fd);
	ck_assert_int_eq(evutil_make_socket_nonblocking(fds[0]), 0);
}

static void
begin(struct bench *b, bool tcp)
{
	const struct link_ops ops = { on_reply, on_down, b };
	int fds[2];

	*b = (struct bench){ .loop = loop_new() };
	if (tcp)
		tcp_pair(fds);
	else
		ck_assert_int_eq(
		    socketpair(AF_UNIX,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds),
		    0);
	b->peer = fds[1];
	b->link = link_new(b->loop, fds[0], NULL, &limits, &ops);
	b->timer = timer_new(b->loop, stop, b);
}

static void
end(struct bench *b)
{
	link_free(b->link);
	timer_free(b->timer);
	loop_free(b->loop);
	strbuf_fini(&b->diary);
}

/* Run for so long, or until it is down. */
static void
run(struct bench *b, int64_t ms)
{
	timer_set(b->timer, ms);
	loop_run(b->loop);
	timer_unset(b->timer);
}

static void
say(const struct bench *b, const char *text)
{
	size_t len = strlen(text);

	ck_assert_int_eq(send(b->peer, text, len, MSG_NOSIGNAL), (int)len);
}

START_TEST(carries_both_ways)
{
	struct bench b;
	char got[32];

	begin(&b, _i);
	link_write(b.link, "PING\r\n", 6);
	link_write_secret(b.link, xstrdup("AUTH x"), 6);
	link_write(b.link, "\r\n", 2);
	run(&b, 5);
	ck_assert_int_eq(read(b.peer, got, sizeof(got)), 14);
	ck_assert_mem_eq(got, "PING\r\nAUTH x\r\n", 14);
	say(&b, "+a\r\n+b\r\n+c");
	run(&b, 5);
	ck_assert_str_eq(b.diary.s, "a b ");
	say(&b, "\r\n");
	close(b.peer);
	run(&b, 5000);
	ck_assert_str_eq(b.diary.s, "a b c closed ");
	end(&b);
}
END_TEST

/* Closed with bytes unread, a socket resets the connection.  What the peer
 * said before is read first, even if a write is tried and fails before. */
START_TEST(last_words_before_a_reset)
{
	struct bench b;

	begin(&b, _i);
	link_write(b.link, "x", 1);
	run(&b, 5);
	say(&b, "-ERR max number of clients reached\r\n");
	close(b.peer);
	link_write(b.link, "y", 1);
	run(&b, 5000);
	ck_assert_str_eq(
	    b.diary.s, "ERR max number of clients reached closed ");
	end(&b);
}
END_TEST

static const struct {
	const char *said, *diary;
} nonsense[] = {
	{ "+a\r\n!\r\n", "a protocol " },
	{ "+a\r\n*101\r\n", "a protocol " },
	{ "$1001\r\n", "protocol " },
};

START_TEST(nonsense_ends_it)
{
	struct bench b;

	begin(&b, false);
	say(&b, nonsense[_i].said);
	run(&b, 5000);
	/* Told once, and deaf then. */
	say(&b, "+z\r\n");
	close(b.peer);
	run(&b, 5);
	ck_assert_str_eq(b.diary.s, nonsense[_i].diary);
	end(&b);
}
END_TEST

static const struct {
	const char *said, *free_at, *diary;
} frees[] = {
	{ "+a\r\n+b\r\n", "a", "a " },
	{ "+a\r\n+b\r\n", "b", "a b " },
	{ "+a\r\n!\r\n", "protocol", "a protocol " },
	{ "+a\r\n", "closed", "a closed " },
};

START_TEST(freed_in_a_callback)
{
	struct bench b;

	begin(&b, false);
	b.free_at = frees[_i].free_at;
	say(&b, frees[_i].said);
	close(b.peer);
	run(&b, 5000);
	run(&b, 5);
	ck_assert_str_eq(b.diary.s, frees[_i].diary);
	end(&b);
}
END_TEST

START_TEST(freed_with_words_unsaid)
{
	struct bench b;

	begin(&b, false);
	link_write_secret(b.link, xstrdup("hush"), 4);
	end(&b);
	close(b.peer);
	link_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("link");
	TCase *tc = tcase_create("link");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, carries_both_ways, 0, 2);
	tcase_add_loop_test(tc, last_words_before_a_reset, 0, 2);
	tcase_add_loop_test(tc, nonsense_ends_it, 0, COUNT(nonsense));
	tcase_add_loop_test(tc, freed_in_a_callback, 0, COUNT(frees));
	tcase_add_test(tc, freed_with_words_unsaid);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
