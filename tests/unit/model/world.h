/*
 * world - a small model of three sentinels and four nodes that fail over as
 * chance has it, and write down what each sentinel publishes and shows when.
 *
 * As in redis sentinel.c: an attempt takes a new epoch; the leader shows the
 * new pair from the promotion on and publishes at its end; the others learn by
 * hello, take the highest configuration they hear of and publish at once; a
 * stopped one learns when it wakes; one that is told REMOVE and MONITOR begins
 * at epoch 0 with the address it was told.
 */
#ifndef UNIT_MODEL_WORLD_H
#define UNIT_MODEL_WORLD_H

#include "unit/model/story.h"

#define SENTINELS 3
#define NODES	  4
#define TODO_MAX  128
#define ACTS_MAX  2048
#define TRUE_MAX  16

/* What a sentinel did: published an event, or showed something else from now
 * on.  failover: which one it speaks of; -1 = none. */
struct act {
	int64_t at;
	int who, failover;
	bool shows, reachable;
	int64_t epoch;
	int addr;
	unsigned flags;
	enum event_kind kind;
	int from, to;
};

struct world {
	uint64_t chance;
	int64_t now, epoch; /* highest of all sentinels' */
	int master;
	struct {
		int64_t epoch;
		int addr, failover;
		int named; /* until it publishes the switch */
		bool stopped, leads, told;
		unsigned flags;
	} s[SENTINELS];
	struct todo {
		int64_t at;
		int who, failover; /* failover -1: learn; else end it */
	} todo[TODO_MAX];
	size_t n_todo;
	struct act acts[ACTS_MAX];
	size_t n_acts;
	struct {
		int from, to, leader;
		bool forced;
		int64_t epoch;
	} truth[TRUE_MAX];
	int n_true;
	unsigned attempts, aborts;
};

static inline int
below(uint64_t *chance, int n)
{
	*chance ^= *chance >> 12;
	*chance ^= *chance << 25;
	*chance ^= *chance >> 27;
	return (
	    int)((*chance * UINT64_C(0x2545f4914f6cdd1d) >> 33) % (uint64_t)n);
}

static inline int
range(uint64_t *chance, int low, int high)
{
	return low + below(chance, high - low + 1);
}

static inline bool
percent(uint64_t *chance, int p)
{
	return below(chance, 100) < p;
}

static inline struct act *
world_act(struct world *w, int who)
{
	struct act *a = &w->acts[w->n_acts++];

	if (w->n_acts == ACTS_MAX)
		ck_abort_msg("too many acts");
	*a = (struct act){ .at = w->now, .who = who, .failover = -1 };
	return a;
}

static inline void
world_show(struct world *w, int who)
{
	struct act *a = world_act(w, who);

	a->shows = true;
	a->reachable = !w->s[who].stopped;
	a->epoch = w->s[who].epoch;
	a->addr = w->s[who].addr;
	a->flags = w->s[who].flags;
	a->failover = w->s[who].failover;
}

static inline struct act *
world_say(struct world *w, int who, enum event_kind kind, int node)
{
	struct act *a = world_act(w, who);

	a->kind = kind;
	a->from = a->to = node;
	a->epoch = w->epoch;
	return a;
}

static inline void
world_say_switch(struct world *w, int who)
{
	struct act *a;

	w->s[who].leads = false;
	w->s[who].flags = 0;
	world_show(w, who);
	if (w->s[who].named == w->s[who].addr)
		return;
	a = world_say(w, who, EVENT_SWITCH_MASTER, w->s[who].named);
	a->to = w->s[who].addr;
	a->failover = w->s[who].told ? -1 : w->s[who].failover;
	w->s[who].told = false;
	w->s[who].named = w->s[who].addr;
}

static inline void
world_later(struct world *w, int ms, int who, int failover)
{
	if (w->n_todo == TODO_MAX)
		ck_abort_msg("too much to do");
	w->todo[w->n_todo++] = (struct todo){ w->now + ms, who, failover };
}

static inline void
world_learn(struct world *w, int who)
{
	int i, best = who;

	for (i = 0; i < SENTINELS; i++)
		if (!w->s[i].stopped && w->s[i].epoch > w->s[best].epoch)
			best = i;
	if (best == who)
		return;
	w->s[who].epoch = w->s[best].epoch;
	w->s[who].addr = w->s[best].addr;
	w->s[who].failover = w->s[best].failover;
	world_say_switch(w, who);
}

