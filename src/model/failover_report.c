/* failover_report - one failover as it is told to people. */
#include "model/failover_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "model/event_log.h"
#include "model/failover.h"

/* Events from so long before the first sign to so long after the switch belong
 * to the failover. */
#define BEFORE_MS 10000
#define AFTER_MS  120000

static void
add_row(struct failover_report *r, const char *what, struct strbuf *value)
{
	struct report_row *row = vec_push(&r->rows);
	size_t len;

	row->what = what;
	row->value = strbuf_take(value, &len);
}

static void
add_text(struct failover_report *r, const char *what, const char *value)
{
	struct strbuf b = { 0 };

	if (value[0] == '\0')
		return;
	strbuf_puts(&b, value);
	add_row(r, what, &b);
}

static void
add_addr(struct failover_report *r, const char *what, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (!addr_known(a))
		return;
	addr_format(a, text);
	add_text(r, what, text);
}

static void
add_time(struct failover_report *r, const char *what, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms == NUM_UNKNOWN || wall_ms == 0)
		return;
	clock_format(wall_ms, text);
	add_text(r, what, text);
}

static void
add_seconds(struct failover_report *r, const char *what, int64_t ms)
{
	struct strbuf b = { 0 };

	if (ms == NUM_UNKNOWN)
		return;
	strbuf_printf(&b, "%.3f s", (double)ms / 1000);
	add_row(r, what, &b);
}

static void
add_rows(struct failover_report *r, const char *master_name,
    const struct failover *f)
{
	static const char *const phases[FAILOVER_PHASES] = {
		[PHASE_DETECTION] = "Detection, until a failover was begun",
		[PHASE_ELECTION] = "Election of the leading sentinel",
		[PHASE_PROMOTION] = "Promotion of the replica",
		[PHASE_RECONFIGURATION] = "Pointing the other replicas to it",
	};
	struct strbuf b = { 0 };
	int i;

	add_text(r, "Master name", master_name);
	add_text(r, "Kind", failover_kind_names[f->kind]);
	if (f->epoch != NUM_UNKNOWN) {
		strbuf_printf(&b, "%lld", (long long)f->epoch);
		add_row(r, "Config epoch", &b);
	}
	add_addr(r, "Master before", &f->from);
	add_addr(r, "Master after", &f->to);
	add_text(r, "Led by", f->leader);
	add_time(r, "First sign", f->started_wall_ms);
	add_time(r, "New master named", f->switched_wall_ms);
	add_seconds(r, "First sign to new master", f->duration_ms);
	for (i = 0; i < FAILOVER_PHASES; i++)
		add_seconds(r, phases[i], f->phase_ms[i]);
	add_seconds(r, "No master answered us for", f->outage_ms);
}

static void
add_events(struct failover_report *r, const char *master_name,
    const struct failover *f, const struct event_log_view *events)
{
	const int64_t end = f->switched_wall_ms + AFTER_MS,
		      begin = f->started_wall_ms == NUM_UNKNOWN
				  ? f->switched_wall_ms
				  : f->started_wall_ms;
	const struct event_log_entry *e;
	struct report_event *to;
	size_t i;

	for (i = 0; i < event_log_view_count(events); i++) {
		e = event_log_view_at(events, i);
		if (e->wall_ms < begin - BEFORE_MS || e->wall_ms > end ||
		    (e->master_name != NULL &&
			strcmp(e->master_name, master_name) != 0))
			continue;
		to = vec_push(&r->events);
		to->after_ms = e->wall_ms - begin;
		to->sentinel = e->sentinel;
		to->channel = e->channel;
		to->payload = e->payload;
	}
}

void
failover_report_init(struct failover_report *r, const char *master_name,
    const struct failover *f, const struct event_log_view *events)
{
	struct strbuf title = { 0 };
	size_t len;

	*r = (struct failover_report){ 0 };
	strbuf_printf(&title, "Failover of %s", master_name);
	r->title = strbuf_take(&title, &len);
	add_rows(r, master_name, f);
	if (events != NULL)
		add_events(r, master_name, f, events);
}

void
failover_report_fini(struct failover_report *r)
{
	struct report_row *row;

	vec_foreach(row, &r->rows)
		free(row->value);
	vec_fini(&r->rows);
	vec_fini(&r->events);
	free(r->title);
	r->title = NULL;
}

static void
put_safe(struct strbuf *out, const char *s)
{
	escape_text(out, ESCAPE_TERMINAL, s);
}

void
failover_report_text(const struct failover_report *r, struct strbuf *out)
{
	const struct report_event *e;
	const struct report_row *row;

	put_safe(out, r->title);
	strbuf_puts(out, "\n\n");
	vec_foreach(row, &r->rows) {
		strbuf_printf(out, "  %s: ", row->what);
		put_safe(out, row->value);
		strbuf_putc(out, '\n');
	}
	if (r->events.n > 0)
		strbuf_puts(out, "\nWhat the sentinels said, in seconds since "
				 "the first sign:\n");
	vec_foreach(e, &r->events) {
		strbuf_printf(out, "  %+9.3f  ", (double)e->after_ms / 1000);
		put_safe(out, e->sentinel);
		strbuf_puts(out, "  ");
		put_safe(out, e->channel);
		strbuf_putc(out, ' ');
		put_safe(out, e->payload);
		strbuf_putc(out, '\n');
	}
}

/* Nothing of it is markup: each character that could be gets a backslash. */
static void
put_markdown(struct strbuf *out, const char *s)
{
	struct strbuf safe = { 0 };
	size_t i;

	put_safe(&safe, s);
	for (i = 0; i < safe.len; i++) {
		if (strchr("\\`*_{}[]()<>#+!|&~", safe.s[i]) != NULL)
			strbuf_putc(out, '\\');
		strbuf_putc(out, safe.s[i]);
	}
	strbuf_fini(&safe);
}

void
failover_report_markdown(const struct failover_report *r, struct strbuf *out)
{
	const struct report_event *e;
	const struct report_row *row;

	strbuf_puts(out, "# ");
	put_markdown(out, r->title);
	strbuf_puts(out, "\n\n| | |\n|---|---|\n");
	vec_foreach(row, &r->rows) {
		strbuf_printf(out, "| %s | ", row->what);
		put_markdown(out, row->value);
		strbuf_puts(out, " |\n");
	}
	if (r->events.n > 0)
		strbuf_puts(out, "\n## What the sentinels said\n\n| seconds "
				 "since the first sign | sentinel | event | |\n"
				 "|---:|---|---|---|\n");
	vec_foreach(e, &r->events) {
		strbuf_printf(out, "| %.3f | ", (double)e->after_ms / 1000);
		put_markdown(out, e->sentinel);
		strbuf_puts(out, " | ");
		put_markdown(out, e->channel);
		strbuf_puts(out, " | ");
		put_markdown(out, e->payload);
		strbuf_puts(out, " |\n");
	}
}
