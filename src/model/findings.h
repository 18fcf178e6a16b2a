/*
 * findings - what is wrong with a deployment, or risky, and what to do.  Pure.
 *
 * A function of the picture: page, JSON, metrics and doctor say the same.  The
 * table of rules is in findings.c, the rules themselves in findings_*.c.
 */
#ifndef MODEL_FINDINGS_H
#define MODEL_FINDINGS_H

#include <stdint.h>

#include "base/vec.h"

struct labels;
struct picture;
struct picture_master;

enum severity { SEVERITY_CRITICAL, SEVERITY_WARNING, SEVERITY_INFO,
	SEVERITIES };

/* "critical", "warning", "info". */
const char *severity_name(enum severity);

struct finding {
	const char	*id;		/* "quorum_unreachable": a metric's label */
	enum severity	severity;
	const char	*title;		/* "The quorum cannot be reached" */
	const char	*why;		/* why it matters; one or two sentences */
	char		*seen;		/* owned; what was seen; any bytes */
	char		*remedy;	/* owned; commands to paste; any bytes */
	const struct labels *master;	/* borrowed from the picture; NULL: it is
					 * about the whole deployment */
};

struct findings {
	VEC(struct finding) all;	/* worst first, then by the table */
};

/* Append what is found in a group of sentinels and all its masters. */
void	findings_add(struct findings *, const struct picture *,
	    int64_t now_ms);

/* Append what is found of the deployment as a whole, or of one master. */
void	findings_add_group(struct findings *, const struct picture *,
	    int64_t now_ms);
void	findings_add_master(struct findings *, const struct picture *,
	    const struct picture_master *, int64_t now_ms);

void	findings_fini(struct findings *);

/* Every rule there is, for documents and tests: id, severity and title; NULL
 * past the last. */
const struct finding_rule *findings_rule(size_t i);

#endif
