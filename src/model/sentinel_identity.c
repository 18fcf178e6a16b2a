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

static bool
is_there(const struct sentinel *s, const struct addr *a, const char *label)
{
	return addr_equal(&s->addr, a) || addr_equal(&s->reached, a) ||
	       strcmp(s->label, label) == 0;
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
