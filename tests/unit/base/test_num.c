#include "base/num.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "unit/unit.h"

static const struct {
	const char *text;
	bool ok;
	int64_t value;
} ints[] = {
	{ "0", true, 0 },
	{ "-1", true, -1 },
	{ "007", true, 7 },
	{ "9223372036854775807", true, INT64_MAX },
	{ "-9223372036854775808", true, INT64_MIN },
	{ "9223372036854775808", false, 0 },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ "+1", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1x", false, 0 },
	{ "0x10", false, 0 },
	{ "1e3", false, 0 },
	{ "123456789012345678901234567890", false, 0 },
};

START_TEST(an_integer_is_the_whole_text)
{
	int64_t v = 42;

	ck_assert_int_eq(num_int(ints[_i].text, strlen(ints[_i].text),
			     INT64_MIN, INT64_MAX, &v),
	    ints[_i].ok);
	ck_assert_int_eq(v, ints[_i].ok ? ints[_i].value : 42);
}
END_TEST

START_TEST(an_integer_keeps_to_its_bounds)
{
	int64_t v;

	ck_assert(num_int("5", 1, 5, 5, &v));
	ck_assert(!num_int("4", 1, 5, 9, &v));
	ck_assert(!num_int("10", 2, 5, 9, &v));
	/* The length counts, not the NUL. */
	ck_assert(num_int("59", 1, 0, 9, &v));
	ck_assert_int_eq(v, 5);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	double value;
} doubles[] = {
	{ "1.5", true, 1.5 },
	{ "-2", true, -2 },
	{ "1.7953655728743985e+9", true, 1795365572.8743985 },
	{ "", false, 0 },
	{ "nan", false, 0 },
	{ "inf", false, 0 },
	{ "1,5", false, 0 },
	{ "0x1p3", false, 0 },
	{ "1e999", false, 0 },
	{ "1.5 ", false, 0 },
};

START_TEST(a_double_is_finite_and_plain)
{
	double v = 42;

	ck_assert_int_eq(
	    num_double(doubles[_i].text, strlen(doubles[_i].text), &v),
	    doubles[_i].ok);
	ck_assert(v == (doubles[_i].ok ? doubles[_i].value : 42));
}
END_TEST

static const struct {
	const char *text;
	int64_t ms; /* -1: refused */
	const char *again;
} durations[] = {
	{ "500ms", 500, "500ms" },
	{ "5s", 5000, "5s" },
	{ "90s", 90000, "1m30s" },
	{ "1m30s", 90000, "1m30s" },
	{ "2h", 7200000, "2h" },
	{ "1d", 86400000, "1d" },
	{ "0s", 0, "0s" },
	{ "5", -1, NULL },
	{ "", -1, NULL },
	{ "s", -1, NULL },
	{ "-5s", -1, NULL },
	{ "5s5m", -1, NULL },
	{ "5s5s", -1, NULL },
	{ "1.5s", -1, NULL },
	{ "99999d", -1, NULL },
	{ "3650d1ms", -1, NULL },
	{ "5 s", -1, NULL },
};

START_TEST(a_duration_as_prometheus_writes_it)
{
	char text[NUM_TEXT_MAX];
	int64_t ms = -1;

	(void)num_duration_ms(
	    durations[_i].text, strlen(durations[_i].text), &ms);
	ck_assert_int_eq(ms, durations[_i].ms);
	if (ms >= 0) {
		num_format_duration(ms, text);
		ck_assert_str_eq(text, durations[_i].again);
	}
}
END_TEST

static const struct {
	double value;
	const char *text;
} formats[] = {
	{ 0, "0" },
	{ -0.0, "0" },
	{ 1, "1" },
	{ -7, "-7" },
	{ 1795371061, "1795371061" },
	{ 0.1, "0.1" },
	{ 1.0 / 3, "0.3333333333333333" },
	{ 9007199254740991, "9007199254740991" },
	{ 1e300, "1e+300" },
	{ 0.029212474822998047, "0.029212474822998047" },
};

START_TEST(the_shortest_text_that_reads_back)
{
	char text[NUM_TEXT_MAX];

	ck_assert_uint_eq(
	    num_format(formats[_i].value, text), strlen(formats[_i].text));
	ck_assert_str_eq(text, formats[_i].text);
	ck_assert(strtod(text, NULL) == formats[_i].value);
}
END_TEST

START_TEST(what_is_no_number_is_spelled_as_prometheus_does)
{
	char text[NUM_TEXT_MAX];

	num_format((double)NAN, text);
	ck_assert_str_eq(text, "NaN");
	num_format((double)INFINITY, text);
	ck_assert_str_eq(text, "+Inf");
	num_format(-(double)INFINITY, text);
	ck_assert_str_eq(text, "-Inf");
}
END_TEST

/* It was read until a byte that is no digit, wherever the text ended. */
START_TEST(a_double_is_not_read_past_its_end)
{
	char *exact = xmemdup0("1.5e3", 5);
	double v;

	exact[5] = '9';
	ck_assert(num_double(exact, 5, &v) && v == 1500);
	free(exact);
	exact = xcalloc(2, 1);
	memcpy(exact, "12", 2);
	ck_assert(num_double(exact, 2, &v) && v == 12);
	free(exact);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("num");
	TCase *tc = tcase_create("num");

	tcase_add_loop_test(tc, an_integer_is_the_whole_text, 0, N(ints));
	tcase_add_test(tc, an_integer_keeps_to_its_bounds);
	tcase_add_loop_test(tc, a_double_is_finite_and_plain, 0, N(doubles));
	tcase_add_test(tc, a_double_is_not_read_past_its_end);
	tcase_add_loop_test(
	    tc, a_duration_as_prometheus_writes_it, 0, N(durations));
	tcase_add_loop_test(
	    tc, the_shortest_text_that_reads_back, 0, N(formats));
	tcase_add_test(tc, what_is_no_number_is_spelled_as_prometheus_does);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
