#include "base/utf8.h"

#include "unit/unit.h"

static const struct {
	const char *bytes;
	size_t len, sequence;
} rows[] = {
	{ "", 0, 0 },
	{ "\0", 1, 0 },
	{ "ab", 2, 1 },
	{ "\xC3\xA9z", 3, 2 },
	{ "\xE2\x82\xAC", 3, 3 },
	{ "\xF0\x9F\x92\xA9", 4, 4 },
	{ "\x80", 1, 0 },
	{ "\xC3", 1, 0 },
	{ "\xC3z", 2, 0 },
	/* Longer than it need be; half of a pair; beyond the last. */
	{ "\xC0\x80", 2, 0 },
	{ "\xE0\x80\x80", 3, 0 },
	{ "\xED\xA0\x80", 3, 0 },
	{ "\xF4\x90\x80\x80", 4, 0 },
	{ "\xF0\x9F\x92", 3, 0 },
	{ "\xE2\x82z", 3, 0 },
	{ "\xFF\xFE", 2, 0 },
};

START_TEST(a_valid_sequence_is_told_from_other_bytes)
{
	ck_assert_uint_eq(
	    utf8_sequence(rows[_i].bytes, rows[_i].len), rows[_i].sequence);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("utf8");
	TCase *tc = tcase_create("utf8");

	tcase_add_loop_test(tc, a_valid_sequence_is_told_from_other_bytes, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
