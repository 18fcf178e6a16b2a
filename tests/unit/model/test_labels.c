#include "model/labels.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct name {
	const char *raw;
	size_t len;
	const char *set;
} names[] = {
	{ "", 0, "{a=\"\"" },
	{ "x", 1, "{a=\"x\"" },
	{ "a\"b", 3, "{a=\"a\\\"b\"" },
	{ "a\nb", 3, "{a=\"a\\nb\"" },
	{ "\xff", 1, "{a=\"\\\\xff\"" },
	{ "\xfe", 1, "{a=\"\\\\xfe\"" },
	{ "a\0b", 3, "{a=\"a\\\\x00b\"" },
	{ "\\xff", 4, "{a=\"\\\\x5cxff\"" },
};

START_TEST(written)
{
	const struct name *n = &names[_i];
	const struct labels *l = labels_new(NULL, "a", n->raw, n->len);

	ck_assert_mem_eq(l->name, n->raw, n->len + 1);
	ck_assert_uint_eq(l->name_len, n->len);
	ck_assert_str_eq(l->set, n->set);
	ck_assert_uint_eq(l->len, strlen(n->set));
	ck_assert(labels_named(l, n->raw, n->len));
	labels_unref(l);
}
END_TEST

START_TEST(names_that_differ_stay_apart)
{
	const struct labels *a, *b;
	size_t i, k;

	for (i = 0; i < N(names); i++)
		for (k = 0; k < N(names); k++) {
			a = labels_new(NULL, "a", names[i].raw, names[i].len);
			b = labels_new(NULL, "a", names[k].raw, names[k].len);
			ck_assert_int_eq(strcmp(a->set, b->set) == 0, i == k);
			if (i != k)
				ck_assert(!labels_named(
				    a, names[k].raw, names[k].len));
			labels_unref(a);
			labels_unref(b);
		}
}
END_TEST

START_TEST(every_byte_gives_one_valid_value)
{
	char raw[2] = { (char)_i, 'x' };
	const struct labels *l = labels_new(NULL, "a", raw, sizeof(raw));

	ck_assert_uint_eq(strlen(l->set), l->len);
	ck_assert_ptr_null(strchr(l->set, '\n'));
	ck_assert_str_eq(l->set + l->len - 2, "x\"");
	labels_unref(l);
}
END_TEST

START_TEST(outer_labels_come_first)
{
	const struct labels *group = labels_new(NULL, "group", "n\"", 2),
			    *db = labels_new(group, "db", "0", 1);

	labels_unref(group);
	ck_assert_str_eq(db->set, "{group=\"n\\\"\",db=\"0\"");
	ck_assert(labels_named(db, "0", 1));
	ck_assert_ptr_eq(labels_ref(db), db);
	labels_unref(db);
	labels_unref(db);
	ck_assert_ptr_null(labels_ref(NULL));
	labels_unref(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("labels");
	TCase *tc = tcase_create("labels");

	tcase_add_loop_test(tc, written, 0, N(names));
	tcase_add_test(tc, names_that_differ_stay_apart);
	tcase_add_loop_test(tc, every_byte_gives_one_valid_value, 0, 256);
	tcase_add_test(tc, outer_labels_come_first);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
