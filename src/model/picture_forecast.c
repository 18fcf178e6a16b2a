/* How long a failover of a master would take now. */
#include <stdlib.h>

#include "model/failover_forecast.h"
#include "model/picture_parts.h"

/* What sentinels that could vote say of their settings. */
static void
forecast_settings(struct forecast_input *in, int64_t *down_after_ms,
    const struct picture_master *p)
{
	const struct picture_view *v;

	in->down_after_ms = down_after_ms;
	vec_foreach(v, &p->views) {
		if (!v->counts)
			continue;
		down_after_ms[in->sentinels++] = v->down_after_ms;
		if (v->quorum > in->quorum)
			in->quorum = v->quorum;
	}
}

int64_t
picture_forecast_ms(const struct picture_master *p)
{
	const size_t n = p->failover_list == NULL ? 0 : p->failover_list->n;
	int64_t *ms = xcalloc(p->views.n + 2 * n + 1, sizeof(*ms)), result;
	int64_t *election_ms = ms + p->views.n, *promotion_ms = election_ms + n;
	struct forecast_input in = { .election_ms = election_ms,
		.promotion_ms = promotion_ms,
		.failovers = n };
	size_t i;

	forecast_settings(&in, ms, p);
	for (i = 0; i < n; i++) {
		election_ms[i] =
		    p->failover_list->v[i].phase_ms[PHASE_ELECTION];
		promotion_ms[i] =
		    p->failover_list->v[i].phase_ms[PHASE_PROMOTION];
	}
	result = failover_forecast(&in);
	free(ms);
	return result;
}
