/* conf_diff - groups are paired by name, then by sentinels. */
#include "config/conf_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "config/option.h"

/* Where the group before stands in the new conf; SIZE_MAX = nowhere yet. */
struct pairing {
	const struct conf *before, *after;
	struct group_conf **old_of; /* per new group; NULL = none */
	bool *taken; /* per old group */
};

static void
pair(struct pairing *p,
    bool (*alike)(const struct group_conf *, const struct group_conf *))
{
	size_t i, j;

	for (i = 0; i < p->after->groups.n; i++) {
		for (j = 0; j < p->before->groups.n; j++) {
			if (p->old_of[i] != NULL || p->taken[j] ||
			    !alike(
				p->before->groups.v[j], p->after->groups.v[i]))
				continue;
			p->old_of[i] = p->before->groups.v[j];
			p->taken[j] = true;
		}
	}
}

static bool
same_name(const struct group_conf *a, const struct group_conf *b)
{
	return str_same(a->name, b->name);
}

static enum group_change_kind
kind_of(const struct group_conf *before, const struct group_conf *after)
{
	switch (group_conf_compare(before, after)) {
	case GROUP_SAME:
		return GROUP_STAYS;
	case GROUP_SECRETS:
		return GROUP_DIALS_AGAIN;
	case GROUP_OTHER:
		break;
	}
	return GROUP_CHANGES;
}

static void
add_groups(struct conf_diff *d, const struct pairing *p)
{
	struct group_conf *before, *after;
	size_t i;

	for (i = 0; i < p->after->groups.n; i++) {
		after = p->after->groups.v[i];
		before = p->old_of[i];
		*vec_push(&d->groups) = (struct group_change){
			.kind = before == NULL ? GROUP_COMES
					       : kind_of(before, after),
			.renamed = before != NULL && !same_name(before, after),
			.same_sentinels =
			    before != NULL &&
			    group_conf_same_sentinels(before, after),
			.before = before,
			.after = after,
		};
	}
	for (i = 0; i < p->before->groups.n; i++)
		if (!p->taken[i])
			*vec_push(&d->groups) = (struct group_change){
				.kind = GROUP_GOES,
				.before = p->before->groups.v[i],
			};
}

static void
needs_restart(struct conf_diff *d, enum option_id id, bool differs)
{
	if (differs)
		strlist_add(
		    &d->restart, options[id].name, strlen(options[id].name));
}

static bool
lists_differ(const struct strlist *a, const struct strlist *b)
{
	size_t i;

	for (i = 0; i < a->items.n && i < b->items.n; i++)
		if (strcmp(a->items.v[i], b->items.v[i]) != 0)
			return true;
	return a->items.n != b->items.n;
}

void
conf_diff(
    struct conf_diff *d, const struct conf *before, const struct conf *after)
{
	struct pairing p = { .before = before, .after = after };

	*d = (struct conf_diff){ 0 };
	p.old_of = xcalloc(after->groups.n + 1, sizeof(*p.old_of));
	p.taken = xcalloc(before->groups.n + 1, sizeof(*p.taken));
	pair(&p, same_name);
	pair(&p, group_conf_same_sentinels);
	add_groups(d, &p);
	free(p.old_of);
	free(p.taken);
	needs_restart(d, OPTION_STATE_FILE,
	    !str_same(before->state_file, after->state_file));
	needs_restart(d, OPTION_WEB_LISTEN_ADDRESS,
	    lists_differ(
		&before->web_listen_addresses, &after->web_listen_addresses));
	needs_restart(d, OPTION_WEB_TELEMETRY_PATH,
	    !str_same(before->web_telemetry_path, after->web_telemetry_path));
	needs_restart(d, OPTION_WEB_CONFIG_FILE,
	    !str_same(before->web_config_file, after->web_config_file));
	needs_restart(d, OPTION_WEB_SYSTEMD_SOCKET,
	    before->web_systemd_socket != after->web_systemd_socket);
	needs_restart(d, OPTION_WEB_MAX_CONNECTIONS,
	    before->web_max_connections != after->web_max_connections);
	needs_restart(d, OPTION_WEB_ENABLE_LIFECYCLE,
	    before->web_enable_lifecycle != after->web_enable_lifecycle);
}

void
conf_diff_fini(struct conf_diff *d)
{
	vec_fini(&d->groups);
	strlist_fini(&d->restart);
}
