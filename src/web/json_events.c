#include "web/json_events.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "model/snapshot.h"

#define VERSION 1
/* Milliseconds of our century, and no noise behind them. */
#define PRECISION 13

/* Text that may hold any byte. */
static void
put_text(json_t *to, const char *name, const char *text)
{
	struct strbuf clean = { 0 };

	if (text == NULL || text[0] == '\0')
		return;
	escape_text(&clean, ESCAPE_NONE, text);
	json_object_set_new(to, name, json_string(strbuf_text(&clean)));
	strbuf_fini(&clean);
}

static void
put_addr(json_t *to, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (!addr_known(a))
		return;
	addr_format(a, text);
	put_text(to, name, text);
}

static void
put_seconds(json_t *to, const char *name, int64_t ms)
{
	if (ms != NUM_UNKNOWN)
		json_object_set_new(to, name, json_real((double)ms / 1000));
}

/* Under name for people, under unix_name for programs. */
static void
put_time(json_t *to, const char *name, const char *unix_name, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms == NUM_UNKNOWN)
		return;
	clock_format(wall_ms, text);
	put_text(to, name, text);
	put_seconds(to, unix_name, wall_ms);
}

/* The log keeps valid UTF-8. */
static void
put_clean(json_t *to, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(to, name, json_string(text));
}

static json_t *
event_to_json(const struct event_log_entry *e)
{
	json_t *j = json_object();

	put_time(j, "time", "time_unix", e->wall_ms);
	put_clean(j, "group", e->group);
	put_clean(j, "sentinel", e->sentinel);
	put_clean(j, "channel", e->channel);
	put_clean(j, "master_name", e->master_name);
	json_object_set_new(j, "payload", json_string(e->payload));
	return j;
}

static json_t *
events_to_json(const struct event_log_view *v)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < event_log_view_count(v); i++)
		json_array_append_new(
		    list, event_to_json(event_log_view_at(v, i)));
	return list;
}

static json_t *
phases_to_json(const struct failover *f)
{
	json_t *j = json_object();
	int i;

	for (i = 0; i < FAILOVER_PHASES; i++)
		put_seconds(j, failover_phase_names[i], f->phase_ms[i]);
	return j;
}

static json_t *
failover_to_json(const struct picture *p, const struct picture_master *m,
    const struct failover *f)
{
	json_t *j = json_object();

	put_text(j, "group", p->group == NULL ? NULL : p->group->name);
	put_text(j, "master_name", m->labels->name);
	if (f->epoch != NUM_UNKNOWN)
		json_object_set_new(j, "epoch", json_integer(f->epoch));
	put_text(j, "kind", failover_kind_names[f->kind]);
	put_addr(j, "from", &f->from);
	put_addr(j, "to", &f->to);
	put_time(j, "started", "started_unix", f->started_wall_ms);
	put_time(j, "switched", "switched_unix", f->switched_wall_ms);
	put_seconds(j, "duration_seconds", f->duration_ms);
	json_object_set_new(j, "phases", phases_to_json(f));
	put_seconds(j, "outage_seconds", f->outage_ms);
	put_text(j, "leader", f->leader);
	return j;
}

static json_t *
failovers_to_json(const struct snapshot *s)
{
	json_t *list = json_array();
	const struct failover_list *failovers;
	const struct picture_master *m;
	const struct picture *p;
	size_t i;

	vec_foreach(p, &s->groups)
		vec_each(m, &p->masters) {
			failovers = m->failover_list;
			for (i = 0; failovers != NULL && i < failovers->n; i++)
				json_array_append_new(list,
				    failover_to_json(p, m, &failovers->v[i]));
		}
	return list;
}

void
json_events(struct strbuf *out, const struct snapshot *s, int64_t wall_ms)
{
	json_t *j = json_object();
	char *text;

	json_object_set_new(j, "version", json_integer(VERSION));
	put_time(j, "time", "time_unix", wall_ms);
	json_object_set_new(j, "events", events_to_json(s->event_log));
	json_object_set_new(j, "failovers", failovers_to_json(s));
	text = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(PRECISION));
	json_decref(j);
	if (text == NULL)
		abort();
	strbuf_puts(out, text);
	strbuf_putc(out, '\n');
	free(text);
}
