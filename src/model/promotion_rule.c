#include "model/promotion_rule.h"

#include <strings.h>

#include "base/num.h"

/* redis sentinel.c: five times sentinel_ping_period (1 s), of which also the
 * age of INFO while the master is down is made; otherwise three times
 * sentinel_info_period (10 s). */
#define SILENT_MAX_MS 5000

/* How long the replica's link may have been down. */
static int64_t
link_down_max(int64_t down_after_ms, int64_t master_s_down_ms)
{
	int64_t ms;

	if (down_after_ms < 0 ||
	    __builtin_mul_overflow(down_after_ms, (int64_t)10, &ms))
		return INT64_MAX;
	if (master_s_down_ms > 0 &&
	    __builtin_add_overflow(ms, master_s_down_ms, &ms))
		return INT64_MAX;
	return ms;
}

bool
promotion_rule_eligible(
    const struct candidate *c, int64_t down_after_ms, int64_t master_s_down_ms)
{
	const int64_t info_max = master_s_down_ms == NUM_UNKNOWN
				     ? PROMOTION_INFO_MAX_MS
				     : PROMOTION_INFO_MAX_DOWN_MS;

	if ((c->flags & (FLAG_S_DOWN | FLAG_O_DOWN | FLAG_DISCONNECTED)) != 0)
		return false;
	if (c->priority == 0 || c->priority == NUM_UNKNOWN)
		return false;
	if (c->last_ok_ping_ms == NUM_UNKNOWN ||
	    c->last_ok_ping_ms > SILENT_MAX_MS)
		return false;
	/* info-refresh 0 is "never", not "just now"; unknown is below it. */
	if (c->info_refresh_ms <= 0 || c->info_refresh_ms > info_max)
		return false;
	return c->link_down_ms <=
	       link_down_max(down_after_ms, master_s_down_ms);
}

/* Sentinel puts a replica without run id last; "" and NULL are both that. */
static int
run_id_compare(const char *a, const char *b)
{
	bool none_a = a == NULL || a[0] == '\0';
	bool none_b = b == NULL || b[0] == '\0';

	if (none_a || none_b)
		return none_a - none_b;
	return strcasecmp(a, b);
}

bool
promotion_rule_before(const struct candidate *a, const struct candidate *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority;
	if (a->offset != b->offset)
		return a->offset > b->offset;
	return run_id_compare(a->run_id, b->run_id) < 0;
}