static inline void
world_do(struct world *w, struct todo d)
{
	if (w->s[d.who].stopped) {
		world_later(w, 1000, d.who, d.failover);
	} else if (d.failover < 0) {
		world_learn(w, d.who);
	} else if (w->s[d.who].leads && w->s[d.who].failover == d.failover) {
		world_say(w, d.who, EVENT_FAILOVER_END, w->s[d.who].named);
		world_say_switch(w, d.who);
	}
}

static inline void
world_wait(struct world *w, int ms)
{
	int64_t until = w->now + ms;
	struct todo d;
	size_t i, next;

	for (;;) {
		for (i = next = 0; i < w->n_todo; i++)
			if (w->todo[i].at < w->todo[next].at)
				next = i;
		if (w->n_todo == 0 || w->todo[next].at > until)
			break;
		d = w->todo[next];
		w->todo[next] = w->todo[--w->n_todo];
		if (d.at > w->now)
			w->now = d.at;
		world_do(w, d);
	}
	w->now = until;
}

static inline void
world_everyone(struct world *w, enum event_kind kind, unsigned flag)
{
	int i;

	for (i = 0; i < SENTINELS; i++) {
		if (w->s[i].stopped || (w->s[i].leads && kind == EVENT_SDOWN))
			continue;
		w->s[i].flags |= flag;
		world_show(w, i);
		world_say(w, i, kind, w->s[i].addr);
		world_wait(w, below(&w->chance, 100));
	}
}

/* One that is awake, at leisure, and up to date; -1 = none. */
static inline int
world_candidate(struct world *w)
{
	int i, who = below(&w->chance, SENTINELS);

	for (i = 0; i < SENTINELS; i++, who = (who + 1) % SENTINELS)
		if (!w->s[who].stopped && !w->s[who].leads &&
		    w->s[who].failover == w->n_true - 1 &&
		    w->s[who].addr == w->master)
			return who;
	return -1;
}

static inline void
world_attempt(struct world *w, int who, bool forced)
{
	if (!forced) {
		world_everyone(w, EVENT_SDOWN, FLAG_S_DOWN);
		w->s[who].flags |= FLAG_S_DOWN | FLAG_O_DOWN;
		world_say(w, who, EVENT_ODOWN, w->master);
	}
	w->s[who].flags |=
	    FLAG_FAILOVER_IN_PROGRESS | (forced ? FLAG_FORCE_FAILOVER : 0u);
	world_show(w, who);
	w->epoch++;
	w->attempts++;
	world_say(w, who, EVENT_NEW_EPOCH, w->master);
	world_say(w, who, EVENT_TRY_FAILOVER, w->master);
	world_wait(w, below(&w->chance, 100));
	world_everyone(w, EVENT_NEW_EPOCH, 0);
}

/* A sentinel finds its master answering. */
static inline void
world_is_up(struct world *w, int who)
{
	if (w->s[who].leads || w->s[who].stopped)
		return;
	if ((w->s[who].flags & FLAG_O_DOWN) != 0)
		world_say(w, who, EVENT_ODOWN_CLEARED, w->s[who].addr);
	if ((w->s[who].flags & FLAG_S_DOWN) != 0)
		world_say(w, who, EVENT_SDOWN_CLEARED, w->s[who].addr);
	w->s[who].flags = 0;
	world_show(w, who);
}

/* Tried in vain: an epoch is burnt, the master comes back. */
static inline void
world_abort(struct world *w)
{
	static const enum event_kind why[] = { EVENT_ABORT_NOT_ELECTED,
		EVENT_ABORT_NO_GOOD_SLAVE, EVENT_ABORT_SLAVE_TIMEOUT };
	int i, who = world_candidate(w), k = below(&w->chance, 3);

	if (who < 0)
		return;
	world_attempt(w, who, percent(&w->chance, 30));
	if (k > 0)
		world_say(w, who, EVENT_ELECTED_LEADER, w->master);
	world_wait(w, range(&w->chance, 50, 10000));
	world_say(w, who, why[k], w->master);
	w->aborts++;
	for (i = 0; i < SENTINELS; i++)
		world_is_up(w, i);
	world_wait(w, 1000);
}

/* Not back to what a leader has not yet published that it left: it would go on
 * and publish what is true no more (redis 7.0), a tale of its own. */
