#include <string.h>

#include "net/batch.h"
#include "unit/unit.h"

START_TEST(writes_words_as_resp)
{
	struct batch b = { 0 };

	batch_add(&b, "PING", NULL);
	batch_add(&b, "SENTINEL", "CKQUORUM", "m1", NULL);
	ck_assert_uint_eq(b.n, 2);
	ck_assert_str_eq(b.wire.s, "*1\r\n$4\r\nPING\r\n"
				   "*3\r\n$8\r\nSENTINEL\r\n$8\r\nCKQUORUM\r\n"
				   "$2\r\nm1\r\n");
	batch_fini(&b);
}
END_TEST

/* kombu's priority queues have the bytes 06 16 in their names. */
START_TEST(carries_any_bytes)
{
	const char *const words[] = { "LLEN", "q\x06\x16\0\r\n", "" };
	const size_t lens[] = { 4, 6, 0 };
	const char wire[] = "*3\r\n$4\r\nLLEN\r\n$6\r\nq\x06\x16\0\r\n\r\n"
			    "$0\r\n\r\n";
	struct batch b = { 0 };

	batch_add_words(&b, 3, words, lens);
	ck_assert_uint_eq(b.n, 1);
	ck_assert_uint_eq(b.wire.len, sizeof(wire) - 1);
	ck_assert_mem_eq(b.wire.s, wire, sizeof(wire));
	batch_fini(&b);
}
END_TEST

START_TEST(is_empty_after_fini)
{
	struct batch b = { 0 };

	batch_add(&b, "PING", NULL);
	batch_fini(&b);
	ck_assert_uint_eq(b.n, 0);
	ck_assert_uint_eq(b.wire.len, 0);
	ck_assert_ptr_null(b.wire.s);
	batch_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("batch");
	TCase *tc = tcase_create("batch");

	tcase_add_test(tc, writes_words_as_resp);
	tcase_add_test(tc, carries_any_bytes);
	tcase_add_test(tc, is_empty_after_fini);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
