#include "model/stall.h"

#include "base/num.h"
#include "unit/unit.h"

/* Looks at "length" or "length!" (one was taken), 5 s apart; '?' is unknown.
 * Whether it holds after each, as a row of + and -. */
static const struct {
	const char *looks, *want;
	int64_t step_ms;
} rows[] = {
	{ "3 3 3 3 3", "---++", 5000 },
	{ "3 4 9 9 9", "---++", 5000 },
	{ "0 3 3 3 3", "----+", 5000 },
	{ "3 3 3 3! 3 3 3", "------+", 5000 },
	{ "3 3 3 0 3 3 3", "-------", 5000 },
	{ "3 3 3 ? 3 3 3", "-------", 5000 },
	{ "? ? ? ? ?", "-----", 5000 },
	/* Long enough, but not seen often enough, and the other way round. */
	{ "3 3 3", "--+", 60000 },
	{ "3 3 3 3 3 3", "------", 100 },
	{ "3 3 3 3", "---+", 5000 },
	{ "3 3 3 3", "----", 4999 },
};

START_TEST(looks)
{
	struct stall s = { 0 };
	int64_t now = 1000, length;
	const char *p = rows[_i].looks;
	char got[16] = "";
	size_t n = 0;

	for (; *p != '\0'; p += p[1] == '!' ? 2 : 1) {
		if (*p == ' ')
			continue;
		length = *p == '?' ? NUM_UNKNOWN : *p - '0';
		stall_note(&s, length, p[1] == '!', now);
		ck_assert_int_eq(s.length, length);
		got[n++] = stall_holds(&s, now) ? '+' : '-';
		now += rows[_i].step_ms;
	}
	got[n] = '\0';
	ck_assert_str_eq(got, rows[_i].want);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stall");
	TCase *tc = tcase_create("stall");

	tcase_add_loop_test(
	    tc, looks, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
