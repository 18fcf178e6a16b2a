/*
 * chronicle - one master's timeline, and who is to hear what is new in it.
 *
 * It outlives its master's being monitored: SENTINEL REMOVE and MONITOR must
 * not look like a new deployment.
 */
#ifndef WATCH_CHRONICLE_H
#define WATCH_CHRONICLE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/history.h"

struct chronicle {
	char		*master_name;	/* owned */
	struct timeline	*timeline;	/* owned */
	const struct history *history;	/* counted: the timeline's, frozen */
	uint64_t	digest;		/* of the timeline as it was then */
	uint64_t	told;		/* failovers logged so far */
};

void	chronicle_init(struct chronicle *, const char *master_name);
void	chronicle_fini(struct chronicle *);

/* Freeze the history anew if there is news; true if there was, history or
 * not. */
bool	chronicle_update(struct chronicle *);

/* Log each failover once: when its story is complete, when it has been waited
 * for long enough, or, with all, now. */
void	chronicle_tell(struct chronicle *, const char *group,
	    int64_t wall_ms, bool all);

#endif
