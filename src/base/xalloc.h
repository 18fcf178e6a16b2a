/*
 * xalloc - allocation that never returns NULL.
 *
 * Running out of memory aborts: no peer can cause it, because every size that
 * comes from outside has a cap.  Everything returned is freed with free().
 */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stddef.h>

/* Zeroed array of n elements; aborts when n * size overflows. */
void	*xcalloc(size_t n, size_t size) __attribute__((malloc));

/* Resize to n elements of size bytes; new space is not zeroed. */
void	*xreallocarray(void *p, size_t n, size_t size);

char	*xstrdup(const char *s) __attribute__((malloc));

/* Copy of exactly len bytes, with a NUL behind them. */
char	*xmemdup0(const void *p, size_t len) __attribute__((malloc));

char	*xasprintf(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), malloc));

/* Wipe and free a NUL-terminated secret, and set the owner's pointer NULL. */
void	 xfree_secret(char **secret);

#endif
