#include "metrics/samples.h"

#include <math.h>
#include <string.h>

#include "metrics/family.h"
#include "model/deployment.h"
#include "unit/unit.h"

static const struct family gauge = {
	.name = "a_gauge",
	.type = FAMILY_GAUGE,
	.scope = SCOPE_DB,
	.labels = { "one", "two" },
};

static const struct family plain = { .name = "plain", .type = FAMILY_GAUGE };

static struct subject
subject(const char *db)
{
	struct subject s = { .n_labels = 2 };

	s.labels[0].s = "mymaster";
	s.labels[0].len = 8;
	s.labels[1].s = db;
	s.labels[1].len = strlen(db);
	return s;
}

static void
expect(struct samples *s, const char *text)
{
	ck_assert_str_eq(strbuf_text(&s->text), text);
	samples_fini(s);
}

START_TEST(labels_of_the_subject_come_before_those_of_the_family)
{
	struct subject of = subject("0");
	struct samples s;

	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, 1.5, "x", "y", NULL);
	expect(&s, "a_gauge{master_name=\"mymaster\",db=\"0\","
		   "one=\"x\",two=\"y\"} 1.5\n");
}
END_TEST

START_TEST(the_group_comes_first_when_it_has_a_name)
{
	char name[] = "north";
	struct deployment d = { .group = name };
	struct subject of = subject("0");
	struct samples s;

	of.deployment = &d;
	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, 1, NULL);
	expect(&s,
	    "a_gauge{group=\"north\",master_name=\"mymaster\",db=\"0\"} 1\n");
}
END_TEST

START_TEST(no_labels_no_braces)
{
	struct samples s;

	samples_init(&s, &plain);
	samples_add(&s, 3, NULL);
	expect(&s, "plain 3\n");
}
END_TEST

static const struct value {
	double v;
	const char *text;
} values[] = { { 0, "0" }, { -1, "-1" }, { 0.1, "0.1" },
	{ 1790000000.5, "1790000000.5" },
	{ 9007199254740991.0, "9007199254740991" },
	{ (double)INFINITY, "+Inf" } };

START_TEST(writes_values)
{
	struct samples s;
	char line[64];

	samples_init(&s, &plain);
	samples_add(&s, values[_i].v, NULL);
	(void)snprintf(line, sizeof(line), "plain %s\n", values[_i].text);
	expect(&s, line);
}
END_TEST

START_TEST(never_writes_nan)
{
	struct subject of = subject("0");
	struct samples s;

	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, (double)NAN, "x", "y", NULL);
	expect(&s, "");
}
END_TEST

static const struct escaped {
	const char *raw, *text;
} escapes[] = {
	{ "", "" },
	{ "a\"b", "a\\\"b" },
	{ "a\\b", "a\\\\b" },
	{ "a\nb", "a\\nb" },
	{ "\\n", "\\\\n" },
	{ "\xff", "\\\\xff" },
	{ "\xc3\xa4", "\xc3\xa4" },
	{ "\xc3", "\\\\xc3" },
	{ "{,=}", "{,=}" },
};

START_TEST(escapes_labels)
{
	struct subject of = subject(escapes[_i].raw);
	struct samples s;
	char line[128];

	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, 1, escapes[_i].raw, NULL);
	(void)snprintf(line, sizeof(line),
	    "a_gauge{master_name=\"mymaster\",db=\"%s\",one=\"%s\"} 1\n",
	    escapes[_i].text, escapes[_i].text);
	expect(&s, line);
}
END_TEST

START_TEST(every_byte_gives_one_valid_line)
{
	char raw[2] = { (char)_i, 'x' };
	struct subject of = subject("0");
	struct samples s;
	const char *p;

	of.labels[1].s = raw;
	of.labels[1].len = sizeof(raw);
	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, 1, NULL);
	ck_assert_uint_eq(strlen(strbuf_text(&s.text)), s.text.len);
	p = strchr(strbuf_text(&s.text), '\n');
	ck_assert_ptr_eq(p, s.text.s + s.text.len - 1);
	ck_assert_ptr_nonnull(strstr(s.text.s, "x\"} 1\n"));
	samples_fini(&s);
}
END_TEST

START_TEST(a_label_set_comes_once)
{
	struct subject of = subject("\xfe");
	struct samples s;

	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, 1, NULL);
	samples_add(&s, 2, NULL);
	samples_add(&s, 2, "x", NULL);
	expect(&s, "a_gauge{master_name=\"mymaster\",db=\"\\\\xfe\"} 1\n"
		   "a_gauge{master_name=\"mymaster\",db=\"\\\\xfe\","
		   "one=\"x\"} 2\n");
}
END_TEST

/* Both were shown as one label, and one of the queues vanished. */
START_TEST(names_that_differ_only_in_invalid_bytes_stay_apart)
{
	struct subject of = subject("\xfe");
	struct samples s;

	samples_init(&s, &gauge);
	samples_subject(&s, &of);
	samples_add(&s, 1, NULL);
	of = subject("\xff");
	samples_subject(&s, &of);
	samples_add(&s, 2, NULL);
	expect(&s, "a_gauge{master_name=\"mymaster\",db=\"\\\\xfe\"} 1\n"
		   "a_gauge{master_name=\"mymaster\",db=\"\\\\xff\"} 2\n");
}
END_TEST

START_TEST(a_histogram_is_cumulative_with_float_bounds)
{
	static const double le[] = { 0.5, 1, 600 };
	static const uint64_t counts[] = { 1, 0, 2, 4 };
	struct subject of = subject("0");
	struct samples s;

	samples_init(&s, &gauge);
	of.n_labels = 1;
	samples_subject(&s, &of);
	samples_histogram(&s, le, counts, 3, 12.5);
	expect(&s, "a_gauge_bucket{master_name=\"mymaster\",le=\"0.5\"} 1\n"
		   "a_gauge_bucket{master_name=\"mymaster\",le=\"1.0\"} 1\n"
		   "a_gauge_bucket{master_name=\"mymaster\",le=\"600.0\"} 3\n"
		   "a_gauge_bucket{master_name=\"mymaster\",le=\"+Inf\"} 7\n"
		   "a_gauge_sum{master_name=\"mymaster\"} 12.5\n"
		   "a_gauge_count{master_name=\"mymaster\"} 7\n");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("samples");
	TCase *tc = tcase_create("samples");

	tcase_add_test(
	    tc, labels_of_the_subject_come_before_those_of_the_family);
	tcase_add_test(tc, the_group_comes_first_when_it_has_a_name);
	tcase_add_test(tc, no_labels_no_braces);
	tcase_add_loop_test(
	    tc, writes_values, 0, sizeof(values) / sizeof(values[0]));
	tcase_add_test(tc, never_writes_nan);
	tcase_add_loop_test(
	    tc, escapes_labels, 0, sizeof(escapes) / sizeof(escapes[0]));
	tcase_add_loop_test(tc, every_byte_gives_one_valid_line, 0, 256);
	tcase_add_test(tc, a_label_set_comes_once);
	tcase_add_test(tc, names_that_differ_only_in_invalid_bytes_stay_apart);
	tcase_add_test(tc, a_histogram_is_cumulative_with_float_bounds);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
