#include "web/site.h"

#include <string.h>

#include "base/build_info.h"
#include "base/clock.h"
#include "metrics/render.h"
#include "model/snapshot.h"
#include "web/gzip.h"
#include "web/json_events.h"
#include "web/negotiation.h"
#include "web/page.h"
#include "web/process.h"

#define GZIP_WORTHWHILE 1024 /* bytes */
#define TEXT		"text/plain; charset=utf-8"

typedef void answer_fn(struct site *, const struct request *, struct answer *);

static void
serve_metrics(struct site *site, const struct request *rq, struct answer *out)
{
	struct self_stats self = { .build = site->build };
	const struct snapshot *snapshot;
	enum render_format format = negotiation_format(rq->accept);

	process_read(&self);
	site_count(site, &self);
	snapshot = handover_take(site->handover);
	render_exposition(
	    &out->body, format, snapshot, &self, clock_now().mono_ms);
	snapshot_unref(snapshot);
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
serve_nothing(struct site *site, const struct request *rq, struct answer *out)
{
	(void)rq;
	out->code = 404;
	strbuf_printf(&out->body,
	    "Not found. Metrics are at %s, an overview "
	    "is at /\n",
	    site->telemetry_path);
}

static const struct route {
	const char *path; /* NULL: the telemetry path */
	const char *allow;
	answer_fn *serve;
} routes[SITE_HANDLERS] = {
	{ NULL, "GET, HEAD", serve_metrics },
	{ "/", "GET, HEAD", serve_landing },
	{ "/api/v1/events", "GET, HEAD", serve_events },
	{ "/-/healthy", "GET, HEAD", serve_healthy },
	{ "/-/ready", "GET, HEAD", serve_ready },
	/* Every other path; counted together, as their number has no bound. */
	{ "other", "GET, HEAD", serve_nothing },
};

static const int codes[SITE_CODES] = { 200, 404, 405, 413, 503 };

static const char *
route_path(const struct site *site, const struct route *r)
{
	return r->path == NULL ? site->telemetry_path : r->path;
}

/* The index of the route for a path. */
static size_t
find_route(const struct site *site, const char *path)
{
	size_t i;

	for (i = 0; i < SITE_HANDLERS - 1; i++)
		if (strcmp(path, route_path(site, &routes[i])) == 0)
			break;
	return i;
}

/* Does the list "GET, HEAD" hold the method? */
static bool
allowed(const char *list, const char *method)
{
	const char *p, *end;
	size_t len = strlen(method);

	for (p = list; *p != '\0'; p = end + strspn(end, ", ")) {
		end = p + strcspn(p, ",");
		if ((size_t)(end - p) == len && memcmp(p, method, len) == 0)
			return true;
	}
	return false;
}

static void
refuse(struct answer *out, int code, const char *why)
{
	out->code = code;
	strbuf_puts(&out->body, why);
}

static void
count(struct site *site, size_t handler, int code)
{
	size_t i;

	for (i = 0; i < SITE_CODES; i++)
		if (codes[i] == code)
			__atomic_add_fetch(
			    &site->answers[handler][i], 1, __ATOMIC_RELAXED);
}

void
site_answer(struct site *site, const struct request *rq, struct answer *out)
{
	size_t handler = find_route(site, rq->path);
	const struct route *r = &routes[handler];

	*out = (struct answer){ .code = 200, .content_type = TEXT };
	if (!allowed(r->allow, rq->method)) {
		refuse(out, 405, "Method not allowed\n");
		out->allow = r->allow;
	} else if (rq->has_body) {
		refuse(out, 413, "A request takes no body here\n");
	} else {
		r->serve(site, rq, out);
	}
	count(site, handler, out->code);
	if (out->body.len >= GZIP_WORTHWHILE &&
	    negotiation_gzip(rq->accept_encoding))
		out->gzipped = gzip_body(&out->body);
}

_Static_assert(
    SITE_HANDLERS *SITE_CODES <=
	sizeof(((struct self_stats *)0)->http) / sizeof(struct http_count),
    "every counter has its place");

/* Each route's 200 from 0 on, what else happened once it did. */
void
site_count(const struct site *site, struct self_stats *self)
{
	size_t i, k;
	uint64_t n;

	self->n_http = 0;
	for (i = 0; i < SITE_HANDLERS; i++)
		for (k = 0; k < SITE_CODES; k++) {
			n = __atomic_load_n(
			    &site->answers[i][k], __ATOMIC_RELAXED);
			if (n == 0 && (k > 0 || i == SITE_HANDLERS - 1))
				continue;
			self->http[self->n_http++] =
			    (struct http_count){ route_path(site, &routes[i]),
				    codes[k], n };
		}
}
