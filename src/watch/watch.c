#include "watch/watch.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/conf_diff.h"
#include "model/snapshot.h"
#include "net/resolver.h"
#include "watch/group.h"
#include "watch/state_file.h"
#include "watch/state_lock.h"

/* What is told together is settled and published together. */
#define SETTLE_MS     5
#define SETTLE_MAX_MS 250
#define SETTLE_SHARE  4

struct watch {
	struct watch_conf conf;
	struct resolver *resolver; /* owned */
	struct event_log *event_log; /* owned */
	struct state_lock state_lock;
	struct state_file *state_file; /* owned; NULL: nothing is kept */
	VEC(struct group *) groups; /* owned */
	struct timer *settle; /* owned */
	struct group_deps deps;
	struct conf *reloaded; /* counted; NULL: the first one goes on */
	bool config_ok; /* the last one could be read */
	int64_t config_wall_ms; /* when the configuration was taken */
	int64_t settled_in_ms; /* how long it took the last time */
	bool due, at_once; /* the timer is set; to 0 */
	bool told_first;
};

static bool
first_round_over(const struct watch *w)
{
	struct group *const *g;

	vec_foreach(g, &w->groups)
		if ((*g)->round.n == 0)
			return false;
	return true;
}

static void
describe_rounds(const struct watch *w, struct snapshot *s)
{
	struct group *const *g;
	const struct round *r;

	vec_foreach(g, &w->groups) {
		r = &(*g)->round;
		if (r->n == 0)
			continue;
		if (r->duration_ms > s->poll_duration_ms)
			s->poll_duration_ms = r->duration_ms;
		if (s->last_poll_wall_ms == 0 ||
		    r->ended_wall_ms < s->last_poll_wall_ms)
			s->last_poll_wall_ms = r->ended_wall_ms;
	}
}

static void
publish(struct watch *w)
{
	struct snapshot *s = snapshot_new();
	struct group *const *g;
	struct picture_time t;

	s->made_at = clock_now();
	s->first_round_over = w->told_first || first_round_over(w);
	s->config_ok = w->config_ok;
	s->config_wall_ms = w->config_wall_ms;
	vec_foreach(g, &w->groups) {
		t = (struct picture_time){ s->made_at,
			(*g)->conf->poll.stale_after_ms };
		snapshot_add(s, &(*g)->deployment, &t);
	}
	s->event_log = event_log_freeze(w->event_log);
	describe_rounds(w, s);
	handover_publish(w->conf.handover, s);
}

/* Something was told: what follows from it, and what everybody may see. */
static void
on_settle(void *arg)
{
	struct watch *w = arg;
	int64_t begun_ms = clock_now().mono_ms;
	struct group **g;

	w->due = false;
	vec_foreach(g, &w->groups)
		group_settle(*g);
	publish(w);
	w->settled_in_ms = clock_now().mono_ms - begun_ms;
	if (first_round_over(w) && !w->told_first) {
		w->told_first = true;
		if (w->conf.on_first_round != NULL)
			w->conf.on_first_round(w->conf.arg);
	}
}

/* When it takes long the next one waits for longer, so that it never has the
 * loop for itself. */
static int64_t
settle_delay(const struct watch *w)
{
	int64_t ms = SETTLE_SHARE * w->settled_in_ms;

	return ms < SETTLE_MS	    ? SETTLE_MS
	       : ms > SETTLE_MAX_MS ? SETTLE_MAX_MS
				    : ms;
}

static void
on_told(void *arg, enum group_urgency urgency)
{
	struct watch *w = arg;
	int64_t ms = urgency == GROUP_AT_ONCE ? 0 : settle_delay(w);

	if (w->due && (w->at_once || ms > 0))
		return;
	w->due = true;
	w->at_once = ms == 0;
	timer_set(w->settle, ms);
}

/*
 * What survives a restart.
 */

static void
on_news(void *arg)
{
	struct watch *w = arg;

	state_file_changed(w->state_file);
}

static struct saved_state *
collect(void *arg)
{
	const struct watch *w = arg;
	struct group *const *g;
	struct saved_state *state;
	size_t masters = 0;

	vec_foreach(g, &w->groups)
		masters += (*g)->deployment.records.n;
	state = saved_state_new(masters);
	vec_foreach(g, &w->groups)
		group_save(*g, state);
	return state;
}

static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
on_restored(void *arg, const char *group, const struct tracker_memory *m)
{
	const struct watch *w = arg;
	struct group *const *g;

	vec_foreach(g, &w->groups)
		if (same_name((*g)->conf->name, group) && group_restore(*g, m))
			return;
	log_info("kept state is of a master that is not watched: dropped",
	    "group", group, "master_name", m->master_name, NULL);
}

