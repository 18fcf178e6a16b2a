/*
 * samples - the sink of one family's sample lines.  Pure.
 *
 * Labels are made valid UTF-8 and escaped here; a value that is not known
 * (NAN) adds nothing, and neither does a label set that was there before, as
 * one queue name may be told from another only by bytes that no label can
 * hold.  The lines are the same in both formats.
 */
#ifndef METRICS_SAMPLES_H
#define METRICS_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

struct family;
struct subject;

struct samples {
	const struct family *family;	/* borrowed */
	struct strbuf	text;		/* the lines so far */
	struct strbuf	subject;	/* labels of the present subject */
	void		*seen;		/* search tree of label sets */
};

void	samples_init(struct samples *, const struct family *);
void	samples_fini(struct samples *);

/* What is added from here on speaks of this subject. */
void	samples_subject(struct samples *, const struct subject *);

/* One sample: value, then the values (const char *) of the family's further
 * labels in their order, then NULL. */
void	samples_add(struct samples *, double value, ...)
	    __attribute__((sentinel));

/* A histogram: n upper bounds, ascending; n + 1 counts, not cumulative, the
 * last for +Inf; the sum of all values. */
void	samples_histogram(struct samples *, const double *le,
	    const uint64_t *counts, size_t n, double sum);

#endif
