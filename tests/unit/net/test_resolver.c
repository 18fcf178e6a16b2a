#include <arpa/inet.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "fake/names.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "unit/unit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MANY	 40

static const struct name known[] = {
	{ "two.test", { "127.0.0.1", "127.0.0.2" } },
	{ "six.test", { "::1" } },
	{ "stuck.test", { "127.0.0.3" } },
	{ "crowd.test",
	    { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5",
		"10.0.0.6", "10.0.0.7", "10.0.0.8", "10.0.0.9", "10.0.0.10",
		"10.0.0.11", "10.0.0.12", "10.0.0.13", "10.0.0.14", "10.0.0.15",
		"10.0.0.16", "10.0.0.17" } },
	{ NULL, { NULL } },
};

struct bench {
	struct loop *loop;
	struct resolver *resolver;
	struct strbuf found; /* literals, a space behind each */
	char detail[200];
	size_t answers, wanted, addresses;
	struct lookup *victim; /* cancelled by the first answer */
	const char *next; /* asked for by the first answer */
};

static void
begin(struct bench *b)
{
	names_known = known;
	*b = (struct bench){ .loop = loop_new() };
	b->resolver = resolver_new(b->loop);
}

static void
end(struct bench *b)
{
	resolver_free(b->resolver);
	loop_free(b->loop);
	strbuf_fini(&b->found);
}

static void ask(struct bench *, const char *);

static void
answered(void *arg, const struct resolved *found, size_t n, const char *detail)
{
	struct bench *b = arg;
	const char *next = b->next;
	char text[ADDR_TEXT_MAX];
	size_t i;

	b->addresses = n;
	for (i = 0; i < n; i++) {
		addr_format(&found[i].literal, text);
		strbuf_printf(&b->found, "%s ", text);
	}
	(void)snprintf(b->detail, sizeof(b->detail), "%s", detail);
	ck_assert_int_eq(n == 0, detail[0] != '\0');
	lookup_cancel(b->victim);
	b->victim = NULL;
	b->next = NULL;
	if (next != NULL)
		ask(b, next);
	if (++b->answers >= b->wanted)
		loop_stop(b->loop);
}

static struct lookup *
look_up(struct bench *b, const char *host, uint16_t port)
{
	struct addr a;
	size_t before = b->answers;
	struct lookup *l;

	ck_assert(addr_set(&a, host, strlen(host), port));
	l = resolver_lookup(b->resolver, &a, answered, b);
	ck_assert_uint_eq(b->answers, before);
	return l;
}

static void
ask(struct bench *b, const char *host)
{
	(void)look_up(b, host, 26379);
}

static void
wait_for(struct bench *b, size_t answers)
{
	b->wanted = answers;
	if (b->answers < answers)
		loop_run(b->loop);
	ck_assert_uint_eq(b->answers, answers);
}

static void
stop(void *arg)
{
	const struct bench *b = arg;

	loop_stop(b->loop);
}

/* Whatever is due has come after this. */
static void
turn(struct bench *b)
{
	struct timer *t = timer_new(b->loop, stop, b);

	b->wanted = SIZE_MAX;
	timer_set(t, 20);
	loop_run(b->loop);
	timer_free(t);
}

static const struct {
	const char *host;
	uint16_t port;
	const char *found;
	int calls;
} hosts[] = {
	{ "127.0.0.1", 6379, "127.0.0.1:6379 ", 0 },
	{ "::1", 6379, "[::1]:6379 ", 0 },
	{ "/run/redis/redis.sock", 0, "/run/redis/redis.sock ", 0 },
	{ "two.test", 26379, "127.0.0.1:26379 127.0.0.2:26379 ", 1 },
	{ "six.test", 1, "[::1]:1 ", 1 },
	{ "none.test", 26379, "", 1 },
};

START_TEST(answers)
{
	struct bench b;

	begin(&b);
	(void)look_up(&b, hosts[_i].host, hosts[_i].port);
	wait_for(&b, 1);
	ck_assert_str_eq(strbuf_text(&b.found), hosts[_i].found);
	ck_assert_int_eq(names_read(&names.calls), hosts[_i].calls);
	ck_assert(!names.signals_open);
	end(&b);
}
END_TEST

START_TEST(says_why_not)
{
	char path[200];
	struct bench b;

	begin(&b);
	ask(&b, "none.test");
	wait_for(&b, 1);
	ck_assert_ptr_nonnull(strstr(b.detail, "not known"));
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	(void)look_up(&b, path, 0);
	wait_for(&b, 2);
	ck_assert_ptr_nonnull(strstr(b.detail, "longer than 107"));
	end(&b);
}
END_TEST

static void
copy_address(
    void *arg, const struct resolved *found, size_t n, const char *detail)
{
	(void)detail;
	ck_assert_uint_eq(n, 1);
	memcpy(arg, found, sizeof(*found));
}

START_TEST(addresses_can_be_dialled)
{
	const struct sockaddr_un *un;
	const struct sockaddr_in *in;
	struct resolved r4, run;
	struct addr a;
	struct bench b;

	begin(&b);
	ck_assert(addr_set(&a, "127.0.0.9", 9, 4711));
	(void)resolver_lookup(b.resolver, &a, copy_address, &r4);
	ck_assert(addr_set(&a, "/a/b", 4, 0));
	(void)resolver_lookup(b.resolver, &a, copy_address, &run);
	turn(&b);
	in = (const struct sockaddr_in *)(const void *)&r4.sa;
	ck_assert_int_eq(in->sin_family, AF_INET);
	ck_assert_uint_eq(ntohs(in->sin_port), 4711);
	ck_assert_uint_eq(ntohl(in->sin_addr.s_addr), 0x7f000009);
	ck_assert_uint_eq(r4.len, sizeof(*in));
	un = (const struct sockaddr_un *)(const void *)&run.sa;
	ck_assert_int_eq(un->sun_family, AF_UNIX);
	ck_assert_str_eq(un->sun_path, "/a/b");
	end(&b);
}
END_TEST

