#include "base/base64.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

static const struct {
	const char *text, *want;
	size_t len;
} good[] = {
	{ "", "", 0 },
	{ "Zg==", "f", 1 },
	{ "Zm8=", "fo", 2 },
	{ "Zm9v", "foo", 3 },
	{ "Zm9vYg==", "foob", 4 },
	{ "Zm9vYmE=", "fooba", 5 },
	{ "Zm9vYmFy", "foobar", 6 },
	{ "+/+/AAAA", "\xfb\xff\xbf\0\0\0", 6 },
	{ "////", "\xff\xff\xff", 3 },
};

START_TEST(decodes)
{
	struct strbuf out = { 0 };

	strbuf_puts(&out, "<");
	ck_assert(base64_decode(&out, good[_i].text, strlen(good[_i].text)));
	ck_assert_uint_eq(out.len, 1 + good[_i].len);
	ck_assert(memcmp(out.s + 1, good[_i].want, good[_i].len) == 0);
	strbuf_fini(&out);
}
END_TEST

static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg=a",
	"=Zg=", "Z===", "====", "Zm9v\n", "Zm 9", "Zm9-",
	"Zg==Zg==", "\xff\xff\xff\xff" };

START_TEST(refuses)
{
	struct strbuf out = { 0 };

	ck_assert(!base64_decode(&out, bad[_i], strlen(bad[_i])));
	ck_assert(!base64_decode(&out, "Zm\0v", 4));
	strbuf_fini(&out);
}
END_TEST

/* Nothing behind the text is read. */
START_TEST(stays_inside)
{
	struct strbuf out = { 0 };
	char *text = malloc(5);
	size_t len;

	memset(text, 'A', 5);
	for (len = 0; len <= 5; len++)
		ck_assert_int_eq(
		    base64_decode(&out, text + 5 - len, len), len % 4 == 0);
	free(text);
	strbuf_fini(&out);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base64");
	TCase *tc = tcase_create("base64");

	tcase_add_loop_test(
	    tc, decodes, 0, (int)(sizeof(good) / sizeof(good[0])));
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, stays_inside);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
