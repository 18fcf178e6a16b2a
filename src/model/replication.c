#include "model/replication.h"

#include <string.h>

#include "base/num.h"
#include "model/deploy.h"
#include "model/promotion.h"

/* What all figures of one update are worked out from. */
struct frame {
	const struct deploy *d;
	struct master *m;
	const struct node *agreed; /* NULL = no agreed master, or unknown */
	int64_t now_ms, stale_after_ms;
};

/* What the sentinels together say of one replica. */
struct opinion {
	int64_t voices, sdown, eligible, priority;
	struct candidate candidate; /* of the last voice */
};

static bool
node_fresh(const struct frame *f, const struct node *n)
{
	return n->source.up &&
	       fresh(n->info_at.mono_ms, f->now_ms, f->stale_after_ms);
}

static const struct replica_fields *
view_replica(const struct view *v, const struct node *n)
{
	const struct replica_fields *r;
	const struct addr *a;

	vec_foreach(r, &v->replicas)
		vec_foreach(a, &n->aliases)
			if (addr_equal(a, &r->addr))
				return r;
	return NULL;
}

static struct candidate
candidate_of(
    const struct frame *f, const struct node *n, const struct replica_fields *r)
{
	struct candidate c = {
		.flags = r->flags,
		.last_ok_ping_ms = r->last_ok_ping_reply_ms,
		.info_refresh_ms = r->info_refresh_ms,
		.link_down_ms = r->link_down_ms,
		.priority = r->priority,
		.offset = r->repl_offset,
		.run_id = r->run_id,
	};

	/* Sentinel's copy of the offset is up to 10 s old; once the master is
	 * down it reads INFO every second, so the node's own is nearer to what
	 * it will decide by. */
	if (node_fresh(f, n) && n->info.role == ROLE_REPLICA)
		c.offset = n->info.slave_repl_offset;
	return c;
}

static void
ask_view(const struct frame *f, const struct view *v, const struct node *n,
    struct opinion *o)
{
	const struct replica_fields *r = view_replica(v, n);

	if (r == NULL)
		return;
	o->voices++;
	o->sdown += (r->flags & FLAG_S_DOWN) != 0;
	o->priority = r->priority;
	o->candidate = candidate_of(f, n, r);
	o->eligible += promotion_eligible(
	    &o->candidate, v->fields.down_after_ms, v->fields.s_down_ms);
}

static struct opinion
ask_sentinels(const struct frame *f, const struct node *n)
{
	struct opinion o = { .priority = NUM_UNKNOWN };
	const struct sentinel *s;
	const struct view *v;

	vec_foreach(s, &f->d->sentinels) {
		v = sentinel_view(s, f->m->name);
		if (v != NULL && s->info.tilt != 1 &&
		    fresh(v->at_ms, f->now_ms, f->stale_after_ms))
			ask_view(f, v, n, &o);
	}
	return o;
}

/* The line that a node's INFO has for this replica, or NULL. */
static const struct info_replica *
attached_line(const struct node *to, const struct node *n)
{
	const struct info_replica *line;
	const struct addr *a;

	vec_foreach(line, &to->info.replicas)
		vec_foreach(a, &n->aliases)
			if (addr_equal(a, &line->addr))
				return line;
	return NULL;
}

static bool
attached_to_someone(const struct frame *f, const struct node *n)
{
	const struct node *to;

	vec_foreach(to, &f->m->nodes)
		if (node_fresh(f, to) && attached_line(to, n) != NULL)
			return true;
	return false;
}

/* Both offsets count the same stream, and the replica's was read first: the
 * difference is then an upper bound, never a guess below zero. */
