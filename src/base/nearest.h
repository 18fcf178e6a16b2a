/*
 * nearest - which of several names was probably meant.  Pure.
 *
 *	struct nearest n;
 *
 *	nearest_init(&n, typed, len);
 *	while (...)
 *		nearest_offer(&n, candidate);
 *	if (n.best != NULL)
 *		... did you mean n.best?
 *
 * By Levenshtein's distance; a name of which half or more must change is not
 * like the one that was typed.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Longer names are like none. */
#define NEAREST_LEN_MAX	64

struct nearest {
	const char	*name;		/* borrowed; len bytes */
	size_t		 len;
	const char	*best;		/* borrowed: the candidate; NULL = none */
	size_t		 distance;	/* of the best */
};

void	nearest_init(struct nearest *, const char *name, size_t len);

/* A candidate; the first of several that are equally near wins. */
void	nearest_offer(struct nearest *, const char *candidate);

#endif
