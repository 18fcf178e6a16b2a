#include "model/deployment.h"

#include <string.h>

#include "base/num.h"
#include "model/failover_record.h"
#include "model/picture.h"

bool
fresh(int64_t at_ms, int64_t now_ms, int64_t stale_after_ms)
{
	return at_ms > 0 && now_ms - at_ms <= stale_after_ms;
}

bool
deployment_watches(const struct deployment *d, const char *master_name)
{
	return d->master_names == NULL || d->master_names->items.n == 0 ||
	       strlist_has(d->master_names, master_name);
}

void
master_touch(struct master *m)
{
	m->touched = m->changed = true;
}

static void
view_free(struct view *v)
{
	vec_fini(&v->replicas);
	vec_fini(&v->peers);
	free(v);
}

static void
sentinel_free(struct sentinel *s)
{
	struct view *v;

	vec_each(v, &s->views)
		view_free(v);
	vec_fini(&s->views);
	strlist_fini(&s->other_names);
	vec_fini(&s->aliases);
	picture_sentinel_unref(s->picture);
	free(s);
}

static void
master_free(struct master *m)
{
	while (m->nodes.n > 0)
		node_remove(m->nodes.v[m->nodes.n - 1]);
	vec_fini(&m->nodes);
	vec_fini(&m->node_keys);
	failover_list_unref(m->failover_list);
	celery_fini(&m->celery);
	picture_master_unref(m->picture);
	free(m);
}

void
deployment_fini(struct deployment *d)
{
	struct sentinel *s;
	struct master *m;

	vec_each(s, &d->sentinels)
		sentinel_free(s);
	vec_fini(&d->sentinels);
	vec_each(m, &d->masters)
		master_free(m);
	vec_fini(&d->masters);
	deployment_drop_servers(d, NULL);
	vec_fini(&d->servers);
	deployment_free_records(d);
	labels_unref(d->labels);
	d->labels = NULL;
	free(d->group);
	d->group = NULL;
}

void
deployment_renamed(struct deployment *d)
{
	struct sentinel *s;
	struct server *server;
	struct master *m;

	labels_unref(d->labels);
	d->labels = NULL;
	vec_each(s, &d->sentinels) {
		picture_sentinel_unref(s->picture);
		s->picture = NULL;
	}
	vec_each(server, &d->servers) {
		picture_server_unref(server->picture);
		server->picture = NULL;
	}
	vec_each(m, &d->masters) {
		picture_master_unref(m->picture);
		m->picture = NULL;
	}
}

void
deployment_changed(struct deployment *d)
{
	struct sentinel *s;
	struct server *server;
	struct master *m;

	vec_each(s, &d->sentinels)
		s->changed = true;
	vec_each(server, &d->servers)
		server->changed = true;
	vec_each(m, &d->masters)
		m->changed = true;
}

/*
 * All lists are ordered by a name that stands at the same place in each
 * object, so one search serves them all: the index of the first one not before
 * name.
 */
