/*
 * family - the one const table of metric families.  Pure.
 *
 * It drives the text exposition, OpenMetrics and --help-metrics: a family that
 * is not here does not exist, and one that is here has a help text.
 */
#ifndef METRICS_FAMILY_H
#define METRICS_FAMILY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"

struct samples;
struct snapshot;

enum family_type {
	FAMILY_COUNTER,		/* name ends in _total */
	FAMILY_GAUGE,
	FAMILY_INFO,		/* name ends in _info; value 1 */
	FAMILY_HISTOGRAM,
};

/* What is known of the exporter itself when it prints. */
struct self_stats {
	const char	*version, *revision, *compiler;
	/* process_*: NUM_UNKNOWN where /proc did not tell. */
	double		cpu_seconds;
	int64_t		open_fds, max_fds, resident_bytes, virtual_bytes,
	    virtual_max_bytes, threads;
	double		start_time_seconds;
	/* sentinel_exporter_http_requests_total */
	struct http_count {
		const char	*handler;
		int		code;
		uint64_t	n;
	} http[64];
	size_t		n_http;
};

/* Everything that one exposition is printed from. */
struct exposition {
	const struct snapshot	*snapshot;
	const struct self_stats	*self;
	struct now		now;
};

struct family {
	const char	*name;
	enum family_type type;
	const char	*unit;		/* "seconds", "bytes" or NULL */
	const char	*labels;	/* for the reference: "sentinel, event" */
	const char	*section;	/* heading in the reference */
	const char	*help;
	void		(*emit)(struct samples *, const struct exposition *);
};

extern const struct family families[];
extern const size_t families_count;

/* --help-metrics: the reference as Markdown. */
void	family_print_reference(FILE *);

#endif
