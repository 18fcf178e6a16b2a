#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct now
clock_now(void)
{
	return (struct now){ .mono_ms = read_ms(CLOCK_MONOTONIC),
		.wall_ms = read_ms(CLOCK_REALTIME) };
}

int64_t
clock_coarse_tick_ms(void)
{
	struct timespec ts;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &ts) != 0 || ts.tv_sec > 0)
		return 1;
	return (ts.tv_nsec + 999999) / 1000000 > 1
		   ? (ts.tv_nsec + 999999) / 1000000
		   : 1;
}

void
clock_format(int64_t wall_ms, char *buf)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(buf, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(
	    buf + n, CLOCK_TEXT_MAX - n, ".%03dZ", (int)(wall_ms % 1000));
}
