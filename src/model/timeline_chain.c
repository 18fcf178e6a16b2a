/*
 * timeline_chain - failovers that a pair jumped over.
 *
 * A pair shows where a sentinel stands when it is read, so two failovers that
 * are faster than the reading look like one, and A -> B -> A like none.  What
 * was jumped over may still be told: by the +switch-master messages in between
 * and by sentinels that lag behind.  The chain holds one master after another
 * with its epoch and takes such news in where an epoch is left for it, since
 * every failover has one of its own.
 *
 * Only for a minute: later, the epochs that aborted attempts left free would
 * make room for a phantom.
 */
#include "model/timeline_parts.h"

#define CHAIN_LIFE_MS 60000

static bool
insert(struct chain *c, size_t i, const struct chain_node *node)
{
	if (c->n == CHAIN_NODES)
		return false;
	memmove(&c->node[i + 1], &c->node[i], (c->n - i) * sizeof(*node));
	c->node[i] = *node;
	c->n++;
	return true;
}

void
chain_raise(struct chain *c, const struct chain_node *from,
    const struct chain_node *to, int64_t now_ms)
{
	if (c->n > 0 && now_ms - c->at_ms > CHAIN_LIFE_MS)
		c->n = 0;
	if (c->n == 0)
		c->node[c->n++] = *from;
	if (c->n == CHAIN_NODES) {
		memmove(&c->node[0], &c->node[1], (c->n - 1) * sizeof(*to));
		c->n--;
	}
	c->node[c->n++] = *to;
	c->at_ms = now_ms;
}

/* Does it hold this master as one that no pair has shown? */
static bool
guessed(const struct chain *c, const struct addr *a)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!c->node[i].shown && addr_equal(&c->node[i].addr, a))
			return true;
	return false;
}

/* A sentinel lags behind the highest epoch: does it show one that was missed? */
void
chain_pair(struct chain *c, const struct timeline_pair *p, int64_t now_ms)
{
	size_t i;

	if (now_ms - c->at_ms > CHAIN_LIFE_MS || guessed(c, &p->addr))
		return;
	for (i = 0; i + 1 < c->n; i++)
		if (c->node[i].epoch < p->epoch &&
		    p->epoch < c->node[i + 1].epoch &&
		    !addr_equal(&c->node[i].addr, &p->addr) &&
		    !addr_equal(&c->node[i + 1].addr, &p->addr)) {
			insert(c, i + 1,
			    &(struct chain_node){ .addr = p->addr,
				.epoch = p->epoch,
				.shown = true });
			return;
		}
}

/* Does the chain lead from one to the other, at once or by others?  A sentinel
 * that learns two failovers at once announces them as one. */
static bool
explains(const struct chain *c, const struct addr *from, const struct addr *to)
{
	size_t i, j;

	for (i = 0; i < c->n; i++)
		for (j = i + 1; j < c->n; j++)
			if (addr_equal(&c->node[i].addr, from) &&
			    addr_equal(&c->node[j].addr, to))
				return true;
	return false;
}

/* The last node was left and returned to: part its coming from its return. */
static bool
part_last(struct chain *c)
{
	struct chain_node *last = &c->node[c->n - 1], came = *last;

	if (c->n < 2 || last->epoch - last[-1].epoch < 3)
		return false;
	came.epoch = last[-1].epoch + 1;
	came.shown = false;
	last->counted = false;
	return insert(c, c->n - 1, &came);
}

/* A sentinel announced a switch that may have been jumped over. */
void
chain_switch(struct chain *c, const struct addr *from, const struct addr *to,
    int64_t now_ms)
{
	size_t i;

	if (c->n == 0 || now_ms - c->at_ms > CHAIN_LIFE_MS ||
	    c->n + 2 > CHAIN_NODES || addr_equal(from, to) ||
	    explains(c, from, to))
		return;
	for (i = 0; i < c->n; i++) {
		if (!addr_equal(&c->node[i].addr, from))
			continue;
		if (i + 1 == c->n
			? part_last(c)
			: c->node[i + 1].epoch - c->node[i].epoch >= 2) {
			insert(c, i + 1,
			    &(struct chain_node){
				.addr = *to, .epoch = c->node[i].epoch + 1 });
			return;
		}
	}
}
