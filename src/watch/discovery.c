/*
 * Sentinels that peers announce: join, name and forget them.
 *
 * A sentinel's identity is its myid; its label is how its peers announce it.
 * Servers too old to tell their id (before 6.2) are known by their address.
 */
#include <string.h>

#include "base/log.h"
#include "watch/group.h"
#include "watch/sentinel_source.h"

static bool
is_peer(const struct sentinel_source *ss, const struct peer_fields *p)
{
	const struct sentinel *s = sentinel_source_model(ss);
	char text[ADDR_TEXT_MAX];

	if (s->id[0] != '\0' && p->id[0] != '\0')
		return strcmp(s->id, p->id) == 0;
	addr_format(&p->addr, text);
	return addr_equal(&ss->addr, &p->addr) ||
	       addr_equal(conn_peer(ss->conn), &p->addr) ||
	       strcmp(ss->label, text) == 0;
}

static struct sentinel_source *
find_peer(struct group *g, const struct peer_fields *p)
{
	struct sentinel_source *ss;

	TAILQ_FOREACH(ss, &g->sentinels, link)
		if (is_peer(ss, p))
			return ss;
	return NULL;
}

static void
rename_source(struct sentinel_source *ss, const char *label)
{
	struct group *g = ss->group;
	struct failover_record *c;

	deployment_rename_sentinel(
	    &g->deployment, sentinel_source_model(ss), label);
	vec_foreach(c, &g->records)
		tracker_forget(c->tracker, ss->label);
	strlcpy(ss->label, label, sizeof(ss->label));
}

/* Take the name by which peers announce it, unless it has one already that is
 * still announced, or another source has it. */
static void
follow_announcement(
    struct sentinel_source *ss, const struct peer_fields *p, int64_t now_ms)
{
	struct sentinel *s = sentinel_source_model(ss);
	char label[ADDR_TEXT_MAX];

	addr_format(&p->addr, label);
	if (s->id[0] == '\0')
		memcpy(s->id, p->id, sizeof(s->id));
	if (strcmp(ss->label, label) == 0) {
		ss->announced_ms = now_ms;
		return;
	}
	if (now_ms - ss->announced_ms <= ss->group->all->poll_stale_after_ms &&
	    ss->announced_ms > 0)
		return;
	if (deployment_sentinel(&ss->group->deployment, label) != NULL)
		return;
	log_info("sentinel is announced under another name", "sentinel",
	    ss->label, "announced", label, NULL);
	rename_source(ss, label);
	ss->announced_ms = now_ms;
	/* One that answers is well where it is, whatever it is called. */
	if (!sentinel_source_model(ss)->source.up)
		sentinel_source_redial(ss, &p->addr);
}

static void
meet_peer(struct group *g, const struct peer_fields *p, int64_t now_ms)
{
	struct sentinel_source *ss = find_peer(g, p);

	if (ss == NULL)
		ss = sentinel_source_add(g, &p->addr, false);
	follow_announcement(ss, p, now_ms);
}

/* The peers that fresh views announce.  Copied out, because meeting one may
 * move the model's arrays. */
struct peer_list {
	VEC(struct peer_fields) all;
};

static void
collect_peers(struct group *g, struct peer_list *list, int64_t now_ms)
{
	const struct sentinel *s;
	const struct peer_fields *p;
	const struct view *v;

	vec_each(s, &g->deployment.sentinels) vec_each(v, &s->views)
	{
		if (!fresh(v->at_ms, now_ms, g->all->poll_stale_after_ms))
			continue;
		vec_foreach(p, &v->peers)
			*vec_push(&list->all) = *p;
	}
}

/* Two sources that turn out to be one process: keep the one that peers know
 * by its name, and let it be what the operator named too. */
static bool
merge_twins(struct group *g)
{
	struct sentinel_source *a, *b;
	const struct sentinel *sa, *sb;

	TAILQ_FOREACH(a, &g->sentinels, link) {
		sa = sentinel_source_model(a);
		if (sa->id[0] == '\0')
			continue;
		for (b = TAILQ_NEXT(a, link); b != NULL;
		     b = TAILQ_NEXT(b, link)) {
			sb = sentinel_source_model(b);
			if (strcmp(sa->id, sb->id) != 0)
				continue;
			log_info("two addresses are one sentinel", "sentinel",
			    a->label, "also", b->label, NULL);
			if (b->announced_ms > a->announced_ms) {
				b->seed |= a->seed;
				sentinel_source_remove(a);
			} else {
				a->seed |= b->seed;
				sentinel_source_remove(b);
			}
			return true;
		}
	}
	return false;
}

static bool
anyone_up(const struct group *g)
{
	const struct sentinel *s;

	vec_each(s, &g->deployment.sentinels) if (s->source.up) return true;
	return false;
}

/* Sentinel never forgets a peer by itself; when all who answer have forgotten
 * one (SENTINEL RESET), so do we. */
static void
forget_unannounced(struct group *g, int64_t now_ms)
{
	struct sentinel_source *ss, *next;

	if (!anyone_up(g))
		return;
	for (ss = TAILQ_FIRST(&g->sentinels); ss != NULL; ss = next) {
		next = TAILQ_NEXT(ss, link);
		if (ss->seed || sentinel_source_model(ss)->source.up ||
		    now_ms - ss->announced_ms <= g->all->poll_stale_after_ms)
			continue;
		log_info(
		    "sentinel is no longer known", "sentinel", ss->label, NULL);
		sentinel_source_remove(ss);
	}
}

void
sentinel_sources_discover(struct group *g)
{
	struct peer_list list = { 0 };
	const struct peer_fields *p;
	int64_t now_ms = clock_now().mono_ms;

	collect_peers(g, &list, now_ms);
	vec_foreach(p, &list.all)
		meet_peer(g, p, now_ms);
	vec_fini(&list.all);
	while (merge_twins(g))
		;
	forget_unannounced(g, now_ms);
}
