#include "base/num.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whole numbers, and thousandths, that a double holds exactly enough. */
#define WHOLE_MAX 9007199254740992.0
#define MILLI_MAX 1e12

#define DURATION_MAX_MS (3650LL * 24 * 3600 * 1000)

static const struct unit {
	const char *name;
	int64_t ms;
} units[] = { { "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
	{ "s", 1000 }, { "ms", 1 } };

bool
num_int(const char *s, size_t len, int64_t min, int64_t max, int64_t *out)
{
	char buf[24], *end;
	long long v;

	if (len == 0 || len >= sizeof(buf))
		return false;
	if (s[0] != '-' && (s[0] < '0' || s[0] > '9'))
		return false;
	memcpy(buf, s, len);
	buf[len] = '\0';
	errno = 0;
	v = strtoll(buf, &end, 10);
	if (end != buf + len || end[-1] == '-' || errno != 0)
		return false;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

/* strtod() follows LC_NUMERIC; the program never calls setlocale(), and a
 * library that did would only make it refuse, never misread: text with a
 * comma holds a character that is not allowed here. */
bool
num_double(const char *s, size_t len, double *out)
{
	static const char allowed[] = "0123456789+-.eE";
	char buf[64], *end;
	size_t i;
	double v;

	if (len == 0 || len >= sizeof(buf))
		return false;
	for (i = 0; i < len; i++)
		if (memchr(allowed, s[i], sizeof(allowed) - 1) == NULL)
			return false;
	memcpy(buf, s, len);
	buf[len] = '\0';
	v = strtod(buf, &end);
	if (end != buf + len || !isfinite(v))
		return false;
	*out = v;
	return true;
}

/* The unit that text begins with; its length in *len. */
static const struct unit *
unit_at(const char *s, size_t left, size_t *len)
{
	size_t i;

	for (i = sizeof(units) / sizeof(units[0]); i-- > 0;) {
		*len = strlen(units[i].name);
		if (left >= *len && memcmp(s, units[i].name, *len) == 0)
			return &units[i];
	}
	return NULL;
}

bool
num_duration_ms(const char *s, size_t len, int64_t *out)
{
	const struct unit *u, *last = NULL;
	int64_t total = 0, v;
	size_t digits, ulen;

	if (len == 0)
		return false;
	while (len > 0) {
		for (digits = 0;
		     digits < len && s[digits] >= '0' && s[digits] <= '9';
		     digits++)
			;
		if (!num_int(s, digits, 0, DURATION_MAX_MS, &v))
			return false;
		u = unit_at(s + digits, len - digits, &ulen);
		if (u == NULL || (last != NULL && u->ms >= last->ms) ||
		    v > (DURATION_MAX_MS - total) / u->ms)
			return false;
		total += v * u->ms;
		last = u;
		s += digits + ulen;
		len -= digits + ulen;
	}
	*out = total;
	return true;
}

/* The usual kinds are written by hand: most of an exposition is numbers. */

static size_t
format_whole(int64_t v, char *buf)
{
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char digits[24], *p = digits + sizeof(digits);
	size_t len;

	do
		*--p = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (v < 0)
		*--p = '-';
	len = (size_t)(digits + sizeof(digits) - p);
	memcpy(buf, p, len);
	buf[len] = '\0';
	return len;
}

/* Thousandths, of which some are no whole number. */
static size_t
format_milli(int64_t v, char *buf)
{
	const int64_t rest = v < 0 ? -v : v;
	size_t len = 0;
	int64_t part;

	if (v < 0)
		buf[len++] = '-';
	len += format_whole(rest / 1000, buf + len);
	buf[len++] = '.';
	for (part = rest % 1000; part > 0; part = part * 10 % 1000)
		buf[len++] = (char)('0' + part / 100);
	buf[len] = '\0';
	return len;
}

size_t
num_format(double v, char *buf)
{
	int n, precision;

	if (isnan(v))
		return (size_t)snprintf(buf, NUM_TEXT_MAX, "NaN");
	if (isinf(v))
		return (size_t)snprintf(
		    buf, NUM_TEXT_MAX, "%s", v > 0 ? "+Inf" : "-Inf");
	if (fabs(v) < WHOLE_MAX && trunc(v) == v)
		return format_whole((int64_t)v, buf);
	if (fabs(v) < MILLI_MAX && (double)llround(v * 1000) / 1000 == v)
		return format_milli(llround(v * 1000), buf);
	for (precision = DBL_DIG; precision < 17; precision++) {
		n = snprintf(buf, NUM_TEXT_MAX, "%.*g", precision, v);
		if (strtod(buf, NULL) == v)
			return (size_t)n;
	}
	return (size_t)snprintf(buf, NUM_TEXT_MAX, "%.17g", v);
}

size_t
num_format_duration(int64_t ms, char *buf)
{
	size_t i, len = 0;
	int64_t v;

	buf[0] = '\0';
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		v = ms / units[i].ms;
		ms %= units[i].ms;
		if (v > 0)
			len += (size_t)snprintf(buf + len, NUM_TEXT_MAX - len,
			    "%lld%s", (long long)v, units[i].name);
	}
	if (len == 0)
		len = (size_t)snprintf(buf, NUM_TEXT_MAX, "0s");
	return len;
}
