/*
 * vec - a growable array of values.
 *
 *	struct list { VEC(struct item) items; };
 *
 * Elements move when the array grows: keep an index or a key, not a pointer,
 * across a call that may add one.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define VEC(type)                                                             \
	struct {                                                              \
		type *v;                                                      \
		size_t n, cap;                                                \
	}

/* Insert a zeroed element before index i (i <= n); the value is its address.
 * i is read once, before anything moves: it may be a search in vec. */
#define vec_insert(vec, i)                                                    \
	__extension__({                                                       \
		const size_t vec_at = (i);                                    \
		(vec)->v = vec_grown((vec)->v, (vec)->n, &(vec)->cap,         \
		    sizeof(*(vec)->v));                                       \
		memmove((vec)->v + vec_at + 1, (vec)->v + vec_at,             \
		    ((vec)->n - vec_at) * sizeof(*(vec)->v));                 \
		memset((vec)->v + vec_at, 0, sizeof(*(vec)->v));              \
		(vec)->n++;                                                   \
		(vec)->v + vec_at;                                            \
	})

/* Append a zeroed element; the value is its address. */
#define vec_push(vec) vec_insert(vec, (vec)->n)

/* Remove element i; what it owns must have been released before. */
#define vec_remove(vec, i)                                                    \
	(memmove((vec)->v + (i), (vec)->v + (i) + 1,                          \
	     ((vec)->n - (i) - 1) * sizeof(*(vec)->v)),                       \
	    (void)(vec)->n--)

/* Give back the room that is not used. */
#define vec_fit(vec)                                                          \
	((vec)->v = vec_fitted((vec)->v, (vec)->n, &(vec)->cap,               \
	     sizeof(*(vec)->v)))

/* Forget all elements and free the array itself. */
#define vec_fini(vec)                                                         \
	(free((vec)->v), (vec)->v = NULL, (void)((vec)->n = (vec)->cap = 0))

/* Make dst a copy of src's elements, byte for byte; dst's array is replaced
 * without being freed, so that a struct copied whole can be put right. */
#define vec_copy(dst, src)                                                    \
	((dst)->v = vec_copied((src)->v, (src)->n, sizeof(*(src)->v)),        \
	    (void)((dst)->n = (dst)->cap = (src)->n))

#define vec_foreach(it, vec)                                                  \
	for ((it) = (vec)->v; (it) != NULL && (it) < (vec)->v + (vec)->n;     \
	    (it)++)

/* The same for an array of pointers: ptr is each of them in turn.  Objects that
 * others point at live in such arrays; they never move. */
#define vec_each(ptr, vec)                                                    \
	for (size_t vec_i_##ptr = 0; vec_i_##ptr < (vec)->n &&                \
	     ((ptr) = (vec)->v[vec_i_##ptr], true); vec_i_##ptr++)

static inline void *
vec_grown(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap == 0 ? 4 : *cap * 2;
	return xreallocarray(v, *cap, size);
}

static inline void *
vec_fitted(void *v, size_t n, size_t *cap, size_t size)
{
	if (n == *cap)
		return v;
	*cap = n;
	if (n > 0)
		return xreallocarray(v, n, size);
	free(v);
	return NULL;
}

static inline void *
vec_copied(const void *v, size_t n, size_t size)
{
	void *copy;

	if (n == 0)
		return NULL;
	copy = xreallocarray(NULL, n, size);
	memcpy(copy, v, n * size);
	return copy;
}

#endif
