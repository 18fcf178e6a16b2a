/* What may be shown of one group of sentinels: made where it changed, shared
 * where it did not. */
#include "model/picture.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "base/strbuf.h"
#include "model/picture_parts.h"

#define NAMES_SHOWN 8

const struct labels *
picture_labels(struct picture_labels *list, const struct labels *outer,
    const char *label, const char *value, size_t len)
{
	const struct labels *at;

	for (; list->next < list->n; list->next++) {
		memcpy(&at, (const char *)list->v + list->next * list->size,
		    sizeof(at));
		if (labels_named(at, value, len)) {
			list->next++;
			return labels_ref(at);
		}
		if (strcmp(at->name, value) > 0)
			break;
	}
	return labels_new(outer, label, value, len);
}

const struct labels *
picture_labels_of(const struct labels *before, const struct labels *outer,
    const char *label, const char *name)
{
	const size_t len = strlen(name);

	if (before != NULL && labels_named(before, name, len))
		return labels_ref(before);
	return labels_new(outer, label, name, len);
}

static bool
stale(int64_t next_stale_ms, const struct picture_time *t)
{
	return t->now.mono_ms >= next_stale_ms;
}

static void
earliest(struct picture *p, int64_t next_stale_ms)
{
	if (next_stale_ms < p->next_stale_ms)
		p->next_stale_ms = next_stale_ms;
}

static void
add_sentinel(
    struct picture *p, struct sentinel *s, const struct picture_time *t)
{
	const struct picture_sentinel *before = s->picture;

	if (before == NULL || s->changed || stale(before->next_stale_ms, t)) {
		s->picture = picture_sentinel_new(s, p->group, before, t);
		s->changed = false;
		picture_sentinel_unref(before);
	}
	*vec_push(&p->sentinels) = picture_sentinel_ref(s->picture);
	*vec_push(&p->sources) = picture_source_ref(s->picture->source);
	earliest(p, s->picture->next_stale_ms);
}

static void
add_server(struct picture *p, struct server *s, const struct picture_time *t)
{
	const struct picture_server *before = s->picture;

	if (before == NULL || s->changed || stale(before->next_stale_ms, t)) {
		s->picture = picture_server_new(s, p->group, before, t);
		s->changed = false;
		picture_server_unref(before);
	}
	*vec_push(&p->sources) = picture_source_ref(s->picture->source);
	earliest(p, s->picture->next_stale_ms);
}

/* Does the picture of the master show its servers as they are? */
static bool
shows_servers(const struct picture_master *p, const struct master *m)
{
	size_t i;

	if (p->nodes.n != m->nodes.n)
		return false;
	for (i = 0; i < p->nodes.n; i++)
		if (p->nodes.v[i].server != m->nodes.v[i]->server->picture)
			return false;
	return true;
}

static void
add_master(struct picture *p, struct deployment *d, struct master *m,
    const struct picture_time *t)
{
	const struct picture_master *before = m->picture;

	if (before == NULL || m->changed || stale(before->next_stale_ms, t) ||
	    !shows_servers(before, m)) {
		m->picture = picture_master_new(d, m, p->group, before, t);
		m->changed = false;
		picture_master_unref(before);
	}
	*vec_push(&p->masters) = picture_master_ref(m->picture);
	earliest(p, m->picture->next_stale_ms);
}

/*
 * Names that nobody knows.
 */

/* Did the sentinel tell which masters it watches? */
static bool
tells_masters(const struct sentinel *s)
{
	return s->source.up &&
	       (s->views.n > 0 || s->source.reason == REASON_NONE);
}

static bool
is_known(const struct deployment *d, const char *name)
{
	const struct sentinel *s;

	vec_each(s, &d->sentinels)
		if (sentinel_view(s, name) != NULL)
			return true;
	return false;
}

static void
offer_name(struct nearest *n, struct strlist *known, const char *name)
{
	nearest_offer(n, name);
	if (known->items.n < NAMES_SHOWN && !strlist_has(known, name))
		strlist_add(known, name, strlen(name));
}

static void
add_unknown(struct picture *p, const struct deployment *d, const char *name)
{
	struct picture_unknown *u = vec_push(&p->unknown);
	struct strlist known = { 0 };
	struct strbuf text = { 0 };
	const struct sentinel *s;
	const struct view *v;
	struct nearest n;
	char *const *item;
	size_t len;

	u->labels = labels_new(p->group, "master_name", name, strlen(name));
	nearest_init(&n, name, strlen(name));
	vec_each(s, &d->sentinels) {
		vec_each(v, &s->views)
			offer_name(&n, &known, v->fields.name);
		vec_foreach(item, &s->other_names.items)
			offer_name(&n, &known, *item);
	}
	vec_foreach(item, &known.items)
		strbuf_printf(&text, "%s%s", text.len > 0 ? ", " : "", *item);
	u->nearest = n.best == NULL ? NULL : xstrdup(n.best);
	u->known = strbuf_take(&text, &len);
	strlist_fini(&known);
}

static void
add_unknown_names(
    struct picture *p, const struct deployment *d, const struct picture_time *t)
{
	const struct sentinel *s;
	int64_t until_ms;
	char *const *name;

	vec_each(s, &d->sentinels) {
		if (!tells_masters(s))
			continue;
		until_ms = picture_until(
		    t, s->source.last_success.mono_ms, &p->next_stale_ms);
		if (until_ms > p->unknown_until_ms)
			p->unknown_until_ms = until_ms;
	}
	if (p->unknown_until_ms == 0 || d->master_names == NULL)
		return;
	vec_foreach(name, &d->master_names->items)
		if (!is_known(d, *name))
			add_unknown(p, d, *name);
}

void
picture_init(
    struct picture *p, struct deployment *d, const struct picture_time *t)
{
	struct server *server;
	struct sentinel *s;
	struct master *m;

	*p = (struct picture){ .next_stale_ms = PICTURE_NEVER };
	if (d->group != NULL && d->labels == NULL)
		d->labels =
		    labels_new(NULL, "group", d->group, strlen(d->group));
	p->group = labels_ref(d->labels);
	p->sentinels_open = d->sentinels_open;
	p->nodes_open = d->nodes_open;
	vec_each(s, &d->sentinels)
		add_sentinel(p, s, t);
	vec_each(server, &d->servers)
		add_server(p, server, t);
	vec_each(m, &d->masters)
		add_master(p, d, m, t);
	add_unknown_names(p, d, t);
}

void
picture_fini(struct picture *p)
{
	const struct picture_sentinel *sentinel;
	const struct picture_source *source;
	const struct picture_master *m;
	struct picture_unknown *u;

	vec_foreach(u, &p->unknown) {
		labels_unref(u->labels);
		free(u->nearest);
		free(u->known);
	}
	vec_fini(&p->unknown);
	vec_each(sentinel, &p->sentinels)
		picture_sentinel_unref(sentinel);
	vec_each(m, &p->masters)
		picture_master_unref(m);
	vec_each(source, &p->sources)
		picture_source_unref(source);
	vec_fini(&p->sentinels);
	vec_fini(&p->masters);
	vec_fini(&p->sources);
	labels_unref(p->group);
	p->group = NULL;
}

const struct picture_master *
picture_find(const struct picture *p, const char *master_name)
{
	const struct picture_master *m;

	vec_each(m, &p->masters)
		if (strcmp(m->labels->name, master_name) == 0)
			return m;
	return NULL;
}
