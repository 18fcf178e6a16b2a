/* The event_log: bounded, in order, safe to show, and shared with its views. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "model/snapshot.h"
#include "unit/unit.h"

static void
add(struct event_log *j, const char *channel, const char *payload)
{
	const struct event_log_note note = {
		.wall_ms = 1000,
		.sentinel = "10.0.0.1:26379",
		.channel = { channel, strlen(channel) },
		.payload = { payload, strlen(payload) },
	};

	event_log_add(j, &note);
}

static void
add_numbers(struct event_log *j, int from, int to)
{
	char text[16];

	for (; from < to; from++) {
		(void)snprintf(text, sizeof(text), "%d", from);
		add(j, "+new-epoch", text);
	}
}

static void
check_numbers(const struct event_log_view *v, int from, int to)
{
	char text[16];
	size_t i;

	ck_assert_uint_eq(event_log_view_count(v), (size_t)(to - from));
	for (i = 0; from < to; from++, i++) {
		(void)snprintf(text, sizeof(text), "%d", from);
		ck_assert_str_eq(event_log_view_at(v, i)->payload, text);
	}
}

START_TEST(holds_all_of_an_event)
{
	const struct event_log_note note = {
		.wall_ms = 1767225600123,
		.group = "prod",
		.sentinel = "[::1]:26379",
		.master_name = "nautobot",
		.channel = { "+sdown trailing", 6 },
		.payload = { "master nautobot ::1 6379", 24 },
	};
	struct event_log *j = event_log_new();
	const struct event_log_view *v;
	const struct event_log_entry *e;

	event_log_add(j, &note);
	v = event_log_freeze(j);
	ck_assert_uint_eq(event_log_view_count(v), 1);
	e = event_log_view_at(v, 0);
	ck_assert_int_eq(e->wall_ms, 1767225600123);
	ck_assert_str_eq(e->group, "prod");
	ck_assert_str_eq(e->sentinel, "[::1]:26379");
	ck_assert_str_eq(e->master_name, "nautobot");
	ck_assert_str_eq(e->channel, "+sdown");
	ck_assert_str_eq(e->payload, "master nautobot ::1 6379");
	event_log_view_unref(v);
	event_log_free(j);
}
END_TEST

START_TEST(names_may_be_missing)
{
	struct event_log *j = event_log_new();
	const struct event_log_view *v;

	add(j, "+tilt", "");
	v = event_log_freeze(j);
	ck_assert_ptr_null(event_log_view_at(v, 0)->group);
	ck_assert_ptr_null(event_log_view_at(v, 0)->master_name);
	ck_assert_str_eq(event_log_view_at(v, 0)->payload, "");
	event_log_view_unref(v);
	event_log_free(j);
}
END_TEST

START_TEST(empty)
{
	struct event_log *j = event_log_new();
	const struct event_log_view *v = event_log_freeze(j);

	ck_assert_uint_eq(event_log_view_count(v), 0);
	ck_assert_uint_eq(event_log_view_count(NULL), 0);
	event_log_view_unref(v);
	event_log_view_unref(NULL);
	event_log_free(j);
	event_log_free(NULL);
}
END_TEST

/* On both sides of each page's and the event_log's own end. */
static const int counts[] = { 1, 99, 100, 101, 999, 1000, 1001, 1099, 1100,
	1101, 5555 };

START_TEST(keeps_the_last_thousand)
{
	struct event_log *j = event_log_new();
	const struct event_log_view *v;
	int n = counts[_i];

	add_numbers(j, 0, n);
	v = event_log_freeze(j);
	check_numbers(v, n > EVENT_LOG_EVENTS ? n - EVENT_LOG_EVENTS : 0, n);
	event_log_view_unref(v);
	event_log_free(j);
}
END_TEST

/* A view stays as it was, whatever comes, and outlives the event_log. */
START_TEST(view_is_frozen)
{
	struct event_log *j = event_log_new();
	const struct event_log_view *v;
	int n = counts[_i];

	add_numbers(j, 0, n);
	v = event_log_freeze(j);
	add_numbers(j, n, n + 3000);
	event_log_free(j);
	check_numbers(v, n > EVENT_LOG_EVENTS ? n - EVENT_LOG_EVENTS : 0, n);
	event_log_view_unref(v);
}
END_TEST

