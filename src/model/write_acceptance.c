/* write_acceptance - would a client's write be accepted by a master? */
#include "model/write_acceptance.h"

#include <string.h>

#include "base/num.h"

static const char *const names[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = "",
	[REFUSAL_LOADING] = "loading",
	[REFUSAL_BUSY] = "busy",
	[REFUSAL_NOREPLICAS] = "noreplicas",
	[REFUSAL_OOM] = "oom",
	[REFUSAL_MISCONF] = "misconf",
	[REFUSAL_READONLY] = "readonly",
	[REFUSAL_NO_ANSWER] = "no_answer",
};

const char *
write_refusal_name(enum write_refusal refusal)
{
	return names[refusal];
}

/* What an answer, or none, says of writes.  Only what clients meet as well
 * counts: that our password, rights or certificate are wrong does not. */
static const enum write_refusal refusals[REASON_COUNT] = {
	[REASON_LOADING] = REFUSAL_LOADING,
	[REASON_BUSY] = REFUSAL_BUSY,
	[REASON_DNS] = REFUSAL_NO_ANSWER, /* clients are told the same name */
	[REASON_REFUSED] = REFUSAL_NO_ANSWER,
	[REASON_TIMEOUT] = REFUSAL_NO_ANSWER,
	[REASON_CLOSED] = REFUSAL_NO_ANSWER,
};

enum write_refusal
refusal_of_ping(const char *error)
{
	static const char misconf[] = "MISCONF ";

	if (strncmp(error, misconf, sizeof(misconf) - 1) == 0)
		return REFUSAL_MISCONF;
	return refusals[reason_of_error(error)];
}

/* Has the counter of such errors risen since the earlier INFO? */
#define ROSE(e, counter)         \
	((e)->earlier != NULL && \
	    rose((e)->info->counter, (e)->earlier->counter))

static bool
rose(int64_t now, int64_t earlier)
{
	return now != NUM_UNKNOWN && earlier != NUM_UNKNOWN && now > earlier;
}

static bool
was_refused_for(const struct write_acceptance *before, enum write_refusal why)
{
	return before->accepts == 0 && before->refusal == why;
}

/* As the server's own check does: replication buffers do not count. */
static bool
is_out_of_memory(const struct node_info *i)
{
	int64_t buffers =
	    i->mem_not_counted == NUM_UNKNOWN ? 0 : i->mem_not_counted;

	return i->maxmemory > 0 && i->used_memory != NUM_UNKNOWN &&
	       strcmp(i->policy, "noeviction") == 0 &&
	       i->used_memory - buffers > i->maxmemory;
}

/* INFO prints how many replicas are good only while some are demanded, but
 * never how many: none is always too few, others are told by a refused
 * write. */
static bool
lacks_replicas(
    const struct write_evidence *e, const struct write_acceptance *before)
{
	const struct node_info *i = e->info;

	if (i->min_slaves_good_slaves == NUM_UNKNOWN)
		return false;
	if (i->min_slaves_good_slaves == 0 || ROSE(e, errors_noreplicas))
		return true;
	return was_refused_for(before, REFUSAL_NOREPLICAS) &&
	       i->min_slaves_good_slaves <= before->good_replicas;
}

/* Where PING is denied, a failed save alone does not tell: whether writes stop
 * then is a setting. */
static bool
could_not_save(
    const struct write_evidence *e, const struct write_acceptance *before)
{
	const struct node_info *i = e->info;

	if (i->aof_enabled == 1 && i->aof_last_write_ok == 0)
		return true;
	if (e->ping_known || i->rdb_last_bgsave_ok != 0)
		return false;
	return ROSE(e, errors_misconf) ||
	       was_refused_for(before, REFUSAL_MISCONF);
}

static bool
ran_out_of_memory(const struct write_evidence *e)
{
	return is_out_of_memory(e->info) || ROSE(e, errors_oom);
}

static enum write_refusal
refusal_of(
    const struct write_evidence *e, const struct write_acceptance *before)
{
	enum write_refusal refusal = refusals[e->failure];

	if (!e->answered || refusal != REFUSAL_NONE)
		return refusal;
	if (e->ping_known && e->ping != REFUSAL_NONE)
		return e->ping;
	if (e->info == NULL)
		return REFUSAL_NONE;
	if (e->info->loading == 1)
		return REFUSAL_LOADING;
	if (e->role == ROLE_REPLICA)
		return e->info->read_only == 1 ? REFUSAL_READONLY
					       : REFUSAL_NONE;
	if (could_not_save(e, before))
		return REFUSAL_MISCONF;
	if (ran_out_of_memory(e))
		return REFUSAL_OOM;
	return lacks_replicas(e, before) ? REFUSAL_NOREPLICAS : REFUSAL_NONE;
}

/* Everything that could refuse a write was looked at, and nothing does. */
static bool
is_known_to_accept(const struct write_evidence *e)
{
	return e->answered && e->info != NULL && e->role == ROLE_MASTER &&
	       (e->ping_known || e->info->rdb_last_bgsave_ok == 1);
}

struct write_acceptance
write_acceptance(
    const struct write_evidence *e, const struct write_acceptance *before)
{
	struct write_acceptance a = { .accepts = NUM_UNKNOWN,
		.good_replicas = NUM_UNKNOWN };

	if (!e->asked)
		return a;
	a.refusal = refusal_of(e, before);
	if (a.refusal != REFUSAL_NONE)
		a.accepts = 0;
	else if (is_known_to_accept(e))
		a.accepts = 1;
	if (a.refusal == REFUSAL_NOREPLICAS)
		a.good_replicas = e->info->min_slaves_good_slaves;
	return a;
}

int64_t
write_outage(const struct write_evidence *e, const struct write_acceptance *a)
{
	if (a->accepts != NUM_UNKNOWN)
		return a->accepts == 0;
	return e->answered && e->role == ROLE_MASTER ? 0 : NUM_UNKNOWN;
}
