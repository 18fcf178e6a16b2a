/*
 * render - an exposition as text 0.0.4 or OpenMetrics 1.0.  Pure.
 *
 * It has two parts, one behind the other.  The first is what the snapshot
 * shows: it stays the same, byte for byte, until snapshot->next_stale_ms, so
 * it may be rendered once and kept.  The second speaks of the process, and is
 * rendered for each scrape.
 */
#ifndef METRICS_RENDER_H
#define METRICS_RENDER_H

#include <stdint.h>

#include "base/strbuf.h"
#include "metrics/family.h"

enum render_format {
	RENDER_TEXT,		/* text 0.0.4 */
	RENDER_OPENMETRICS,	/* OpenMetrics 1.0.0 */
};

/* The Content-Type that goes with a format. */
const char *render_content_type(enum render_format);

/* Append the first part, as it is to be shown at that monotonic time. */
void	render_snapshot(struct strbuf *, enum render_format,
	    const struct snapshot *, int64_t now_ms);

/* Append the second part, with the mark of the end. */
void	render_process(struct strbuf *, enum render_format,
	    const struct self_stats *);

/* Append both. */
void	render_exposition(struct strbuf *, enum render_format,
	    const struct snapshot *, const struct self_stats *,
	    int64_t now_ms);

#endif
