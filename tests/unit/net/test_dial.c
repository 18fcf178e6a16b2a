#include <fcntl.h>
#include <netinet/tcp.h>

#include "base/clock.h"
#include "fake/names.h"
#include "fake/peer.h"
#include "net/dial.h"
#include "net/resolver.h"
#include "unit/unit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct name known[] = {
	{ "bad-good.test", { "127.0.0.2", "127.0.0.3", "127.0.0.1" } },
	{ "bad.test", { "127.0.0.2", "127.0.0.3" } },
	{ "stuck.test", { "127.0.0.1" } },
	{ NULL, { NULL } },
};

static const struct peer_step silent[] = { { PEER_OVER, NULL, 0 } };
static const struct peer_step *const scripts[] = { silent, NULL };

struct bench {
	struct loop *loop;
	struct resolver *resolver;
	struct peer *peer;
	struct timer *timer;
	bool done;
	struct dialled got;
	char detail[600];
};

static void
stop(void *arg)
{
	const struct bench *b = arg;

	loop_stop(b->loop);
}

static void
begin(struct bench *b)
{
	names_known = known;
	*b = (struct bench){ .loop = loop_new() };
	b->resolver = resolver_new(b->loop);
	b->peer = peer_new(b->loop, 0, scripts);
	b->timer = timer_new(b->loop, stop, b);
}

static void
end(struct bench *b)
{
	if (b->done && b->got.fd >= 0)
		close(b->got.fd);
	peer_free(b->peer);
	timer_free(b->timer);
	resolver_free(b->resolver);
	loop_free(b->loop);
}

static void
dialled(void *arg, const struct dialled *got)
{
	struct bench *b = arg;

	ck_assert(!b->done);
	b->done = true;
	b->got = *got;
	(void)snprintf(b->detail, sizeof(b->detail), "%s", got->detail);
	loop_stop(b->loop);
}

static struct dial *
start(struct bench *b, const char *host, uint16_t port, int64_t timeout_ms)
{
	struct addr a;
	struct dial *d;

	ck_assert(addr_set(&a, host, strlen(host), port));
	d = dial_start(b->loop, b->resolver, &a, timeout_ms, dialled, b);
	ck_assert(!b->done);
	return d;
}

static void
wait_for(struct bench *b)
{
	loop_run(b->loop);
	ck_assert(b->done);
	ck_assert_int_eq(b->got.reason == REASON_NONE, b->got.fd >= 0);
}

