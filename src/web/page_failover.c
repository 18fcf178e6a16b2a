/* page_failover - the report of one failover, on one printed page. */
#include <string.h>

#include "base/num.h"
#include "model/failover_report.h"
#include "web/page_parts.h"

static void
put_rows(struct strbuf *b, const struct failover_report *r)
{
	const struct report_row *row;

	strbuf_puts(b, "<section id=\"facts\">\n<table>\n<tbody>\n");
	vec_foreach(row, &r->rows) {
		strbuf_printf(
		    b, "<tr><th scope=\"row\">%s</th><td>", row->what);
		page_text(b, row->value);
		strbuf_puts(b, "</td></tr>\n");
	}
	strbuf_puts(b, "</tbody></table>\n</section>\n");
}

static void
put_cell(struct strbuf *b, const char *text)
{
	strbuf_puts(b, "<td>");
	page_text(b, text);
	strbuf_puts(b, "</td>");
}

static void
put_events(struct strbuf *b, const struct failover_report *r)
{
	const struct report_event *e;

	strbuf_puts(b, "<section id=\"events\">\n<h3>What the sentinels said"
		       "</h3>\n");
	if (r->events.n == 0) {
		strbuf_puts(b, "<p>Their events were not kept: they were heard "
			       "before a restart, or are too old.</p>\n"
			       "</section>\n");
		return;
	}
	strbuf_puts(b,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"Events\"><table>\n<thead><tr><th scope=\"col\" "
	    "class=\"number\">Seconds since the first sign</th>"
	    "<th scope=\"col\">Sentinel</th><th scope=\"col\">Event</th>"
	    "<th scope=\"col\">Of</th></tr></thead>\n<tbody>\n");
	vec_foreach(e, &r->events) {
		strbuf_printf(b, "<tr><td class=\"number\">%.3f</td>",
		    (double)e->after_ms / 1000);
		put_cell(b, e->sentinel);
		put_cell(b, e->channel);
		put_cell(b, e->payload);
		strbuf_puts(b, "</tr>\n");
	}
	strbuf_puts(b, "</tbody></table></div>\n</section>\n");
}

static const struct failover *
find_epoch(const struct picture_master *m, int64_t epoch)
{
	const struct failover_list *list = m->failover_list;
	size_t i;

	for (i = list == NULL ? 0 : list->n; i-- > 0;)
		if (list->v[i].epoch == epoch)
			return &list->v[i];
	return NULL;
}

/* The name may hold slashes itself: the epoch is behind the last one. */
static const struct failover *
find_failover(const struct page_context *c, const char *which,
    const struct picture_master **of)
{
	const char *slash = strrchr(which, '/');
	const struct picture_master *m;
	const struct failover *f;
	const struct picture *p;
	int64_t epoch;

	if (slash == NULL ||
	    !num_int(slash + 1, strlen(slash + 1), 0, INT64_MAX, &epoch))
		return NULL;
	vec_foreach(p, &c->snapshot->groups)
		vec_each(m, &p->masters) {
			if (!labels_named(
				m->labels, which, (size_t)(slash - which)))
				continue;
			f = find_epoch(m, epoch);
			*of = m;
			if (f != NULL)
				return f;
		}
	return NULL;
}

bool
page_failover(struct strbuf *b, const struct page_context *c, const char *which)
{
	const struct picture_master *m = NULL;
	const struct failover *f = find_failover(c, which, &m);
	struct failover_report r;

	if (f == NULL)
		return false;
	failover_report_init(&r, m->labels->name, f, c->snapshot->event_log);
	page_begin(b, c, r.title);
	put_rows(b, &r);
	put_events(b, &r);
	page_end(b, c);
	failover_report_fini(&r);
	return true;
}
