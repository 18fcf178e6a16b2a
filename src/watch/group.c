/* One set of sentinels under watch: its beginning, its end, its memory. */
#include "watch/group.h"

#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "model/derive.h"
#include "model/failover_record.h"
#include "model/saved_state.h"
#include "net/tls_context.h"
#include "watch/failover_report.h"
#include "watch/node_source.h"
#include "watch/queue_reader.h"
#include "watch/seeds.h"
#include "watch/sentinel_source.h"
#include "watch/settle.h"

#define DIAL_STAGGER_MS 2
#define DIALS_AT_ONCE	8

/* One reply of a healthy Redis: the largest INFO, a list of 1,000 replicas, a
 * scan step. */
static const struct reply_limits limits = {
	.bytes = 8 * 1024 * 1024,
	.string = 1024 * 1024,
	.elements = 200000,
	.memory = 16 * 1024 * 1024,
	.depth = 6,
};

bool
group_restore(struct group *g, const struct tracker_memory *m)
{
	struct failover_record *r;

	if (!deployment_watches(&g->deployment, m->master_name))
		return false;
	r = deployment_add_record(
	    &g->deployment, m->master_name, clock_now().mono_ms);
	tracker_restore(r->tracker, m);
	return true;
}

void
group_save(const struct group *g, struct saved_state *state)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct now now = clock_now();
	const struct failover_record *r;

	vec_each(r, &g->deployment.records) {
		/* An outage that goes on is kept up to this moment: what was
		 * shown of it must not be less after a restart. */
		if (tracker_stats(r->tracker)->outage_since_mono_ms !=
		    NUM_UNKNOWN)
			tracker_answers(r->tracker, false, now);
		tracker_save(r->tracker, m);
		saved_state_add(state, g->conf->name, m);
	}
	free(m);
}

void
group_told(struct group *g, enum group_urgency urgency)
{
	g->deps.on_told(g->deps.arg, urgency);
}

int64_t
group_timeout_ms(const struct group *g)
{
	return g->conf->poll.timeout_ms;
}

int64_t
group_dial_delay(struct group *g)
{
	return (int64_t)(g->dialled++ / DIALS_AT_ONCE) * DIAL_STAGGER_MS;
}

static struct conn_conf
conn_conf_of(
    const struct group *g, struct credentials *auth, struct tls_context *tls)
{
	int64_t ceil_ms = g->conf->poll.interval_ms;

	return (struct conn_conf){
		.loop = g->deps.loop,
		.resolver = g->deps.resolver,
		.auth = auth,
		.tls = tls,
		.dial_timeout_ms = group_timeout_ms(g),
		.backoff_ceil_ms = (uint32_t)(ceil_ms > 5000 ? 5000 : ceil_ms),
		.limits = limits,
		.batch_memory = limits.memory,
	};
}

static void
set_conn_confs(struct group *g)
{
	g->sentinel_conn = conn_conf_of(g, &g->sentinel_auth, g->sentinel_tls);
	g->node_conn = conn_conf_of(g, &g->node_auth, g->node_tls);
}

static void
forget_logins(struct group *g)
{
	credentials_fini(&g->sentinel_auth);
	credentials_fini(&g->node_auth);
	tls_context_unref(g->sentinel_tls);
	tls_context_unref(g->node_tls);
}

/* How to log in, from the base's configuration. */
static void
take_logins(struct group *g)
{
	forget_logins(g);
	credentials_copy(&g->sentinel_auth, &g->base->sentinel_auth);
	credentials_copy(&g->node_auth, &g->base->redis_auth);
	g->sentinel_tls = tls_context_new(g->base->sentinel_tls);
	g->node_tls = tls_context_new(g->base->redis_tls);
	/* Where none is configured and an answer comes, none is asked for. */
	g->deployment.sentinels_open = g->sentinel_auth.password == NULL;
	g->deployment.nodes_open = g->node_auth.password == NULL;
	set_conn_confs(g);
}

struct group *
group_start(struct group_conf *conf, const struct group_deps *deps)
{
	struct group *g = xcalloc(1, sizeof(*g));

	g->deps = *deps;
	g->conf = group_conf_ref(conf);
	g->base = group_conf_ref(conf);
	g->deployment.group = str_copy(conf->name);
	g->deployment.master_names = &conf->master_names;
	g->deployment.stale_after_ms = conf->poll.stale_after_ms;
	TAILQ_INIT(&g->sentinels);
	TAILQ_INIT(&g->nodes);
	TAILQ_INIT(&g->readers);
	take_logins(g);
	g->urgent = timer_new(deps->loop, settle_on_urgent, g);
	g->seeds = seeds_new(g);
	round_init(&g->round, g);
	round_start(g);
	return g;
}

static void
report_failovers(const struct group *g)
{
	struct failover_record *r;

	vec_each(r, &g->deployment.records)
		failover_report(r, g->conf->name, clock_now().wall_ms, true);
}

void
group_stop(struct group *g)
{
	round_fini(&g->round);
	/* The readers' batches end with the nodes' connections. */
	while (!TAILQ_EMPTY(&g->nodes))
		node_source_free(TAILQ_FIRST(&g->nodes));
	queue_readers_free(g);
	while (!TAILQ_EMPTY(&g->sentinels))
		sentinel_source_free(TAILQ_FIRST(&g->sentinels));
	seeds_free(g->seeds);
	timer_free(g->urgent);
	report_failovers(g);
	deployment_fini(&g->deployment);
	group_conf_unref(g->conf);
	group_conf_unref(g->base);
	forget_logins(g);
	free(g);
}

/*
 * A reload.
 */

static void
rename_group(struct group *g, const char *name)
{
	if (str_same(g->deployment.group, name))
		return;
	free(g->deployment.group);
	g->deployment.group = str_copy(name);
	deployment_renamed(&g->deployment);
}

void
group_take_conf(
    struct group *g, struct group_conf *conf, const struct conf *all)
{
	group_conf_ref(conf);
	group_conf_unref(g->conf);
	g->conf = conf;
	rename_group(g, conf->name);
	g->deps.all = all;
	g->deployment.stale_after_ms = conf->poll.stale_after_ms;
	set_conn_confs(g);
	deployment_changed(&g->deployment);
	group_told(g, GROUP_SOON);
}

void
group_take_credentials(struct group *g, struct group_conf *conf)
{
	struct group_conf *before = g->base;
	struct sentinel_source *ss;
	struct node_source *ns;

	g->base = group_conf_ref(conf);
	g->deployment.master_names = &conf->master_names;
	take_logins(g);
	TAILQ_FOREACH(ss, &g->sentinels, link)
		sentinel_source_redial(ss, &ss->sentinel->addr);
	TAILQ_FOREACH(ns, &g->nodes, link)
		node_source_redial(ns);
	queue_readers_redial(g);
	group_conf_unref(before);
}

/* The sentinels' streams are other ones from now on. */
void
group_hand_over(struct group *from, struct group *to)
{
	struct failover_record *r;
	struct sentinel *s;
	struct master *m;

	vec_each(m, &from->deployment.masters)
		m->record = NULL;
	vec_each(r, &from->deployment.records)
		vec_each(s, &from->deployment.sentinels)
			tracker_lost(r->tracker, s->label);
	to->deployment.records.v = from->deployment.records.v;
	to->deployment.records.n = from->deployment.records.n;
	to->deployment.records.cap = from->deployment.records.cap;
	from->deployment.records.v = NULL;
	from->deployment.records.n = from->deployment.records.cap = 0;
}
