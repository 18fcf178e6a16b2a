/* How a subscription asks, listens, falls silent and comes back. */
#include "net/subscription.h"

#include "unit/net/bench.h"

#define OVER                       \
	{                          \
		PEER_OVER, NULL, 0 \
	}
#define CONFIRMED  "*3\r\n$10\r\npsubscribe\r\n$1\r\n*\r\n:1\r\n"
#define SUBSCRIBED "*3\r\n$9\r\nsubscribe\r\n$2\r\n+a\r\n:1\r\n"
#define NOPERM	   "-NOPERM no\r\n"
#define PONG	   "*2\r\n$4\r\npong\r\n$0\r\n\r\n"
#define MESSAGE	   "*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$2\r\n+a\r\n$2\r\nhi\r\n"
#define ALLOWED	   PEER_ANSWER("PSUBSCRIBE *", CONFIRMED)
#define DENIED	   PEER_ANSWER("PSUBSCRIBE *", NOPERM)
#define PINGED	   PEER_ANSWER("PING", PONG)
#define TIMEOUT_MS 100

struct stage {
	struct bench bench;
	struct subscription *subscription;
	size_t ways; /* there are so many */
	const char *free_at; /* the word at which it is freed */
	size_t denied;
};

static void
note(struct stage *s, const char *word)
{
	bench_note(&s->bench, word);
	if (s->free_at != NULL && strcmp(s->free_at, word) == 0) {
		subscription_free(s->subscription);
		s->subscription = NULL;
	}
}

static bool
on_ask(void *arg, size_t way, struct batch *b)
{
	const struct stage *s = arg;

	if (way >= s->ways)
		return false;
	if (way == 0) {
		batch_add(b, "PSUBSCRIBE", "*", NULL);
	} else {
		batch_add(b, "SUBSCRIBE", "+a", NULL);
		batch_add(b, "SUBSCRIBE", "+b", NULL);
	}
	return true;
}

static void
on_change(void *arg, const struct subscription_change *c)
{
	static const char *const names[] = {
		[SUBSCRIPTION_DOWN] = "down",
		[SUBSCRIPTION_ASKING] = "asking",
		[SUBSCRIPTION_UP] = "up",
		[SUBSCRIPTION_SILENT] = "silent",
		[SUBSCRIPTION_DENIED] = "denied",
	};
	struct stage *s = arg;
	char word[64];

	ck_assert((c->reason == REASON_NONE) == (c->detail[0] == '\0'));
	s->denied = c->denied;
	(void)snprintf(word, sizeof(word), "%s%s%s", names[c->is],
	    c->reason == REASON_NONE ? "" : "=", reason_name(c->reason));
	note(s, word);
}

static void
on_message(void *arg, const struct reply *channel, const struct reply *payload)
{
	char word[64];

	(void)snprintf(word, sizeof(word), "%s:%s", channel->str, payload->str);
	note(arg, word);
}

static void
begin(struct stage *s, const struct peer_step *const *scripts)
{
	const struct subscription_ops ops = { on_ask, on_change, on_message,
		s };

	bench_begin(&s->bench);
	s->bench.peer = peer_new(s->bench.loop, 0, scripts);
	s->subscription = subscription_new(
	    &s->bench.conf, &s->bench.peer->addr, &ops, TIMEOUT_MS, 0);
}

static void
end(struct stage *s)
{
	subscription_free(s->subscription);
	bench_end(&s->bench);
}

