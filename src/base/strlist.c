#include "base/strlist.h"

#include <string.h>

void
strlist_fini(struct strlist *l)
{
	char **s;

	vec_foreach(s, &l->items)
		free(*s);
	vec_fini(&l->items);
}

void
strlist_add(struct strlist *l, const char *s, size_t len)
{
	*vec_push(&l->items) = xmemdup0(s, len);
}

bool
strlist_has(const struct strlist *l, const char *s)
{
	char *const *it;

	vec_foreach(it, &l->items)
		if (strcmp(*it, s) == 0)
			return true;
	return false;
}

bool
strlist_has_within(const struct strlist *list, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && i < list->items.n; i++)
		if (strcmp(list->items.v[i], s) == 0)
			return true;
	return false;
}
