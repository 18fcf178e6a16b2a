/* The walk over a snapshot's pictures, scope by scope. */
#include "metrics/subject.h"

#include "model/snapshot.h"

struct walk {
	enum scope scope;
	subject_fn *fn;
	void *arg;
};

static void
visit(const struct walk *w, struct subject *s, const struct labels *labels)
{
	s->labels = labels;
	w->fn(w->arg, s);
}

static bool
good(const struct subject *s, int64_t until_ms)
{
	return picture_good(until_ms, s->now_ms);
}

static void
walk_sources(const struct walk *w, struct subject *s, const struct picture *p)
{
	const struct picture_source *source;

	vec_each(source, &p->sources) {
		s->source = source;
		if (s->source->tried)
			visit(w, s, s->source->labels);
	}
}

static void
walk_sentinels(const struct walk *w, struct subject *s, const struct picture *p)
{
	const struct picture_sentinel *sentinel;

	vec_each(sentinel, &p->sentinels) {
		s->sentinel = sentinel;
		s->source = s->sentinel->source;
		if (w->scope == SCOPE_SENTINEL
			? s->source->tried
			: good(s, s->sentinel->info_until_ms))
			visit(w, s, s->sentinel->labels);
	}
}

static void
walk_views(const struct walk *w, struct subject *s)
{
	const struct picture_view *v;

	vec_foreach(v, &s->master->views) {
		if (!good(s, v->until_ms))
			continue;
		s->view = v;
		if (w->scope == SCOPE_VIEW) {
			visit(w, s, v->labels);
			continue;
		}
		vec_foreach(s->forced, &v->forced)
			visit(w, s, s->forced->labels);
	}
}

static void
walk_node(const struct walk *w, struct subject *s)
{
	const struct picture_node *n = s->node;

	if (w->scope == SCOPE_NODE && s->source->tried)
		visit(w, s, n->labels);
	else if (w->scope == SCOPE_REPLICA && n->replica.labels != NULL &&
		 good(s, n->replica.until_ms))
		visit(w, s, n->replica.labels);
	else if (w->scope == SCOPE_NODE_INFO &&
		 good(s, n->server->info_until_ms))
		visit(w, s, n->labels);
	else if (w->scope == SCOPE_ATTACHED &&
		 good(s, n->server->info_until_ms))
		vec_foreach(s->attached, &n->attached)
			visit(w, s, s->attached->labels);
}

static void
walk_nodes(const struct walk *w, struct subject *s)
{
	const struct picture_node *n;

	vec_foreach(n, &s->master->nodes) {
		s->node = n;
		s->source = n->server->source;
		walk_node(w, s);
	}
}

static void
walk_dbs(const struct walk *w, struct subject *s)
{
	const struct picture_db *db;

	vec_foreach(db, &s->master->celery.dbs) {
		if (!good(s, db->until_ms))
			continue;
		s->db = db;
		if (w->scope == SCOPE_DB) {
			visit(w, s, db->labels);
			continue;
		}
		vec_foreach(s->queue, &db->queues)
			visit(w, s, s->queue->labels);
	}
}

static void
walk_queue_names(const struct walk *w, struct subject *s)
{
	const struct picture_queue_name *n;

	vec_foreach(n, &s->master->celery.names) {
		s->queue_name = n;
		if (good(s, n->until_ms))
			visit(w, s, n->labels);
	}
}

static void
walk_master(const struct walk *w, struct subject *s)
{
	if (w->scope == SCOPE_MASTER || w->scope == SCOPE_MASTER_NAME ||
	    w->scope == SCOPE_AGREEMENT) {
		if (w->scope != SCOPE_AGREEMENT || good(s, s->master->until_ms))
			visit(w, s, s->master->labels);
	} else if (w->scope == SCOPE_VIEW || w->scope == SCOPE_FORCED) {
		walk_views(w, s);
	} else if (w->scope == SCOPE_DB || w->scope == SCOPE_QUEUE) {
		walk_dbs(w, s);
	} else if (w->scope == SCOPE_QUEUE_NAME) {
		walk_queue_names(w, s);
	} else {
		walk_nodes(w, s);
	}
}

/* Their subjects have no master. */
static void
walk_unknown(const struct walk *w, struct subject *s, const struct picture *p)
{
	const struct picture_unknown *u;

	s->master = NULL;
	vec_foreach(u, &p->unknown)
		if (good(s, p->unknown_until_ms))
			visit(w, s, u->labels);
}

static void
walk_masters(const struct walk *w, struct subject *s, const struct picture *p)
{
	const struct picture_master *m;

	if (w->scope == SCOPE_MASTER_NAME)
		walk_unknown(w, s, p);
	vec_each(m, &p->masters) {
		s->master = m;
		walk_master(w, s);
	}
}

void
subject_each(
    enum scope scope, const struct subject *base, subject_fn *fn, void *arg)
{
	const struct walk w = { scope, fn, arg };
	struct subject s = *base;
	const struct picture *p;

	if (scope == SCOPE_EXPORTER) {
		visit(&w, &s, NULL);
		return;
	}
	vec_foreach(p, &s.snapshot->groups) {
		s.picture = p;
		if (scope == SCOPE_GROUP)
			visit(&w, &s, p->group);
		else if (scope == SCOPE_SOURCE)
			walk_sources(&w, &s, p);
		else if (scope == SCOPE_SENTINEL ||
			 scope == SCOPE_SENTINEL_INFO)
			walk_sentinels(&w, &s, p);
		else
			walk_masters(&w, &s, p);
	}
}

const char *const *
scope_labels(enum scope scope)
{
	static const char *const labels[][SUBJECT_LABELS_MAX + 1] = {
		[SCOPE_EXPORTER] = { NULL },
		[SCOPE_SOURCE] = { "source" },
		[SCOPE_SENTINEL] = { "sentinel" },
		[SCOPE_SENTINEL_INFO] = { "sentinel" },
		[SCOPE_VIEW] = { "sentinel", "master_name" },
		[SCOPE_FORCED] = { "sentinel", "master_name", "replica" },
		[SCOPE_GROUP] = { NULL },
		[SCOPE_MASTER_NAME] = { "master_name" },
		[SCOPE_MASTER] = { "master_name" },
		[SCOPE_AGREEMENT] = { "master_name" },
		[SCOPE_NODE] = { "master_name", "node" },
		[SCOPE_NODE_INFO] = { "master_name", "node" },
		[SCOPE_ATTACHED] = { "master_name", "node", "replica" },
		[SCOPE_REPLICA] = { "master_name", "replica" },
		[SCOPE_DB] = { "master_name", "db" },
		[SCOPE_QUEUE] = { "master_name", "db", "queue" },
		[SCOPE_QUEUE_NAME] = { "master_name", "queue" },
	};

	return labels[scope];
}
