/* strbuf, strlist, vec, err and xalloc: the small things that hold others. */
#include "base/strbuf.h"

#include <string.h>

#include "base/err.h"
#include "base/strlist.h"
#include "base/vec.h"
#include "unit/unit.h"

START_TEST(text_grows_and_keeps_its_bytes)
{
	struct strbuf b = { 0 };
	char *taken;
	size_t len, i;

	ck_assert_str_eq(strbuf_text(&b), "");
	for (i = 0; i < 1000; i++)
		strbuf_printf(&b, "%zu,", i);
	strbuf_add(&b, "a\0b", 3);
	ck_assert_uint_eq(b.len, 3893);
	ck_assert_int_eq(memcmp(b.s + b.len - 3, "a\0b", 4), 0);
	ck_assert_int_eq(strncmp(strbuf_text(&b), "0,1,2,", 6), 0);
	taken = strbuf_take(&b, &len);
	ck_assert_uint_eq(len, 3893);
	ck_assert_uint_eq(b.len, 0);
	free(taken);
	strbuf_fini(&b);
}
END_TEST

START_TEST(an_empty_one_can_be_taken)
{
	struct strbuf b = { 0 };
	size_t len;
	char *s = strbuf_take(&b, &len);

	ck_assert_uint_eq(len, 0);
	ck_assert_str_eq(s, "");
	free(s);
}
END_TEST

START_TEST(an_error_is_cut_not_overrun)
{
	struct err e;
	char text[2000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&e, "%s", text);
	ck_assert_uint_eq(strlen(e.text), sizeof(e.text) - 1);
	err_prefix(&e, "in %s", "place");
	ck_assert_int_eq(strncmp(e.text, "in place: xxx", 13), 0);
	ck_assert_uint_eq(strlen(e.text), sizeof(e.text) - 1);
}
END_TEST

START_TEST(a_list_owns_its_strings)
{
	struct strlist l = { 0 };
	char text[] = "one two";

	strlist_add(&l, text, 3);
	strlist_add(&l, text + 4, 3);
	text[0] = 'X';
	ck_assert(strlist_has(&l, "one") && strlist_has(&l, "two"));
	ck_assert(!strlist_has(&l, "on"));
	strlist_fini(&l);
	ck_assert_uint_eq(l.items.n, 0);
}
END_TEST

struct numbers {
	VEC(int) all;
};

START_TEST(an_array_inserts_and_removes_in_place)
{
	struct numbers a = { 0 }, b;
	int *it, i, sum = 0;

	for (i = 0; i < 100; i++)
		*vec_push(&a.all) = i;
	*vec_insert(&a.all, 0) = -1;
	*vec_insert(&a.all, a.all.n) = 100;
	ck_assert_int_eq(a.all.v[0], -1);
	ck_assert_int_eq(a.all.v[101], 100);
	vec_remove(&a.all, 0);
	vec_remove(&a.all, a.all.n - 1);
	b = a;
	vec_copy(&b.all, &a.all);
	ck_assert_ptr_ne(b.all.v, a.all.v);
	vec_foreach(it, &b.all)
		sum += *it;
	ck_assert_int_eq(sum, 4950);
	vec_fini(&a.all);
	vec_fini(&b.all);
}
END_TEST

/* vec_push once gave the address behind the new element: its index was read
 * after n had grown. */
START_TEST(r_push_gives_the_new_element)
{
	struct numbers a = { 0 };

	*vec_push(&a.all) = 7;
	ck_assert_int_eq(a.all.v[0], 7);
	vec_fini(&a.all);
}
END_TEST

START_TEST(a_secret_is_gone)
{
	char *s = xstrdup("secret");

	xfree_secret(&s);
	ck_assert_ptr_null(s);
	xfree_secret(&s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("containers");
	TCase *tc = tcase_create("containers");

	tcase_add_test(tc, text_grows_and_keeps_its_bytes);
	tcase_add_test(tc, an_empty_one_can_be_taken);
	tcase_add_test(tc, an_error_is_cut_not_overrun);
	tcase_add_test(tc, a_list_owns_its_strings);
	tcase_add_test(tc, an_array_inserts_and_removes_in_place);
	tcase_add_test(tc, r_push_gives_the_new_element);
	tcase_add_test(tc, a_secret_is_gone);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
