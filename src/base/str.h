/*
 * str - small questions about C strings that may be NULL.  Pure.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/xalloc.h"

/* Equal texts, or both NULL. */
static inline bool
str_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A copy that the caller frees; NULL of NULL. */
static inline char *
str_copy(const char *s)
{
	return s == NULL ? NULL : xstrdup(s);
}

#endif
