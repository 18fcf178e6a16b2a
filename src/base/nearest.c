/* nearest - which of several names was probably meant. */
#include "base/nearest.h"

#include <string.h>

void
nearest_init(struct nearest *n, const char *name, size_t len)
{
	*n = (struct nearest){
		.name = name, .len = len, .distance = len / 2 + 1
	};
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, row by row. */
static size_t
distance(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t row[NEAREST_LEN_MAX + 1], i, j, corner, above;

	for (j = 0; j <= blen; j++)
		row[j] = j;
	for (i = 1; i <= alen; i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			above = row[j];
			row[j] = least(least(above, row[j - 1]) + 1,
			    corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[blen];
}

void
nearest_offer(struct nearest *n, const char *candidate)
{
	size_t len = strlen(candidate), d;

	if (n->len > NEAREST_LEN_MAX || len > NEAREST_LEN_MAX)
		return;
	d = distance(n->name, n->len, candidate, len);
	if (d < n->distance) {
		n->best = candidate;
		n->distance = d;
	}
}