START_TEST(view_is_shared_until_there_is_news)
{
	struct event_log *j = event_log_new();
	const struct event_log_view *a, *b, *c;

	add(j, "+tilt", "one");
	a = event_log_freeze(j);
	b = event_log_freeze(j);
	ck_assert_ptr_eq(a, b);
	add(j, "-tilt", "two");
	c = event_log_freeze(j);
	ck_assert_ptr_ne(a, c);
	ck_assert_ptr_eq(event_log_view_at(a, 0), event_log_view_at(c, 0));
	event_log_view_unref(a);
	event_log_view_unref(b);
	event_log_view_unref(c);
	event_log_free(j);
}
END_TEST

/* Payload of n 'a' and then the tail; what must be left of it. */
static const struct {
	int n;
	const char *tail;
	size_t tail_len;
	int kept;
	const char *kept_tail;
} cuts[] = {
	{ 511, "b", 1, 511, "b" },
	{ 511, "bc", 2, 511, "b" },
	{ 600, "b", 1, 512, "" },
	{ 511, "\xC3\xA4", 2, 511, "" },
	{ 510, "\xC3\xA4z", 3, 510, "\xC3\xA4" },
	{ 509, "\xF0\x9F\x98\x80", 4, 509, "" },
	{ 508, "\xF0\x9F\x98\x80", 4, 508, "\xF0\x9F\x98\x80" },
	/* No character at all. */
	{ 0, "\xFF\x80", 2, 0, "\\xff\\x80" },
	{ 2, "\0b", 2, 2, "\\x00b" },
	{ 511, "\x80\x80\x80\x80\x80\x80", 6, 510, "" },
};

START_TEST(payload_is_cut_between_characters)
{
	struct event_log *j = event_log_new();
	struct event_log_note note = { .sentinel = "s", .channel = { "c", 1 } };
	struct strbuf sent = { 0 }, kept = { 0 };
	const struct event_log_view *v;
	int i;

	for (i = 0; i < cuts[_i].n; i++)
		strbuf_putc(&sent, 'a');
	strbuf_add(&sent, cuts[_i].tail, cuts[_i].tail_len);
	note.payload = (struct slice){ sent.s, sent.len };
	event_log_add(j, &note);
	v = event_log_freeze(j);
	for (i = 0; i < cuts[_i].kept; i++)
		strbuf_putc(&kept, 'a');
	strbuf_puts(&kept, cuts[_i].kept_tail);
	ck_assert_str_eq(event_log_view_at(v, 0)->payload, strbuf_text(&kept));
	strbuf_fini(&sent);
	strbuf_fini(&kept);
	event_log_view_unref(v);
	event_log_free(j);
}
END_TEST

/*
 * Two threads: one writes and publishes, the other reads.
 */

#define ROUNDS 3000

static void *
read_on(void *arg)
{
	struct handover *h = arg;
	const struct snapshot *s;
	const struct event_log_view *v;
	size_t i, n = 0;

	while (n < EVENT_LOG_EVENTS) {
		s = handover_take(h);
		v = s->event_log;
		n = event_log_view_count(v);
		for (i = 1; i < n; i++)
			ck_assert_int_eq(atoi(event_log_view_at(v, i)->payload),
			    atoi(event_log_view_at(v, i - 1)->payload) + 1);
		snapshot_unref(s);
	}
	return NULL;
}

START_TEST(reader_and_writer)
{
	struct handover *h = handover_new();
	struct event_log *j = event_log_new();
	struct snapshot *s;
	pthread_t reader;
	int i;

	ck_assert_int_eq(pthread_create(&reader, NULL, read_on, h), 0);
	for (i = 0; i < ROUNDS; i++) {
		add_numbers(j, i, i + 1);
		s = snapshot_new();
		s->event_log = event_log_freeze(j);
		handover_publish(h, s);
	}
	pthread_join(reader, NULL);
	event_log_free(j);
	handover_free(h);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("event_log");
	TCase *tc = tcase_create("event_log");
	const int n_counts = sizeof(counts) / sizeof(counts[0]);
	const int n_cuts = sizeof(cuts) / sizeof(cuts[0]);

	tcase_add_test(tc, holds_all_of_an_event);
	tcase_add_test(tc, names_may_be_missing);
	tcase_add_test(tc, empty);
	tcase_add_loop_test(tc, keeps_the_last_thousand, 0, n_counts);
	tcase_add_loop_test(tc, view_is_frozen, 0, n_counts);
	tcase_add_test(tc, view_is_shared_until_there_is_news);
	tcase_add_loop_test(tc, payload_is_cut_between_characters, 0, n_cuts);
	tcase_add_test(tc, reader_and_writer);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
