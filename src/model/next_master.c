#include "model/next_master.h"

#include <string.h>

#include "base/num.h"
#include "model/deployment.h"
#include "model/promotion_rule.h"

/* What the sentinels together say of one replica. */
struct opinion {
	int64_t counted; /* that told their replicas */
	int64_t listing, sdown, eligible;
	struct candidate candidate; /* as the youngest INFO shows it */
	int64_t read_ms; /* when that was read, monotonic; 0 = never */
	const struct view *last; /* that was asked */
};

struct opinions {
	VEC(struct opinion) of; /* by the index of the node */
};

/* One replica that could be promoted. */
struct runner {
	struct node *node;
	struct candidate candidate;
	int64_t asked_ms; /* since when it has had that offset at least */
	bool told; /* by itself, not by sentinels */
	bool behind; /* it lacks what the stream had by then */
};

struct race {
	VEC(struct runner) runners;
};

/* What all figures of one update are worked out from. */
struct frame {
	const struct deployment *d;
	struct master *m;
	int64_t now_ms, stale_after_ms;
};

static struct candidate
candidate_of(const struct replica_fields *r)
{
	return (struct candidate){
		.flags = r->flags,
		.last_ok_ping_ms = r->last_ok_ping_reply_ms,
		.info_refresh_ms = r->info_refresh_ms,
		.link_down_ms = r->link_down_ms,
		.priority = r->priority,
		.offset = r->repl_offset,
		.run_id = r->run_id,
	};
}

/* Does the node itself tell what the leader will read before it decides? */
static bool
tells(const struct frame *f, const struct node *n)
{
	return node_answers(n, f->now_ms, f->stale_after_ms) &&
	       n->server->info.role == ROLE_REPLICA;
}

static void
take_own_word(struct candidate *c, const struct node *n)
{
	const struct replication *r = &n->replication;

	if (n->server->info.priority != NUM_UNKNOWN)
		c->priority = n->server->info.priority;
	if (n->server->info.slave_repl_offset != NUM_UNKNOWN)
		c->offset = n->server->info.slave_repl_offset;
	if (r->link_down_ms != NUM_UNKNOWN)
		c->link_down_ms = r->link_down_ms;
}

/* Before a quorum agrees that the master is down, INFO comes every 10 s and
 * nothing is decided; after that it comes every second. */
static void
await_info(struct candidate *c, const struct view *v)
{
	if ((v->fields.flags & FLAG_O_DOWN) == 0 &&
	    c->info_refresh_ms > PROMOTION_INFO_MAX_DOWN_MS &&
	    c->info_refresh_ms <= PROMOTION_INFO_MAX_MS)
		c->info_refresh_ms = PROMOTION_INFO_MAX_DOWN_MS;
}

static void
take_opinion(const struct frame *f, const struct view *v,
    const struct replica_fields *r, const struct node *n, struct opinion *o)
{
	struct candidate c = candidate_of(r);
	int64_t read_ms;

	await_info(&c, v);
	if (tells(f, n))
		take_own_word(&c, n);
	o->last = v;
	o->listing++;
	o->sdown += (r->flags & FLAG_S_DOWN) != 0;
	o->eligible += promotion_rule_eligible(
	    &c, v->fields.down_after_ms, v->fields.s_down_ms);
	/* Never read: as if at the beginning of time. */
	read_ms = r->info_refresh_ms > 0 ? v->at_ms - r->info_refresh_ms : 0;
	if (o->listing == 1 || read_ms > o->read_ms) {
		o->read_ms = read_ms;
		o->candidate = c;
	}
}

static void
ask_view(const struct frame *f, const struct view *v, struct opinions *all)
{
	const struct replica_fields *r;
	const struct node *n;
	struct opinion *o;

	vec_foreach(o, &all->of)
		o->counted++;
	vec_foreach(r, &v->replicas) {
		n = master_node(f->m, &r->addr);
		if (n != NULL && all->of.v[n->index].last != v)
			take_opinion(f, v, r, n, &all->of.v[n->index]);
	}
}

static void
ask_sentinels(const struct frame *f, struct opinions *all)
{
	const struct sentinel *s;
	const struct view *v;
	struct node *n;

	vec_each(n, &f->m->nodes) {
		n->index = all->of.n;
		(void)vec_push(&all->of);
	}
	vec_each(s, &f->d->sentinels) {
		v = sentinel_counted_view(
		    s, f->m->name, f->now_ms, f->stale_after_ms);
		if (v != NULL && v->lists_known)
			ask_view(f, v, all);
	}
}

