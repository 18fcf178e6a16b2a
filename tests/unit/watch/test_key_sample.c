#include "watch/key_sample.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "model/celery.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

static struct kombu_options kombu;
static struct celery celery;
static struct key_sample sample;

static void
setup(void)
{
	struct celery_db *d;

	kombu_options_init(&kombu);
	celery = (struct celery){ 0 };
	d = celery_add_db(&celery, 0);
	(void)celery_db_add_queue(d, "celery", 6);
	sample = (struct key_sample){ .shared = NUM_UNKNOWN };
}

static void
teardown(void)
{
	celery_fini(&celery);
	kombu_options_fini(&kombu);
}

/* A SCAN reply of n keys called key. */
static bool
answer(const char *cursor, size_t n, const char *key)
{
	struct strbuf wire = { 0 };
	struct reply *r;
	bool ok;
	size_t i;

	strbuf_printf(
	    &wire, "*2\r\n$%zu\r\n%s\r\n*%zu\r\n", strlen(cursor), cursor, n);
	for (i = 0; i < n; i++)
		strbuf_printf(&wire, "$%zu\r\n%s\r\n", strlen(key), key);
	r = reply_from(wire.s, wire.len);
	ok = key_sample_take(&sample, &kombu, &celery.dbs.v[0], r);
	reply_free(r);
	strbuf_fini(&wire);
	return ok;
}

static const struct {
	const char *key;
	int64_t shared;
} keys[] = {
	{ "celery", 0 },
	{ "celery\x06\x16"
	  "3",
	    0 },
	{ "_kombu.binding.celery", 0 },
	{ "unacked", 0 },
	{ "celery-task-meta-0c2d", 0 },
	{ "10ed84c9-9c64-3311-8c7e-55108406d78b", 0 },
	{ ":1:page", 1 },
	{ "celery2", 1 },
	{ "", 1 },
};

START_TEST(whose)
{
	ck_assert(answer("0", 1, keys[_i].key));
	ck_assert_int_eq(sample.shared, keys[_i].shared);
}
END_TEST

START_TEST(round_and_round)
{
	ck_assert(answer("5", 100, "celery"));
	ck_assert_int_eq(sample.shared, NUM_UNKNOWN);
	ck_assert_uint_eq(sample.cursor, 5);
	/* One is enough, at once. */
	ck_assert(answer("6", 1, ":1:page"));
	ck_assert_int_eq(sample.shared, 1);
	ck_assert(answer("0", 100, "celery"));
	ck_assert_int_eq(sample.shared, 1);
	/* A whole round without: flushed. */
	ck_assert(answer("7", 100, "celery"));
	ck_assert_int_eq(sample.shared, 1);
	ck_assert(answer("0", 100, "celery"));
	ck_assert_int_eq(sample.shared, 0);
	ck_assert(answer("0", 0, ""));
	ck_assert_int_eq(sample.shared, 0);
}
END_TEST

START_TEST(enough_of_a_large_db)
{
	int i;

	for (i = 1; i <= SAMPLE_ENOUGH / 100; i++) {
		ck_assert_int_eq(sample.shared, NUM_UNKNOWN);
		ck_assert(answer("5", 100, "celery-task-meta-0c2d"));
	}
	ck_assert_int_eq(sample.shared, 0);
	/* Once found, it takes a whole round. */
	ck_assert(answer("6", 1, ":1:page"));
	for (i = 1; i <= SAMPLE_ENOUGH / 100; i++)
		ck_assert(answer("5", 100, "celery-task-meta-0c2d"));
	ck_assert_int_eq(sample.shared, 1);
	ck_assert(answer("0", 1, "celery"));
	for (i = 1; i <= SAMPLE_ENOUGH / 100; i++)
		ck_assert(answer("5", 100, "celery-task-meta-0c2d"));
	ck_assert_int_eq(sample.shared, 1);
}
END_TEST

START_TEST(denied)
{
	struct reply *r = reply_from_text("-NOPERM no\r\n");

	ck_assert(answer("5", 1, ":1:page"));
	ck_assert(!key_sample_take(&sample, &kombu, &celery.dbs.v[0], r));
	ck_assert_int_eq(sample.shared, NUM_UNKNOWN);
	ck_assert_uint_eq(sample.cursor, 0);
	reply_free(r);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("key_sample");
	TCase *tc = tcase_create("key_sample");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(
	    tc, whose, 0, (int)(sizeof(keys) / sizeof(keys[0])));
	tcase_add_test(tc, round_and_round);
	tcase_add_test(tc, enough_of_a_large_db);
	tcase_add_test(tc, denied);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
