#include "base/slice.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

/* "parts" joined by | are what cutting at the comma gives. */
static const struct {
	const char *text, *parts;
} cuts[] = {
	{ "a,b,c", "a|b|c|" },
	{ "a", "a|" },
	{ "", "|" },
	{ ",", "||" },
	{ "a,", "a||" },
	{ ",,b", "||b|" },
};

START_TEST(cutting)
{
	struct slice rest = { cuts[_i].text, strlen(cuts[_i].text) }, part;
	struct strbuf got = { 0 };
	char buf[8];

	while (rest.s != NULL) {
		part = slice_cut(&rest, ',');
		ck_assert(slice_copy(part, buf, sizeof(buf)));
		ck_assert(slice_is(part, buf));
		strbuf_printf(&got, "%s|", buf);
	}
	ck_assert_str_eq(got.s, cuts[_i].parts);
	strbuf_fini(&got);
	part = slice_cut(&rest, ',');
	ck_assert(part.s == NULL && part.len == 0);
}
END_TEST

START_TEST(copying)
{
	char buf[4] = "old";

	ck_assert(slice_copy((struct slice){ "abcd", 3 }, buf, sizeof(buf)));
	ck_assert_str_eq(buf, "abc");
	ck_assert(!slice_copy((struct slice){ "wxyz", 4 }, buf, sizeof(buf)));
	ck_assert_str_eq(buf, "abc");
	ck_assert(slice_copy((struct slice){ NULL, 0 }, buf, sizeof(buf)));
	ck_assert_str_eq(buf, "");
	ck_assert(slice_is((struct slice){ NULL, 0 }, ""));
	ck_assert(!slice_is((struct slice){ "ab", 2 }, "a"));
	ck_assert(!slice_is((struct slice){ "ab", 1 }, "ab"));
}
END_TEST

static const struct {
	const char *text, *word, *skipped, *trimmed; /* NULL = does not */
} ends[] = {
	{ "abc", "a", "bc", NULL },
	{ "abc", "c", NULL, "ab" },
	{ "aba", "a", "ba", "ab" },
	{ "abc", "abc", "", "" },
	{ "abc", "", "abc", "abc" },
	{ "", "", "", "" },
	{ "abc", "abcd", NULL, NULL },
	{ "abc", "b", NULL, NULL },
	{ "", "a", NULL, NULL },
};

START_TEST(taking_off)
{
	struct slice front = { ends[_i].text, strlen(ends[_i].text) },
		     back = front;
	const char *want;

	want = ends[_i].skipped;
	ck_assert_int_eq(slice_skip(&front, ends[_i].word), want != NULL);
	ck_assert(slice_is(front, want != NULL ? want : ends[_i].text));
	want = ends[_i].trimmed;
	ck_assert_int_eq(slice_trim(&back, ends[_i].word), want != NULL);
	ck_assert(slice_is(back, want != NULL ? want : ends[_i].text));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("slice");
	TCase *tc = tcase_create("slice");

	tcase_add_loop_test(
	    tc, cutting, 0, (int)(sizeof(cuts) / sizeof(cuts[0])));
	tcase_add_test(tc, copying);
	tcase_add_loop_test(
	    tc, taking_off, 0, (int)(sizeof(ends) / sizeof(ends[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
