#include "watch/queue_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

static struct kombu_options kombu;
static struct queue_plan plan;
static struct celery celery;

static void
setup(void)
{
	static const char options[] =
	    "{\"global_keyprefix\": \"nb:\", \"priority_steps\": [0, 5], "
	    "\"sep\": \":\", \"unacked_key\": \"u\", "
	    "\"unacked_index_key\": \"ui\", \"visibility_timeout\": 60}";
	struct err err;

	kombu_options_init(&kombu);
	ck_assert(kombu_options_parse(&kombu, options, &err));
	plan = (struct queue_plan){ .kombu = &kombu };
	celery = (struct celery){ 0 };
}

static void
teardown(void)
{
	queue_plan_fini(&plan);
	celery_fini(&celery);
	kombu_options_fini(&kombu);
}

/* The commands, words apart by spaces, each ended by ';'. */
static void
assert_asks(const char *want)
{
	struct reply_reader *rd = reply_reader_new(&wide);
	struct strbuf got = { 0 };
	struct reply *r;
	struct err err;
	size_t i, n = 0;

	reply_reader_feed(rd, plan.batch.wire.s, plan.batch.wire.len);
	for (; (r = reply_reader_next(rd, &err)) != NULL; n++) {
		for (i = 0; i < r->n; i++) {
			strbuf_puts(&got, i == 0 ? "" : " ");
			strbuf_add(
			    &got, r->elements[i]->str, r->elements[i]->len);
		}
		strbuf_putc(&got, ';');
		reply_free(r);
	}
	ck_assert_str_eq(strbuf_text(&got), want);
	/* Every reply will have a meaning. */
	ck_assert_uint_eq(n, plan.asks.n);
	ck_assert_uint_eq(n, plan.batch.n);
	strbuf_fini(&got);
	reply_reader_free(rd);
}

START_TEST(frame)
{
	queue_plan_open(&plan, 12);
	queue_plan_close(&plan, 12);
	assert_asks("SELECT 12;ROLE;ROLE;");
	ck_assert_int_eq(plan.asks.v[0].kind, ASK_SELECT);
	ck_assert_int_eq(plan.asks.v[2].kind, ASK_ROLE);
	ck_assert_int_eq(plan.asks.v[2].db, 12);
}
END_TEST

START_TEST(search)
{
	queue_plan_scan(&plan, 3, UINT64_MAX);
	queue_plan_sample(&plan, 3, 7);
	queue_plan_size(&plan, 3, 2, "k");
	queue_plan_size(&plan, 3, 0, NULL);
	queue_plan_members(&plan, 3, 2, "k");
	queue_plan_members(&plan, 3, 0, NULL);
	assert_asks("SCAN 18446744073709551615 MATCH nb:_kombu.binding.* "
		    "COUNT 1000;SCAN 7 COUNT 100;SCARD k;"
		    "SCARD nb:_kombu.binding.celery.pidbox;SMEMBERS k;"
		    "SMEMBERS nb:_kombu.binding.celery.pidbox;");
	ck_assert_int_eq(plan.asks.v[2].kind, ASK_SIZE);
	ck_assert_uint_eq(plan.asks.v[2].item, 2);
	ck_assert_int_eq(plan.asks.v[3].kind, ASK_PIDBOX_SIZE);
	ck_assert_int_eq(plan.asks.v[5].kind, ASK_PIDBOX_MEMBERS);
}
END_TEST

START_TEST(queues)
{
	struct celery_db *d = celery_add_db(&celery, 3);

	(void)celery_db_add_queue(d, "b", 1);
	(void)celery_db_add_queue(d, "a", 1);
	queue_plan_lengths(&plan, d);
	queue_plan_head(&plan, d, 1, 1);
	queue_plan_head(&plan, d, 0, 0);
	assert_asks("LLEN nb:a;LLEN nb:a:5;LLEN nb:b;LLEN nb:b:5;"
		    "LINDEX nb:b:5 -1;LINDEX nb:a -1;");
	ck_assert_uint_eq(plan.asks.v[3].item, 1);
	ck_assert_uint_eq(plan.asks.v[3].step, 1);
	ck_assert_int_eq(plan.asks.v[4].kind, ASK_HEAD);
	ck_assert_uint_eq(plan.asks.v[4].item, 1);
}
END_TEST

START_TEST(any_bytes)
{
	struct celery_db *d = celery_add_db(&celery, 0);

	(void)celery_db_add_queue(d, "a\0b\r\n", 5);
	queue_plan_head(&plan, d, 0, 0);
	ck_assert_mem_eq(strstr(plan.batch.wire.s, "nb:a"), "nb:a\0b\r\n", 8);
	ck_assert_ptr_nonnull(strstr(plan.batch.wire.s, "$8\r\n"));
}
END_TEST

START_TEST(unacked)
{
	queue_plan_unacked(&plan, 0, 1790000000123);
	queue_plan_clients(&plan);
	assert_asks("HLEN nb:u;ZRANGE nb:ui 0 0 WITHSCORES;"
		    "ZCOUNT nb:ui -inf 1789999940.123;"
		    "CLIENT LIST TYPE normal;");
}
END_TEST

static const struct {
	const char *replies[3];
	int denial; /* index, or -1 */
} guards[] = {
	{ { "+OK\r\n", "*1\r\n$6\r\nmaster\r\n", "*1\r\n$6\r\nmaster\r\n" },
	    -1 },
	{ { "+OK\r\n", "*1\r\n$6\r\nmaster\r\n", "*1\r\n$5\r\nslave\r\n" }, 2 },
	{ { "+OK\r\n", "*1\r\n$5\r\nslave\r\n", "*1\r\n$6\r\nmaster\r\n" }, 1 },
	{ { "+OK\r\n", "-NOPERM no\r\n", "*1\r\n$6\r\nmaster\r\n" }, 1 },
	{ { "+OK\r\n", "*0\r\n", "+master\r\n" }, 1 },
	{ { "-ERR no\r\n", "*1\r\n$6\r\nmaster\r\n", "*1\r\n$6\r\nmaster\r\n" },
	    -1 },
};

START_TEST(guard)
{
	struct reply *replies[3];
	const struct conn_result res = { .replies = replies, .n = 3 };
	const struct reply *denial;
	int i;

	queue_plan_open(&plan, 0);
	queue_plan_close(&plan, 0);
	for (i = 0; i < 3; i++)
		replies[i] = reply_from_text(guards[_i].replies[i]);
	denial = queue_plan_denial(&plan, &res);
	if (guards[_i].denial < 0)
		ck_assert_ptr_null(denial);
	else
		ck_assert_ptr_eq(denial, replies[guards[_i].denial]);
	for (i = 0; i < 3; i++)
		reply_free(replies[i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("queue_plan");
	TCase *tc = tcase_create("queue_plan");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, frame);
	tcase_add_test(tc, search);
	tcase_add_test(tc, queues);
	tcase_add_test(tc, any_bytes);
	tcase_add_test(tc, unacked);
	tcase_add_loop_test(
	    tc, guard, 0, (int)(sizeof(guards) / sizeof(guards[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