#define SCRIPT(name, ...)                                               \
	static const struct peer_step name##_script[] = { PEER_GREETED, \
		__VA_ARGS__, OVER };                                    \
	static const struct peer_step *const name[] = { name##_script, NULL }

START_TEST(hears_what_is_published)
{
	SCRIPT(peer, ALLOWED, { PEER_SEND, MESSAGE MESSAGE, 0 });
	struct stage s = { .ways = 1 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking up +a:hi +a:hi");
	ck_assert_int_eq(subscription_state(s.subscription), SUBSCRIPTION_UP);
	end(&s);
}
END_TEST

/* PSUBSCRIBE needs a rule that equals the pattern; channels are matched. */
START_TEST(tries_the_next_way_where_one_is_denied)
{
	SCRIPT(peer, DENIED, PEER_ANSWER("SUBSCRIBE +a", SUBSCRIBED),
	    PEER_ANSWER("SUBSCRIBE +b", NOPERM));
	struct stage s = { .ways = 2 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking up=noperm");
	ck_assert_uint_eq(s.denied, 1);
	end(&s);
}
END_TEST

START_TEST(denied_until_it_is_granted)
{
	SCRIPT(peer, DENIED, ALLOWED);
	struct stage s = { .ways = 1 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking denied=noperm");
	subscription_retry(s.subscription);
	bench_expect(&s.bench, "asking denied=noperm asking up");
	subscription_retry(s.subscription);
	end(&s);
}
END_TEST

/* Another error is no question of rights: no other way is tried. */
START_TEST(an_error_that_is_no_denial)
{
	SCRIPT(peer, PEER_ANSWER("PSUBSCRIBE *", "-ERR what\r\n"));
	struct stage s = { .ways = 2 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking denied=other");
	end(&s);
}
END_TEST

START_TEST(pings_keep_it_up)
{
	SCRIPT(
	    peer, ALLOWED, PINGED, PINGED, PINGED, { PEER_SEND, MESSAGE, 0 });
	struct stage s = { .ways = 1 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking up +a:hi");
	ck_assert_uint_eq(subscription_cuts(s.subscription), 0);
	end(&s);
}
END_TEST

/* A sentinel stopped for 0.3 s lost its stream, and with it the phases of a
 * failover, 4 times of 5.  What came in between is heard after it. */
START_TEST(a_short_stall_loses_nothing)
{
	SCRIPT(peer, ALLOWED, { PEER_EXPECT, "PING", 0 },
	    { PEER_PAUSE, NULL, 3 * TIMEOUT_MS },
	    { PEER_SEND, MESSAGE PONG, 0 });
	struct stage s = { .ways = 1 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking up silent=timeout up +a:hi");
	ck_assert_uint_eq(subscription_cuts(s.subscription), 0);
	ck_assert_uint_eq(s.bench.peer->accepted, 1);
	end(&s);
}
END_TEST

START_TEST(a_cut_is_counted_and_told_with_its_reason)
{
	static const struct peer_step cut[] = { PEER_GREETED, ALLOWED,
		{ PEER_CLOSE, NULL, 0 }, OVER };
	static const struct peer_step stays[] = { PEER_GREETED, ALLOWED, OVER };
	static const struct peer_step *const peer[] = { cut, stays, NULL };
	struct stage s = { .ways = 1 };

	begin(&s, peer);
	bench_expect(&s.bench, "asking up down=closed asking up");
	ck_assert_uint_eq(subscription_cuts(s.subscription), 1);
	end(&s);
}
END_TEST

static const char *const free_at[] = { "asking", "up", "+a:hi",
	"silent=timeout" };

START_TEST(freed_in_any_callback)
{
	SCRIPT(peer, ALLOWED, { PEER_SEND, MESSAGE MESSAGE, 0 });
	struct stage s = { .ways = 1, .free_at = free_at[_i] };
	size_t words;

	begin(&s, peer);
	while (s.subscription != NULL)
		bench_wait(&s.bench, s.bench.words + 1);
	words = s.bench.words;
	bench_settle(&s.bench, 20);
	ck_assert_uint_eq(s.bench.words, words);
	end(&s);
}
END_TEST

START_TEST(freed_when_it_turns_down)
{
	static const struct peer_step cut[] = { { PEER_CLOSE, NULL, 0 } };
	static const struct peer_step *const peer[] = { cut, NULL };
	struct stage s = { .ways = 1, .free_at = "down=closed" };

	begin(&s, peer);
	bench_expect(&s.bench, "down=closed");
	ck_assert_ptr_null(s.subscription);
	end(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("subscription");
	TCase *tc = tcase_create("subscription");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, hears_what_is_published);
	tcase_add_test(tc, tries_the_next_way_where_one_is_denied);
	tcase_add_test(tc, denied_until_it_is_granted);
	tcase_add_test(tc, an_error_that_is_no_denial);
	tcase_add_test(tc, pings_keep_it_up);
	tcase_add_test(tc, a_short_stall_loses_nothing);
	tcase_add_test(tc, a_cut_is_counted_and_told_with_its_reason);
	tcase_add_loop_test(tc, freed_in_any_callback, 0, 4);
	tcase_add_test(tc, freed_when_it_turns_down);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
