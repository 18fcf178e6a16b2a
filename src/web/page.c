/* page - the frame of every page, and the one of the whole deployment. */
#include "web/page.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/num.h"
#include "web/asset.h"
#include "web/page_parts.h"

void
page_text(struct strbuf *b, const char *s)
{
	escape_text(b, ESCAPE_HTML, s);
}

void
page_text_lines(struct strbuf *b, const char *s)
{
	size_t len;

	for (;; s += len + 1) {
		len = strcspn(s, "\n");
		escape(b, ESCAPE_HTML, s, len);
		if (s[len] == '\0')
			break;
		strbuf_putc(b, '\n');
	}
}

void
page_name(struct strbuf *b, const struct labels *l)
{
	escape(b, ESCAPE_HTML, l->name, l->name_len);
}

void
page_url(struct strbuf *b, const char *name)
{
	for (; *name != '\0'; name++)
		if (isalnum((unsigned char)*name) ||
		    strchr("-._~", *name) != NULL)
			strbuf_putc(b, *name);
		else
			strbuf_printf(b, "%%%02X", (unsigned)*name & 0xFF);
}

void
page_number(struct strbuf *b, int64_t v)
{
	if (v == NUM_UNKNOWN)
		strbuf_putc(b, '-');
	else
		strbuf_printf(b, "%lld", (long long)v);
}

void
page_seconds(struct strbuf *b, int64_t ms)
{
	if (ms == NUM_UNKNOWN)
		strbuf_putc(b, '-');
	else
		strbuf_printf(b, "%.1f s", (double)ms / 1000);
}

void
page_time(struct strbuf *b, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms == NUM_UNKNOWN || wall_ms == 0) {
		strbuf_putc(b, '-');
		return;
	}
	clock_format(wall_ms, text);
	strbuf_printf(b, "<time datetime=\"%s\">%.10s %.8s UTC</time>", text,
	    text, text + 11);
}

void
page_id(struct strbuf *b, const char *kind, const struct labels *l)
{
	size_t i;

	strbuf_printf(b, "%s-", kind);
	for (i = 0; i < l->len; i++)
		if (isalnum((unsigned char)l->set[i]))
			strbuf_putc(b, l->set[i]);
		else
			strbuf_printf(b, "_%02x", (unsigned)l->set[i] & 0xFF);
}

void
page_begin(struct strbuf *b, const struct page_context *c, const char *title)
{
	char style[ASSET_NAME_MAX], script[ASSET_NAME_MAX];

	(void)c;
	asset_name(ASSET_STYLE, style);
	asset_name(ASSET_SCRIPT, script);
	strbuf_puts(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		       "content=\"width=device-width, initial-scale=1\">\n"
		       "<title>");
	page_text(b, title);
	strbuf_printf(b,
	    "</title>\n<link rel=\"stylesheet\" href=\"" ASSET_PATH "%s\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n"
	    "<script defer src=\"" ASSET_PATH "%s\"></script>\n"
	    "</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the "
	    "content</a>\n<header><h1>",
	    style, script);
	page_text(b, title);
	strbuf_puts(b, "</h1></header>\n"
		       "<div id=\"contact\" role=\"alert\" hidden></div>\n"
		       "<main id=\"main\" tabindex=\"-1\">\n");
}

void
page_end(struct strbuf *b, const struct page_context *c)
{
	strbuf_puts(b, "</main>\n<footer>\n<nav aria-label=\"More\">"
		       "<a href=\"/\">Overview</a> <a href=\"");
	page_text(b, c->telemetry_path);
	strbuf_puts(b, "\">Metrics</a> "
		       "<a href=\"/api/v1/status\">Status as JSON</a> "
		       "<a href=\"/api/v1/events\">Events as JSON</a> "
		       "<a href=\"/api/v1/failovers\">Failovers as JSON</a> "
		       "<a href=\"/sd\">Service discovery</a> "
		       "<a href=\"/-/ready\">Readiness</a></nav>\n"
		       "<p class=\"dim\">sentinel-exporter ");
	page_text(b, c->version);
	strbuf_puts(b, "</p>\n</footer>\n</body>\n</html>\n");
}

/*
 * The whole deployment.
 */

/* A master, and how well it is. */
struct ranked {
	const struct picture *p;
	const struct picture_master *m;
	enum sentence_mood mood;
	size_t order;
};

static int
worst_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->mood != y->mood)
		return x->mood > y->mood ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

