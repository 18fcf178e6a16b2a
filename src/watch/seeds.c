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
};

struct seeds {
	struct group *group; /* borrowed */
	struct tally *tally;
	size_t unanswered; /* look-ups that tally waits for */
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
	for (i = 0; i < s->n; i++)
		if (s->v[i].lookup != NULL)
			lookup_cancel(s->v[i].lookup);
	free(s->v);
	free(s);
}

/* One address: the name itself is the source, dialled by name.  Several: each
 * is a source.  None: the name is a source all the same, so that its failure
 * shows. */
static void
on_resolved(
    void *arg, const struct resolved *found, size_t n, const char *detail)
{
	struct seed *seed = arg;
	struct seeds *s = seed->seeds;
	size_t i;

	seed->lookup = NULL;
	seed->looked_ms = clock_now().mono_ms;
	if (n == 0)
		log_debug("name does not resolve", "name", seed->addr.host,
		    "detail", detail, NULL);
	if (n <= 1)
		sentinel_source_add(s->group, &seed->addr, true);
	for (i = 0; n > 1 && i < n; i++)
		sentinel_source_add(s->group, &found[i].literal, true);
	tally_done(&s->tally);
}

static bool
any_down(const struct group *g)
{
	const struct sentinel *s;

	vec_foreach(s, &g->deploy.sentinels)
		if (!s->source.up)
			return true;
	return g->deploy.sentinels.n == 0;
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
seeds_resolve(struct seeds *s, struct tally *waiting)
{
	int64_t now_ms = clock_now().mono_ms;
	struct seed *seed;

	for (seed = s->v; seed < s->v + s->n; seed++) {
		if (seed->literal) {
			sentinel_source_add(s->group, &seed->addr, true);
		} else if (is_due(seed, now_ms)) {
			if (seed->looked_ms == 0 && s->tally == NULL) {
				s->tally = waiting;
				tally_add(waiting);
			}
			seed->lookup = resolver_lookup(
			    s->group->resolver, &seed->addr, on_resolved, seed);
		}
	}
}
