#include "base/escape.h"

#include <stdbool.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "unit/unit.h"

static const struct {
	const char *bytes;
	size_t len;
	const char *none, *label, *json, *html, *terminal;
} rows[] = {
	{ "", 0, "", "", "", "", "" },
	{ "plain", 5, "plain", "plain", "plain", "plain", "plain" },
	{ "\xC3\xA9", 2, "\xC3\xA9", "\xC3\xA9", "\xC3\xA9", "\xC3\xA9",
	    "\xC3\xA9" },
	{ "a\"\\b", 4, "a\"\\b", "a\\\"\\\\b", "a\\\"\\\\b", "a&quot;\\b",
	    "a\"\\b" },
	{ "<&'>", 4, "<&'>", "<&'>", "<&'>", "&lt;&amp;&#39;&gt;", "<&'>" },
	{ "a\nb", 3, "a\nb", "a\\nb", "a\\nb", "a\\x0ab", "a\\x0ab" },
	{ "\x1b[2J", 4, "\x1b[2J", "\x1b[2J", "\\u001b[2J", "\\x1b[2J",
	    "\\x1b[2J" },
	/* No valid UTF-8: each byte by itself. */
	{ "\xFF", 1, "\\xff", "\\\\xff", "\\\\xff", "\\xff", "\\xff" },
	{ "\xC3z", 2, "\\xc3z", "\\\\xc3z", "\\\\xc3z", "\\xc3z", "\\xc3z" },
	{ "a\0b", 3, "a\\x00b", "a\\\\x00b", "a\\\\x00b", "a\\x00b",
	    "a\\x00b" },
	/* What looks like that already. */
	{ "\\xff", 4, "\\x5cxff", "\\\\x5cxff", "\\\\x5cxff", "\\x5cxff",
	    "\\x5cxff" },
	{ "\\xf", 3, "\\xf", "\\\\xf", "\\\\xf", "\\xf", "\\xf" },
	/* U+0085 and U+202E act on a terminal. */
	{ "\xC2\x85", 2, "\xC2\x85", "\xC2\x85", "\\u0085", "\\xc2\\x85",
	    "\\xc2\\x85" },
	{ "\xE2\x80\xAE", 3, "\xE2\x80\xAE", "\xE2\x80\xAE", "\\u202e",
	    "\\xe2\\x80\\xae", "\\xe2\\x80\\xae" },
};

static void
expect(enum escape sink, const char *bytes, size_t len, const char *want)
{
	struct strbuf b = { 0 };

	escape(&b, sink, bytes, len);
	ck_assert_str_eq(strbuf_text(&b), want);
	strbuf_fini(&b);
}

START_TEST(each_sink_gets_what_it_can_hold)
{
	expect(ESCAPE_NONE, rows[_i].bytes, rows[_i].len, rows[_i].none);
	expect(ESCAPE_LABEL, rows[_i].bytes, rows[_i].len, rows[_i].label);
	expect(ESCAPE_JSON, rows[_i].bytes, rows[_i].len, rows[_i].json);
	expect(ESCAPE_HTML, rows[_i].bytes, rows[_i].len, rows[_i].html);
	expect(
	    ESCAPE_TERMINAL, rows[_i].bytes, rows[_i].len, rows[_i].terminal);
}
END_TEST

static bool
valid(const struct strbuf *b)
{
	size_t i, n;

	for (i = 0; i < b->len; i += n)
		if ((n = utf8_sequence(b->s + i, b->len - i)) == 0)
			return false;
	return true;
}

/* All texts of three of these bytes, in every sink but the one that leaves
 * control characters to others: valid, and no two alike. */
START_TEST(different_texts_stay_different)
{
	static const char alphabet[] = { '\\', 'x', 'f', '5', 'c', '\0', '\n',
		'\x7f', '\xff', '\xc3', '\xa9', '&', '"' };
	enum { N = sizeof(alphabet), ALL = N * N * N };
	static struct strbuf shown[ALL];
	char text[6] = "\\x5";
	int i, k;

	for (i = 0; i < ALL; i++) {
		text[3] = alphabet[i / N / N];
		text[4] = alphabet[i / N % N];
		text[5] = alphabet[i % N];
		escape(&shown[i], (enum escape)_i, text, sizeof(text));
		ck_assert(valid(&shown[i]));
		for (k = 0; k < i; k++)
			if (strcmp(shown[i].s, shown[k].s) == 0)
				ck_abort_msg("twice: %s", shown[i].s);
	}
	for (i = 0; i < ALL; i++)
		strbuf_fini(&shown[i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("escape");
	TCase *tc = tcase_create("escape");

	tcase_add_loop_test(tc, each_sink_gets_what_it_can_hold, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_loop_test(tc, different_texts_stay_different, ESCAPE_NONE,
	    ESCAPE_TERMINAL + 1);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
