#include "metrics/subject.h"

#include <stdio.h>
#include <string.h>

#include "metrics/family.h"
#include "model/deployment.h"
#include "model/snapshot.h"

bool
subject_fresh(const struct subject *s, int64_t at_ms)
{
	return fresh(at_ms, s->x->now.mono_ms, s->x->snapshot->stale_after_ms);
}

static bool
always(const struct subject *s)
{
	(void)s;
	return true;
}

static bool
was_tried(const struct subject *s)
{
	return s->source->tried;
}

static bool
sentinel_fresh(const struct subject *s)
{
	return subject_fresh(s, s->sentinel->info_at.mono_ms);
}

static bool
view_fresh(const struct subject *s)
{
	return subject_fresh(s, s->view->at_ms);
}

static bool
agreement_fresh(const struct subject *s)
{
	return subject_fresh(s, s->master->agreement.at_ms);
}

static bool
node_fresh(const struct subject *s)
{
	return subject_fresh(s, s->node->server->info_at.mono_ms);
}

static bool
replica_fresh(const struct subject *s)
{
	return s->node->replication.replica && agreement_fresh(s);
}

/* Figures of a node that is no longer the agreed master, or does not answer as
 * one, are no figures of the queues. */
static bool
db_holds(const struct subject *s)
{
	const struct master *m = s->master;
	struct addr from = master_canonical(m, &m->celery.node),
		    agreed = master_canonical(m, &m->agreement.master);

	return agreement_fresh(s) && m->agreement.known && m->agreement.up &&
	       addr_equal(&from, &agreed) && subject_fresh(s, s->db->at_ms);
}

/* How deep in the deployment the subjects of a scope lie. */
enum level {
	LEVEL_EXPORTER,
	LEVEL_SOURCE,
	LEVEL_SENTINEL,
	LEVEL_VIEW,
	LEVEL_MASTER,
	LEVEL_NODE,
	LEVEL_DB,
	LEVEL_QUEUE_NAME,
	LEVEL_QUEUE,
};

static const struct scope_rule {
	enum level level;
	bool (*shown)(const struct subject *);
	const char *labels[SUBJECT_LABELS_MAX + 1];
} rules[SCOPE_COUNT] = {
	[SCOPE_EXPORTER] = { LEVEL_EXPORTER, always, { NULL } },
	[SCOPE_SOURCE] = { LEVEL_SOURCE, was_tried, { "source" } },
	[SCOPE_SENTINEL] = { LEVEL_SENTINEL, was_tried, { "sentinel" } },
	[SCOPE_SENTINEL_INFO] = { LEVEL_SENTINEL, sentinel_fresh,
	    { "sentinel" } },
	[SCOPE_VIEW] = { LEVEL_VIEW, view_fresh,
	    { "sentinel", "master_name" } },
	[SCOPE_MASTER] = { LEVEL_MASTER, always, { "master_name" } },
	[SCOPE_AGREEMENT] = { LEVEL_MASTER, agreement_fresh,
	    { "master_name" } },
	[SCOPE_NODE] = { LEVEL_NODE, was_tried, { "master_name", "node" } },
	[SCOPE_NODE_INFO] = { LEVEL_NODE, node_fresh,
	    { "master_name", "node" } },
	[SCOPE_REPLICA] = { LEVEL_NODE, replica_fresh,
	    { "master_name", "replica" } },
	[SCOPE_DB] = { LEVEL_DB, db_holds, { "master_name", "db" } },
	[SCOPE_QUEUE] = { LEVEL_QUEUE, db_holds,
	    { "master_name", "db", "queue" } },
	[SCOPE_QUEUE_NAME] = { LEVEL_QUEUE_NAME, db_holds,
	    { "master_name", "queue" } },
};

const char *const *
scope_labels(enum scope scope)
{
	return rules[scope].labels;
}

/* Subjects go down by value, each level adding what it knows; pointers to a
 * level's own copy stay good while the levels below it run. */
struct walk {
	const struct scope_rule *rule;
	subject_fn *fn;
	void *arg;
};

static void
visit(const struct walk *w, const struct subject *s)
{
	if (w->rule->shown(s))
		w->fn(w->arg, s);
}

static void
add_label(struct subject *s, const char *value, size_t len)
{
	s->labels[s->n_labels].s = value;
	s->labels[s->n_labels].len = len;
	s->n_labels++;
}

static void
walk_views(const struct walk *w, const struct subject *outer)
{
	const struct view *v;
	struct subject s;

	vec_each(v, &outer->sentinel->views)
	{
		s = *outer;
		s.view = v;
		add_label(&s, v->fields.name, strlen(v->fields.name));
		visit(w, &s);
	}
}

static void
walk_sentinels(const struct walk *w, const struct subject *outer)
{
	const struct sentinel *sentinel;
	struct subject s;

	vec_each(sentinel, &outer->deployment->sentinels)
	{
		s = *outer;
		s.sentinel = sentinel;
		s.source = &sentinel->source;
		add_label(&s, sentinel->label, strlen(sentinel->label));
		if (w->rule->level == LEVEL_VIEW)
			walk_views(w, &s);
		else
			visit(w, &s);
	}
}

static void
walk_nodes(const struct walk *w, const struct subject *outer)
{
	const struct node *n;
	struct subject s;

	vec_each(n, &outer->master->nodes)
	{
		s = *outer;
		s.node = n;
		s.source = &n->server->source;
		add_label(&s, n->label, strlen(n->label));
		visit(w, &s);
	}
}

static void
walk_queues(const struct walk *w, const struct subject *outer)
{
	const struct queue *q;
	struct subject s;

	vec_foreach(q, &outer->db->queues) {
		s = *outer;
		s.queue = q;
		add_label(&s, q->name, q->name_len);
		visit(w, &s);
	}
}

static void
walk_dbs(const struct walk *w, const struct subject *outer)
{
	const struct celery_db *db;
	struct subject s;
	char text[12];
	int len;

	vec_foreach(db, &outer->master->celery.dbs) {
		s = *outer;
		s.db = db;
		len = snprintf(text, sizeof(text), "%d", db->db);
		if (w->rule->level != LEVEL_QUEUE_NAME)
			add_label(&s, text, (size_t)len);
		if (w->rule->level >= LEVEL_QUEUE_NAME)
			walk_queues(w, &s);
		else
			visit(w, &s);
	}
}

static void
walk_masters(const struct walk *w, const struct subject *outer)
{
	enum level level = w->rule->level;
	const struct master *m;
	struct subject s;

	vec_each(m, &outer->deployment->masters)
	{
		s = *outer;
		s.master = m;
		if (level != LEVEL_SOURCE)
			add_label(&s, m->name, strlen(m->name));
		if (level == LEVEL_MASTER)
			visit(w, &s);
		else if (level >= LEVEL_DB)
			walk_dbs(w, &s);
		else
			walk_nodes(w, &s);
	}
}

void
subject_each(
    enum scope scope, const struct exposition *x, subject_fn *fn, void *arg)
{
	struct walk w = { &rules[scope], fn, arg };
	struct subject s = { .x = x };

	if (w.rule->level == LEVEL_EXPORTER) {
		visit(&w, &s);
		return;
	}
	vec_foreach(s.deployment, &x->snapshot->groups) {
		if (w.rule->level <= LEVEL_VIEW)
			walk_sentinels(&w, &s);
		if (w.rule->level >= LEVEL_MASTER ||
		    w.rule->level == LEVEL_SOURCE)
			walk_masters(&w, &s);
	}
}
