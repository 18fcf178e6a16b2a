/*
 * family - the one const table of metric families.  Pure.
 *
 * It drives the text exposition, OpenMetrics and --help-metrics: a family that
 * is not here does not exist, and one that is here has a help text.  The table
 * is cut into the sections of the reference; each lives in the families_*.c of
 * its noun.
 */
#ifndef METRICS_FAMILY_H
#define METRICS_FAMILY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "metrics/subject.h"

struct build_info;
struct samples;

enum family_type {
	FAMILY_COUNTER,		/* name ends in _total */
	FAMILY_GAUGE,
	FAMILY_INFO,		/* name ends in _info; value 1 */
	FAMILY_HISTOGRAM,
};

/* What is known of the exporter itself when it prints. */
struct self_stats {
	const struct build_info	*build;
	/* process_*: NUM_UNKNOWN, or NAN, where /proc did not tell. */
	double		cpu_seconds, start_time_seconds;
	int64_t		open_fds, max_fds, resident_bytes, virtual_bytes,
	    virtual_max_bytes, threads;
	/* sentinel_exporter_http_requests_total */
	struct http_count {
		const char	*handler;
		int		code;
		uint64_t	n;
	} http[24 * 12];
	size_t		n_http;
	uint64_t	log_lines_dropped;
};

#define FAMILY_LABELS_MAX	3

struct family {
	const char	*name;
	enum family_type type;
	enum scope	scope;		/* one subject, and its labels, each */
	const char	*labels[FAMILY_LABELS_MAX + 1];	/* further ones */
	const char	*help;
	/* One of the two: the subject's only value (NAN: it has none), or a
	 * function that adds what samples the subject has. */
	double		(*value)(const struct subject *);
	void		(*emit)(struct samples *, const struct subject *);
};

struct family_section {
	const char	*title;
	const struct family *families;
	size_t		n;
};

extern const struct family_section *const family_sections[];
extern const size_t family_sections_count;

/* The last of them: families of the process itself, which need no snapshot;
 * all others need nothing else. */
extern const struct family_section family_section_process;

/* "counter", "gauge", "info", "histogram". */
const char *family_type_name(enum family_type);

/* Length of the name without the _total of a counter or the _info of an info:
 * what OpenMetrics calls the family. */
size_t	family_base_length(const struct family *);

/* "seconds" or "bytes" when the base name ends so, else NULL. */
const char *family_unit(const struct family *);

/* --help-metrics: the reference as Markdown. */
void	family_print_reference(FILE *);

#endif
