#include "metrics/family.h"

#include <string.h>

#include "metrics/samples.h"
#include "unit/unit.h"

static const struct family *all[256];
static size_t n_all;

static void
collect(void)
{
	size_t i, k;

	for (i = 0; i < family_sections_count; i++)
		for (k = 0; k < family_sections[i]->n; k++)
			all[n_all++] = &family_sections[i]->families[k];
}

static bool
ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

START_TEST(name_goes_with_type)
{
	const struct family *f = all[_i];

	ck_assert_uint_eq(
	    strspn(f->name, "abcdefghijklmnopqrstuvwxyz_"), strlen(f->name));
	ck_assert(strncmp(f->name, "sentinel_", 9) == 0 ||
		  strncmp(f->name, "process_", 8) == 0);
	ck_assert_int_eq(ends(f->name, "_total"), f->type == FAMILY_COUNTER);
	ck_assert_int_eq(ends(f->name, "_info"), f->type == FAMILY_INFO);
	ck_assert(!ends(f->name, "_count") && !ends(f->name, "_sum") &&
		  !ends(f->name, "_bucket") && !ends(f->name, "_created"));
}
END_TEST

START_TEST(name_is_no_other_familys)
{
	size_t i, len = family_base_length(all[_i]);

	for (i = 0; i < n_all; i++)
		if (i != (size_t)_i)
			ck_assert(family_base_length(all[i]) != len ||
				  memcmp(all[i]->name, all[_i]->name, len));
}
END_TEST

/* The help stands unescaped in both formats and in a Markdown table. */
START_TEST(help_is_a_plain_sentence)
{
	const char *help = all[_i]->help;

	ck_assert_uint_gt(strlen(help), 10);
	ck_assert_uint_eq(strcspn(help, "\\\"|\n"), strlen(help));
	ck_assert(ends(help, "."));
}
END_TEST

START_TEST(samples_come_from_one_place)
{
	const struct family *f = all[_i];

	ck_assert((f->value == NULL) != (f->emit == NULL));
	if (f->value != NULL)
		ck_assert_ptr_null(f->labels[0]);
	if (f->type == FAMILY_INFO)
		ck_assert_ptr_nonnull(f->labels[0]);
}
END_TEST

static const struct unit_case {
	const char *name;
	enum family_type type;
	const char *unit;
} units[] = {
	{ "x_seconds", FAMILY_GAUGE, "seconds" },
	{ "x_timestamp_seconds", FAMILY_GAUGE, "seconds" },
	{ "x_seconds_total", FAMILY_COUNTER, "seconds" },
	{ "x_bytes", FAMILY_GAUGE, "bytes" },
	{ "x_duration_seconds", FAMILY_HISTOGRAM, "seconds" },
	{ "x_keys", FAMILY_GAUGE, NULL },
	{ "x_total", FAMILY_COUNTER, NULL },
	{ "seconds", FAMILY_GAUGE, NULL },
	{ "xseconds", FAMILY_GAUGE, NULL },
};

START_TEST(unit_is_in_the_name)
{
	struct family f = { .name = units[_i].name, .type = units[_i].type };

	ck_assert_pstr_eq(family_unit(&f), units[_i].unit);
}
END_TEST

START_TEST(reference_names_every_family_with_its_labels)
{
	char *text = NULL, row[512];
	size_t len, i;
	FILE *out = open_memstream(&text, &len);

	family_print_reference(out);
	fclose(out);
	for (i = 0; i < n_all; i++) {
		(void)snprintf(row, sizeof(row), "\n| `%s` | %s | ",
		    all[i]->name, family_type_name(all[i]->type));
		ck_assert_msg(strstr(text, row) != NULL, "%s", row);
	}
	ck_assert_ptr_nonnull(strstr(text, "\n## Data nodes\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "| `sentinel_celery_queue_priority_length` | gauge | "
			 "`master_name`, `db`, `queue`, `priority` | "));
	ck_assert_ptr_nonnull(strstr(text,
	    "| `sentinel_master_config_drift` | gauge | `master_name`, "
	    "`setting` | Whether"));
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("family");
	TCase *tc = tcase_create("family");
	int n;

	collect();
	n = (int)n_all;
	tcase_add_loop_test(tc, name_goes_with_type, 0, n);
	tcase_add_loop_test(tc, name_is_no_other_familys, 0, n);
	tcase_add_loop_test(tc, help_is_a_plain_sentence, 0, n);
	tcase_add_loop_test(tc, samples_come_from_one_place, 0, n);
	tcase_add_loop_test(
	    tc, unit_is_in_the_name, 0, sizeof(units) / sizeof(units[0]));
	tcase_add_test(tc, reference_names_every_family_with_its_labels);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
