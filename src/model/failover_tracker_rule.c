/*
 * tracker_rule - when a pair of config epoch and address means a failover.
 *
 * E is the highest epoch judged so far, M the master that came with it.
 *
 *	epoch > E, another master	one failover; E and M move
 *	epoch > E, same master		E moves: a sentinel with an older, higher
 *					epoch came back, or there and back
 *	epoch = E, another master	no failover; an address change if most
 *					sentinels of that epoch name it in two
 *					rounds
 *	epoch < E			no say: behind, or a fresh MONITOR
 *	all of them < E, three rounds	they lost their state: E begins again
 *
 * epoch - E says nothing: aborted attempts and the failovers of other masters
 * use up epochs too.  What one pair jumps over is left to tracker_chain.
 */
#include <string.h>

#include "model/failover_tracker_parts.h"

#define FALLEN_ROUNDS 3
#define DOUBT_ROUNDS  2
/* So long a silent sentinel may still come back with the higher epoch. */
#define SILENCE_MS 300000

/* Does the pair show that the known master is down?  A leader shows the new
 * epoch while it is still at it; its flags then speak of the old master. */
static bool
shows_down(const struct failover_tracker *t, const struct tracker_pair *p)
{
	bool at_it = (p->flags & FLAG_FAILOVER_IN_PROGRESS) != 0;

	return (p->flags & (FLAG_S_DOWN | FLAG_O_DOWN)) != 0 &&
	       (p->epoch > t->epoch
		       ? at_it
		       : !at_it && addr_equal(&p->addr, &t->master));
}

/* How a failover came about whose leader was not heard. */
static enum failover_kind
evidence(const struct failover_tracker *t)
{
	const unsigned forced = FLAG_FAILOVER_IN_PROGRESS | FLAG_FORCE_FAILOVER;
	const struct tracked_sentinel *v;
	bool down = num_known(t->down_ms) || t->down_round + 1 >= t->round;

	vec_foreach(v, &t->sentinels) {
		if (v->has_pair && v->pair_round + 1 >= t->round &&
		    (v->pair.flags & forced) == forced)
			return FAILOVER_FORCED;
		down = down || v->odown;
	}
	return down ? FAILOVER_AUTOMATIC : FAILOVER_UNKNOWN;
}

static void
count_hop(struct failover_tracker *t, size_t i, struct now now)
{
	const struct chain *c = &t->chain;
	const struct addr *to = &c->node[i].addr;
	struct failover f = { .from = c->node[i - 1].addr, .to = *to };
	size_t above = i - 1, up_to = i;
	struct attempt *a;

	while (above > 0 && !c->node[above].shown)
		above--;
	while (!c->node[up_to].shown) /* the last one is */
		up_to++;
	f.epoch = c->node[i].shown ? c->node[i].epoch : NUM_UNKNOWN;
	a = num_known(f.epoch) ? attempt_leading(t, f.epoch - 1, f.epoch, to)
			       : attempt_leading(t, c->node[above].epoch,
				     c->node[up_to].epoch - 1, to);
	if (a != NULL && num_known(f.epoch))
		a->epoch = f.epoch;
	else if (a != NULL)
		f.epoch = a->epoch;
	f.kind =
	    a != NULL && a->kind != FAILOVER_UNKNOWN ? a->kind : evidence(t);
	record_failover(t, &f, a, now);
}

/* Count what is new in the chain; what was counted may have got another
 * predecessor. */
static bool
count_hops(struct failover_tracker *t, struct now now)
{
	struct chain_node *node = t->chain.node;
	struct failover *f;
	bool counted = false;
	size_t i;

	for (i = 1; i < t->chain.n; i++) {
		if (addr_equal(&node[i - 1].addr, &node[i].addr))
			continue;
		if (node[i].entry == 0) {
			count_hop(t, i, now);
			node[i].entry = t->count;
			counted = true;
		} else if ((f = record_entry(t, node[i].entry)) != NULL) {
			f->from = node[i - 1].addr;
		}
	}
	return counted;
}

/* Another master, or the same in a new role: what was known of it is over. */
static void
move(struct failover_tracker *t, int64_t epoch, const struct addr *master)
{
	struct tracked_sentinel *v;

	if (!addr_equal(&t->master, master))
		t->run_id[0] = t->run_id_before[0] = '\0';
	t->epoch = epoch;
	t->master = *master;
	t->fallen_rounds = t->doubt_rounds = 0;
	t->down_ms = NUM_UNKNOWN;
	t->down_round = 0;
	vec_foreach(v, &t->sentinels)
		v->sdown = false;
}

