/* One line in the log for each failover. */
#include "watch/failover_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/num.h"

/* The leader ends up to failover-timeout after the switch, which is minutes: a
 * line without its end now is worth more than a whole one then. */
#define WAIT_MS 60000

/* In seconds; NULL, which leaves the pair out, when unknown. */
static const char *
seconds(int64_t ms, char buf[32])
{
	if (ms == NUM_UNKNOWN)
		return NULL;
	(void)snprintf(buf, 32, "%.3fs", (double)ms / 1000);
	return buf;
}

static void
log_failover(const struct failover *f, const char *group, const char *name)
{
	char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX], epoch[24], duration[32];
	char phase[FAILOVER_PHASES][32], outage[32];
	const char *took[FAILOVER_PHASES];
	int i;

	addr_format(&f->from, from);
	addr_format(&f->to, to);
	(void)snprintf(epoch, sizeof(epoch), "%lld", (long long)f->epoch);
	for (i = 0; i < FAILOVER_PHASES; i++)
		took[i] = seconds(f->phase_ms[i], phase[i]);
	log_info("failover", "group", group, "master_name", name, "kind",
	    failover_kind_names[f->kind], "epoch",
	    f->epoch == NUM_UNKNOWN ? NULL : epoch, "from", from, "to", to,
	    "leader", f->leader[0] == '\0' ? NULL : f->leader, "duration",
	    seconds(f->duration_ms, duration), "detection",
	    took[PHASE_DETECTION], "election", took[PHASE_ELECTION],
	    "promotion", took[PHASE_PROMOTION], "reconfiguration",
	    took[PHASE_RECONFIGURATION], "outage",
	    seconds(f->outage_ms, outage), NULL);
}

static bool
is_complete(const struct failover *f)
{
	return f->phase_ms[PHASE_RECONFIGURATION] != NUM_UNKNOWN &&
	       f->outage_ms != NUM_UNKNOWN;
}

void
failover_report(
    struct failover_record *r, const char *group, int64_t wall_ms, bool all)
{
	uint64_t count = tracker_count(r->tracker);
	const struct failover *v, *f;
	size_t n;

	v = tracker_history(r->tracker, &n);
	if (count - r->reported > n)
		r->reported = count - n;
	for (; r->reported < count; r->reported++) {
		f = &v[n - (size_t)(count - r->reported)];
		/* One that was followed by another gets no more news that
		 * would be worth the wait. */
		if (!all && r->reported + 1 == count && !is_complete(f) &&
		    wall_ms - f->switched_wall_ms < WAIT_MS)
			return;
		log_failover(f, group, r->master_name);
	}
}
