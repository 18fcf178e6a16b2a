/*
 * failover_record - one master's tracker, and who is to hear what is new in it.
 *
 * It outlives its master's being monitored: SENTINEL REMOVE and MONITOR must
 * not look like a new deployment.
 */
#ifndef WATCH_FAILOVER_RECORD_H
#define WATCH_FAILOVER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/failover_list.h"

struct failover_record {
	char		*master_name;	/* owned */
	struct failover_tracker	*tracker;	/* owned */
	const struct failover_list *failover_list;	/* counted: the tracker's, frozen */
	uint64_t	digest;		/* of the tracker as it was then */
	uint64_t	told;		/* failovers logged so far */
};

void	failover_record_init(struct failover_record *, const char *master_name);
void	failover_record_fini(struct failover_record *);

/* Freeze the history anew if there is news; true if there was, history or
 * not. */
bool	failover_record_update(struct failover_record *);

/* Log each failover once: when its story is complete, when it has been waited
 * for long enough, or, with all, now. */
void	failover_record_report(struct failover_record *, const char *group,
	    int64_t wall_ms, bool all);

#endif
