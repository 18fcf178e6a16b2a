/*
 * source - how well one sentinel or node can be read.  A plain value; pure.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "protocol/reason.h"

struct source {
	bool		tried;	/* one round is over, whatever it found */
	bool		up;	/* reached, authenticated and answering */
	enum reason	reason;	/* of the last failure; NONE while all is well */
	struct now	last_success;	/* 0 = never */
	uint64_t	errors[REASON_COUNT];
};

/* The source answered a round. */
void	source_answered(struct source *, struct now);

/* A round failed: up turns false at once. */
void	source_failed(struct source *, enum reason);

/* It answered, but one thing that was asked was denied or broken. */
void	source_complain(struct source *, enum reason);

#endif
