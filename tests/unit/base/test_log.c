#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
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
	{ "\xff", "\"\\\\xff\"", "\"\\\\xff\"" },
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

/* A pipe of one page, as standard error; the end to read from.  Ended by
 * restore(). */
static int
small_pipe(int *keep)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_gt(fcntl(fds[1], F_SETPIPE_SZ, 4096), 0);
	*keep = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	return fds[0];
}

static void
restore(int keep)
{
	dup2(keep, STDERR_FILENO);
	close(keep);
}

/* Check's own time limit would end a write that waits. */
START_TEST(a_log_that_nobody_reads_stops_nothing)
{
	char got[8192], want[64];
	const char *told;
	int keep, fd, i;
	ssize_t n;

	log_setup(LOG_INFO, LOG_LOGFMT);
	fd = small_pipe(&keep);
	for (i = 0; i < 1000; i++)
		log_info("nobody reads this line", NULL);
	ck_assert_int_gt(read(fd, got, sizeof(got)), 0);
	log_info("read again", NULL);
	log_info("and again", NULL);
	n = read(fd, got, sizeof(got) - 1);
	restore(keep);
	close(fd);
	got[n] = '\0';
	ck_assert_uint_gt(log_lines_dropped(), 900);
	/* Told once, before the first line that got through. */
	(void)snprintf(
	    want, sizeof(want), " lines=%d\n", (int)log_lines_dropped());
	told = strstr(got, want);
	ck_assert_ptr_nonnull(told);
	ck_assert_ptr_eq(strchr(got, '\n'), told + strlen(want) - 1);
	ck_assert_ptr_eq(strstr(told + 1, "dropped"), NULL);
	ck_assert_ptr_nonnull(strstr(told, "\"read again\"\n"));
	ck_assert_ptr_nonnull(strstr(told, "\"and again\"\n"));
}
END_TEST

START_TEST(a_socket_that_nobody_reads_stops_nothing)
{
	int fds[2], keep, i;

	log_setup(LOG_INFO, LOG_LOGFMT);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	keep = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	for (i = 0; i < 10000; i++)
		log_info("nobody reads this line", "more", "and more", NULL);
	restore(keep);
	close(fds[0]);
	close(fds[1]);
	ck_assert_uint_gt(log_lines_dropped(), 0);
	ck_assert_uint_lt(log_lines_dropped(), 10000);
}
END_TEST

START_TEST(a_long_value_is_cut_between_characters)
{
	static const char euro[] = "\xE2\x82\xAC";
	static char value[3 * 2000 + 1], got[LOG_LINE_MAX + 2];
	const char *shown;
	size_t i;

	for (i = 0; i < 2000; i++)
		memcpy(value + 3 * i, euro, 3);
	log_setup(LOG_INFO, LOG_JSON);
	capture(got, sizeof(got), LOG_INFO, value);
	shown = strstr(got, "\"key\":\"");
	ck_assert_ptr_nonnull(shown);
	shown += strlen("\"key\":\"");
	for (i = 0; memcmp(shown, euro, 3) == 0; i++)
		shown += 3;
	ck_assert_uint_gt(i, 300);
	ck_assert_str_eq(shown, "...\",\"last\":\"x\"}\n");
}
END_TEST

START_TEST(a_line_is_never_longer_than_a_pipe_takes_whole)
{
	static char control[LOG_VALUE_MAX + 1], got[2 * LOG_LINE_MAX];

	memset(control, 1, LOG_VALUE_MAX);
	log_setup(LOG_INFO, LOG_JSON);
	capture(got, sizeof(got), LOG_INFO, control);
	/* Six bytes each: left out, and the rest is kept. */
	ck_assert_str_eq(
	    got, "evel\":\"INFO\",\"msg\":\"hello world\",\"last\":\"x\"}\n");
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
	tcase_add_test(tc, a_log_that_nobody_reads_stops_nothing);
	tcase_add_test(tc, a_socket_that_nobody_reads_stops_nothing);
	tcase_add_test(tc, a_long_value_is_cut_between_characters);
	tcase_add_test(tc, a_line_is_never_longer_than_a_pipe_takes_whole);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
