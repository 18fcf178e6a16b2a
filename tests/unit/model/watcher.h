/*
 * watcher - what an exporter gets to see of a world: late, in part, from
 * several sentinels at once, and with gaps of its own.
 *
 * A stream keeps its order, and so do the answers of one sentinel; streams
 * break and are subscribed to again, the exporter stalls and is restarted.
 * After each gap it subscribes, looks, and only then hears what was published
 * meanwhile.
 */
#ifndef UNIT_MODEL_WATCHER_H
#define UNIT_MODEL_WATCHER_H

#include "unit/model/world.h"

#define ITEMS_MAX   16384
#define WINDOWS_MAX 16

enum window_kind {
	STALL,
	AWAY,
	CUT
}; /* the exporter, the exporter, a stream */

struct window {
	enum window_kind kind;
	int who;
	int64_t from, to;
};

enum item_kind { TELL, SHOW, SWITCHED, LOST, ROUND, RESTART };

/* Something that reaches the tracker at a time. */
struct item {
	int64_t at;
	int order, who;
	enum item_kind kind;
	const struct act *act, *pair;
};

struct run {
	uint64_t chance;
	struct world w;
	bool clean; /* nothing is lost */
	struct window windows[WINDOWS_MAX];
	int n_windows;
	struct item items[ITEMS_MAX];
	int n_items;
	int64_t told_at[SENTINELS], switched_at[SENTINELS];
	/* What could be known so far. */
	struct {
		bool shown, exact, hinted, closed;
		int64_t jumped_at; /* 0 = not yet */
	} seen[TRUE_MAX];
	bool ambiguous;
};

static inline const struct window *
in_window(const struct run *r, enum window_kind kind, int who, int64_t at)
{
	const struct window *w;

	for (w = r->windows; w < r->windows + r->n_windows; w++)
		if (w->kind == kind && (kind != CUT || w->who == who) &&
		    at >= w->from && at < w->to)
			return w;
	return NULL;
}

static inline void
add(struct run *r, int64_t at, enum item_kind kind, int who,
    const struct act *act, const struct act *pair)
{
	const struct window *stall = in_window(r, STALL, who, at);
	int64_t *last;

	if (stall != NULL)
		at = stall->to + below(&r->chance, 10);
	if (kind == TELL || kind == LOST || kind == SWITCHED) {
		last =
		    kind == SWITCHED ? &r->switched_at[who] : &r->told_at[who];
		at = *last = at > *last ? at : *last;
	}
	if (kind != RESTART && in_window(r, AWAY, who, at) != NULL)
		return;
	if (r->n_items == ITEMS_MAX)
		ck_abort_msg("too many items");
	r->items[r->n_items] =
	    (struct item){ at, r->n_items, who, kind, act, pair };
	r->n_items++;
}

/* What the sentinel shows then; NULL when it does not answer. */
static inline const struct act *
shown_at(const struct run *r, int who, int64_t at)
{
	const struct act *a, *last = NULL;

	for (a = r->w.acts; a < r->w.acts + r->w.n_acts && a->at <= at; a++)
		if (a->shows && a->who == who)
			last = a;
	return last != NULL && last->reachable ? last : NULL;
}

static inline int64_t
look(struct run *r, int who, int64_t at)
{
	const struct act *pair = shown_at(r, who, at);
	int64_t answered = at + range(&r->chance, 1, 30);

	if (pair != NULL && (r->clean || percent(&r->chance, 97)))
		add(r, answered, SHOW, who, NULL, pair);
	return answered;
}

static inline void
look_round(struct run *r, int64_t at)
{
	int i, who = below(&r->chance, SENTINELS);

	if (in_window(r, STALL, 0, at) != NULL)
		return;
	for (i = 0; i < SENTINELS; i++, who = (who + 1) % SENTINELS)
		look(r, who, at + below(&r->chance, 20));
	add(r, at + 60, ROUND, 0, NULL, NULL);
}

static inline void
hear(struct run *r, const struct act *a)
{
	int64_t at = a->at + range(&r->chance, 1, 15);
	const struct act *pair;

	if (in_window(r, CUT, a->who, a->at) != NULL ||
	    in_window(r, AWAY, a->who, a->at) != NULL)
		return;
	add(r, at, TELL, a->who, a, NULL);
	if (a->kind != EVENT_SWITCH_MASTER ||
	    (!r->clean && percent(&r->chance, 5)))
		return;
	at = r->told_at[a->who] + range(&r->chance, 1, 20);
	pair = shown_at(r, a->who, at);
	if (pair != NULL)
		add(r, at + range(&r->chance, 1, 20), SWITCHED, a->who, a,
		    pair);
}

/* Subscribed first, then a look, then what was published meanwhile. */
static inline void
resume(struct run *r, int who, int64_t at)
{
	int64_t answered = look(r, who, at);

	if (r->told_at[who] <= answered)
		r->told_at[who] = answered + 1;
}

static inline void
watch(struct run *r)
{
	const struct window *w;
	const struct act *a;
	int64_t at, interval = range(&r->chance, 1000, 10000);
	int who;

	for (at = 5; at < r->w.now; at += interval)
		look_round(r, at);
	for (at = r->w.now; at < r->w.now + 5 * interval; at += interval)
		look_round(r, at);
	w = r->windows;
	for (a = r->w.acts; a < r->w.acts + r->w.n_acts; a++) {
		for (; w < r->windows + r->n_windows && w->to <= a->at; w++) {
			if (w->kind == CUT)
				resume(r, w->who, w->to);
			for (who = 0; w->kind == AWAY && who < SENTINELS; who++)
				resume(r, who, w->to);
		}
		if (!a->shows)
			hear(r, a);
		else if (!a->reachable) /* it was stopped: silence */
			add(r, a->at + 2000, LOST, a->who, NULL, NULL);
	}
	for (w = r->windows; w < r->windows + r->n_windows; w++)
		if (w->kind == AWAY)
			add(r, w->to, RESTART, 0, NULL, NULL);
		else if (w->kind == CUT)
			add(r, w->from, LOST, w->who, NULL, NULL);
}

static inline int
by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order - y->order;
}

/* Answers come over one connection to each sentinel: a later one never shows
 * what was before an earlier one. */
static inline void
keep_order(struct run *r)
{
	const struct act *last[SENTINELS] = { NULL };
	struct item *it;

	qsort(r->items, (size_t)r->n_items, sizeof(r->items[0]), by_time);
	for (it = r->items; it < r->items + r->n_items; it++) {
		if (it->pair == NULL)
			continue;
		if (last[it->who] != NULL && it->pair < last[it->who])
			it->pair = last[it->who];
		last[it->who] = it->pair;
	}
}

#endif
