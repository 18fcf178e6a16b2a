/*
 * tracker_chain - failovers that a pair jumped over.
 *
 * A pair shows where a sentinel stands when it is read, so two failovers that
 * are faster than the reading look like one, and A -> B -> A like none.  What
 * was jumped over may still be told: by the +switch-master messages in between
 * and by sentinels that lag behind.  The chain holds one master after another
 * and takes such news in where an epoch is left, since every failover has one
 * of its own: between two masters whose epochs pairs have shown there is room
 * for as many guessed ones as there are epochs between.
 *
 * Only for a minute: later, the epochs that aborted attempts left free would
 * make room for a phantom.
 */
#include "model/failover_tracker_parts.h"

#define CHAIN_LIFE_MS 60000

static bool
stale(const struct chain *c, int64_t now_ms)
{
	return c->n == 0 || now_ms - c->at_ms > CHAIN_LIFE_MS;
}

/* The stretch from one shown master to the next that holds node i. */
struct stretch {
	size_t first, last;
};

static struct stretch
stretch_at(const struct chain *c, size_t i)
{
	struct stretch s = { i, i + 1 };

	while (s.first > 0 && !c->node[s.first].shown)
		s.first--;
	while (s.last + 1 < c->n && !c->node[s.last].shown)
		s.last++;
	return s;
}

/* Is an epoch left for n more? */
static bool
roomy(const struct chain *c, const struct stretch *s, int64_t n)
{
	int64_t guessed = (int64_t)(s->last - s->first) - 1;

	return c->node[s->last].epoch - c->node[s->first].epoch - 1 >=
	       guessed + n;
}

static void
insert(struct chain *c, size_t i, const struct chain_node *node)
{
	memmove(&c->node[i + 1], &c->node[i], (c->n - i) * sizeof(*node));
	c->node[i] = *node;
	c->n++;
}

void
chain_raise(struct chain *c, const struct chain_node *from,
    const struct chain_node *to, int64_t now_ms)
{
	if (stale(c, now_ms))
		c->n = 0;
	if (c->n == 0)
		c->node[c->n++] = *from;
	while (c->n == CHAIN_NODES || !c->node[0].shown) {
		memmove(&c->node[0], &c->node[1], (c->n - 1) * sizeof(*to));
		c->n--;
	}
	c->node[c->n++] = *to;
	c->at_ms = now_ms;
}

/* Is this master in it as one that no pair has shown? */
static bool
guessed(const struct chain *c, const struct addr *a)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!c->node[i].shown && addr_equal(&c->node[i].addr, a))
			return true;
	return false;
}

/* A sentinel lags behind the highest epoch: does it show one that was missed?
 * Those guessed before it take the epochs below its own. */
void
chain_pair(struct chain *c, const struct tracker_pair *p, int64_t now_ms)
{
	struct stretch s;
	int64_t below;
	size_t i;

	if (stale(c, now_ms) || c->n == CHAIN_NODES || guessed(c, &p->addr))
		return;
	for (i = 0; i + 1 < c->n; i = s.last) {
		s = stretch_at(c, i);
		below = p->epoch - c->node[s.first].epoch - 1;
		if (below < 0 || p->epoch >= c->node[s.last].epoch ||
		    !roomy(c, &s, 1))
			continue;
		i = s.first + 1;
		while (i < s.last && below-- > 0)
			i++;
		if (!addr_equal(&c->node[i - 1].addr, &p->addr) &&
		    !addr_equal(&c->node[i].addr, &p->addr))
			insert(c, i,
			    &(struct chain_node){ .addr = p->addr,
				.epoch = p->epoch,
				.shown = true });
		return;
	}
}

/* Does the chain lead from node i on from one to the other, at once or by
 * others?  A sentinel that learns two failovers at once announces them as
 * one. */
static bool
explains(const struct chain *c, size_t i, const struct addr *from,
    const struct addr *to)
{
	size_t j;

	for (; i < c->n; i++)
		for (j = i + 1; j < c->n; j++)
			if (addr_equal(&c->node[i].addr, from) &&
			    addr_equal(&c->node[j].addr, to))
				return true;
	return false;
}

/* May the last node have been left and returned to?  Then part its coming,
 * which was counted, from its return. */
static bool
part_last(struct chain *c)
{
	struct chain_node *last = &c->node[c->n - 1], came = *last;
	struct stretch s;

	if (c->n < 2)
		return false;
	s = stretch_at(c, c->n - 2);
	if (!roomy(c, &s, 2))
		return false;
	came.shown = false;
	last->entry = 0;
	insert(c, c->n - 1, &came);
	return true;
}

/* Room for another master some time after node i, up to epoch; 0 = none. */
static size_t
room_after(const struct chain *c, size_t i, int64_t epoch)
{
	struct stretch s;

	for (; i + 1 < c->n; i = s.last) {
		s = stretch_at(c, i);
		if (epoch < c->node[s.last].epoch)
			return 0;
		if (roomy(c, &s, 1))
			return i + 1;
	}
	return 0;
}

/* Where in the chain a sentinel stood that showed this epoch. */
static size_t
stood_at(const struct chain *c, int64_t epoch)
{
	size_t i;

	for (i = c->n - 1; i > 0; i--)
		if (c->node[i].shown && c->node[i].epoch <= epoch)
			break;
	return i;
}

/* One that was behind the whole chain announced a master; what it left may
 * bear a name that is in the chain too, but is older. */
static void
catch_up(struct chain *c, const struct chain_node *to, int64_t to_epoch)
{
	size_t i, place = room_after(c, 0, to_epoch);

	for (i = 0; i < c->n; i++)
		if (addr_equal(&c->node[i].addr, &to->addr))
			return;
	if (place != 0)
		insert(c, place, to);
}

/* A sentinel announced a switch on its way from one epoch to another.  If the
 * chain does not explain it, it was jumped over: the new master came some time
 * after the old one, or the last one was left and returned to. */
void
chain_switch(struct chain *c, const struct event *e, int64_t from_epoch,
    int64_t to_epoch, int64_t now_ms)
{
	const struct chain_node to = { .addr = e->addr };
	size_t i, stood, place;

	if (stale(c, now_ms) || c->n + 2 > CHAIN_NODES ||
	    addr_equal(&e->master, &e->addr))
		return;
	if (num_known(from_epoch) && from_epoch < c->node[0].epoch) {
		catch_up(c, &to, to_epoch);
		return;
	}
	stood = stood_at(c, from_epoch);
	/* If it led the failover to there, it names the one before. */
	i = stood > 0 ? stood - 1 : 0;
	if (explains(c, i, &e->master, &e->addr))
		return;
	for (; i < c->n; i++) {
		if (!addr_equal(&c->node[i].addr, &e->master))
			continue;
		place = room_after(c, i > stood ? i : stood, to_epoch);
		if (place == 0 && i + 1 == c->n &&
		    to_epoch >= c->node[i].epoch && part_last(c))
			place = i + 1;
		if (place != 0) {
			insert(c, place, &to);
			return;
		}
	}
}
