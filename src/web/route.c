/* route - the table, and the small answers that need no file of their own. */
#include "web/route.h"

#include <string.h>

#include "base/build_info.h"
#include "base/clock.h"
#include "base/num.h"
#include "model/snapshot.h"
#include "web/asset.h"
#include "web/json_events.h"
#include "web/json_status.h"
#include "web/negotiation.h"
#include "web/page.h"
#include "web/site.h"

#define JSON "application/json"
#define TEXT "text/plain; charset=utf-8"

static void
serve_metrics(struct site *site, const struct request *rq, struct answer *out)
{
	enum render_format format = negotiation_format(rq->accept);

	out->gzipped = negotiation_gzip(rq->accept_encoding);
	exposition_take(&site->exposition, format, out->gzipped,
	    clock_now().mono_ms, out->parts);
	out->content_type = render_content_type(format);
}

static void
serve_nothing(struct site *site, const struct request *rq, struct answer *out)
{
	(void)rq;
	out->code = 404;
	out->page = false;
	out->content_type = TEXT;
	strbuf_printf(&out->body,
	    "Not found. Metrics are at %s, an overview "
	    "is at /\n",
	    site->telemetry_path);
}

/*
 * Pages.
 */

typedef bool page_fn(
    struct strbuf *, const struct page_context *, const char *which);

static void
serve_page(
    struct site *site, struct answer *out, page_fn *page, const char *which)
{
	const struct page_context c = { .telemetry_path = site->telemetry_path,
		.version = site->build->version,
		.snapshot = handover_take(site->handover),
		.now = clock_now() };

	out->content_type = "text/html; charset=utf-8";
	out->page = true;
	if (!page(&out->body, &c, which))
		serve_nothing(site, NULL, out);
	snapshot_unref(c.snapshot);
}

static bool
numbered_page(struct strbuf *b, const struct page_context *c, const char *which)
{
	int64_t n;

	return num_int(which, strlen(which), 1, 1000000, &n) &&
	       page_status(b, c, (size_t)n);
}

static void
serve_overview(struct site *site, const struct request *rq, struct answer *out)
{
	(void)rq;
	serve_page(site, out, numbered_page, "1");
}

static void
serve_numbered(struct site *site, const struct request *rq, struct answer *out)
{
	serve_page(site, out, numbered_page, rq->rest);
}

static void
serve_master(struct site *site, const struct request *rq, struct answer *out)
{
	serve_page(site, out, page_master, rq->rest);
}

static void
serve_failover(struct site *site, const struct request *rq, struct answer *out)
{
	serve_page(site, out, page_failover, rq->rest);
}

/* What changes with each snapshot; the page then asks for itself again. */
static void
print_change(struct site *site, const struct snapshot *s, struct strbuf *out)
{
	(void)site;
	strbuf_printf(out, "%lld", (long long)s->made_at.wall_ms);
}

static void
serve_changes(struct site *site, const struct request *rq, struct answer *out)
{
	(void)site, (void)rq;
	out->stream = print_change;
	out->content_type = "text/event-stream";
}

static void
serve_asset(struct site *site, const struct request *rq, struct answer *out)
{
	const char *bytes, *type;
	size_t len;

	bytes = asset_find(rq->rest, &len, &type);
	if (bytes == NULL) {
		serve_nothing(site, rq, out);
		return;
	}
	strbuf_add(&out->body, bytes, len);
	out->content_type = type;
	out->keep = ANSWER_IMMUTABLE;
}

static void
serve_events(struct site *site, const struct request *rq, struct answer *out)
{
	const struct snapshot *s = handover_take(site->handover);

	(void)rq;
	json_events(&out->body, s, clock_now().wall_ms);
	snapshot_unref(s);
	out->content_type = JSON;
}

static void
serve_failovers(struct site *site, const struct request *rq, struct answer *out)
{
	const struct snapshot *s = handover_take(site->handover);

	(void)rq;
	json_failovers(&out->body, s, clock_now().wall_ms);
	snapshot_unref(s);
	out->content_type = JSON;
}

