/*
 * strlist - an ordered list of owned strings.
 */
#ifndef BASE_STRLIST_H
#define BASE_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct strlist {
	VEC(char *) items;
};

void	strlist_fini(struct strlist *);

/* Append a copy of the len bytes. */
void	strlist_add(struct strlist *, const char *s, size_t len);

bool	strlist_has(const struct strlist *, const char *s);

/* Is it among the first n? */
bool	strlist_has_within(const struct strlist *, size_t n, const char *s);

#endif