static inline int
world_choose(struct world *w)
{
	int i, to = (w->master + range(&w->chance, 1, NODES - 1)) % NODES;

	for (i = 0; i < SENTINELS; i++)
		if (w->s[i].leads && w->s[i].named == to)
			return world_choose(w);
	return to;
}

static inline void
world_failover(struct world *w)
{
	int i, who = world_candidate(w), k = w->n_true;
	bool forced = percent(&w->chance, 50);

	if (who < 0 || k == TRUE_MAX)
		return;
	world_attempt(w, who, forced);
	world_say(w, who, EVENT_ELECTED_LEADER, w->master);
	world_wait(w, range(&w->chance, 200, 1500));
	w->truth[k].from = w->master;
	w->master = world_choose(w);
	w->truth[k].to = w->master;
	w->truth[k].forced = forced;
	w->truth[k].epoch = w->epoch;
	w->truth[k].leader = who;
	w->n_true++;
	w->s[who].epoch = w->epoch;
	w->s[who].addr = w->master;
	w->s[who].failover = k;
	w->s[who].leads = true;
	world_show(w, who);
	world_say(w, who, EVENT_PROMOTED_SLAVE, w->master);
	for (i = 0; i < SENTINELS; i++)
		if (i != who)
			world_later(w,
			    percent(&w->chance, 80)
				? range(&w->chance, 20, 200)
				: range(&w->chance, 200, 2500),
			    i, -1);
	world_later(w,
	    percent(&w->chance, 90) ? range(&w->chance, 600, 6000)
				    : range(&w->chance, 6000, 39000),
	    who, k);
}

/* A failover of another master of these sentinels. */
static inline void
world_other_master(struct world *w)
{
	w->epoch++;
	world_everyone(w, EVENT_NEW_EPOCH, 0);
}

/* Not the only one awake that knows of the last failover: if it is silent for
 * long, that failover is undone for all that can be known.  Nor a leader, whose
 * last word would come when nobody remembers what it is about. */
static inline void
world_stop(struct world *w, int who)
{
	int i;

	for (i = 0; i < SENTINELS; i++)
		if (i != who && !w->s[i].stopped &&
		    w->s[i].failover == w->n_true - 1)
			break;
	if (i == SENTINELS || w->s[who].leads)
		return;
	w->s[who].stopped = true;
	world_show(w, who);
}

static inline void
world_wake(struct world *w, int who)
{
	w->s[who].stopped = false;
	world_is_up(w, who);
	world_show(w, who);
	world_later(w, range(&w->chance, 10, 2000), who, -1);
}

/* SENTINEL REMOVE and MONITOR, while all others can teach it better. */
static inline void
world_monitor(struct world *w, int who, int node)
{
	int i;

	for (i = 0; i < SENTINELS; i++)
		if (w->s[i].stopped || w->s[i].epoch == 0 ||
		    w->s[i].failover != w->n_true - 1)
			return;
	world_say(w, who, EVENT_MONITOR_REMOVED, w->s[who].named);
	w->s[who].epoch = 0;
	w->s[who].addr = w->s[who].named = node;
	w->s[who].failover = -1;
	w->s[who].told = node != w->master;
	w->s[who].leads = false;
	w->s[who].flags = 0;
	world_show(w, who);
	world_later(w, range(&w->chance, 10, 2500), who, -1);
	/* Longer than the exporter ever stalls: what it jumps over and what one
	 * sentinel was told wrongly at the same time cannot be told apart. */
	world_wait(w, 30000);
}

/* All sentinels lose their configuration and are told the master anew. */
static inline void
world_forget(struct world *w)
{
	int i;

	for (i = 0; i < SENTINELS; i++) {
		w->s[i].epoch = 0;
		w->s[i].addr = w->s[i].named = w->master;
		w->s[i].failover = w->n_true - 1;
		w->s[i].leads = false;
		w->s[i].flags = 0;
		world_show(w, i);
	}
	w->epoch = 0;
	w->n_todo = 0;
}

static inline void
world_init(struct world *w, uint64_t seed)
{
	int i;

	memset(w, 0, sizeof(*w));
	w->chance = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	w->epoch = below(&w->chance, 4);
	for (i = 0; i < SENTINELS; i++) {
		w->s[i].epoch = w->epoch;
		w->s[i].failover = -1;
		world_show(w, i);
	}
}

#endif