static void
measure_lag(const struct frame *f, const struct node *n, struct replication *r)
{
	const struct node *master = f->agreed;
	bool comparable;

	comparable = master != NULL && node_fresh(f, master) &&
		     master->info.role == ROLE_MASTER && r->link_known &&
		     r->link_up && master->info.replid[0] != '\0' &&
		     strcmp(master->info.replid, n->info.replid) == 0 &&
		     master->info.master_repl_offset != NUM_UNKNOWN &&
		     n->info.slave_repl_offset != NUM_UNKNOWN;
	if (!comparable) {
		r->lag_bytes = NUM_UNKNOWN;
	} else if (n->info_at.mono_ms <= master->asked_at.mono_ms) {
		r->lag_bytes =
		    master->info.master_repl_offset - n->info.slave_repl_offset;
		if (r->lag_bytes < 0)
			r->lag_bytes = 0;
		r->lag_at_ms = master->info_at.mono_ms;
	} else if (!fresh(r->lag_at_ms, f->now_ms, f->stale_after_ms)) {
		r->lag_bytes = NUM_UNKNOWN;
	}
}

static void
read_own_info(
    const struct frame *f, const struct node *n, struct replication *r)
{
	const struct info_replica *line;

	r->ack_age_s = r->link_down_ms = r->sync_in_progress = NUM_UNKNOWN;
	r->link_known = node_fresh(f, n) && n->info.role == ROLE_REPLICA &&
			n->info.link_up != NUM_UNKNOWN;
	r->link_up = r->link_known && n->info.link_up == 1;
	if (r->link_known) {
		r->sync_in_progress = n->info.sync_in_progress;
		if (r->link_up)
			r->link_down_ms = 0;
		else if (n->info.link_down_since_s != NUM_UNKNOWN)
			r->link_down_ms = n->info.link_down_since_s * 1000;
	}
	if (f->agreed != NULL && node_fresh(f, f->agreed)) {
		line = attached_line(f->agreed, n);
		if (line != NULL && line->online)
			r->ack_age_s = line->lag_s;
	}
	measure_lag(f, n, r);
}

/* Follows someone from whom no chain leads to the agreed master. */
static bool
follows_foreigner(const struct frame *f, const struct node *n)
{
	const struct node *at = n;
	size_t hops;

	if (f->agreed == NULL || !node_fresh(f, n) ||
	    n->info.role != ROLE_REPLICA)
		return false;
	for (hops = 0; hops <= f->m->nodes.n; hops++) {
		if (at == f->agreed)
			return false;
		if (at->info.role != ROLE_REPLICA ||
		    !addr_known(&at->info.master))
			return true;
		at = master_node(f->m, &at->info.master);
		if (at == NULL)
			return true;
	}
	return true;
}

static void
judge(const struct frame *f, struct node *n, struct opinion *o)
{
	struct replication *r = &n->replication;

	*o = ask_sentinels(f, n);
	r->replica =
	    f->agreed != NULL ? n != f->agreed : n->info.role == ROLE_REPLICA;
	read_own_info(f, n, r);
	r->priority = node_fresh(f, n) && n->info.priority != NUM_UNKNOWN
			  ? n->info.priority
			  : o->priority;
	r->sdown = o->voices == 0 ? NUM_UNKNOWN : o->sdown * 2 > o->voices;
	r->promotable_known = r->replica && o->voices > 0;
	r->promotable = r->promotable_known && o->eligible * 2 > o->voices;
	r->next_master = false;
	r->ghost = r->replica && o->voices > 0 && !n->source.up &&
		   n->source.tried && !attached_to_someone(f, n);
	r->foreign_master = r->replica && follows_foreigner(f, n);
}

void
replication_update(const struct deploy *d, struct master *m, int64_t now_ms,
    int64_t stale_after_ms)
{
	struct frame f = { d, m, NULL, now_ms, stale_after_ms };
	struct candidate best = { 0 };
	struct node *n, *next = NULL;
	struct opinion o;

	if (m->agreement.known)
		f.agreed = master_node(m, &m->agreement.master);
	vec_foreach(n, &m->nodes) {
		judge(&f, n, &o);
		if (!n->replication.promotable ||
		    (next != NULL && !promotion_before(&o.candidate, &best)))
			continue;
		next = n;
		best = o.candidate;
	}
	if (next != NULL)
		next->replication.next_master = true;
}