bool
rule_pair(struct failover_tracker *t, const struct tracked_sentinel *v,
    bool first_of_sentinel, const struct event *e, struct now now)
{
	const struct tracker_pair *p = &v->pair;
	const struct chain_node from = { t->master, true, t->epoch, 0 };
	const struct chain_node to = { p->addr, true, p->epoch, 0 };
	const bool newer = p->epoch > t->epoch;
	bool counted;

	/* Before the first round is over, a sentinel's first pair may be news
	 * of long ago. */
	if (!num_known(t->epoch) ||
	    (newer && !t->settled && first_of_sentinel)) {
		move(t, p->epoch, &p->addr);
		return false;
	}
	if (shows_down(t, p))
		t->down_round = t->round;
	if (newer)
		chain_raise(&t->chain, &from, &to, now.mono_ms);
	else
		chain_pair(&t->chain, p, now.mono_ms);
	/* The message may be older than the sentinel's last pair. */
	if (e != NULL)
		chain_switch(
		    &t->chain, e, v->epoch_before, p->epoch, now.mono_ms);
	counted = count_hops(t, now);
	if (newer && !counted)
		t->stats.epoch_moves++;
	if (newer)
		move(t, p->epoch, &p->addr);
	return counted;
}

static bool
heard(const struct failover_tracker *t, const struct tracked_sentinel *v)
{
	return v->has_pair && v->pair_round == t->round;
}

/* Not heard in this round perhaps, but lately. */
static bool
holds(const struct tracked_sentinel *v, int64_t epoch, struct now now)
{
	return v->has_pair && v->pair.epoch == epoch &&
	       now.mono_ms - v->pair_ms < SILENCE_MS;
}

/* The master that most sentinels name with that epoch; the known one if as many
 * name it. */
static const struct addr *
favourite(const struct failover_tracker *t, int64_t epoch, struct now now)
{
	const struct tracked_sentinel *v, *w;
	const struct addr *best = NULL;
	size_t n, most = 0;

	vec_foreach(v, &t->sentinels) {
		if (!holds(v, epoch, now))
			continue;
		n = 0;
		vec_foreach(w, &t->sentinels)
			n += holds(w, epoch, now) &&
			     addr_equal(&w->pair.addr, &v->pair.addr);
		if (n > most ||
		    (n == most && addr_equal(&v->pair.addr, &t->master))) {
			most = n;
			best = &v->pair.addr;
		}
	}
	return best;
}

/* Do those that were heard speak for all?  Not while one that knew E is merely
 * silent, nor when one alone is heard that never knew E: it may lag behind, or
 * have been told another master. */
static bool
speak_for_all(const struct failover_tracker *t, int64_t epoch, struct now now)
{
	const struct tracked_sentinel *v;
	size_t agreeing = 0;
	bool fell = false;

	if (now.mono_ms - t->fallen_ms >= SILENCE_MS)
		return true;
	vec_foreach(v, &t->sentinels) {
		if (holds(v, t->epoch, now) && !heard(t, v))
			return false;
		if (!heard(t, v))
			continue;
		agreeing += v->pair.epoch == epoch;
		fell = fell || v->highest >= t->epoch;
	}
	return agreeing > 1 || fell;
}

/* All that were heard show lower epochs: they lost their configuration. */
static void
begin_anew(struct failover_tracker *t, int64_t epoch, const struct addr *master,
    struct now now)
{
	struct failover f = { .epoch = epoch,
		.kind = FAILOVER_UNKNOWN,
		.from = t->master,
		.to = *master };
	struct tracked_sentinel *v;

	if (t->fallen_rounds++ == 0)
		t->fallen_ms = now.mono_ms;
	if (t->fallen_rounds < FALLEN_ROUNDS)
		return;
	if (!addr_equal(master, &t->master)) {
		if (!speak_for_all(t, epoch, now))
			return;
		record_failover(t, &f, NULL, now);
	}
	attempt_forget_closed(t);
	t->n_live = 0;
	t->chain.n = 0;
	vec_foreach(v, &t->sentinels)
		v->highest = v->pair.epoch;
	move(t, epoch, master);
}

/* An address that changes without an epoch was changed by hand.  One sentinel
 * alone may have been told another master; that is a disagreement. */
static void
doubt(struct failover_tracker *t, const struct addr *master)
{
	if (addr_equal(master, &t->master)) {
		t->doubt_rounds = 0;
		return;
	}
	if (!addr_equal(master, &t->doubt))
		t->doubt_rounds = 0;
	t->doubt = *master;
	if (++t->doubt_rounds < DOUBT_ROUNDS)
		return;
	t->stats.address_changes++;
	t->chain.n = 0;
	move(t, t->epoch, master);
}

void
rule_round(struct failover_tracker *t, struct now now)
{
	const struct tracked_sentinel *v;
	const struct addr *named;
	int64_t top = NUM_UNKNOWN;
	struct addr master;

	vec_foreach(v, &t->sentinels)
		if (heard(t, v) && v->pair.epoch > top)
			top = v->pair.epoch;
	named = favourite(t, top, now);
	if (!num_known(top) || named == NULL)
		return;
	master = *named;
	if (!t->settled) {
		t->settled = true;
		if (top == t->epoch)
			t->master = master;
		return;
	}
	if (top < t->epoch) {
		begin_anew(t, top, &master, now);
		return;
	}
	t->fallen_rounds = 0;
	doubt(t, &master);
}