START_TEST(keeps_so_many_addresses)
{
	struct bench b;

	begin(&b);
	ask(&b, "crowd.test");
	wait_for(&b, 1);
	ck_assert_uint_eq(b.addresses, RESOLVER_ADDRESSES);
	end(&b);
}
END_TEST

START_TEST(asks_once_for_all_who_wait)
{
	struct bench b;

	begin(&b);
	for (int i = 0; i < MANY; i++)
		ask(&b, "stuck.test");
	names_await(1);
	names_release();
	wait_for(&b, MANY);
	ck_assert_int_eq(names_read(&names.calls), 1);
	/* But what was known is not kept. */
	ask(&b, "stuck.test");
	wait_for(&b, MANY + 1);
	ck_assert_int_eq(names_read(&names.calls), 2);
	end(&b);
}
END_TEST

START_TEST(so_many_threads_and_no_more)
{
	char host[32];
	struct bench b;

	begin(&b);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(host, sizeof(host), "stuck%d.test", i);
		ask(&b, host);
	}
	names_await(RESOLVER_LOOKUPS);
	/* A literal passes them all. */
	ask(&b, "127.0.0.1");
	wait_for(&b, 1);
	names_release();
	wait_for(&b, MANY + 1);
	ck_assert_int_eq(names_read(&names.calls), MANY);
	ck_assert_int_eq(names_read(&names.most), RESOLVER_LOOKUPS);
	end(&b);
}
END_TEST

START_TEST(cancelled_ones_never_come)
{
	struct lookup *literal, *running, *waiting, *shared;
	char host[32];
	struct bench b;

	begin(&b);
	literal = look_up(&b, "127.0.0.1", 1);
	running = look_up(&b, "stuck.test", 1);
	shared = look_up(&b, "stuck.test", 1);
	for (int i = 1; i < RESOLVER_LOOKUPS; i++) {
		(void)snprintf(host, sizeof(host), "stuck%d.test", i);
		ask(&b, host);
	}
	waiting = look_up(&b, "two.test", 1);
	names_await(RESOLVER_LOOKUPS);
	lookup_cancel(literal);
	lookup_cancel(running);
	lookup_cancel(shared);
	lookup_cancel(waiting);
	lookup_cancel(NULL);
	names_release();
	wait_for(&b, RESOLVER_LOOKUPS - 1);
	turn(&b);
	ck_assert_uint_eq(b.answers, RESOLVER_LOOKUPS - 1);
	ck_assert_str_eq(strbuf_text(&b.found), "");
	ck_assert_int_eq(names_read(&names.calls), RESOLVER_LOOKUPS);
	end(&b);
}
END_TEST

START_TEST(an_answer_may_cancel_and_ask)
{
	struct bench b;

	begin(&b);
	ask(&b, "two.test");
	b.victim = look_up(&b, "two.test", 26379);
	b.next = "two.test";
	wait_for(&b, 2);
	turn(&b);
	ck_assert_uint_eq(b.answers, 2);
	end(&b);
}
END_TEST

/* The thread outlives the resolver, touches nothing of it, and leaks nothing:
 * the sanitizers judge. */
START_TEST(free_waits_for_no_stuck_lookup)
{
	char host[32];
	struct bench b;

	begin(&b);
	for (int i = 0; i < RESOLVER_LOOKUPS + 2; i++) {
		(void)snprintf(host, sizeof(host), "stuck%d.test", i);
		ask(&b, host);
	}
	ask(&b, "127.0.0.1");
	names_await(RESOLVER_LOOKUPS);
	end(&b);
	ck_assert_uint_eq(b.answers, 0);
	names_release();
	names_await(0);
}
END_TEST

/* The thread is done, but the loop has not yet seen it, or has just begun. */
START_TEST(free_at_any_moment)
{
	struct bench b;

	begin(&b);
	for (int i = 0; i < 4; i++)
		ask(&b, known[i % 2].host);
	if (_i % 2 == 1)
		names_await(0);
	end(&b);
	ck_assert_uint_eq(b.answers, 0);
}
END_TEST

START_TEST(real_names_resolve)
{
	struct bench b;

	begin(&b);
	ask(&b, "localhost");
	wait_for(&b, 1);
	ck_assert_uint_ge(b.addresses, 1);
	end(&b);
	resolver_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("resolver");
	TCase *tc = tcase_create("resolver");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, answers, 0, COUNT(hosts));
	tcase_add_test(tc, says_why_not);
	tcase_add_test(tc, addresses_can_be_dialled);
	tcase_add_test(tc, keeps_so_many_addresses);
	tcase_add_test(tc, asks_once_for_all_who_wait);
	tcase_add_test(tc, so_many_threads_and_no_more);
	tcase_add_test(tc, cancelled_ones_never_come);
	tcase_add_test(tc, an_answer_may_cancel_and_ask);
	tcase_add_test(tc, free_waits_for_no_stuck_lookup);
	tcase_add_loop_test(tc, free_at_any_moment, 0, 20);
	tcase_add_test(tc, real_names_resolve);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
