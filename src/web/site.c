/* site - from a request to the route's answer. */
#include "web/site.h"

#include "metrics/family.h"
#include "web/blob.h"
#include "web/gzip.h"
#include "web/negotiation.h"
#include "web/process.h"

#define GZIP_WORTHWHILE 1024 /* bytes */
#define TEXT		"text/plain; charset=utf-8"

static const int codes[SITE_CODES] = { 200, 304, 400, 401, 403, 404, 405, 413,
	429, 431, 500, 503 };

static void
read_process(void *arg, struct self_stats *self)
{
	const struct site *site = arg;

	self->build = site->build;
	process_read(self);
	site_count(site, self);
}

void
site_init(struct site *site, const char *telemetry_path,
    const struct build_info *build, struct handover *handover)
{
	*site = (struct site){ .telemetry_path = telemetry_path,
		.build = build,
		.handover = handover };
	exposition_init(&site->exposition, handover, read_process, site);
}

void
site_fini(struct site *site)
{
	exposition_fini(&site->exposition);
}

static void
refuse(struct answer *out, int code, const char *why)
{
	out->code = code;
	strbuf_puts(&out->body, why);
}

static void
count(struct site *site, size_t route, int code)
{
	size_t i;

	for (i = 0; i < SITE_CODES; i++)
		if (codes[i] == code)
			__atomic_add_fetch(
			    &site->answers[route][i], 1, __ATOMIC_RELAXED);
}

void
site_count_refused(struct site *site, const char *path, int code)
{
	const char *rest;

	count(site, route_find(path, site->telemetry_path, &rest), code);
}

void
site_answer(struct site *site, const struct request *asked, struct answer *out)
{
	struct request rq = *asked;
	size_t route = route_find(rq.path, site->telemetry_path, &rq.rest);
	const struct route *r = &routes[route];

	*out = (struct answer){ .code = 200, .content_type = TEXT };
	if (!route_allows(r->methods, rq.method)) {
		refuse(out, 405, "Method not allowed\n");
		out->allow = r->methods;
	} else if (rq.has_body) {
		refuse(out, 413, "A request takes no body here\n");
	} else {
		r->serve(site, &rq, out);
	}
	count(site, route, out->code);
	if (out->body.len >= GZIP_WORTHWHILE &&
	    negotiation_gzip(rq.accept_encoding))
		out->gzipped = gzip_body(&out->body);
}

void
site_release(struct answer *a)
{
	strbuf_fini(&a->body);
	blob_unref(a->parts[0]);
	blob_unref(a->parts[1]);
	a->parts[0] = a->parts[1] = NULL;
}

_Static_assert(ROUTE_MAX *SITE_CODES <= sizeof(((struct self_stats *)0)->http) /
					    sizeof(struct http_count),
    "every counter has its place");

/* Each route's 200 from 0 on, what else happened once it did. */
void
site_count(const struct site *site, struct self_stats *self)
{
	const char *path;
	size_t i, k;
	uint64_t n;

	self->n_http = 0;
	for (i = 0; i < routes_count; i++) {
		path = routes[i].path == NULL ? site->telemetry_path
					      : routes[i].path;
		for (k = 0; k < SITE_CODES; k++) {
			n = __atomic_load_n(
			    &site->answers[i][k], __ATOMIC_RELAXED);
			if (n == 0 && (k > 0 || i + 1 == routes_count))
				continue;
			self->http[self->n_http++] =
			    (struct http_count){ path, codes[k], n };
		}
	}
}
