/* route - the table, and the small answers that need no file of their own. */
#include "web/route.h"

#include <string.h>

#include "base/build_info.h"
#include "base/clock.h"
#include "model/snapshot.h"
#include "web/json_events.h"
#include "web/negotiation.h"
#include "web/page.h"
#include "web/site.h"

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
serve_landing(struct site *site, const struct request *rq, struct answer *out)
{
	(void)rq;
	page_landing(&out->body, site->telemetry_path, site->build->version);
	out->content_type = "text/html; charset=utf-8";
	out->page = true;
}

static void
serve_events(struct site *site, const struct request *rq, struct answer *out)
{
	const struct snapshot *s = handover_take(site->handover);

	(void)rq;
	json_events(&out->body, s, clock_now().wall_ms);
	snapshot_unref(s);
	out->content_type = "application/json";
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

static void
serve_nothing(struct site *site, const struct request *rq, struct answer *out)
{
	(void)rq;
	out->code = 404;
	strbuf_printf(&out->body,
	    "Not found. Metrics are at %s, an overview "
	    "is at /\n",
	    site->telemetry_path);
}

const struct route routes[] = {
	{ NULL, ROUTE_GET, serve_metrics },
	{ "/", ROUTE_GET, serve_landing },
	{ "/api/v1/events", ROUTE_GET, serve_events },
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
