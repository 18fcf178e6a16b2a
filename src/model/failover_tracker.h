/*
 * tracker - what happened to one master: failovers, attempts, outages.
 *
 * Pure: time is an argument.  Fed with what every sentinel published and
 * showed and with whether the agreed master answers; keeps counters and the
 * last failovers.  A failover is identified by the master's config epoch, never
 * by a message: three sentinels publish one failover three times, minutes apart
 * if need be.  Addresses given must be canonical: one text per node whichever
 * sentinel announced it.
 */
#ifndef MODEL_FAILOVER_TRACKER_H
#define MODEL_FAILOVER_TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "model/failover.h"
#include "protocol/event.h"

struct failover_tracker;

struct failover_tracker *tracker_new(const char *master_name);
void	tracker_free(struct failover_tracker *);

/* SENTINEL MASTER's config-epoch and GET-MASTER-ADDR-BY-NAME's address, read
 * from one sentinel in one pipeline.  flags and the two periods are those of
 * the same MASTER reply.  The pairs of the first round are the baseline: until
 * it is over, what a sentinel shows first may be news of long ago. */
struct tracker_pair {
	int64_t		epoch;
	struct addr	addr;
	unsigned	flags;		/* enum instance_flag */
	int64_t		down_after_ms, failover_timeout_ms;
};
void	tracker_pair(struct failover_tracker *, const char *sentinel,
	    const struct tracker_pair *, struct now);

/* Every event of this master (and every +new-epoch, which names none), in the
 * order in which the sentinel published it, stamped with its arrival.
 * +switch-master closes what the sentinel had begun to tell of the old master,
 * but counts nothing by itself: then read the pair and call
 * tracker_switched. */
void	tracker_event(struct failover_tracker *, const char *sentinel,
	    const struct event *, struct now);

/* The pair read right after the sentinel's +switch-master e. */
void	tracker_switched(struct failover_tracker *, const char *sentinel,
	    const struct event *e, const struct tracker_pair *, struct now);

/* The sentinel's event stream broke: what it had begun to tell is cut off. */
void	tracker_lost(struct failover_tracker *, const char *sentinel);

/* The sentinel is no longer watched. */
void	tracker_forget(struct failover_tracker *, const char *sentinel);

/* The sentinel has another name from now on. */
void	tracker_rename_sentinel(struct failover_tracker *, const char *from,
	    const char *to);

/* A poll round over all sentinels is over: judges epochs that fell back and
 * addresses that changed without an epoch, gives up attempts that ended
 * unheard. */
void	tracker_round(struct failover_tracker *, struct now);

/* Does the agreed master answer us as a master?  Called at each change and
 * round, once it was asked at least once. */
void	tracker_answers(struct failover_tracker *, bool yes, struct now);

/* The agreed master's run id, as its INFO says. */
void	tracker_run_id(struct failover_tracker *, const struct addr *,
	    const char *run_id);

/* A node's canonical address became another text: that is no change of the
 * master. */
void	tracker_rename(struct failover_tracker *, const struct addr *from,
	    const struct addr *to);

const struct failover_stats *tracker_stats(const struct failover_tracker *);

/* The last failovers, oldest first; *n of them; valid until the next call. */
const struct failover *tracker_history(const struct failover_tracker *, size_t *n);

/* Failovers ever counted by this object, to notice a new one. */
uint64_t tracker_count(const struct failover_tracker *);

/* What must survive a restart. */
struct tracker_memory {
	char		master_name[MASTER_NAME_MAX];
	int64_t		epoch;		/* highest counted; NUM_UNKNOWN */
	struct addr	master;
	char		run_id[RUN_ID_MAX];
	struct failover_stats stats;
	struct failover	history[FAILOVER_HISTORY];
	size_t		n_history;
};
void	tracker_save(const struct failover_tracker *, struct tracker_memory *);

/* Changes whenever something did that tracker_save saves; that an open outage
 * goes on is no change. */
uint64_t tracker_digest(const struct failover_tracker *);

/* Go on from an earlier process: a failover between then and the first pair is
 * counted once, kind unknown unless the pair's flags tell it.  Only before the
 * first pair. */
void	tracker_restore(struct failover_tracker *, const struct tracker_memory *);

#endif
