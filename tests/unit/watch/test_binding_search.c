#include "watch/binding_search.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

static struct kombu_options kombu;
static struct binding_search search;

static void
setup(void)
{
	kombu_options_init(&kombu);
	search = (struct binding_search){ .kombu = &kombu, .max = 3 };
}

static void
teardown(void)
{
	binding_search_fini(&search);
	kombu_options_fini(&kombu);
}

/* A SCAN reply: cursor, and keys "_kombu.binding." + each word. */
static bool
answer(int db, const char *cursor, const char *exchanges)
{
	struct strbuf wire = { 0 }, keys = { 0 };
	const char *p;
	struct reply *r;
	size_t n = 0, len;
	bool ok;

	for (p = exchanges; *p != '\0'; p += len + (p[len] == ' '), n++) {
		len = strcspn(p, " ");
		strbuf_printf(&keys, "$%zu\r\n_kombu.binding.%.*s\r\n",
		    len + 15, (int)len, p);
	}
	strbuf_printf(&wire, "*2\r\n$%zu\r\n%s\r\n*%zu\r\n%s", strlen(cursor),
	    cursor, n, strbuf_text(&keys));
	r = reply_from(wire.s, wire.len);
	ok = binding_search_take(&search, db, r);
	reply_free(r);
	strbuf_fini(&wire);
	strbuf_fini(&keys);
	return ok;
}

static const char *
known(int db)
{
	static char text[512];
	const struct binding *b;

	text[0] = '\0';
	vec_foreach(b, &binding_search_db(&search, db)->bindings) {
		strlcat(text, b->key + 15, sizeof(text));
		strlcat(text, " ", sizeof(text));
	}
	return text;
}

START_TEST(goes_round_and_remembers)
{
	struct search *s = binding_search_db(&search, 0);

	binding_search_resume(&search, true);
	ck_assert(answer(0, "77", "a celeryev"));
	ck_assert_uint_eq(s->cursor, 77);
	ck_assert(!s->paused && !s->scanned);
	ck_assert(answer(0, "0", "b a"));
	ck_assert(s->paused && s->scanned);
	ck_assert_str_eq(known(0), "a b ");
	/* Gone from the server: still asked for. */
	binding_search_resume(&search, true);
	ck_assert(!s->paused && s->scanned);
	ck_assert(answer(0, "0", ""));
	ck_assert_str_eq(known(0), "a b ");
}
END_TEST

START_TEST(another_server)
{
	struct search *s;

	ck_assert(answer(0, "0", "a"));
	ck_assert(answer(0, "18446744073709551", "b"));
	s = binding_search_db(&search, 0);
	s->sample.cursor = 9;
	binding_search_restart(&search);
	ck_assert_uint_eq(s->cursor, 0);
	ck_assert_uint_eq(s->sample.cursor, 0);
	ck_assert(!s->scanned);
	ck_assert_str_eq(known(0), "a b ");
}
END_TEST

START_TEST(left_out)
{
	const struct search *s = binding_search_db(&search, 0);

	ck_assert(answer(0, "5", "a b c d"));
	ck_assert_str_eq(known(0), "a b c ");
	ck_assert_int_eq(binding_search_left_out(s), 1);
	ck_assert(answer(0, "0", "e a"));
	ck_assert_int_eq(binding_search_left_out(s), 2);
	/* The next round counts anew, and shows the last one meanwhile. */
	ck_assert(answer(0, "5", "d"));
	ck_assert_int_eq(binding_search_left_out(s), 2);
	ck_assert(answer(0, "0", ""));
	ck_assert_int_eq(binding_search_left_out(s), 1);
}
END_TEST

START_TEST(turns)
{
	char order[16] = "";
	struct search *s;
	int i;

	for (i = 0; i < 3; i++)
		(void)binding_search_db(&search, i);
	binding_search_resume(&search, true);
	for (i = 0; i < 4; i++)
		order[i] = (char)('0' + binding_search_next(&search)->db);
	/* The next reading goes on with the one that is next. */
	binding_search_resume(&search, true);
	binding_search_db(&search, 2)->paused = true;
	for (; i < 8; i++)
		order[i] = (char)('0' + binding_search_next(&search)->db);
	ck_assert_str_eq(order, "01201010");
	binding_search_resume(&search, false);
	s = binding_search_next(&search);
	ck_assert_ptr_null(s);
}
END_TEST

START_TEST(guesses)
{
	binding_search_guess(&search, 4, "q");
	binding_search_guess(&search, 4, "q");
	ck_assert_str_eq(known(4), "q ");
	ck_assert_str_eq(known(0), "");
}
END_TEST

static const char *const no_scan[] = { "-NOPERM no\r\n", ":1\r\n", "*0\r\n",
	"*2\r\n$1\r\nx\r\n*0\r\n", "*1\r\n$1\r\n0\r\n" };

START_TEST(denied)
{
	struct reply *r = reply_from_text(no_scan[_i]);
	struct search *s = binding_search_db(&search, 0);

	ck_assert(!binding_search_take(&search, 0, r));
	ck_assert(s->paused && !s->scanned);
	reply_free(r);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("binding_search");
	TCase *tc = tcase_create("binding_search");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, goes_round_and_remembers);
	tcase_add_test(tc, another_server);
	tcase_add_test(tc, left_out);
	tcase_add_test(tc, turns);
	tcase_add_test(tc, guesses);
	tcase_add_loop_test(
	    tc, denied, 0, (int)(sizeof(no_scan) / sizeof(no_scan[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
