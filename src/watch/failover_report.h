/*
 * failover_report - one line in the log for each failover.
 */
#ifndef WATCH_FAILOVER_REPORT_H
#define WATCH_FAILOVER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/failover_record.h"

/* Log each failover once: when all of it is known, when that has been waited
 * for long enough, or, with all, now.  group may be NULL. */
void	failover_report(struct failover_record *, const char *group,
	    int64_t wall_ms, bool all);

#endif
