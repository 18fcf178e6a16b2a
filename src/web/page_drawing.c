/* page_drawing - a master and who sees it, as a diagram. */
#include "web/page_drawing.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "web/diagram.h"
#include "web/page_parts.h"

#define COLUMNS 3

enum tier { TIER_SENTINEL, TIER_MASTER, TIER_REPLICA, TIER_CHAINED };

struct drawing {
	const struct page_context *c;
	const struct picture_master *m;
	struct diagram d;
	VEC(size_t) boxes; /* of the nodes, in their order */
};

static bool
good(const struct drawing *g, int64_t until_ms)
{
	return picture_good(until_ms, g->c->now.mono_ms);
}

static enum diagram_status
source_status(const struct drawing *g, const struct picture_source *s)
{
	if (!s->tried)
		return DIAGRAM_UNKNOWN;
	return good(g, s->up_until_ms) ? DIAGRAM_GOOD : DIAGRAM_BAD;
}

static bool
is_agreed(const struct drawing *g, const struct picture_node *n)
{
	return good(g, g->m->until_ms) && n == g->m->agreed;
}

static size_t
add_node(struct drawing *g, const struct picture_node *n)
{
	const struct picture_replica *r = &n->replica;
	char note[DIAGRAM_TEXT_MAX];
	struct diagram_text t = { .tier = TIER_REPLICA,
		.label = n->labels->name,
		.note = note,
		.status = source_status(g, n->server->source) };

	(void)snprintf(note, sizeof(note), "replica");
	if (is_agreed(g, n)) {
		t.tier = TIER_MASTER;
		t.marked = true;
		(void)snprintf(note, sizeof(note), "master");
		if (g->m->accepts_writes == 0)
			t.status = DIAGRAM_BAD;
	} else if (r->ghost == 1) {
		(void)snprintf(note, sizeof(note), "gone, still listed");
		t.status = DIAGRAM_UNKNOWN;
	} else if (good(g, n->server->info_until_ms) &&
		   n->server->info.role == ROLE_MASTER) {
		(void)snprintf(note, sizeof(note), "says it is master too");
		t.status = DIAGRAM_BAD;
	} else if (r->foreign_master == 1) {
		(void)snprintf(note, sizeof(note), "follows another master");
		t.status = DIAGRAM_WARNING;
	} else if (r->next_master == 1) {
		(void)snprintf(note, sizeof(note), "replica, next master");
		t.marked = true;
	}
	if (t.tier == TIER_REPLICA && r->depth != NUM_UNKNOWN && r->depth > 1)
		t.tier = TIER_CHAINED;
	return diagram_add(&g->d, &t);
}

static size_t
box_of(const struct drawing *g, const char *address)
{
	size_t i;

	for (i = 0; i < g->m->nodes.n; i++)
		if (strcmp(g->m->nodes.v[i].labels->name, address) == 0)
			return g->boxes.v[i];
	return DIAGRAM_NONE;
}

static void
link_replica(struct drawing *g, size_t i)
{
	const struct picture_node *n = &g->m->nodes.v[i];
	const struct picture_replica *r = &n->replica;
	char text[ADDR_TEXT_MAX], lag[DIAGRAM_TEXT_MAX] = "";
	size_t to = DIAGRAM_NONE;

	if (n->replica.labels == NULL || is_agreed(g, n) ||
	    !good(g, n->server->info_until_ms))
		return;
	if (addr_known(&n->server->info.master)) {
		addr_format(&n->server->info.master, text);
		to = box_of(g, text);
	}
	/* It may call its master by a name that no sentinel uses. */
	if (to == DIAGRAM_NONE && r->depth == 1 && g->m->address != NULL)
		to = box_of(g, g->m->address);
	if (good(g, r->lag_until_ms) && r->lag_bytes != NUM_UNKNOWN)
		(void)snprintf(
		    lag, sizeof(lag), "%lld B behind", (long long)r->lag_bytes);
	diagram_link(&g->d, to, g->boxes.v[i],
	    r->link_up == 1   ? DIAGRAM_GOOD
	    : r->link_up == 0 ? DIAGRAM_BAD
			      : DIAGRAM_UNKNOWN,
	    lag);
}

static void
add_sentinel(struct drawing *g, const struct picture_sentinel *s)
{
	const struct picture_view *v;
	struct diagram_text t = { .tier = TIER_SENTINEL,
		.label = s->labels->name,
		.note = "sentinel",
		.status = source_status(g, s->source) };
	size_t box;

	if (good(g, s->info_until_ms) && s->tilt == 1) {
		t.note = "sentinel in TILT";
		t.status = DIAGRAM_WARNING;
	}
	box = diagram_add(&g->d, &t);
	vec_foreach(v, &g->m->views) {
		if (!good(g, v->until_ms) || v->address == NULL ||
		    strcmp(v->sentinel->name, s->labels->name) != 0)
			continue;
		diagram_link(&g->d, box, box_of(g, v->address),
		    (v->flags & (FLAG_S_DOWN | FLAG_O_DOWN)) != 0
			? DIAGRAM_BAD
			: DIAGRAM_GOOD,
		    "");
	}
}

void
page_drawing(struct strbuf *b, const struct page_context *c,
    const struct picture *p, const struct picture_master *m)
{
	struct drawing g = { .c = c, .m = m };
	const struct picture_sentinel *s;
	const struct picture_node *n;
	struct strbuf twin = { 0 };
	size_t i;

	diagram_init(&g.d, COLUMNS);
	vec_foreach(n, &m->nodes)
		*vec_push(&g.boxes) = add_node(&g, n);
	vec_each(s, &p->sentinels)
		add_sentinel(&g, s);
	for (i = 0; i < m->nodes.n; i++)
		link_replica(&g, i);
	diagram_layout(&g.d);
	page_id(&twin, "title", m->labels);
	strbuf_puts(b, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		       "aria-label=\"Drawing\">\n");
	diagram_svg(&g.d, strbuf_text(&twin), b);
	strbuf_puts(b, "</div>\n");
	strbuf_fini(&twin);
	diagram_fini(&g.d);
	vec_fini(&g.boxes);
}
