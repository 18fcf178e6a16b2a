/*
 * site - what is served, without the HTTP: an answer to each request, counted.
 *
 * Used by several threads at once: all of it is read-only but for the
 * counters, which are atomic, and the shared bodies, which lock themselves.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include <stdint.h>

#include "web/exposition.h"
#include "web/route.h"

struct build_info;
struct handover;
struct self_stats;

#define SITE_CODES	12

struct site {
	const char	*telemetry_path;	/* borrowed, as all below */
	const struct build_info	*build;
	struct handover	*handover;
	struct exposition exposition;
	void		(*ask_reload)(void);	/* NULL: not by HTTP */
	uint64_t	answers[ROUTE_MAX][SITE_CODES];	/* atomic */
};

/* All pointers are borrowed until site_fini. */
void	site_init(struct site *, const char *telemetry_path,
	    const struct build_info *, struct handover *);
void	site_fini(struct site *);

/* Answer a request, and count it. */
void	site_answer(struct site *, const struct request *, struct answer *);

/* Release what an answer holds. */
void	site_release(struct answer *);

/* Count an answer that was given without site_answer. */
void	site_count_refused(struct site *, const char *path, int code);

/* sentinel_exporter_http_requests_total of all threads together. */
void	site_count(const struct site *, struct self_stats *);

#endif
