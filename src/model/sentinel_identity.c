/* Which sentinel is which. */
#include "model/sentinel_identity.h"

#include <string.h>

#include "model/deployment.h"

static bool
same_id(const struct sentinel *a, const struct sentinel *b)
{
	return a->id[0] != '\0' && strcmp(a->id, b->id) == 0;
}

static bool
run_ids_differ(const struct sentinel *a, const struct sentinel *b)
{
	return a->info.run_id[0] != '\0' && b->info.run_id[0] != '\0' &&
	       strcmp(a->info.run_id, b->info.run_id) != 0;
}

bool
sentinel_is_same(const struct sentinel *a, const struct sentinel *b)
{
	return same_id(a, b) && !run_ids_differ(a, b);
}

bool
sentinel_is_copy(const struct sentinel *a, const struct sentinel *b)
{
	return same_id(a, b) && run_ids_differ(a, b) && a->source.up &&
	       b->source.up;
}

#define ALIASES_MAX 16

static bool
has_alias(const struct sentinel *s, const struct addr *a)
{
	const struct addr *alias;

	vec_foreach(alias, &s->aliases)
		if (addr_equal(alias, a))
			return true;
	return false;
}

static void
add_alias(struct sentinel *s, const struct addr *a)
{
	if (!has_alias(s, a) && s->aliases.n < ALIASES_MAX)
		*vec_push(&s->aliases) = *a;
}

struct sentinel *
sentinel_join(struct sentinel *a, struct sentinel *b)
{
	struct sentinel *keep = b->announced_ms > a->announced_ms ? b : a;
	struct sentinel *other = keep == a ? b : a;
	const struct addr *alias;

	keep->seed |= other->seed;
	add_alias(keep, &other->addr);
	vec_foreach(alias, &other->aliases)
		add_alias(keep, alias);
	return other;
}

static bool
is_there(const struct sentinel *s, const struct addr *a, const char *label)
{
	return addr_equal(&s->addr, a) || addr_equal(&s->reached, a) ||
	       strcmp(s->label, label) == 0;
}

struct sentinel *
deployment_sentinel_at(const struct deployment *d, const struct addr *a)
{
	char label[ADDR_TEXT_MAX];
	struct sentinel *s;

	addr_format(a, label);
	vec_each(s, &d->sentinels)
		if (addr_equal(&s->addr, a) || strcmp(s->label, label) == 0 ||
		    has_alias(s, a))
			return s;
	return NULL;
}

void
deployment_split_sentinel(struct deployment *d, const struct addr *a)
{
	struct sentinel *s;
	size_t i;

	vec_each(s, &d->sentinels)
		for (i = s->aliases.n; i-- > 0;)
			if (addr_equal(&s->aliases.v[i], a))
				vec_remove(&s->aliases, i);
}

struct sentinel *
deployment_peer(const struct deployment *d, const struct peer_fields *p)
{
	struct sentinel *s, *by_addr = NULL, *by_id = NULL;
	char label[ADDR_TEXT_MAX];
	bool ids;

	addr_format(&p->addr, label);
	vec_each(s, &d->sentinels) {
		ids = s->id[0] != '\0' && p->id[0] != '\0';
		if (ids && strcmp(s->id, p->id) != 0)
			continue;
		if (by_id == NULL && ids)
			by_id = s;
		if (by_addr == NULL && is_there(s, &p->addr, label))
			by_addr = s;
	}
	return by_addr != NULL ? by_addr : by_id;
}

enum sentinel_renaming
sentinel_renaming(const struct sentinel *s, const char *label, int64_t now_ms)
{
	if (strcmp(s->label, label) == 0)
		return SENTINEL_KEEPS;
	if (s->announced_ms > 0 &&
	    now_ms - s->announced_ms <= s->deployment->stale_after_ms)
		return SENTINEL_IS_OLD;
	if (deployment_sentinel(s->deployment, label) != NULL)
		return SENTINEL_IS_OLD;
	return SENTINEL_TAKES;
}

static bool
anyone_up(const struct deployment *d)
{
	const struct sentinel *s;

	vec_each(s, &d->sentinels)
		if (s->source.up)
			return true;
	return false;
}

bool
sentinel_is_forgotten(const struct sentinel *s, int64_t now_ms)
{
	return !s->seed && !s->source.up &&
	       now_ms - s->announced_ms > s->deployment->stale_after_ms &&
	       anyone_up(s->deployment);
}
