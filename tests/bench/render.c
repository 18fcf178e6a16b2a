/*
 * render - what an exposition and a publish cost, without a watch or a web.
 *
 *	render MASTERS
 *
 * prints: series, bytes, ns per series, us per publish of one change, us per
 * publish of everything.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "metrics/render.h"
#include "model/deployment.h"
#include "model/snapshot.h"
#include "unit/metrics/sample_deployment.h"

#define TURNS 200

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Each master as the sample has it, under a name of its own. */
static void
grow(struct deployment *d, int masters)
{
	struct sentinel *s;
	struct master *m;
	char name[32];
	int i;

	sample_sentinels(d);
	for (i = 0; i < masters; i++) {
		(void)snprintf(name, sizeof(name), "master-%05d", i);
		vec_each(s, &d->sentinels)
			if (s->source.up)
				sample_view(s, name);
		m = deployment_add_master(d, name);
		m->agreement = (struct agreement){ .known = true,
			.master = sample_addr("10.0.0.1:6379"),
			.up = true,
			.up_known = true,
			.at_ms = SAMPLE_AT_MS };
		sample_failovers(&m->failovers);
		if (d->servers.n == 0) {
			sample_nodes(m);
		} else {
			struct addr a = sample_addr("10.0.0.1:6379"),
				    b = sample_addr("10.0.0.2:6379");

			master_add_node(m, &a);
			master_add_node(m, &b)->replication.replica = true;
		}
		if (i % 100 == 0)
			sample_celery(&m->celery);
	}
}

static double
publish_us(struct deployment *d, bool all)
{
	const struct picture_time t = { sample_at, SAMPLE_STALE_MS };
	struct snapshot *s, *held = NULL;
	double from = now_us();
	int i;

	for (i = 0; i < TURNS; i++) {
		if (all)
			deployment_changed(d);
		else
			d->masters.v[0]->changed = true;
		s = snapshot_new();
		snapshot_add(s, d, &t);
		snapshot_unref(held);
		held = s;
	}
	snapshot_unref(held);
	return (now_us() - from) / TURNS;
}

int
main(int argc, char **argv)
{
	const int masters = argc > 1 ? atoi(argv[1]) : 1000;
	struct deployment d = { 0 };
	struct strbuf out = { 0 };
	struct snapshot *s;
	size_t series = 0;
	double from, us;
	const char *p;
	int i;

	grow(&d, masters);
	s = sample_snapshot(&d, 1, 0);
	from = now_us();
	for (i = 0; i < 20; i++) {
		out.len = 0;
		render_snapshot(&out, RENDER_TEXT, s, SAMPLE_AT_MS);
	}
	us = (now_us() - from) / 20;
	for (p = strbuf_text(&out); (p = strchr(p, '\n')) != NULL; p++)
		series += p[1] != '#' && p[1] != '\0';
	printf("%zu %zu %.1f %.1f %.1f\n", series, out.len,
	    us * 1000 / (double)series, publish_us(&d, false),
	    publish_us(&d, true));
	snapshot_unref(s);
	strbuf_fini(&out);
	deployment_fini(&d);
	return 0;
}
