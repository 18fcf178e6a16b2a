#include "watch/seeds.h"

#include <arpa/inet.h>

#include "base/log.h"
#include "watch/group.h"
#include "watch/sentinel_source.h"

/* Names whose sentinels all answer are looked up this often. */
#define REFRESH_MS 30000

struct seed {
	struct seeds *seeds; /* borrowed */
	struct addr addr;
	struct lookup *lookup; /* on its way; NULL = none */
	int64_t looked_ms; /* last answer, monotonic; 0 = never */
	bool literal;
	VEC(struct addr) addrs; /* of a name: what it stands for now */
};

struct seeds {
	struct group *group; /* borrowed */
	struct waitgroup *waitgroup;
	size_t unanswered; /* look-ups that waitgroup waits for */
	struct seed *v; /* owned; their addresses are kept */
	size_t n;
};

static bool
is_literal(const struct addr *a)
{
	struct in6_addr scratch;

	return a->port == 0 || inet_pton(AF_INET, a->host, &scratch) == 1 ||
	       inet_pton(AF_INET6, a->host, &scratch) == 1;
}

struct seeds *
seeds_new(struct group *g)
{
	struct seeds *s = xcalloc(1, sizeof(*s));
	const struct endpoint *e;
	struct seed *seed;

	s->group = g;
	s->v = xcalloc(g->conf->sentinels.n, sizeof(*s->v));
	vec_foreach(e, &g->conf->sentinels) {
		seed = &s->v[s->n++];
		seed->seeds = s;
		seed->addr = e->addr;
		seed->literal = is_literal(&e->addr);
	}
	return s;
}

void
seeds_free(struct seeds *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		if (s->v[i].lookup != NULL)
			lookup_cancel(s->v[i].lookup);
		vec_fini(&s->v[i].addrs);
	}
	free(s->v);
	free(s);
}

/* Does another name, or an address that was given as such, stand for it? */
static bool
named_otherwise(const struct seed *but, const struct addr *a)
{
	const struct seeds *s = but->seeds;
	const struct addr *known;
	const struct seed *seed;

	for (seed = s->v; seed < s->v + s->n; seed++) {
		if (seed == but)
			continue;
		if (seed->literal && addr_equal(&seed->addr, a))
			return true;
		vec_foreach(known, &seed->addrs)
			if (addr_equal(known, a))
				return true;
	}
	return false;
}

static bool
has_addr(const struct seed *seed, const struct addr *a)
{
	const struct addr *known;

	vec_foreach(known, &seed->addrs)
		if (addr_equal(known, a))
			return true;
	return false;
}

/* The name stands for these addresses from now on.  A source it stood for and
 * stands for no longer (a pod that moved) is one that peers may forget. */
static void
stand_for(struct seed *seed, const struct seed *before)
{
	struct group *g = seed->seeds->group;
	struct sentinel *s;
	const struct addr *a;

	vec_foreach(a, &before->addrs)
		vec_each(s, &g->deployment.sentinels)
			if (addr_equal(&s->addr, a) && !has_addr(seed, a) &&
			    !named_otherwise(seed, a))
				s->seed = false;
	vec_foreach(a, &seed->addrs)
		(void)sentinel_source_add(g, a, true);
}

static size_t
count_family(const struct resolved *found, size_t n, sa_family_t family)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += found[i].sa.ss_family == family;
	return count;
}

/* Several addresses of one family: each is a sentinel.  One of each family is
 * one host reached in two ways; then, and where nothing was found, the name
 * itself is the source, and dialling tries what it has. */
static void
on_resolved(
    void *arg, const struct resolved *found, size_t n, const char *detail)
{
	struct seed *seed = arg, before = *seed;
	size_t v4 = count_family(found, n, AF_INET), i;
	size_t v6 = count_family(found, n, AF_INET6);
	sa_family_t family = v6 > v4 ? AF_INET6 : AF_INET;

	seed->lookup = NULL;
	seed->looked_ms = clock_now().mono_ms;
	if (n == 0)
		log_debug("name does not resolve", "name", seed->addr.host,
		    "detail", detail, NULL);
	if (n > 0 || before.addrs.n == 0) {
		seed->addrs.v = NULL;
		seed->addrs.n = seed->addrs.cap = 0;
		for (i = 0; (v4 > 1 || v6 > 1) && i < n; i++)
			if (found[i].sa.ss_family == family)
				*vec_push(&seed->addrs) = found[i].literal;
		if (seed->addrs.n == 0)
			*vec_push(&seed->addrs) = seed->addr;
		stand_for(seed, &before);
		vec_fini(&before.addrs);
	}
	if (before.looked_ms == 0 && --seed->seeds->unanswered == 0)
		waitgroup_done(&seed->seeds->waitgroup);
}

static bool
any_down(const struct group *g)
{
	const struct sentinel *s;

	vec_each(s, &g->deployment.sentinels)
		if (!s->source.up)
			return true;
	return g->deployment.sentinels.n == 0;
}

static bool
is_due(const struct seed *seed, int64_t now_ms)
{
	if (seed->lookup != NULL)
		return false;
	return seed->looked_ms == 0 || any_down(seed->seeds->group) ||
	       now_ms - seed->looked_ms >= REFRESH_MS;
}

void
seeds_resolve(struct seeds *s, struct waitgroup *waiting)
{
	int64_t now_ms = clock_now().mono_ms;
	struct seed *seed;

	for (seed = s->v; seed < s->v + s->n; seed++) {
		if (seed->literal) {
			sentinel_source_add(s->group, &seed->addr, true);
		} else if (is_due(seed, now_ms)) {
			s->unanswered += seed->looked_ms == 0;
			seed->lookup = resolver_lookup(s->group->deps.resolver,
			    &seed->addr, on_resolved, seed);
		}
	}
	if (s->unanswered > 0 && s->waitgroup == NULL) {
		s->waitgroup = waiting;
		waitgroup_add(waiting);
	}
}
