#include "config/quote.h"

#include <string.h>

#include "unit/unit.h"

#define HIDDEN "(value not shown)"

static const struct row {
	const char *text, *shown;
} rows[] = {
	{ "", "\"\"" },
	{ "5", "\"5\"" },
	{ "a\nb\x7f\xff", "\"a?b??\"" },
	{ "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"" },
	{ "sentinel://:p@h", HIDDEN },
	{ "{\"PassWord\": \"p\"}", HIDDEN },
	{ "password=p", HIDDEN },
	{ "--redis.password-fil", "\"--redis.password-fil\"" },
};

START_TEST(shows)
{
	char buf[QUOTE_MAX];

	ck_assert_str_eq(
	    quote(buf, rows[_i].text, strlen(rows[_i].text)), rows[_i].shown);
}
END_TEST

START_TEST(cuts_long_text_between_characters)
{
	char text[4 * QUOTE_MAX + 1] = "", buf[QUOTE_MAX];
	size_t pad, i;

	for (pad = 0; pad < 4; pad++) {
		memset(text, 'a', pad);
		for (i = pad; i + 4 < sizeof(text); i += 4)
			memcpy(text + i, "\xf0\x9f\x98\x80", 5);
		quote(buf, text, strlen(text));
		ck_assert_uint_lt(strlen(buf), QUOTE_MAX);
		ck_assert_uint_gt(strlen(buf), QUOTE_MAX - 12);
		ck_assert_str_eq(
		    buf + strlen(buf) - 8, "\xf0\x9f\x98\x80...\"");
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("quote");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(
	    tc, shows, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, cuts_long_text_between_characters);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
