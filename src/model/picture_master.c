/* One master, as it may be shown. */
#include "model/picture_master.h"

#include <stdlib.h>

#include "model/picture_parts.h"

static struct picture_master *
master_writable(const struct picture_master *m)
{
	union {
		const struct picture_master *c;
		struct picture_master *m;
	} u = { .c = m };

	return u.m;
}

static void
master_put_agreement(struct picture_master *p, const struct agreement *a,
    const struct write_acceptance *w)
{
	char text[ADDR_TEXT_MAX];
	enum agreement_setting i;

	p->known = a->known;
	p->reporting_nodes = a->reporting_nodes;
	p->unannounced = a->unannounced;
	p->counted = a->counted;
	p->headroom = a->headroom_known ? a->headroom : NUM_UNKNOWN;
	p->split_since_wall_ms =
	    a->split_since.mono_ms > 0 ? a->split_since.wall_ms : NUM_UNKNOWN;
	/* What makes sense only when some sentinel counts. */
	p->up = p->epoch = p->agreeing = p->distinct = NUM_UNKNOWN;
	for (i = 0; i < AGREEMENT_SETTING_COUNT; i++)
		p->drift[i] = a->known ? a->drift[i] : NUM_UNKNOWN;
	p->accepts_writes = NUM_UNKNOWN;
	p->refusal = REFUSAL_NONE;
	if (!a->known)
		return;
	p->accepts_writes = w->accepts;
	p->refusal = w->refusal;
	addr_format(&a->master, text);
	p->address = xstrdup(text);
	p->up = a->up_known ? a->up : NUM_UNKNOWN;
	p->epoch = a->epoch;
	p->agreeing = a->agreeing;
	p->distinct = a->distinct;
}

/* How many of the replicas are so; unknown when there are some and of none is
 * it known. */
static void
master_count_replicas(struct picture_master *p)
{
	int64_t replicas = 0, judged = 0, promotable = 0, watched = 0,
		ghosts = 0;
	const struct picture_node *n;

	p->promotable = p->ghosts = NUM_UNKNOWN;
	vec_foreach(n, &p->nodes) {
		if (n->replica.labels == NULL)
			continue;
		replicas++;
		judged += n->replica.promotable != NUM_UNKNOWN;
		promotable += n->replica.promotable == 1;
		watched += n->replica.ghost != NUM_UNKNOWN;
		ghosts += n->replica.ghost == 1;
	}
	if (!p->known)
		return;
	if (replicas == 0 || judged > 0)
		p->promotable = promotable;
	if (replicas == 0 || watched > 0)
		p->ghosts = ghosts;
}

/* What its promotion would lose: also of a replica whose link is down, unlike
 * its lag, for it can be promoted all the same. */
static void
master_find_next(struct picture_master *p)
{
	const struct picture_node *n;

	p->loss_bytes = NUM_UNKNOWN;
	vec_foreach(n, &p->nodes) {
		if (n->replica.labels == NULL || n->replica.next_master != 1)
			continue;
		p->next = n;
		p->loss_until_ms = n->replica.lag_until_ms;
		p->loss_bytes = n->replica.missing_bytes;
		return;
	}
}

/* How much the agreed master writes: between its last two readings. */
static void
master_put_write_rate(struct picture_master *p, const struct master *m)
{
	const struct offset_reading *last, *before;
	const struct node *n =
	    p->known ? master_node(m, &m->agreement.master) : NULL;

	p->write_rate = NUM_UNKNOWN;
	if (n == NULL)
		return;
	last = &n->replication.last;
	before = &n->replication.before;
	if (before->at_ms > 0 && last->at_ms > before->at_ms &&
	    last->offset >= before->offset)
		p->write_rate = (last->offset - before->offset) * 1000 /
				(last->at_ms - before->at_ms);
}

static void
master_put_failovers(struct picture_master *p, const struct master *m)
{
	struct failover_stats *f = &p->failovers;
	int64_t now_ms = p->made_at.mono_ms;

	*f = m->failovers;
	if (f->outage_since_mono_ms != NUM_UNKNOWN &&
	    now_ms > f->outage_since_mono_ms)
		f->outage_ms += now_ms - f->outage_since_mono_ms;
	p->failover_list = failover_list_ref(m->failover_list);
}

const struct picture_master *
picture_master_new(const struct deployment *d, const struct master *m,
    const struct labels *group, const struct picture_master *before,
    const struct picture_time *t)
{
	const struct picture_frame f = { d, m, group, before, t };
	struct picture_master *p = xcalloc(1, sizeof(*p));

	p->refs = 1;
	p->made_at = t->now;
	p->next_stale_ms = PICTURE_NEVER;
	p->labels = before != NULL ? labels_ref(before->labels)
				   : labels_new(group, "master_name", m->name,
					 strlen(m->name));
	p->until_ms = picture_until(t, m->agreement.at_ms, &p->next_stale_ms);
	master_put_agreement(p, &m->agreement, &m->acceptance);
	picture_views_init(p, &f);
	picture_nodes_init(p, &f);
	if (p->known)
		p->agreed = picture_master_node(p, p->address);
	master_count_replicas(p);
	master_find_next(p);
	master_put_failovers(p, m);
	master_put_write_rate(p, m);
	p->expected_failover_ms = picture_forecast_ms(p);
	picture_celery_init(p, &f);
	return p;
}

const struct picture_master *
picture_master_ref(const struct picture_master *p)
{
	__atomic_add_fetch(&master_writable(p)->refs, 1, __ATOMIC_RELAXED);
	return p;
}

static void
master_free(struct picture_master *p)
{
	struct picture_view *v;
	struct picture_node *n;

	vec_foreach(v, &p->views)
		picture_view_fini(v);
	vec_fini(&p->views);
	vec_foreach(n, &p->nodes)
		picture_node_fini(n);
	vec_fini(&p->nodes);
	picture_celery_fini(&p->celery);
	failover_list_unref(p->failover_list);
	labels_unref(p->labels);
	free(p->address);
	free(p);
}

void
picture_master_unref(const struct picture_master *p)
{
	if (p != NULL && __atomic_sub_fetch(&master_writable(p)->refs, 1,
			     __ATOMIC_ACQ_REL) == 0)
		master_free(master_writable(p));
}

const struct picture_node *
picture_master_node(const struct picture_master *p, const char *name)
{
	const struct picture_node *n;

	vec_foreach(n, &p->nodes)
		if (strcmp(n->labels->name, name) == 0)
			return n;
	return NULL;
}

const struct node_info *
picture_master_info(const struct picture_master *p, int64_t now_ms)
{
	if (!picture_good(p->until_ms, now_ms) || p->agreed == NULL ||
	    p->up != 1 ||
	    !picture_good(p->agreed->server->info_until_ms, now_ms) ||
	    p->agreed->server->info.role != ROLE_MASTER)
		return NULL;
	return &p->agreed->server->info;
}
