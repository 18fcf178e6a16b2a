/* What happened, as JSON. */
#include "web/json_events.h"

#include "base/json.h"
#include "base/num.h"
#include "model/snapshot.h"

#define VERSION 1

static void
put_event(struct json *j, const struct event_log_entry *e)
{
	json_open(j, NULL, '{');
	json_time(j, "time", e->wall_ms);
	json_shown(j, "group", e->group);
	json_shown(j, "sentinel", e->sentinel);
	json_shown(j, "channel", e->channel);
	json_shown(j, "master_name", e->master_name);
	json_shown(j, "payload", e->payload);
	json_close(j, '}');
}

static void
put_addr(struct json *j, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (!addr_known(a))
		return;
	addr_format(a, text);
	json_text(j, key, text);
}

void
json_failover_fields(struct json *j, const struct failover *f)
{
	int i;

	json_int(j, "epoch", f->epoch);
	json_text(j, "kind", failover_kind_names[f->kind]);
	put_addr(j, "from", &f->from);
	put_addr(j, "to", &f->to);
	json_time(j, "started", f->started_wall_ms);
	json_time(j, "switched", f->switched_wall_ms);
	json_seconds(j, "duration_seconds", f->duration_ms);
	json_open(j, "phases", '{');
	for (i = 0; i < FAILOVER_PHASES; i++)
		json_seconds(j, failover_phase_names[i], f->phase_ms[i]);
	json_close(j, '}');
	json_seconds(j, "outage_seconds", f->outage_ms);
	json_text(j, "leader", f->leader[0] == '\0' ? NULL : f->leader);
}

static void
put_failovers_of(
    struct json *j, const struct picture *p, const struct picture_master *m)
{
	const struct failover_list *list = m->failover_list;
	size_t i;

	for (i = 0; list != NULL && i < list->n; i++) {
		json_open(j, NULL, '{');
		if (p->group != NULL)
			json_bytes(
			    j, "group", p->group->name, p->group->name_len);
		json_bytes(
		    j, "master_name", m->labels->name, m->labels->name_len);
		json_failover_fields(j, &list->v[i]);
		json_close(j, '}');
	}
}

static void
put_failovers(struct json *j, const struct snapshot *s)
{
	const struct picture_master *m;
	const struct picture *p;

	json_open(j, "failovers", '[');
	vec_foreach(p, &s->groups)
		vec_each(m, &p->masters)
			put_failovers_of(j, p, m);
	json_close(j, ']');
}

static struct json
begin(struct strbuf *out, int64_t wall_ms)
{
	struct json j = { .out = out };

	json_open(&j, NULL, '{');
	json_int(&j, "version", VERSION);
	json_time(&j, "time", wall_ms);
	return j;
}

static void
end(struct json *j)
{
	json_close(j, '}');
	strbuf_putc(j->out, '\n');
}

void
json_events(struct strbuf *out, const struct snapshot *s, int64_t wall_ms)
{
	struct json j = begin(out, wall_ms);
	size_t i;

	json_open(&j, "events", '[');
	for (i = 0; i < event_log_view_count(s->event_log); i++)
		put_event(&j, event_log_view_at(s->event_log, i));
	json_close(&j, ']');
	put_failovers(&j, s);
	end(&j);
}

void
json_failovers(struct strbuf *out, const struct snapshot *s, int64_t wall_ms)
{
	struct json j = begin(out, wall_ms);

	put_failovers(&j, s);
	end(&j);
}