static size_t
lower_bound(void *const *v, size_t n, size_t offset, const char *name)
{
	size_t low = 0, mid;

	while (n > 0) {
		mid = n / 2;
		if (strcmp((const char *)v[low + mid] + offset, name) < 0) {
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
	    (void *const *)(vec)->v, (vec)->n, offsetof(type, member), name)
#define found(vec, i, member, name) \
	((i) < (vec)->n && strcmp((vec)->v[i]->member, name) == 0)

struct sentinel *
deployment_sentinel(const struct deployment *d, const char *label)
{
	size_t i = bound(&d->sentinels, struct sentinel, label, label);

	return found(&d->sentinels, i, label, label) ? d->sentinels.v[i] : NULL;
}

struct sentinel *
deployment_add_sentinel(struct deployment *d, const char *label)
{
	size_t i = bound(&d->sentinels, struct sentinel, label, label);
	struct sentinel *s;

	if (found(&d->sentinels, i, label, label))
		return d->sentinels.v[i];
	s = xcalloc(1, sizeof(*s));
	*vec_insert(&d->sentinels, i) = s;
	s->deployment = d;
	strlcpy(s->label, label, sizeof(s->label));
	s->info.tilt = s->info.uptime_s = s->info.scripts_running =
	    s->info.scripts_queue_length = s->info.masters = NUM_UNKNOWN;
	return s;
}

void
deployment_remove_sentinel(struct deployment *d, struct sentinel *s)
{
	vec_remove(&d->sentinels,
	    bound(&d->sentinels, struct sentinel, label, s->label));
	sentinel_free(s);
}

void
deployment_rename_sentinel(
    struct deployment *d, struct sentinel *s, const char *label)
{
	size_t i;

	vec_remove(&d->sentinels,
	    bound(&d->sentinels, struct sentinel, label, s->label));
	strlcpy(s->label, label, sizeof(s->label));
	i = bound(&d->sentinels, struct sentinel, label, s->label);
	*vec_insert(&d->sentinels, i) = s;
}

struct server *
deployment_server(const struct deployment *d, const char *label)
{
	size_t i = bound(&d->servers, struct server, label, label);

	return found(&d->servers, i, label, label) ? d->servers.v[i] : NULL;
}

struct server *
deployment_add_server(struct deployment *d, const struct addr *addr)
{
	char label[ADDR_TEXT_MAX];
	size_t i;

	addr_format(addr, label);
	i = bound(&d->servers, struct server, label, label);
	if (!found(&d->servers, i, label, label))
		*vec_insert(&d->servers, i) = server_new(addr);
	return d->servers.v[i];
}

void
deployment_drop_servers(struct deployment *d, void (*drop)(struct server *))
{
	size_t i, kept = 0;

	for (i = 0; i < d->servers.n; i++) {
		if (d->servers.v[i]->nodes.n > 0) {
			d->servers.v[kept++] = d->servers.v[i];
			continue;
		}
		if (drop != NULL)
			drop(d->servers.v[i]);
		server_free(d->servers.v[i]);
	}
	d->servers.n = kept;
}

struct master *
deployment_master(const struct deployment *d, const char *name)
{
	size_t i = bound(&d->masters, struct master, name, name);

	return found(&d->masters, i, name, name) ? d->masters.v[i] : NULL;
}

struct master *
deployment_add_master(struct deployment *d, const char *name)
{
	size_t i = bound(&d->masters, struct master, name, name);
	struct master *m;

	if (found(&d->masters, i, name, name))
		return d->masters.v[i];
	m = xcalloc(1, sizeof(*m));
	*vec_insert(&d->masters, i) = m;
	m->deployment = d;
	m->acceptance.accepts = NUM_UNKNOWN;
	strlcpy(m->name, name, sizeof(m->name));
	return m;
}

void
deployment_remove_master(struct deployment *d, struct master *m)
{
	vec_remove(
	    &d->masters, bound(&d->masters, struct master, name, m->name));
	master_free(m);
}

struct view *
sentinel_view(const struct sentinel *s, const char *name)
{
	size_t i = bound(&s->views, struct view, fields.name, name);

	return found(&s->views, i, fields.name, name) ? s->views.v[i] : NULL;
}

struct view *
sentinel_add_view(struct sentinel *s, const char *name)
{
	size_t i = bound(&s->views, struct view, fields.name, name);
	struct view *v;

	if (found(&s->views, i, fields.name, name))
		return s->views.v[i];
	v = xcalloc(1, sizeof(*v));
	*vec_insert(&s->views, i) = v;
	strlcpy(v->fields.name, name, sizeof(v->fields.name));
	return v;
}

void
sentinel_remove_view(struct sentinel *s, const char *name)
{
	size_t i = bound(&s->views, struct view, fields.name, name);

	if (!found(&s->views, i, fields.name, name))
		return;
	view_free(s->views.v[i]);
	vec_remove(&s->views, i);
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
