/*
 * samples - the sink of one family's sample lines.  Pure.
 *
 * Labels of the subject come ready from its picture; further values are
 * escaped here.  A value that is not known (NAN) adds nothing.  A family's
 * header is written before its first sample, so one without samples leaves
 * nothing.
 */
#ifndef METRICS_SAMPLES_H
#define METRICS_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

struct family;
struct labels;
struct samples;

typedef void samples_header_fn(struct samples *);

struct samples {
	struct strbuf	*out;		/* borrowed */
	const struct family *family;	/* borrowed */
	size_t		name_len;
	samples_header_fn *header;	/* NULL: none is wanted */
	int		format;		/* the header's own */
	bool		any;		/* there was a sample */
	const struct labels *labels;	/* of the present subject, or NULL */
};

/* One sample: value, then the values (const char *) of the family's further
 * labels in their order, then NULL. */
void	samples_add(struct samples *, double value, ...)
	    __attribute__((sentinel));

/* The one sample of a subject, with no further label. */
void	samples_value(struct samples *, double value);

/* A histogram: n upper bounds, ascending; n + 1 counts, not cumulative, the
 * last for +Inf; the sum of all values. */
void	samples_histogram(struct samples *, const double *le,
	    const uint64_t *counts, size_t n, double sum);

#endif