static void
enter(const struct frame *f, struct race *race, struct node *n,
    const struct opinion *o)
{
	struct runner *r = vec_push(&race->runners);

	r->node = n;
	r->candidate = o->candidate;
	r->told = tells(f, n);
	r->asked_ms = r->told ? n->server->asked_at.mono_ms : o->read_ms;
}

static void
judge(const struct frame *f, struct race *race, struct node *n,
    const struct opinion *o)
{
	struct replication *r = &n->replication;

	r->next_master = false;
	r->sdown = o->listing == 0 ? NUM_UNKNOWN : o->sdown * 2 > o->listing;
	r->priority = NUM_UNKNOWN;
	/* Until its first INFO a sentinel shows a default, which is no
	 * reading. */
	if (o->read_ms > 0)
		r->priority = o->candidate.priority;
	else if (tells(f, n))
		r->priority = n->server->info.priority;
	r->promotable_known = r->replica && o->counted > 0;
	r->promotable = r->promotable_known && o->eligible * 2 > o->counted;
	if (r->promotable)
		enter(f, race, n, o);
}

/*
 * Offsets that were read at different moments of a stream that flows compare
 * by chance: of two replicas that keep up, the one read later has more.  When
 * the master dies both get what it sent, and are level.  So one is taken to be
 * behind only when it lacks something that another node had before it was
 * asked, or when its link is down and it gets no more.
 */
static bool
had_more(const struct offset_reading *other, const struct runner *r)
{
	return other->at_ms > 0 && other->at_ms < r->asked_ms &&
	       other->offset > r->candidate.offset;
}

static bool
same_stream(const struct node *a, const struct node *b)
{
	return strcmp(a->server->info.replid, b->server->info.replid) == 0;
}

static bool
lacks_something(const struct frame *f, const struct runner *r)
{
	const struct node *n;

	vec_each(n, &f->m->nodes) {
		if (n == r->node || (r->told && !same_stream(n, r->node)))
			continue;
		if (had_more(&n->replication.last, r) ||
		    had_more(&n->replication.before, r))
			return true;
	}
	return false;
}

/* Sentinel compares offsets of different streams, too. */
static bool
is_outrun(const struct race *race, const struct runner *r)
{
	const struct runner *other;

	if (!r->told)
		return false;
	vec_foreach(other, &race->runners)
		if (other->candidate.offset > r->candidate.offset &&
		    (!r->node->replication.link_up ||
			(other->told && !same_stream(other->node, r->node))))
			return true;
	return false;
}

/* Make all that are not behind level, at the highest offset of any. */
static void
level(const struct frame *f, struct race *race)
{
	int64_t highest = INT64_MIN;
	struct runner *r;

	vec_foreach(r, &race->runners) {
		if (r->candidate.offset > highest)
			highest = r->candidate.offset;
		r->behind = lacks_something(f, r) || is_outrun(race, r);
	}
	vec_foreach(r, &race->runners)
		if (!r->behind)
			r->candidate.offset = highest;
}

static void
run(const struct frame *f, struct race *race)
{
	const struct runner *r, *best = NULL;

	level(f, race);
	vec_foreach(r, &race->runners)
		if (best == NULL ||
		    promotion_rule_before(&r->candidate, &best->candidate))
			best = r;
	if (best != NULL)
		best->node->replication.next_master = true;
}

void
next_master_update(const struct deployment *d, struct master *m, int64_t now_ms,
    int64_t stale_after_ms)
{
	const struct frame f = { d, m, now_ms, stale_after_ms };
	struct opinions all = { 0 };
	struct race race = { 0 };
	struct node *n;

	ask_sentinels(&f, &all);
	vec_each(n, &m->nodes)
		judge(&f, &race, n, &all.of.v[n->index]);
	run(&f, &race);
	vec_fini(&race.runners);
	vec_fini(&all.of);
}

const struct node *
next_master_forced(const struct master *m, const struct view *v)
{
	const struct replica_fields *r, *best = NULL;
	struct candidate c, leader = { 0 };

	vec_foreach(r, &v->replicas) {
		c = candidate_of(r);
		if (!promotion_rule_eligible(
			&c, v->fields.down_after_ms, v->fields.s_down_ms) ||
		    (best != NULL && !promotion_rule_before(&c, &leader)))
			continue;
		best = r;
		leader = c;
	}
	return best == NULL ? NULL : master_node(m, &best->addr);
}
