#include "base/utf8.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

#define BAD "\xEF\xBF\xBD"

static const struct {
	const char *bytes;
	size_t len;
	const char *shown;
} rows[] = {
	{ "plain", 5, "plain" },
	{ "\xC3\xA9", 2, "\xC3\xA9" },
	{ "\xE2\x82\xAC", 3, "\xE2\x82\xAC" },
	{ "\xF0\x9F\x92\xA9", 4, "\xF0\x9F\x92\xA9" },
	{ "a\0b", 3, "a" BAD "b" },
	{ "\x80", 1, BAD },
	{ "\xC3", 1, BAD },
	{ "\xC3z", 2, BAD "z" },
	{ "\xC0\x80", 2, BAD BAD },
	{ "\xE0\x80\x80", 3, BAD BAD BAD },
	{ "\xED\xA0\x80", 3, BAD BAD BAD },
	{ "\xF4\x90\x80\x80", 4, BAD BAD BAD BAD },
	{ "\xF0\x9F\x92", 3, BAD BAD BAD },
	{ "\xFF\xFE", 2, BAD BAD },
	{ "", 0, "" },
};

START_TEST(any_bytes_become_valid)
{
	struct strbuf b = { 0 };

	utf8_append(&b, rows[_i].bytes, rows[_i].len);
	ck_assert_str_eq(strbuf_text(&b), rows[_i].shown);
	strbuf_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("utf8");
	TCase *tc = tcase_create("utf8");

	tcase_add_loop_test(tc, any_bytes_become_valid, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