static void
serve_status(struct site *site, const struct request *rq, struct answer *out)
{
	const struct snapshot *s = handover_take(site->handover);

	(void)rq;
	json_status(&out->body, s, clock_now());
	snapshot_unref(s);
	out->content_type = JSON;
}

static void
serve_targets(struct site *site, const struct request *rq, struct answer *out)
{
	const struct snapshot *s = handover_take(site->handover);

	(void)rq;
	/* An empty list would make Prometheus drop every target. */
	if (s->first_round_over)
		json_targets(&out->body, s, clock_now());
	else
		out->code = 503;
	snapshot_unref(s);
	out->content_type = JSON;
}

static void
serve_healthy(struct site *site, const struct request *rq, struct answer *out)
{
	(void)site, (void)rq;
	strbuf_puts(&out->body, "Healthy\n");
}

static void
serve_ready(struct site *site, const struct request *rq, struct answer *out)
{
	const struct snapshot *s = handover_take(site->handover);

	(void)rq;
	if (!s->first_round_over)
		out->code = 503;
	strbuf_puts(
	    &out->body, s->first_round_over
			    ? "Ready\n"
			    : "Not ready: the first poll round is not over\n");
	snapshot_unref(s);
}

static void
serve_reload(struct site *site, const struct request *rq, struct answer *out)
{
	(void)rq;
	if (site->ask_reload == NULL) {
		out->code = 403;
		strbuf_puts(&out->body, "Start the exporter with "
					"--web.enable-lifecycle to reload it "
					"so, or send it SIGHUP\n");
		return;
	}
	site->ask_reload();
	strbuf_puts(&out->body,
	    "Reloading. The log, and "
	    "sentinel_exporter_config_last_reload_successful, say how it "
	    "went\n");
}

const struct route routes[] = {
	{ NULL, ROUTE_GET, serve_metrics },
	{ "/", ROUTE_GET, serve_overview },
	{ "/pages/", ROUTE_GET, serve_numbered },
	{ "/masters/", ROUTE_GET, serve_master },
	{ "/failovers/", ROUTE_GET, serve_failover },
	{ ASSET_PATH, ROUTE_GET, serve_asset },
	{ "/changes", ROUTE_GET, serve_changes },
	{ "/api/v1/events", ROUTE_GET, serve_events },
	{ "/api/v1/failovers", ROUTE_GET, serve_failovers },
	{ "/api/v1/status", ROUTE_GET, serve_status },
	{ "/sd", ROUTE_GET, serve_targets },
	{ "/-/healthy", ROUTE_GET, serve_healthy },
	{ "/-/ready", ROUTE_GET, serve_ready },
	{ "/-/reload", ROUTE_POST, serve_reload },
	/* Every other path; counted together, as their number has no bound. */
	{ "other", ROUTE_GET, serve_nothing },
};

const size_t routes_count = sizeof(routes) / sizeof(routes[0]);

_Static_assert(
    sizeof(routes) / sizeof(routes[0]) <= ROUTE_MAX, "every route is counted");

static bool
is_prefix(const char *path)
{
	size_t len = strlen(path);

	return len > 1 && path[len - 1] == '/';
}

static bool
matches(const struct route *r, const char *path, const char *telemetry_path,
    const char **rest)
{
	const char *own = r->path == NULL ? telemetry_path : r->path;
	size_t len = strlen(own);

	if (r->path != NULL && is_prefix(own)) {
		*rest = path + len;
		return strncmp(path, own, len) == 0;
	}
	*rest = "";
	return strcmp(path, own) == 0;
}

size_t
route_find(const char *path, const char *telemetry_path, const char **rest)
{
	size_t i;

	for (i = 0; i + 1 < routes_count; i++)
		if (matches(&routes[i], path, telemetry_path, rest))
			return i;
	*rest = "";
	return i;
}

bool
route_allows(const char *methods, const char *method)
{
	const char *p, *end;
	size_t len = strlen(method);

	for (p = methods; *p != '\0'; p = end + strspn(end, ", ")) {
		end = p + strcspn(p, ",");
		if ((size_t)(end - p) == len && memcmp(p, method, len) == 0)
			return true;
	}
	return false;
}
