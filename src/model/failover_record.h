/*
 * failover_record - what is known of one master's failovers: the tracker that
 * finds them, and the list of those it found.  Pure.
 *
 * It outlives its master's being monitored: SENTINEL REMOVE and MONITOR must
 * not look like a new deployment.  A name that no sentinel monitors for a day
 * is forgotten.
 */
#ifndef MODEL_FAILOVER_RECORD_H
#define MODEL_FAILOVER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/failover_list.h"

#define FAILOVER_RECORDS_MAX	10000
#define FAILOVER_RECORD_KEEP_MS	(24 * 3600 * INT64_C(1000))

struct deployment;

struct failover_record {
	char		*master_name;	/* owned */
	struct failover_tracker	*tracker;	/* owned */
	const struct failover_list *failover_list;	/* counted */
	uint64_t	digest;		/* of the tracker when it was frozen */
	uint64_t	reported;	/* failovers logged so far */
	int64_t		monitored_ms;	/* last time a sentinel showed the
					 * master, monotonic */
};

/* The record of that name, or NULL. */
struct failover_record *deployment_record(const struct deployment *,
	    const char *master_name);

/* The same, added when it is new.  When there are too many, the one that was
 * not monitored for longest makes room. */
struct failover_record *deployment_add_record(struct deployment *,
	    const char *master_name, int64_t now_ms);

/* Forget those that were not monitored for a day; true when any was. */
bool	deployment_expire_records(struct deployment *, int64_t now_ms);

/* Free all of them. */
void	deployment_free_records(struct deployment *);

/* Freeze the list again if there is news; true if there was, in the list or
 * in what else must survive a restart. */
bool	failover_record_update(struct failover_record *);

#endif
