/* What each sentinel says of a master, as it may be shown. */
#include "model/picture_view.h"

#include <stdlib.h>

#include "model/next_master.h"
#include "model/picture_parts.h"
#include "model/quorum.h"

void
picture_view_fini(struct picture_view *p)
{
	struct picture_forced *f;

	vec_foreach(f, &p->forced)
		labels_unref(f->labels);
	vec_fini(&p->forced);
	labels_unref(p->labels);
	labels_unref(p->sentinel);
	free(p->address);
}

static int64_t
view_peers_down(const struct view *v)
{
	const struct peer_fields *p;
	int64_t n = 0;

	if (!v->lists_known)
		return NUM_UNKNOWN;
	vec_foreach(p, &v->peers)
		n += (p->flags & FLAG_S_DOWN) != 0;
	return n;
}

static void
view_put_fields(struct picture_view *p, const struct master_fields *f)
{
	p->flags = f->flags;
	p->config_epoch = f->config_epoch;
	p->quorum = f->quorum;
	p->known_sentinels = f->num_other_sentinels == NUM_UNKNOWN
				 ? NUM_UNKNOWN
				 : f->num_other_sentinels + 1;
	p->known_replicas = f->num_slaves;
	p->down_after_ms = f->down_after_ms;
	p->failover_timeout_ms = f->failover_timeout_ms;
	p->parallel_syncs = f->parallel_syncs;
	p->last_ok_ping_ms = f->last_ok_ping_reply_ms;
}

static void
view_put_ckquorum(struct picture_view *p, const struct ckquorum *c)
{
	p->usable = p->quorum_ok = p->majority_ok = NUM_UNKNOWN;
	if (!c->known)
		return;
	p->usable = c->usable;
	p->quorum_ok = c->quorum_ok;
	p->majority_ok = c->majority_ok;
}

static const struct picture_view *
view_before(const struct picture_frame *f, const char *sentinel)
{
	const struct picture_view *p;

	if (f->before != NULL)
		vec_foreach(p, &f->before->views)
			if (labels_named(
				p->sentinel, sentinel, strlen(sentinel)))
				return p;
	return NULL;
}

static void
view_put_labels(struct picture_view *p, const struct picture_frame *f,
    const struct picture_view *before, const struct sentinel *s)
{
	if (before != NULL) {
		p->sentinel = labels_ref(before->sentinel);
		p->labels = labels_ref(before->labels);
		return;
	}
	p->sentinel =
	    labels_new(f->group, "sentinel", s->label, strlen(s->label));
	p->labels = labels_new(
	    p->sentinel, "master_name", f->m->name, strlen(f->m->name));
}

/* Whom the sentinel would promote: 1 on at most one of those it lists. */
static void
view_put_forced(struct picture_view *p, const struct picture_frame *f,
    const struct picture_view *before, const struct view *v)
{
	const struct node *n, *next = next_master_forced(f->m, v);
	struct picture_labels labels = { 0 };
	const struct replica_fields *r;
	struct picture_forced *forced;

	if (before != NULL)
		labels = PICTURE_LABELS(&before->forced);
	vec_each(n, &f->m->nodes) {
		vec_foreach(r, &v->replicas)
			if (master_node(f->m, &r->addr) == n)
				break;
		if (r == NULL || r == v->replicas.v + v->replicas.n)
			continue;
		forced = vec_push(&p->forced);
		forced->labels = picture_labels(
		    &labels, p->labels, "replica", n->label, strlen(n->label));
		forced->next = n == next;
	}
}

static void
view_init(struct picture_master *m, const struct picture_frame *f,
    const struct sentinel *s, const struct view *v)
{
	const struct picture_view *before = view_before(f, s->label);
	struct picture_view *p = vec_push(&m->views);
	char text[ADDR_TEXT_MAX];

	p->until_ms = picture_until(f->t, v->at_ms, &m->next_stale_ms);
	view_put_labels(p, f, before, s);
	if (addr_known(&v->addr)) {
		addr_format(&v->addr, text);
		p->address = xstrdup(text);
	}
	view_put_fields(p, &v->fields);
	view_put_ckquorum(p, &v->ckquorum);
	p->peers_unknown = quorum_unknown_peers(
	    f->d, s, v, f->t->now.mono_ms, f->t->stale_after_ms);
	p->peers_down = view_peers_down(v);
	p->counts = sentinel_counted_view(s, f->m->name, f->t->now.mono_ms,
			f->t->stale_after_ms) != NULL;
	if (v->lists_known)
		view_put_forced(p, f, before, v);
}

void
picture_views_init(struct picture_master *m, const struct picture_frame *f)
{
	const struct sentinel *s;
	const struct view *v;

	vec_each(s, &f->d->sentinels) {
		v = sentinel_view(s, f->m->name);
		if (v != NULL &&
		    fresh(v->at_ms, f->t->now.mono_ms, f->t->stale_after_ms))
			view_init(m, f, s, v);
	}
}
