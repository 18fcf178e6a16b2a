#include "model/agreement.h"

#include <string.h>

#include "base/num.h"
#include "model/deployment.h"
#include "model/quorum.h"

static const char *const setting_names[] = {
#define AGREEMENT_NAME(id, name) [SETTING_##id] = (name),
	AGREEMENT_SETTINGS(AGREEMENT_NAME)
#undef AGREEMENT_NAME
};

const char *
agreement_setting_name(enum agreement_setting s)
{
	return setting_names[s];
}

/* What one sentinel says, by canonical address. */
struct counted_view {
	const struct view *view;
	struct addr addr;
};

struct counted_views {
	VEC(struct counted_view) all;
};

static void
collect(struct counted_views *counted, const struct deployment *d,
    const struct master *m, int64_t now_ms, int64_t stale_after_ms)
{
	const struct sentinel *s;
	const struct view *v;
	struct counted_view *cv;

	vec_each(s, &d->sentinels) {
		v = sentinel_counted_view(s, m->name, now_ms, stale_after_ms);
		if (v == NULL || !addr_known(&v->addr))
			continue;
		cv = vec_push(&counted->all);
		cv->view = v;
		cv->addr = master_canonical(m, &v->addr);
	}
}

static int64_t
count_for(const struct counted_views *counted, const struct addr *a)
{
	const struct counted_view *cv;
	int64_t n = 0;

	vec_foreach(cv, &counted->all)
		n += addr_equal(&cv->addr, a);
	return n;
}

/* Does a go before b as the agreed master?  Highest epoch, then most counted,
 * then the one agreed on so far, then by name, so that the order in which
 * sentinels were asked never matters. */
static bool
stronger(const struct counted_views *counted, const struct counted_view *a,
    const struct counted_view *b, const struct agreement *before)
{
	int64_t na, nb;

	if (a->view->fields.config_epoch != b->view->fields.config_epoch)
		return a->view->fields.config_epoch >
		       b->view->fields.config_epoch;
	na = count_for(counted, &a->addr);
	nb = count_for(counted, &b->addr);
	if (na != nb)
		return na > nb;
	if (before->known && !addr_equal(&a->addr, &b->addr)) {
		if (addr_equal(&a->addr, &before->master))
			return true;
		if (addr_equal(&b->addr, &before->master))
			return false;
	}
	return addr_compare(&a->addr, &b->addr) < 0;
}

static int64_t
count_distinct(const struct counted_views *counted)
{
	int64_t n = 0;
	size_t i, k;

	for (i = 0; i < counted->all.n; i++) {
		for (k = 0; k < i; k++)
			if (addr_equal(&counted->all.v[i].addr,
				&counted->all.v[k].addr))
				break;
		n += k == i;
	}
	return n;
}

static void
elect(struct agreement *a, const struct agreement *before,
    const struct counted_views *counted)
{
	const struct counted_view *cv, *best = NULL;

	vec_foreach(cv, &counted->all)
		if (best == NULL || stronger(counted, cv, best, before))
			best = cv;
	a->counted = (int64_t)counted->all.n;
	if (best == NULL)
		return;
	a->known = true;
	a->master = best->addr;
	a->epoch = best->view->fields.config_epoch;
	a->agreeing = count_for(counted, &best->addr);
	a->distinct = count_distinct(counted);
}

/* REPLICAS leaves out those with "replica-announced no" (redis 6.2 on), which
 * num-slaves counts. */
static int64_t
count_unannounced(const struct counted_views *counted)
{
	int64_t hidden, most = NUM_UNKNOWN;
	const struct counted_view *cv;

	vec_foreach(cv, &counted->all) {
		if (!cv->view->lists_known ||
		    cv->view->fields.num_slaves == NUM_UNKNOWN)
			continue;
		hidden =
		    cv->view->fields.num_slaves - (int64_t)cv->view->replicas.n;
		if (hidden < 0)
			hidden = 0;
		most = hidden > most ? hidden : most;
	}
	return most;
}

static int64_t
setting(const struct view *v, enum agreement_setting s)
{
	switch (s) {
	case SETTING_QUORUM:
		return v->fields.quorum;
	case SETTING_DOWN_AFTER:
		return v->fields.down_after_ms;
	case SETTING_FAILOVER_TIMEOUT:
		return v->fields.failover_timeout_ms;
	case SETTING_PARALLEL_SYNCS:
		return v->fields.parallel_syncs;
	case SETTING_KNOWN_SENTINELS:
		return v->fields.num_other_sentinels;
	case SETTING_KNOWN_REPLICAS:
		return v->fields.num_slaves;
	case SETTING_KNOWN_MASTER:
	case AGREEMENT_SETTING_COUNT:
		break;
	}
	return 0;
}

/* Was this sentinel's list of masters kept from us? */
static bool
tells_nothing(const struct sentinel *s)
{
	return s->views.n == 0 && s->source.reason != REASON_NONE;
}

/* A sentinel in TILT has no cv in who is master, but its settings count. */
static void
compare_settings(struct agreement *a, const struct deployment *d,
    const struct master *m, int64_t now_ms, int64_t stale_after_ms)
{
	const struct view *v, *first = NULL;
	const struct sentinel *s;
	enum agreement_setting i;

	vec_each(s, &d->sentinels) {
		if (!s->source.up || tells_nothing(s))
			continue;
		v = sentinel_view(s, m->name);
		a->drift[SETTING_KNOWN_MASTER] |= v == NULL;
		if (v == NULL || !fresh(v->at_ms, now_ms, stale_after_ms))
			continue;
		if (first == NULL)
			first = v;
		for (i = SETTING_QUORUM; i < SETTING_KNOWN_MASTER; i++)
			a->drift[i] |= setting(v, i) != setting(first, i);
	}
}

static bool
is_denied(const struct server *s)
{
	return s->source.up && s->writes.failure == REASON_NOPERM;
}

static void
ask_nodes(struct agreement *a, const struct master *m, int64_t now_ms,
    int64_t stale_after_ms)
{
	const struct node *n;
	enum role role;
	bool says_master;

	vec_each(n, &m->nodes) {
		role = server_role(n->server, now_ms, stale_after_ms);
		says_master = role == ROLE_MASTER;
		a->reporting_nodes += says_master;
		if (!a->known || !addr_equal(&n->addr, &a->master))
			continue;
		/* Where it answers and neither INFO nor ROLE is told, nobody
		 * knows. */
		a->up_known = n->server->source.tried &&
			      (role != ROLE_UNKNOWN || !is_denied(n->server));
		a->up = says_master;
	}
}

void
agreement_update(const struct deployment *d, struct master *m, struct now now,
    int64_t stale_after_ms)
{
	struct agreement a = { .at_ms = now.mono_ms };
	struct counted_views counted = { 0 };

	collect(&counted, d, m, now.mono_ms, stale_after_ms);
	elect(&a, &m->agreement, &counted);
	a.unannounced = count_unannounced(&counted);
	a.headroom_known = quorum_headroom(
	    d, m->name, now.mono_ms, stale_after_ms, &a.headroom);
	compare_settings(&a, d, m, now.mono_ms, stale_after_ms);
	ask_nodes(&a, m, now.mono_ms, stale_after_ms);
	if (a.reporting_nodes > 1)
		a.split_since = m->agreement.reporting_nodes > 1
				    ? m->agreement.split_since
				    : now;
	vec_fini(&counted.all);
	m->agreement = a;
}
