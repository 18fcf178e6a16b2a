/* The sentinels that peers announce: met, named and forgotten. */
#include "watch/discovery.h"

#include <string.h>

#include "base/log.h"
#include "model/facts.h"
#include "model/sentinel_identity.h"
#include "watch/group.h"
#include "watch/sentinel_source.h"

static void
follow_announcement(
    struct sentinel *s, const struct peer_fields *p, int64_t now_ms)
{
	char label[ADDR_TEXT_MAX];

	addr_format(&p->addr, label);
	if (s->id[0] == '\0')
		memcpy(s->id, p->id, sizeof(s->id));
	switch (sentinel_renaming(s, label, now_ms)) {
	case SENTINEL_IS_OLD:
		break;
	case SENTINEL_TAKES:
		log_info("sentinel is announced under another name", "sentinel",
		    s->label, "announced", label, NULL);
		sentinel_take_name(s, label);
		/* One that answers is well where it is, whatever it is
		 * called. */
		if (!s->source.up)
			sentinel_source_redial(s->reader, &p->addr);
		s->announced_ms = now_ms;
		break;
	case SENTINEL_KEEPS:
		s->announced_ms = now_ms;
		break;
	}
}

static void
meet_peer(struct group *g, const struct peer_fields *p, int64_t now_ms)
{
	struct sentinel *s = deployment_peer(&g->deployment, p);

	if (s == NULL) {
		deployment_split_sentinel(&g->deployment, &p->addr);
		s = sentinel_source_add(g, &p->addr, false)->sentinel;
	}
	follow_announcement(s, p, now_ms);
}

/* The peers that fresh views announce.  Copied out, because meeting one may
 * change the list of sentinels. */
struct peer_list {
	VEC(struct peer_fields) all;
};

static void
collect_peers(
    const struct deployment *d, struct peer_list *list, int64_t now_ms)
{
	const struct peer_fields *p;
	const struct sentinel *s;
	const struct view *v;

	vec_each(s, &d->sentinels)
		vec_each(v, &s->views) {
			if (!fresh(v->at_ms, now_ms, d->stale_after_ms))
				continue;
			vec_foreach(p, &v->peers)
				*vec_push(&list->all) = *p;
		}
}

static void
join(struct sentinel *a, struct sentinel *b)
{
	struct sentinel *other = sentinel_join(a, b);

	log_info("two addresses are one sentinel", "sentinel",
	    other == a ? b->label : a->label, "also", other->label, NULL);
	sentinel_source_free(other->reader);
}

static bool
join_twins(const struct deployment *d)
{
	size_t i, k;

	for (i = 0; i < d->sentinels.n; i++)
		for (k = i + 1; k < d->sentinels.n; k++)
			if (sentinel_is_same(
				d->sentinels.v[i], d->sentinels.v[k])) {
				join(d->sentinels.v[i], d->sentinels.v[k]);
				return true;
			}
	return false;
}

static void
warn_of_copies(struct deployment *d)
{
	struct sentinel *a, *b;

	vec_each(a, &d->sentinels)
		vec_each(b, &d->sentinels) {
			if (a == b || b->copy_reported ||
			    !sentinel_is_copy(a, b))
				continue;
			log_warn("sentinels share one id, so that they count "
				 "as one: stop all but one, delete the line "
				 "\"sentinel myid\" from the others' "
				 "configuration and start them again",
			    "sentinel", a->label, "also", b->label, "id", a->id,
			    NULL);
			a->copy_reported = b->copy_reported = true;
		}
}

static void
forget_unannounced(struct group *g, int64_t now_ms)
{
	struct sentinel *s;
	size_t i;

	for (i = g->deployment.sentinels.n; i-- > 0;) {
		s = g->deployment.sentinels.v[i];
		if (!sentinel_is_forgotten(s, now_ms))
			continue;
		log_info(
		    "sentinel is no longer known", "sentinel", s->label, NULL);
		sentinel_source_free(s->reader);
	}
}

void
discovery_follow(struct group *g)
{
	int64_t now_ms = clock_now().mono_ms;
	struct peer_list list = { 0 };
	const struct peer_fields *p;

	collect_peers(&g->deployment, &list, now_ms);
	vec_foreach(p, &list.all)
		meet_peer(g, p, now_ms);
	vec_fini(&list.all);
	while (join_twins(&g->deployment))
		;
	warn_of_copies(&g->deployment);
	forget_unannounced(g, now_ms);
}
