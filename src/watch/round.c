#include "watch/round.h"

#include "base/clock.h"
#include "base/num.h"
#include "model/derive.h"
#include "watch/discovery.h"
#include "watch/event_stream.h"
#include "watch/group.h"
#include "watch/node_source.h"
#include "watch/queue_reader.h"
#include "watch/seeds.h"
#include "watch/sentinel_source.h"

static void
poll_sentinels(struct group *g, struct waitgroup *t)
{
	struct sentinel_source *ss;
	const struct source *source;

	TAILQ_FOREACH(ss, &g->sentinels, link) {
		source = &ss->sentinel->source;
		event_stream_retry(ss->events);
		sentinel_source_poll(
		    ss, source->up || !source->tried ? t : NULL);
	}
}

/* Sentinels that the first ones named, so that one round is enough to see
 * everything. */
static void
poll_discovered(struct group *g, struct waitgroup *t)
{
	struct sentinel_source *ss;

	TAILQ_FOREACH(ss, &g->sentinels, link)
		if (!ss->sentinel->source.tried)
			sentinel_source_poll(ss, t);
}

static void
poll_nodes(struct group *g, struct waitgroup *t, bool masters)
{
	struct node_source *ns;

	TAILQ_FOREACH(ns, &g->nodes, link)
		if (node_source_is_master(ns) == masters)
			node_source_poll(
			    ns, node_source_hopeful(ns) ? t : NULL);
}

static void
end_round(struct group *g)
{
	struct round *r = &g->round;
	struct now now = clock_now();
	int64_t left;

	deployment_take_round(&g->deployment, now);
	group_settle(g);
	r->phase = ROUND_IDLE;
	r->duration_ms = now.mono_ms - r->started_ms;
	r->ended_wall_ms = now.wall_ms;
	r->n++;
	group_told(g, GROUP_SOON);
	left = g->conf->poll.interval_ms - r->duration_ms;
	timer_set(r->timer, left > 0 ? left : 0);
}

static void
enter(struct group *g, enum round_phase phase)
{
	struct waitgroup *t = &g->round.waitgroup;

	g->round.phase = phase;
	switch (phase) {
	case ROUND_SEEDS:
		seeds_resolve(g->seeds, t);
		break;
	case ROUND_SENTINELS:
		poll_sentinels(g, t);
		break;
	case ROUND_DISCOVERED:
		discovery_follow(g);
		poll_discovered(g, t);
		break;
	case ROUND_REPLICAS:
		discovery_follow(g);
		group_settle(g);
		poll_nodes(g, t, false);
		break;
	case ROUND_MASTERS:
		poll_nodes(g, t, true);
		break;
	case ROUND_QUEUES:
		group_settle(g);
		queue_readers_read(g, t);
		break;
	case ROUND_IDLE:
		end_round(g);
		return;
	}
	waitgroup_seal(t);
}

static void
on_phase_over(void *arg)
{
	struct group *g = arg;
	enum round_phase phase = g->round.phase;

	enter(g, phase == ROUND_QUEUES ? ROUND_IDLE : phase + 1);
}

static void
on_timer(void *arg)
{
	struct group *g = arg;

	g->round.started_ms = clock_now().mono_ms;
	enter(g, ROUND_SEEDS);
}

void
round_init(struct round *r, struct group *g)
{
	*r = (struct round){ .duration_ms = NUM_UNKNOWN };
	waitgroup_init(&r->waitgroup, g->deps.loop, on_phase_over, g);
	r->timer = timer_new(g->deps.loop, on_timer, g);
}

void
round_fini(struct round *r)
{
	timer_free(r->timer);
	waitgroup_fini(&r->waitgroup);
}

void
round_start(struct group *g)
{
	timer_set(g->round.timer, 0);
}
