#include "model/replication.h"

#include <string.h>

#include "base/num.h"
#include "model/deployment.h"
#include "model/next_master.h"

/* What all figures of one update are worked out from. */
struct frame {
	struct master *m;
	const struct node *agreed; /* NULL = no agreed master, or unknown */
	int64_t now_ms, stale_after_ms;
};

static bool
answers(const struct frame *f, const struct node *n)
{
	return node_answers(n, f->now_ms, f->stale_after_ms);
}

/* The agreed master as long as it answers as one, or NULL. */
static const struct node *
master_that_answers(const struct frame *f)
{
	if (f->agreed == NULL || !answers(f, f->agreed) ||
	    f->agreed->server->info.role != ROLE_MASTER)
		return NULL;
	return f->agreed;
}

static void
attach_lines(const struct frame *f, const struct node *to)
{
	const struct info_replica *line;
	struct node *n;

	if (!answers(f, to))
		return;
	vec_foreach(line, &to->server->info.replicas) {
		n = master_node(f->m, &line->addr);
		if (n != NULL && n->line == NULL)
			n->line = line;
	}
}

/* The line of whichever node has one; the agreed master's goes first, as a
 * replica that changed over is for a while in the lines of both. */
static void
find_lines(const struct frame *f)
{
	struct node *n;

	vec_each(n, &f->m->nodes)
		n->line = NULL;
	if (f->agreed != NULL)
		attach_lines(f, f->agreed);
	vec_each(n, &f->m->nodes)
		attach_lines(f, n);
}

/* Do both offsets count one stream? */
static bool
same_stream(const char *replid, const struct node *n)
{
	return replid[0] != '\0' && strcmp(replid, n->server->info.replid) == 0;
}

static void
note_reading(const struct frame *f, const struct node *n, struct replication *r)
{
	const int64_t offset = n->server->info.role == ROLE_REPLICA
				   ? n->server->info.slave_repl_offset
				   : n->server->info.master_repl_offset;

	if (!answers(f, n) || offset == NUM_UNKNOWN ||
	    n->server->info_at.mono_ms == r->last.at_ms)
		return;
	r->before = r->last;
	r->last = (struct offset_reading){ offset, n->server->info_at.mono_ms };
}

/* The replica's offset was read first: the difference is then an upper bound,
 * never a guess below zero. */
static void
measure_missing(
    const struct frame *f, const struct node *n, struct replication *r)
{
	const struct node *master = master_that_answers(f);

	if (master == NULL || !answers(f, n) ||
	    n->server->info.role != ROLE_REPLICA ||
	    !same_stream(master->server->info.replid, n) ||
	    master->server->info.master_repl_offset == NUM_UNKNOWN ||
	    n->server->info.slave_repl_offset == NUM_UNKNOWN) {
		r->missing_bytes = NUM_UNKNOWN;
	} else if (n->server->info_at.mono_ms <=
		   master->server->asked_at.mono_ms) {
		r->missing_bytes = master->server->info.master_repl_offset -
				   n->server->info.slave_repl_offset;
		if (r->missing_bytes < 0)
			r->missing_bytes = 0;
		r->lag_at_ms = master->server->info_at.mono_ms;
	} else if (!fresh(r->lag_at_ms, f->now_ms, f->stale_after_ms)) {
		r->missing_bytes = NUM_UNKNOWN;
	}
}

static void
read_link(const struct frame *f, const struct node *n, struct replication *r)
{
	r->link_down_ms = r->sync_in_progress = NUM_UNKNOWN;
	r->link_known = answers(f, n) && n->server->info.role == ROLE_REPLICA &&
			n->server->info.link_up != NUM_UNKNOWN;
	r->link_up = r->link_known && n->server->info.link_up == 1;
	if (!r->link_known)
		return;
	r->sync_in_progress = n->server->info.sync_in_progress;
	if (r->link_up)
		r->link_down_ms = 0;
	else if (n->server->info.link_down_since_s != NUM_UNKNOWN)
		r->link_down_ms = n->server->info.link_down_since_s * 1000;
}

/*
 * Whom it follows.
 */

/* How many links lead from n to the agreed master; 0 = none do. */
static int64_t
chain_length(const struct frame *f, const struct node *n)
{
	int64_t hops;

	for (hops = 0; hops <= (int64_t)f->m->nodes.n; hops++) {
		if (n == f->agreed)
			return hops;
		if (n->server->info.role != ROLE_REPLICA ||
		    !addr_known(&n->server->info.master))
			return 0;
		n = master_node(f->m, &n->server->info.master);
		if (n == NULL)
			return 0;
	}
	return 0;
}

static void
trace_master(const struct frame *f, const struct node *n, struct replication *r)
{
	int64_t hops;

	r->depth = NUM_UNKNOWN;
	r->foreign_master = false;
	if (f->agreed == NULL || n == f->agreed || !answers(f, n) ||
	    n->server->info.role != ROLE_REPLICA)
		return;
	hops = chain_length(f, n);
	if (hops > 0)
		r->depth = hops;
	/* It may call its master by an address that no sentinel announces: the
	 * stream that it gets tells more than the name. */
	else if (!r->link_up || !same_stream(f->agreed->server->info.replid, n))
		r->foreign_master = true;
}

/* What a second master has written since its stream and the agreed master's
 * went apart: lost as soon as it is made a replica. */
static void
measure_divergence(
    const struct frame *f, const struct node *n, struct replication *r)
{
	const struct node *master = master_that_answers(f);

	r->diverged_bytes = NUM_UNKNOWN;
	if (master == NULL || n == master || !answers(f, n) ||
	    n->server->info.role != ROLE_MASTER ||
	    !same_stream(master->server->info.replid2, n) ||
	    master->server->info.second_repl_offset == NUM_UNKNOWN ||
	    n->server->info.master_repl_offset == NUM_UNKNOWN)
		return;
	r->diverged_bytes = n->server->info.master_repl_offset -
			    (master->server->info.second_repl_offset - 1);
	if (r->diverged_bytes < 0)
		r->diverged_bytes = 0;
}

static void
judge(const struct frame *f, struct node *n)
{
	struct replication *r = &n->replication;
	const struct info_replica *line = n->line;

	r->replica = f->agreed != NULL ? n != f->agreed
				       : n->server->info.role == ROLE_REPLICA;
	read_link(f, n, r);
	note_reading(f, n, r);
	measure_missing(f, n, r);
	r->lag_bytes = r->link_up ? r->missing_bytes : NUM_UNKNOWN;
	r->ack_age_s = line != NULL && line->online ? line->lag_s : NUM_UNKNOWN;
	trace_master(f, n, r);
	measure_divergence(f, n, r);
	/* Who is attached shows only while the master tells. */
	r->ghost_known = r->replica && n->server->source.tried &&
			 master_that_answers(f) != NULL;
	r->ghost = r->ghost_known && !n->server->source.up && line == NULL;
}

void
replication_update(const struct deployment *d, struct master *m, int64_t now_ms,
    int64_t stale_after_ms)
{
	struct frame f = { m, NULL, now_ms, stale_after_ms };
	struct node *n;

	if (m->agreement.known)
		f.agreed = master_node(m, &m->agreement.master);
	find_lines(&f);
	vec_each(n, &m->nodes)
		judge(&f, n);
	next_master_update(d, m, now_ms, stale_after_ms);
}