static int
option(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	ck_assert_int_eq(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

START_TEST(sockets_are_set_up)
{
	struct bench b;

	begin(&b);
	(void)start(&b, "127.0.0.1", b.peer->addr.port, 5000);
	wait_for(&b);
	ck_assert_int_eq(b.got.reason, REASON_NONE);
	ck_assert(addr_equal(&b.got.peer, &b.peer->addr));
	ck_assert_int_ne(fcntl(b.got.fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(b.got.fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(option(b.got.fd, IPPROTO_TCP, TCP_NODELAY), 1);
	ck_assert_int_eq(option(b.got.fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	end(&b);
}
END_TEST

START_TEST(tries_each_address)
{
	struct bench b;

	begin(&b);
	(void)start(&b, "bad-good.test", b.peer->addr.port, 5000);
	wait_for(&b);
	ck_assert_int_eq(b.got.reason, REASON_NONE);
	ck_assert_str_eq(b.got.peer.host, "127.0.0.1");
	end(&b);
}
END_TEST

/* A listener whose queue is full lets SYNs fall: a host that is silent. */
static int
silent_listener(const char *ip, uint16_t port, int fill[8])
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), i;

	ck_assert_int_eq(inet_pton(AF_INET, ip, &in.sin_addr), 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(listen(fd, 0), 0);
	for (i = 0; i < 8; i++) {
		fill[i] = socket(
		    AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)connect(fill[i], (struct sockaddr *)&in, sizeof(in));
	}
	return fd;
}

static void
close_all(int fd, const int fill[8])
{
	close(fd);
	for (int i = 0; i < 8; i++)
		close(fill[i]);
}

START_TEST(a_silent_address_uses_up_its_share_only)
{
	struct bench b;
	int64_t begun;
	int fill[8], fd;

	begin(&b);
	fd = silent_listener("127.0.0.2", b.peer->addr.port, fill);
	begun = clock_now().mono_ms;
	(void)start(&b, "bad-good.test", b.peer->addr.port, 3000);
	wait_for(&b);
	ck_assert_int_eq(b.got.reason, REASON_NONE);
	ck_assert_str_eq(b.got.peer.host, "127.0.0.1");
	ck_assert_int_ge(clock_now().mono_ms - begun, 999);
	ck_assert_int_lt(clock_now().mono_ms - begun, 2500);
	end(&b);
	close_all(fd, fill);
}
END_TEST

START_TEST(a_silent_host_is_late)
{
	struct bench b;
	int64_t begun;
	int fill[8], fd;

	begin(&b);
	fd = silent_listener("127.0.0.4", b.peer->addr.port, fill);
	begun = clock_now().mono_ms;
	(void)start(&b, "127.0.0.4", b.peer->addr.port, 100);
	wait_for(&b);
	ck_assert_int_eq(b.got.reason, REASON_TIMEOUT);
	ck_assert_int_ge(clock_now().mono_ms - begun, 99);
	ck_assert_ptr_nonnull(strstr(b.detail, "127.0.0.4:"));
	end(&b);
	close_all(fd, fill);
}
END_TEST

START_TEST(a_silent_name_server_is_late)
{
	struct bench b;

	begin(&b);
	(void)start(&b, "stuck.test", b.peer->addr.port, 50);
	wait_for(&b);
	ck_assert_int_eq(b.got.reason, REASON_TIMEOUT);
	ck_assert_ptr_nonnull(strstr(b.detail, "not resolved"));
	names_release();
	end(&b);
}
END_TEST

static const struct {
	const char *host;
	uint16_t port; /* 0 with a host: a free one */
	enum reason reason;
	const char *detail;
} failures[] = {
	{ "127.0.0.1", 0, REASON_REFUSED, "refused" },
	{ "bad.test", 0, REASON_REFUSED, "127.0.0.3" },
	{ "none.test", 0, REASON_DNS, "does not resolve" },
	{ "/nonexistent/redis.sock", 0, REASON_REFUSED, "No such file" },
	{ "/dev/null", 0, REASON_REFUSED, "refused" },
	{ "/dev/null/redis.sock", 0, REASON_REFUSED, "Not a directory" },
	{ "255.255.255.255", 1, REASON_REFUSED, "unreachable" },
};

START_TEST(fails_with_a_reason)
{
	uint16_t port = failures[_i].port;
	struct bench b;

	begin(&b);
	if (port == 0 && failures[_i].host[0] != '/')
		port = peer_free_port();
	(void)start(&b, failures[_i].host, port, 5000);
	wait_for(&b);
	ck_assert_int_eq(b.got.reason, failures[_i].reason);
	if (strstr(b.detail, failures[_i].detail) == NULL)
		ck_abort_msg(
		    "\"%s\" lacks \"%s\"", b.detail, failures[_i].detail);
	end(&b);
}
END_TEST

START_TEST(cancelled_is_silent)
{
	struct bench b;
	struct dial *d;

	begin(&b);
	/* While it looks up, and while it connects. */
	dial_cancel(start(&b, "127.0.0.1", b.peer->addr.port, 5000));
	d = start(&b, "127.0.0.1", b.peer->addr.port, 5000);
	timer_set(b.timer, 0);
	loop_run(b.loop);
	if (!b.done)
		dial_cancel(d);
	dial_cancel(NULL);
	timer_set(b.timer, 20);
	loop_run(b.loop);
	end(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("dial");
	TCase *tc = tcase_create("dial");

	tcase_set_timeout(tc, 20);
	tcase_add_test(tc, sockets_are_set_up);
	tcase_add_test(tc, tries_each_address);
	tcase_add_test(tc, a_silent_address_uses_up_its_share_only);
	tcase_add_test(tc, a_silent_host_is_late);
	tcase_add_test(tc, a_silent_name_server_is_late);
	tcase_add_loop_test(tc, fails_with_a_reason, 0, COUNT(failures));
	tcase_add_test(tc, cancelled_is_silent);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
