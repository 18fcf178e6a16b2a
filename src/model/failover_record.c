/* One master's failovers, for as long as they are remembered. */
#include "model/failover_record.h"

#include <string.h>

#include "model/deployment.h"

static size_t
record_bound(const struct deployment *d, const char *name)
{
	size_t low = 0, n = d->records.n, half;

	while (n > 0) {
		half = n / 2;
		if (strcmp(d->records.v[low + half]->master_name, name) < 0) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

static void
record_free(struct failover_record *r)
{
	free(r->master_name);
	tracker_free(r->tracker);
	failover_list_unref(r->failover_list);
	free(r);
}

static void
remove_at(struct deployment *d, size_t i)
{
	struct failover_record *r = d->records.v[i];
	struct master *m = deployment_master(d, r->master_name);

	if (m != NULL)
		m->record = NULL;
	vec_remove(&d->records, i);
	record_free(r);
}

static void
make_room(struct deployment *d)
{
	size_t i, oldest = 0;

	for (i = 1; i < d->records.n; i++)
		if (d->records.v[i]->monitored_ms <
		    d->records.v[oldest]->monitored_ms)
			oldest = i;
	remove_at(d, oldest);
}

struct failover_record *
deployment_record(const struct deployment *d, const char *name)
{
	size_t i = record_bound(d, name);

	return i < d->records.n &&
		       strcmp(d->records.v[i]->master_name, name) == 0
		   ? d->records.v[i]
		   : NULL;
}

struct failover_record *
deployment_add_record(struct deployment *d, const char *name, int64_t now_ms)
{
	struct failover_record *r = deployment_record(d, name);

	if (r != NULL)
		return r;
	if (d->records.n >= FAILOVER_RECORDS_MAX)
		make_room(d);
	r = xcalloc(1, sizeof(*r));
	r->master_name = xstrdup(name);
	r->tracker = tracker_new(name);
	r->monitored_ms = now_ms;
	*vec_insert(&d->records, record_bound(d, name)) = r;
	return r;
}

bool
deployment_expire_records(struct deployment *d, int64_t now_ms)
{
	size_t i, before = d->records.n;

	for (i = d->records.n; i-- > 0;)
		if (now_ms - d->records.v[i]->monitored_ms >
		    FAILOVER_RECORD_KEEP_MS)
			remove_at(d, i);
	return d->records.n < before;
}

void
deployment_free_records(struct deployment *d)
{
	while (d->records.n > 0)
		remove_at(d, d->records.n - 1);
	vec_fini(&d->records);
}

bool
failover_record_update(struct failover_record *r)
{
	uint64_t digest = tracker_digest(r->tracker);
	const struct failover *v;
	size_t n;

	if (r->failover_list != NULL && r->digest == digest)
		return false;
	r->digest = digest;
	v = tracker_history(r->tracker, &n);
	failover_list_unref(r->failover_list);
	r->failover_list = failover_list_new(v, n);
	return true;
}
