/*
 * site - what is served: the routes and their answers, without the HTTP.
 *
 * Used by several web threads at once: all of it is read-only but for the
 * counters, which are atomic.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

struct build_info;
struct handover;
struct self_stats;

#define SITE_HANDLERS	6	/* the routes, and "other" */
#define SITE_CODES	5

struct site {
	const char	*telemetry_path;	/* borrowed, as all below */
	const struct build_info	*build;
	struct handover	*handover;
	uint64_t	answers[SITE_HANDLERS][SITE_CODES];	/* atomic */
};

struct request {
	const char	*method, *path;
	const char	*accept, *accept_encoding;	/* NULL: not sent */
	bool		has_body;
};

struct answer {
	int		code;
	const char	*content_type;
	const char	*allow;		/* of a 405, else NULL */
	bool		page;		/* HTML: to be fenced in by headers */
	bool		gzipped;
	struct strbuf	body;		/* the caller's to release */
};

/* Answer a request, and count it. */
void	site_answer(struct site *, const struct request *, struct answer *);

/* sentinel_exporter_http_requests_total of all threads together. */
void	site_count(const struct site *, struct self_stats *);

#endif
