/*
 * num - text to number and back, strictly.  Pure; independent of the locale.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of an integer that its source did not tell. */
#define NUM_UNKNOWN	INT64_MIN

static inline bool
num_known(int64_t v)
{
	return v != NUM_UNKNOWN;
}

/* Whole text [s, s+len) as a decimal integer within [min, max]. */
bool	num_int(const char *s, size_t len, int64_t min, int64_t max,
	    int64_t *out);

/* Whole text as a finite decimal number; an exponent is allowed (Redis 8
 * prints sorted-set scores as 1.79e+9). */
bool	num_double(const char *s, size_t len, double *out);

/* A duration as Prometheus writes it: "500ms", "5s", "1m30s", "2h", "1d".
 * A bare number is refused.  Result in milliseconds, up to 10 years. */
bool	num_duration_ms(const char *s, size_t len, int64_t *out);

/* The shortest text that reads back as the same double ("NaN", "+Inf",
 * "-Inf" as Prometheus spells them; whole numbers below 2^53 without exponent);
 * returns the length.  buf must hold NUM_TEXT_MAX bytes. */
#define NUM_TEXT_MAX	32
size_t	num_format(double v, char *buf);

/* A duration in the form num_duration_ms reads, e.g. 90000 -> "1m30s". */
size_t	num_format_duration(int64_t ms, char *buf);

#endif
