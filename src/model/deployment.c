#include "model/deployment.h"

#include <string.h>

#include "base/num.h"

bool
fresh(int64_t at_ms, int64_t now_ms, int64_t stale_after_ms)
{
	return at_ms > 0 && now_ms - at_ms <= stale_after_ms;
}

static void
view_fini(struct view *v)
{
	vec_fini(&v->replicas);
	vec_fini(&v->peers);
}

static void
sentinel_fini(struct sentinel *s)
{
	struct view *v;

	vec_foreach(v, &s->views)
		view_fini(v);
	vec_fini(&s->views);
}

void
node_fini(struct node *n)
{
	vec_fini(&n->aliases);
	node_info_fini(&n->info);
}

static void
master_fini(struct master *m)
{
	struct node *n;

	vec_foreach(n, &m->nodes)
		node_fini(n);
	vec_fini(&m->nodes);
	failover_list_unref(m->failover_list);
	celery_fini(&m->celery);
}

void
deployment_fini(struct deployment *d)
{
	struct sentinel *s;
	struct master *m;

	vec_foreach(s, &d->sentinels)
		sentinel_fini(s);
	vec_fini(&d->sentinels);
	vec_foreach(m, &d->masters)
		master_fini(m);
	vec_fini(&d->masters);
	free(d->group);
	d->group = NULL;
}

static void
sentinel_own(struct sentinel *dst, const struct sentinel *src)
{
	size_t i;

	vec_copy(&dst->views, &src->views);
	for (i = 0; i < src->views.n; i++) {
		vec_copy(&dst->views.v[i].replicas, &src->views.v[i].replicas);
		vec_copy(&dst->views.v[i].peers, &src->views.v[i].peers);
	}
}

static void
master_own(struct master *dst, const struct master *src)
{
	size_t i;

	vec_copy(&dst->nodes, &src->nodes);
	for (i = 0; i < src->nodes.n; i++) {
		vec_copy(&dst->nodes.v[i].aliases, &src->nodes.v[i].aliases);
		node_info_copy(&dst->nodes.v[i].info, &src->nodes.v[i].info);
	}
	failover_list_ref(dst->failover_list);
	celery_copy(&dst->celery, &src->celery);
}

void
deployment_copy(struct deployment *dst, const struct deployment *src)
{
	size_t i;

	dst->group = src->group == NULL ? NULL : xstrdup(src->group);
	vec_copy(&dst->sentinels, &src->sentinels);
	for (i = 0; i < src->sentinels.n; i++)
		sentinel_own(&dst->sentinels.v[i], &src->sentinels.v[i]);
	vec_copy(&dst->masters, &src->masters);
	for (i = 0; i < src->masters.n; i++)
		master_own(&dst->masters.v[i], &src->masters.v[i]);
}

/*
 * All lists are ordered by a name that stands at the same place in each
 * element, so one search serves them all: the index of the first element not
 * before name.
 */
static size_t
lower_bound(
    const void *v, size_t n, size_t size, size_t offset, const char *name)
{
	const char *base = v;
	size_t low = 0, mid;

	while (n > 0) {
		mid = n / 2;
		if (strcmp(base + (low + mid) * size + offset, name) < 0) {
			low += mid + 1;
			n -= mid + 1;
		} else {
			n = mid;
		}
	}
	return low;
}

#define bound(vec, type, member, name) \
	lower_bound(                   \
	    (vec)->v, (vec)->n, sizeof(type), offsetof(type, member), name)
#define found(vec, i, member, name) \
	((i) < (vec)->n && strcmp((vec)->v[i].member, name) == 0)

struct sentinel *
deployment_sentinel(const struct deployment *d, const char *label)
{
	size_t i = bound(&d->sentinels, struct sentinel, label, label);

	return found(&d->sentinels, i, label, label) ? &d->sentinels.v[i]
						     : NULL;
}

struct sentinel *
deployment_add_sentinel(struct deployment *d, const char *label)
{
	size_t i = bound(&d->sentinels, struct sentinel, label, label);
	struct sentinel *s;

	if (found(&d->sentinels, i, label, label))
		return &d->sentinels.v[i];
	s = vec_insert(&d->sentinels, i);
	strlcpy(s->label, label, sizeof(s->label));
	s->info.tilt = s->info.uptime_s = s->info.scripts_running =
	    s->info.scripts_queue_length = s->info.masters = NUM_UNKNOWN;
	return s;
}

void
deployment_remove_sentinel(struct deployment *d, const char *label)
{
	struct sentinel *s = deployment_sentinel(d, label);

	if (s == NULL)
		return;
	sentinel_fini(s);
	vec_remove(&d->sentinels, (size_t)(s - d->sentinels.v));
}

struct master *
deployment_master(const struct deployment *d, const char *name)
{
	size_t i = bound(&d->masters, struct master, name, name);

	return found(&d->masters, i, name, name) ? &d->masters.v[i] : NULL;
}

struct master *
deployment_add_master(struct deployment *d, const char *name)
{
	size_t i = bound(&d->masters, struct master, name, name);
	struct master *m;

	if (found(&d->masters, i, name, name))
		return &d->masters.v[i];
	m = vec_insert(&d->masters, i);
	strlcpy(m->name, name, sizeof(m->name));
	return m;
}

void
deployment_remove_master(struct deployment *d, const char *name)
{
	struct master *m = deployment_master(d, name);

	if (m == NULL)
		return;
	master_fini(m);
	vec_remove(&d->masters, (size_t)(m - d->masters.v));
}

struct view *
sentinel_view(const struct sentinel *s, const char *name)
{
	size_t i = bound(&s->views, struct view, fields.name, name);

	return found(&s->views, i, fields.name, name) ? &s->views.v[i] : NULL;
}

struct view *
sentinel_add_view(struct sentinel *s, const char *name)
{
	size_t i = bound(&s->views, struct view, fields.name, name);
	struct view *v;

	if (found(&s->views, i, fields.name, name))
		return &s->views.v[i];
	v = vec_insert(&s->views, i);
	strlcpy(v->fields.name, name, sizeof(v->fields.name));
	return v;
}

void
sentinel_remove_view(struct sentinel *s, const char *name)
{
	struct view *v = sentinel_view(s, name);

	if (v == NULL)
		return;
	view_fini(v);
	vec_remove(&s->views, (size_t)(v - s->views.v));
}

static bool
in_tilt(const struct sentinel *s, int64_t now_ms, int64_t stale_after_ms)
{
	return fresh(s->info_at.mono_ms, now_ms, stale_after_ms) &&
	       s->info.tilt == 1;
}

const struct view *
sentinel_counted_view(const struct sentinel *s, const char *master_name,
    int64_t now_ms, int64_t stale_after_ms)
{
	const struct view *v = sentinel_view(s, master_name);

	if (v == NULL || !fresh(v->at_ms, now_ms, stale_after_ms) ||
	    in_tilt(s, now_ms, stale_after_ms))
		return NULL;
	return v;
}