void
page_sentence(struct strbuf *b, const struct page_context *c,
    const struct picture_master *m, bool link)
{
	static const char *const classes[] = { "good", "warning", "bad" };
	static const char *const words[] = { "Good", "Look at this", "Bad" };
	struct strbuf text = { 0 };
	enum sentence_mood mood = sentence_of(&text, m, c->now.mono_ms);

	strbuf_printf(b, "<section class=\"master %s\" id=\"", classes[mood]);
	page_id(b, "master", m->labels);
	strbuf_puts(b, "\">\n<h2>");
	if (link) {
		strbuf_puts(b, "<a id=\"");
		page_id(b, "link", m->labels);
		strbuf_puts(b, "\" href=\"/masters/");
		page_url(b, m->labels->name);
		strbuf_puts(b, "\">");
	}
	page_name(b, m->labels);
	if (link)
		strbuf_puts(b, "</a>");
	strbuf_printf(b,
	    "</h2>\n<p class=\"sentence\"><span class=\"state %s\">%s.</span> ",
	    classes[mood], words[mood]);
	page_text(b, strbuf_text(&text));
	strbuf_puts(b, "</p>\n</section>\n");
	strbuf_fini(&text);
}

static void
put_unknown(
    struct strbuf *b, const struct page_context *c, const struct picture *p)
{
	const struct picture_unknown *u;

	vec_foreach(u, &p->unknown) {
		if (!picture_good(p->unknown_until_ms, c->now.mono_ms))
			continue;
		strbuf_puts(b, "<section class=\"master bad\" id=\"");
		page_id(b, "unknown", u->labels);
		strbuf_puts(b, "\">\n<h2>");
		page_name(b, u->labels);
		strbuf_puts(b, "</h2>\n<p class=\"sentence\"><span "
			       "class=\"state bad\">Bad.</span> No sentinel "
			       "knows this name. They know: ");
		page_text(b, u->known[0] != '\0' ? u->known : "none");
		strbuf_puts(b, ".</p>\n</section>\n");
	}
}

static void
put_pages(struct strbuf *b, size_t n, size_t pages)
{
	if (pages < 2)
		return;
	strbuf_puts(b, "<nav id=\"pages\" aria-label=\"Pages\">");
	if (n > 1)
		strbuf_printf(b,
		    "<a id=\"previous\" href=\"/pages/%zu\">Previous</a> ",
		    n - 1);
	strbuf_printf(
	    b, "<span>Page %zu of %zu, worst first</span> ", n, pages);
	if (n < pages)
		strbuf_printf(
		    b, "<a id=\"next\" href=\"/pages/%zu\">Next</a>", n + 1);
	strbuf_puts(b, "</nav>\n");
}

static void
put_overview(struct strbuf *b, const struct page_context *c)
{
	const struct snapshot *s = c->snapshot;
	const struct picture *p;

	strbuf_puts(b, "<p id=\"overview\" class=\"dim\">");
	if (!s->first_round_over)
		strbuf_puts(b, "The first poll round is not over yet. ");
	if (s->last_poll_wall_ms > 0) {
		strbuf_puts(b, "Everything was asked at ");
		page_time(b, s->last_poll_wall_ms);
		strbuf_puts(b, ". ");
	}
	vec_foreach(p, &s->groups)
		strbuf_printf(b, "%zu master%s, %zu sentinel%s. ", p->masters.n,
		    p->masters.n == 1 ? "" : "s", p->sentinels.n,
		    p->sentinels.n == 1 ? "" : "s");
	strbuf_puts(b, "</p>\n");
}

static void
put_all_findings(struct strbuf *b, const struct page_context *c)
{
	struct findings found = { 0 };
	const struct picture *p;

	vec_foreach(p, &c->snapshot->groups)
		findings_add_group(&found, p, c->now.mono_ms);
	page_findings(b, "findings", &found);
	findings_fini(&found);
}

bool
page_status(struct strbuf *b, const struct page_context *c, size_t n)
{
	const struct picture *p;
	const struct picture_master *m;
	VEC(struct ranked) all = { 0 };
	struct strbuf ignored = { 0 };
	struct ranked *r;
	size_t pages, i, last;

	vec_foreach(p, &c->snapshot->groups)
		vec_each(m, &p->masters) {
			ignored.len = 0;
			*vec_push(&all) = (struct ranked){ p, m,
				sentence_of(&ignored, m, c->now.mono_ms),
				all.n };
		}
	strbuf_fini(&ignored);
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*r), worst_first);
	pages = all.n == 0 ? 1 : (all.n + PAGE_MASTERS - 1) / PAGE_MASTERS;
	if (n < 1 || n > pages) {
		vec_fini(&all);
		return false;
	}
	page_begin(b, c, "Redis Sentinel");
	put_overview(b, c);
	vec_foreach(p, &c->snapshot->groups)
		put_unknown(b, c, p);
	last = n * PAGE_MASTERS < all.n ? n * PAGE_MASTERS : all.n;
	for (i = (n - 1) * PAGE_MASTERS; i < last; i++)
		page_sentence(b, c, all.v[i].m, true);
	put_pages(b, n, pages);
	put_all_findings(b, c);
	for (i = 0; all.n <= PAGE_DETAILED && i < all.n; i++)
		page_master_details(b, c, all.v[i].p, all.v[i].m);
	page_end(b, c);
	vec_fini(&all);
	return true;
}
