/*
 * render - a snapshot as text 0.0.4 or OpenMetrics 1.0.  Pure.
 */
#ifndef METRICS_RENDER_H
#define METRICS_RENDER_H

#include "base/strbuf.h"
#include "metrics/family.h"

enum render_format {
	RENDER_TEXT,		/* text 0.0.4 */
	RENDER_OPENMETRICS,	/* OpenMetrics 1.0.0 */
};

/* The Content-Type that goes with a format. */
const char *render_content_type(enum render_format);

/* Append the whole exposition. */
void	render_exposition(struct strbuf *, enum render_format,
	    const struct exposition *);

#endif