static bool
open_state_file(struct watch *w, struct err *err)
{
	const struct state_file_conf conf = { .loop = w->conf.loop,
		.path = w->conf.state_file,
		.collect = collect,
		.arg = w };

	if (conf.path == NULL)
		return true;
	if (!state_lock_take(&w->state_lock, conf.path, err) ||
	    !state_file_load(conf.path, on_restored, w, err))
		return false;
	w->state_file = state_file_new(&conf);
	return true;
}

struct watch *
watch_start(const struct watch_conf *conf, struct err *err)
{
	struct watch *w = xcalloc(1, sizeof(*w));
	struct group_conf *const *gc;

	w->conf = *conf;
	w->config_ok = true;
	w->state_lock.fd = -1;
	w->config_wall_ms = clock_now().wall_ms;
	w->resolver = resolver_new(conf->loop);
	w->event_log = event_log_new();
	w->settle = timer_new(conf->loop, on_settle, w);
	w->deps = (struct group_deps){
		.all = conf->conf,
		.loop = conf->loop,
		.resolver = w->resolver,
		.event_log = w->event_log,
		.on_told = on_told,
		.on_news = on_news,
		.arg = w,
	};
	vec_foreach(gc, &conf->conf->groups)
		*vec_push(&w->groups) = group_start(*gc, &w->deps);
	if (!open_state_file(w, err)) {
		watch_stop(w);
		return NULL;
	}
	return w;
}

void
watch_stop(struct watch *w)
{
	struct group **g;

	if (w == NULL)
		return;
	/* The begun part of an open outage, for one, is not written yet. */
	state_file_changed(w->state_file);
	state_file_free(w->state_file);
	state_lock_drop(&w->state_lock);
	vec_foreach(g, &w->groups)
		group_stop(*g);
	vec_fini(&w->groups);
	timer_free(w->settle);
	resolver_free(w->resolver);
	event_log_free(w->event_log);
	conf_unref(w->reloaded);
	free(w);
}

/*
 * A reload.
 */

/* Out of the list, as what is done with it may be its end. */
static struct group *
take_group(struct watch *w, const struct group_conf *conf)
{
	struct group *g;
	size_t i;

	for (i = 0; i < w->groups.n; i++) {
		g = w->groups.v[i];
		if (g->conf != conf)
			continue;
		vec_remove(&w->groups, i);
		return g;
	}
	return NULL;
}

/* Starts over, but for what it knows of failovers where the sentinels are the
 * same. */
static struct group *
replace_group(
    struct watch *w, struct group *before, const struct group_change *change)
{
	struct group *g = group_start(change->after, &w->deps);

	if (change->same_sentinels)
		group_hand_over(before, g);
	group_stop(before);
	return g;
}

static struct group *
apply_change(
    struct watch *w, const struct group_change *change, const struct conf *all)
{
	struct group *g =
	    change->before == NULL ? NULL : take_group(w, change->before);

	switch (change->kind) {
	case GROUP_COMES:
		return group_start(change->after, &w->deps);
	case GROUP_GOES:
		group_stop(g);
		return NULL;
	case GROUP_CHANGES:
		return replace_group(w, g, change);
	case GROUP_DIALS_AGAIN:
		group_take_conf(g, change->after, all);
		group_take_credentials(g, change->after);
		break;
	case GROUP_STAYS:
		group_take_conf(g, change->after, all);
		break;
	}
	return g;
}

void
watch_reload(struct watch *w, struct conf *conf)
{
	const struct group_change *change;
	struct conf_diff diff;
	struct conf *before = w->reloaded;
	VEC(struct group *) groups = { .n = 0 };
	struct group *g;

	conf_diff(&diff, w->conf.conf, conf);
	w->reloaded = conf_ref(conf);
	w->deps.all = conf;
	vec_foreach(change, &diff.groups) {
		g = apply_change(w, change, conf);
		if (g != NULL)
			*vec_push(&groups) = g;
	}
	vec_fini(&w->groups);
	w->groups.v = groups.v;
	w->groups.n = groups.n;
	w->groups.cap = groups.cap;
	w->conf.conf = conf;
	w->config_ok = true;
	w->config_wall_ms = clock_now().wall_ms;
	conf_diff_fini(&diff);
	conf_unref(before);
	state_file_changed(w->state_file);
	on_told(w, GROUP_AT_ONCE);
}

void
watch_reload_failed(struct watch *w)
{
	w->config_ok = false;
	on_told(w, GROUP_AT_ONCE);
}
