#include "model/quorum.h"

#include <string.h>

#include "base/num.h"
#include "model/deployment.h"

/* What all figures are worked out from. */
struct frame {
	const struct deployment *d;
	const char *master_name;
	int64_t now_ms, stale_after_ms;
};

/* How many could be lost, sentinel by sentinel. */
struct margins {
	VEC(int64_t) all;
};

static const struct peer_fields *
view_peer(const struct view *v, const char *id)
{
	const struct peer_fields *p;

	vec_foreach(p, &v->peers)
		if (strcmp(p->id, id) == 0)
			return p;
	return NULL;
}

static bool
in_tilt(const struct frame *f, const struct sentinel *s)
{
	return fresh(s->info_at.mono_ms, f->now_ms, f->stale_after_ms) &&
	       s->info.tilt == 1;
}

/* Of the peers that the view holds usable.  They vote, but to the question
 * whether the master is down they answer no. */
static int64_t
tilted_peers(const struct frame *f, const struct view *v)
{
	const struct sentinel *s;
	const struct peer_fields *p;
	int64_t n = 0;

	vec_each(s, &f->d->sentinels) {
		if (s->id[0] == '\0' || !in_tilt(f, s))
			continue;
		p = view_peer(v, s->id);
		n += p != NULL && (p->flags & FLAG_S_DOWN) == 0;
	}
	return n;
}

static bool
usable_sentinels(const struct view *v, int64_t *out)
{
	const struct peer_fields *p;

	if (v->ckquorum.known) {
		*out = v->ckquorum.usable;
		return true;
	}
	*out = 1;
	vec_foreach(p, &v->peers)
		*out += (p->flags & FLAG_S_DOWN) == 0;
	return v->lists_known;
}

/* Known, and of a size that can be reckoned with. */
static bool
countable(int64_t v)
{
	return v >= 0 && v <= INT32_MAX;
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * How many peers one sentinel could lose and still lead the failover.  It needs
 * the quorum's agreement that the master is down, and votes of as many, and of
 * a majority of all sentinels that it knows, dead ones included (sentinel.c
 * isQuorumReachable, sentinelGetLeader).
 */
static bool
view_margin(const struct frame *f, const struct view *v, int64_t *out)
{
	int64_t usable, majority, quorum = v->fields.quorum;

	if (!usable_sentinels(v, &usable) || !countable(usable) ||
	    !countable(quorum) || !countable(v->fields.num_other_sentinels))
		return false;
	majority = (v->fields.num_other_sentinels + 1) / 2 + 1;
	*out = smaller(usable - majority, usable - tilted_peers(f, v) - quorum);
	return true;
}

static int64_t
count_at_least(const struct margins *m, int64_t k)
{
	const int64_t *margin;
	int64_t n = 0;

	vec_foreach(margin, &m->all)
		n += *margin >= k;
	return n;
}

/*
 * The k that are lost may be the best placed ones, so k + 1 sentinels must
 * have a margin of k; or all that answer us, for those that only their peers
 * reach may be as well placed as they are.
 */
static int64_t
common_margin(const struct margins *m)
{
	int64_t k, best = INT64_MIN, worst = INT64_MAX, result;
	const int64_t *margin;

	vec_foreach(margin, &m->all) {
		best = *margin > best ? *margin : best;
		worst = smaller(worst, *margin);
	}
	if (best < 0)
		return best;
	result = worst;
	for (k = 0; k < (int64_t)m->all.n; k++)
		if (count_at_least(m, k) > k && k > result)
			result = k;
	return result;
}

bool
quorum_headroom(const struct deployment *d, const char *master_name,
    int64_t now_ms, int64_t stale_after_ms, int64_t *out)
{
	const struct frame f = { d, master_name, now_ms, stale_after_ms };
	struct margins margins = { 0 };
	const struct sentinel *s;
	const struct view *v;
	int64_t margin;
	bool known;

	vec_each(s, &d->sentinels) {
		v = sentinel_counted_view(
		    s, master_name, now_ms, stale_after_ms);
		if (v != NULL && view_margin(&f, v, &margin))
			*vec_push(&margins.all) = margin;
	}
	known = margins.all.n > 0;
	if (known)
		*out = common_margin(&margins);
	vec_fini(&margins.all);
	return known;
}

int64_t
quorum_unknown_peers(const struct deployment *d, const struct sentinel *of,
    const struct view *v, int64_t now_ms, int64_t stale_after_ms)
{
	const struct sentinel *s;
	const struct view *theirs;
	int64_t n = 0;

	if (!v->lists_known)
		return NUM_UNKNOWN;
	vec_each(s, &d->sentinels) {
		if (s == of || !s->source.up || s->id[0] == '\0')
			continue;
		theirs = sentinel_view(s, v->fields.name);
		n += theirs != NULL &&
		     fresh(theirs->at_ms, now_ms, stale_after_ms) &&
		     view_peer(v, s->id) == NULL;
	}
	return n;
}
