#include "metrics/samples.h"

#include <math.h>
#include <string.h>

#include "metrics/family.h"
#include "model/labels.h"
#include "unit/unit.h"

static const struct family gauge = {
	.name = "a_gauge",
	.type = FAMILY_GAUGE,
	.scope = SCOPE_DB,
	.labels = { "one", "two" },
};

static const struct family plain = { .name = "plain", .type = FAMILY_GAUGE };

static struct strbuf out;
static const struct labels *master, *db;

static void
setup(void)
{
	master = labels_new(NULL, "master_name", "mymaster", 8);
	db = labels_new(master, "db", "0", 1);
}

static void
teardown(void)
{
	labels_unref(db);
	labels_unref(master);
	strbuf_fini(&out);
}

static struct samples
samples(const struct family *f, const struct labels *labels)
{
	return (struct samples){ .out = &out,
		.family = f,
		.name_len = strlen(f->name),
		.labels = labels };
}

START_TEST(labels_of_the_subject_come_before_those_of_the_family)
{
	struct samples s = samples(&gauge, db);

	samples_add(&s, 1.5, "x", "y", NULL);
	ck_assert_str_eq(strbuf_text(&out),
	    "a_gauge{master_name=\"mymaster\",db=\"0\","
	    "one=\"x\",two=\"y\"} 1.5\n");
}
END_TEST

START_TEST(no_labels_no_braces)
{
	struct samples s = samples(&plain, NULL);

	samples_value(&s, 3);
	ck_assert_str_eq(strbuf_text(&out), "plain 3\n");
}
END_TEST

START_TEST(labels_of_the_family_alone)
{
	struct samples s = samples(&gauge, NULL);

	samples_add(&s, 3, "x", NULL);
	ck_assert_str_eq(strbuf_text(&out), "a_gauge{one=\"x\"} 3\n");
}
END_TEST

static void
put_header(struct samples *s)
{
	strbuf_printf(s->out, "# %s\n", s->family->name);
}

START_TEST(the_header_comes_once_and_only_with_samples)
{
	struct samples s = samples(&plain, NULL);

	s.header = put_header;
	samples_value(&s, (double)NAN);
	samples_value(&s, 1);
	samples_value(&s, 2);
	ck_assert_str_eq(strbuf_text(&out), "# plain\nplain 1\nplain 2\n");
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
	struct samples s = samples(&plain, NULL);
	char line[64];

	samples_value(&s, values[_i].v);
	(void)snprintf(line, sizeof(line), "plain %s\n", values[_i].text);
	ck_assert_str_eq(strbuf_text(&out), line);
}
END_TEST

START_TEST(never_writes_nan)
{
	struct samples s = samples(&gauge, db);

	samples_add(&s, (double)NAN, "x", "y", NULL);
	samples_value(&s, (double)NAN);
	ck_assert_str_eq(strbuf_text(&out), "");
}
END_TEST

START_TEST(a_histogram_is_cumulative_with_float_bounds)
{
	static const double le[] = { 0.5, 1, 600 };
	static const uint64_t counts[] = { 1, 0, 2, 4 };
	struct samples s = samples(&gauge, master);

	samples_histogram(&s, le, counts, 3, 12.5);
	ck_assert_str_eq(strbuf_text(&out),
	    "a_gauge_bucket{master_name=\"mymaster\",le=\"0.5\"} 1\n"
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
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, no_labels_no_braces);
	tcase_add_test(tc, labels_of_the_family_alone);
	tcase_add_test(tc, the_header_comes_once_and_only_with_samples);
	tcase_add_loop_test(
	    tc, writes_values, 0, sizeof(values) / sizeof(values[0]));
	tcase_add_test(tc, never_writes_nan);
	tcase_add_test(tc, a_histogram_is_cumulative_with_float_bounds);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
