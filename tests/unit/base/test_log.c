#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

/* What one line on standard error looked like, without its time. */
static void
capture(char *out, size_t size, enum log_level level, const char *value)
{
	int fds[2], keep;
	ssize_t n;
	char *rest;

	ck_assert_int_eq(pipe(fds), 0);
	keep = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	log_line(level, "hello world", "key", value, "left_out", NULL, "last",
	    "x", NULL);
	dup2(keep, STDERR_FILENO);
	close(keep);
	close(fds[1]);
	n = read(fds[0], out, size - 1);
	close(fds[0]);
	out[n < 0 ? 0 : n] = '\0';
	rest = strstr(out, "evel");
	if (rest != NULL)
		memmove(out, rest, strlen(rest) + 1);
}

static const struct {
	const char *value, *logfmt, *json;
} rows[] = {
	{ "plain", "plain", "\"plain\"" },
	{ "127.0.0.1:26379", "127.0.0.1:26379", "\"127.0.0.1:26379\"" },
	{ "two words", "\"two words\"", "\"two words\"" },
	{ "", "\"\"", "\"\"" },
	{ "a=b", "\"a=b\"", "\"a=b\"" },
	{ "q\"b\\n\n", "\"q\\\"b\\\\n\\n\"", "\"q\\\"b\\\\n\\n\"" },
	{ "\x01\x7f", "\"\\u0001\\u007f\"", "\"\\u0001\\u007f\"" },
	{ "\xff", "\"\xEF\xBF\xBD\"", "\"\xEF\xBF\xBD\"" },
};

START_TEST(one_event_is_one_line)
{
	char got[512], want[512];

	log_setup(LOG_INFO, LOG_LOGFMT);
	capture(got, sizeof(got), LOG_WARN, rows[_i].value);
	(void)snprintf(want, sizeof(want),
	    "evel=WARN msg=\"hello world\" key=%s last=x\n", rows[_i].logfmt);
	ck_assert_str_eq(got, want);
	log_setup(LOG_INFO, LOG_JSON);
	capture(got, sizeof(got), LOG_WARN, rows[_i].value);
	(void)snprintf(want, sizeof(want),
	    "evel\":\"WARN\",\"msg\":\"hello world\",\"key\":%s,"
	    "\"last\":\"x\"}\n",
	    rows[_i].json);
	ck_assert_str_eq(got, want);
}
END_TEST

START_TEST(a_pair_without_value_is_left_out_and_the_rest_kept)
{
	char got[512];

	log_setup(LOG_INFO, LOG_LOGFMT);
	capture(got, sizeof(got), LOG_INFO, NULL);
	ck_assert_str_eq(got, "evel=INFO msg=\"hello world\" last=x\n");
}
END_TEST

START_TEST(below_the_level_nothing_is_written)
{
	char got[512];

	log_setup(LOG_WARN, LOG_LOGFMT);
	ck_assert(!log_enabled(LOG_INFO) && log_enabled(LOG_ERROR));
	capture(got, sizeof(got), LOG_INFO, "x");
	ck_assert_str_eq(got, "");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("log");
	TCase *tc = tcase_create("log");

	tcase_add_loop_test(tc, one_event_is_one_line, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, a_pair_without_value_is_left_out_and_the_rest_kept);
	tcase_add_test(tc, below_the_level_nothing_is_written);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
