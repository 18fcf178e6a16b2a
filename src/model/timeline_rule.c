/*
 * timeline_rule - when a pair of config epoch and address means a failover.
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
 *	all of them < E, three rounds	they lost their state: E begins anew
 *
 * epoch - E says nothing: aborted attempts and the failovers of other masters
 * burn epochs too.  What one pair jumps over is left to timeline_chain.
 */
#include <string.h>

#include "model/timeline_parts.h"

#define FALLEN_ROUNDS 3
#define DOUBT_ROUNDS  2
/* So long a silent sentinel may still come back with the higher epoch. */
#define SILENCE_MS 300000

/* Does the pair show that the known master is down?  A leader shows the new
 * epoch while it is still at it; its flags then speak of the old master. */
static bool
shows_down(const struct timeline *t, const struct timeline_pair *p)
{
	bool at_it = (p->flags & FLAG_FAILOVER_IN_PROGRESS) != 0;

	return (p->flags & (FLAG_S_DOWN | FLAG_O_DOWN)) != 0 &&
	       (p->epoch > t->epoch
		       ? at_it
		       : !at_it && addr_equal(&p->addr, &t->master));
}

/* How a failover came about whose leader was not heard. */
static enum failover_kind
evidence(const struct timeline *t)
{
	const unsigned forced = FLAG_FAILOVER_IN_PROGRESS | FLAG_FORCE_FAILOVER;
	const struct voice *v;
	bool down = known(t->down_ms) || t->down_round + 1 >= t->round;

	vec_foreach(v, &t->voices) {
		if (v->has_pair && v->pair_round + 1 >= t->round &&
		    (v->pair.flags & forced) == forced)
			return FAILOVER_FORCED;
		down = down || v->odown;
	}
	return down ? FAILOVER_AUTOMATIC : FAILOVER_UNKNOWN;
}

static void
count_hop(struct timeline *t, size_t i, struct now now)
{
	const struct chain *c = &t->chain;
	const struct chain_node *from = &c->node[i - 1], *to = &c->node[i];
	struct failover f = { .from = from->addr, .to = to->addr };
	struct attempt *a;

	if (to->shown)
		a = attempt_leading(t, to->epoch - 1, to->epoch, &to->addr);
	else
		a = attempt_leading(t, from->epoch, to[1].epoch - 1, &to->addr);
	f.epoch = to->shown ? to->epoch : a != NULL ? a->epoch : NUM_UNKNOWN;
	f.kind =
	    a != NULL && a->kind != FAILOVER_UNKNOWN ? a->kind : evidence(t);
	if (a != NULL && to->shown)
		a->epoch = to->epoch;
	record_failover(t, &f, a, now);
}

static bool
count_hops(struct timeline *t, struct now now)
{
	struct chain *c = &t->chain;
	bool counted = false;
	size_t i;

	for (i = 1; i < c->n; i++) {
		if (c->node[i].counted ||
		    addr_equal(&c->node[i - 1].addr, &c->node[i].addr))
			continue;
		c->node[i].counted = true;
		count_hop(t, i, now);
		counted = true;
	}
	return counted;
}

/* Another master, or the same in a new role: what was known of it is over. */
static void
move(struct timeline *t, int64_t epoch, const struct addr *master)
{
	struct voice *v;

	if (!addr_equal(&t->master, master))
		t->run_id[0] = t->run_id_before[0] = '\0';
	t->epoch = epoch;
	t->master = *master;
	t->fallen_rounds = t->doubt_rounds = 0;
	t->down_ms = NUM_UNKNOWN;
	t->down_round = 0;
	vec_foreach(v, &t->voices)
		v->sdown = false;
}

bool
rule_pair(struct timeline *t, const struct timeline_pair *p,
    bool first_of_voice, const struct event *e, struct now now)
{
	const struct chain_node from = { t->master, t->epoch, true, true };
	const struct chain_node to = { p->addr, p->epoch, true, false };
	const bool newer = p->epoch > t->epoch;
	bool counted;

	/* Before the first round is over, a sentinel's first pair may be news
	 * of long ago. */
	if (!known(t->epoch) || (newer && !t->settled && first_of_voice)) {
		move(t, p->epoch, &p->addr);
		return false;
	}
	if (shows_down(t, p))
		t->down_round = t->round;
	if (newer)
		chain_raise(&t->chain, &from, &to, now.mono_ms);
	else
		chain_pair(&t->chain, p, now.mono_ms);
	if (e != NULL && t->chain.n > 0 && p->epoch > t->chain.node[0].epoch)
		chain_switch(&t->chain, &e->master, &e->addr, now.mono_ms);
	counted = count_hops(t, now);
	if (newer && !counted)
		t->stats.epoch_moves++;
	if (newer)
		move(t, p->epoch, &p->addr);
	return counted;
}

static bool
heard(const struct timeline *t, const struct voice *v)
{
	return v->has_pair && v->pair_round == t->round;
}

/* The master that most sentinels heard in this round name with that epoch; the
 * known one if as many name it. */
static const struct addr *
favourite(const struct timeline *t, int64_t epoch)
{
	const struct voice *v, *w;
	const struct addr *best = NULL;
	size_t n, most = 0;

	vec_foreach(v, &t->voices) {
		if (!heard(t, v) || v->pair.epoch != epoch)
			continue;
		n = 0;
		vec_foreach(w, &t->voices)
			if (heard(t, w) && w->pair.epoch == epoch &&
			    addr_equal(&w->pair.addr, &v->pair.addr))
				n++;
		if (n > most ||
		    (n == most && addr_equal(&v->pair.addr, &t->master))) {
			most = n;
			best = &v->pair.addr;
		}
	}
	return best;
}

/* Is a sentinel that knew E merely silent for the moment? */
static bool
keeper_silent(const struct timeline *t, struct now now)
{
	const struct voice *v;

	vec_foreach(v, &t->voices)
		if (v->has_pair && !heard(t, v) && v->pair.epoch >= t->epoch &&
		    now.mono_ms - v->pair_ms < SILENCE_MS)
			return true;
	return false;
}

/* All that were heard show lower epochs: they lost their configuration, or only
 * one that lags behind can be reached. */
static void
begin_anew(struct timeline *t, int64_t epoch, const struct addr *master,
    struct now now)
{
	struct failover f = { .epoch = epoch,
		.kind = FAILOVER_UNKNOWN,
		.from = t->master,
		.to = *master };

	if (++t->fallen_rounds < FALLEN_ROUNDS)
		return;
	if (!addr_equal(master, &t->master)) {
		if (keeper_silent(t, now))
			return;
		record_failover(t, &f, NULL, now);
	}
	attempt_forget_closed(t);
	t->n_live = 0;
	t->chain.n = 0;
	move(t, epoch, master);
}

/* An address that changes without an epoch was changed by hand.  One sentinel
 * alone may have been told another master; that is a disagreement. */
static void
doubt(struct timeline *t, const struct addr *master)
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
rule_round(struct timeline *t, struct now now)
{
	const struct voice *v;
	int64_t top = NUM_UNKNOWN;
	struct addr master;

	vec_foreach(v, &t->voices)
		if (heard(t, v) && v->pair.epoch > top)
			top = v->pair.epoch;
	if (!known(top))
		return;
	master = *favourite(t, top);
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
