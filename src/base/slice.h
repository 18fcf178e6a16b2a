/*
 * slice - a piece of somebody else's text, and cutting it.  Pure.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct slice {
	const char	*s;	/* borrowed; NULL = nothing is left */
	size_t		len;
};

/* Take the part before the first mark off the front of rest, which goes on
 * behind the mark; without a mark all of it, and rest's s is NULL then. */
struct slice slice_cut(struct slice *rest, char mark);

bool	slice_is(struct slice, const char *text);

/* Take text off the front; false, and the slice as it was, when it does not
 * begin so. */
bool	slice_skip(struct slice *, const char *text);

/* Take text off the end, likewise. */
bool	slice_trim(struct slice *, const char *text);

/* Copy into buf of size bytes with a NUL behind; false, and buf as it was,
 * when it does not fit. */
bool	slice_copy(struct slice, char *buf, size_t size);

#endif
