/* failover_forecast - how long a failover would take now. */
#include "model/failover_forecast.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/xalloc.h"

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The known ones of n values in ascending order, which the caller frees. */
static int64_t *
sorted(const int64_t *v, size_t n, size_t *known)
{
	int64_t *copy = xcalloc(n + 1, sizeof(*copy));
	size_t i;

	*known = 0;
	for (i = 0; i < n; i++)
		if (v[i] != NUM_UNKNOWN)
			copy[(*known)++] = v[i];
	qsort(copy, *known, sizeof(*copy), ascending);
	return copy;
}

/* The lower one of the two in the middle of an even number. */
static int64_t
median(const int64_t *v, size_t n, int64_t otherwise)
{
	size_t known;
	int64_t *by_size = sorted(v, n, &known), m = otherwise;

	if (known > 0)
		m = by_size[(known - 1) / 2];
	free(by_size);
	return m;
}

/* The master is down for the quorum when the quorum-th sentinel says so. */
static int64_t
detection(const struct forecast_input *in)
{
	size_t known;
	int64_t *by_size = sorted(in->down_after_ms, in->sentinels, &known);
	int64_t ms = NUM_UNKNOWN;

	if (in->quorum > 0 && (uint64_t)in->quorum <= known)
		ms = by_size[in->quorum - 1];
	free(by_size);
	return ms;
}

int64_t
failover_forecast(const struct forecast_input *in)
{
	int64_t ms = detection(in);

	if (ms == NUM_UNKNOWN)
		return NUM_UNKNOWN;
	return ms +
	       median(in->election_ms, in->failovers, FORECAST_ELECTION_MS) +
	       median(in->promotion_ms, in->failovers, FORECAST_PROMOTION_MS);
}
