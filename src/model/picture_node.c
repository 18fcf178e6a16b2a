/* Data nodes, and the replicas among them, as they may be shown. */
#include "model/picture_node.h"

#include <stdlib.h>

#include "model/picture_parts.h"

void
picture_node_fini(struct picture_node *p)
{
	struct picture_attached *a;

	vec_foreach(a, &p->attached)
		labels_unref(a->labels);
	vec_fini(&p->attached);
	labels_unref(p->labels);
	labels_unref(p->replica.labels);
	picture_server_unref(p->server);
}

/* What of the stream the replica has not acknowledged to this node; it passes
 * on what it has applied itself. */
static int64_t
node_ack_lag(const struct node_info *info, const struct info_replica *r)
{
	int64_t has = info->role == ROLE_MASTER ? info->master_repl_offset
						: info->slave_repl_offset;

	if (!r->online || has == NUM_UNKNOWN || r->offset == NUM_UNKNOWN)
		return NUM_UNKNOWN;
	return has > r->offset ? has - r->offset : 0;
}

static int
node_attached_compare(const void *a, const void *b)
{
	const struct info_replica *x = a, *y = b;

	return addr_compare(&x->addr, &y->addr);
}

static void
node_put_attached(struct picture_node *p, const struct info_replica *r,
    struct picture_labels *labels)
{
	struct picture_attached *a = vec_push(&p->attached);
	char text[ADDR_TEXT_MAX];

	addr_format(&r->addr, text);
	a->labels =
	    picture_labels(labels, p->labels, "replica", text, strlen(text));
	a->online = r->online;
	a->ack_age_s = r->online ? r->lag_s : NUM_UNKNOWN;
	a->ack_lag_bytes = node_ack_lag(&p->server->info, r);
}

/* Its replicas by the names that the sentinels know them by, each once. */
static void
node_put_all_attached(struct picture_node *p, const struct picture_frame *f,
    const struct picture_node *before)
{
	VEC(struct info_replica) all = { 0 };
	struct picture_labels labels = { 0 };
	struct info_replica *r;

	if (before != NULL)
		labels = PICTURE_LABELS(&before->attached);
	vec_copy(&all, &p->server->info.replicas);
	vec_foreach(r, &all)
		r->addr = master_canonical(f->m, &r->addr);
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*r), node_attached_compare);
	vec_foreach(r, &all) {
		if (r == all.v || !addr_equal(&r[-1].addr, &r->addr))
			node_put_attached(p, r, &labels);
		else
			p->shared_address =
			    p->attached.v[p->attached.n - 1].labels;
	}
	vec_fini(&all);
}

static void
node_put_info(struct picture_node *p, const struct picture_frame *f,
    const struct node *n, const struct picture_node *before)
{
	p->server = picture_server_ref(n->server->picture);
	p->diverged_bytes = NUM_UNKNOWN;
	strlcpy(p->run_id, n->run_id, sizeof(p->run_id));
	if (p->server->info_until_ms == 0)
		return;
	p->diverged_bytes = n->replication.diverged_bytes;
	node_put_all_attached(p, f, before);
}

/* What the sentinels make of it, and what the replica says of itself. */
static void
node_put_replication(
    struct picture_replica *p, const struct replication *r, enum role role)
{
	p->ack_age_s = r->ack_age_s;
	p->priority = r->priority;
	p->sdown = r->sdown;
	p->promotable = p->next_master = p->ghost = NUM_UNKNOWN;
	if (r->promotable_known) {
		p->promotable = r->promotable;
		p->next_master = r->next_master;
	}
	if (r->ghost_known)
		p->ghost = r->ghost;
	p->link_up = r->link_known ? r->link_up : NUM_UNKNOWN;
	p->link_down_ms = r->link_down_ms;
	p->sync_in_progress = r->sync_in_progress;
	p->depth = r->depth;
	/* Whom it follows shows only while it says that it is a replica. */
	p->foreign_master =
	    role == ROLE_REPLICA ? r->foreign_master : NUM_UNKNOWN;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
node_put_replica(struct picture_master *m, struct picture_node *p,
    const struct picture_frame *f, const struct node *n,
    const struct picture_node *before)
{
	const struct replication *r = &n->replication;
	struct picture_replica *to = &p->replica;

	to->labels =
	    picture_labels_of(before == NULL ? NULL : before->replica.labels,
		m->labels, "replica", n->label);
	to->until_ms = m->until_ms;
	node_put_replication(to, r, p->server->info.role);
	to->lag_bytes = r->lag_bytes;
	to->missing_bytes = r->missing_bytes;
	to->lag_until_ms =
	    earlier(picture_until(f->t, r->lag_at_ms, &m->next_stale_ms),
		p->server->info_until_ms);
}

static void
node_init(struct picture_master *m, const struct picture_frame *f,
    const struct node *n)
{
	struct picture_node *p = vec_push(&m->nodes);
	const struct picture_node *before = NULL;

	if (f->before != NULL)
		before = picture_master_node(f->before, n->label);
	p->labels = picture_labels_of(before == NULL ? NULL : before->labels,
	    m->labels, "node", n->label);
	node_put_info(p, f, n, before);
	if (n->replication.replica)
		node_put_replica(m, p, f, n, before);
}

void
picture_nodes_init(struct picture_master *m, const struct picture_frame *f)
{
	const struct picture_node *p;
	const struct node *n;

	vec_each(n, &f->m->nodes)
		node_init(m, f, n);
	vec_foreach(p, &m->nodes)
		if (p->server->next_stale_ms < m->next_stale_ms)
			m->next_stale_ms = p->server->next_stale_ms;
}
