/* http_response - headers by table. */
#include "web/http_response.h"

#include <strings.h>

#include "config/web_file.h"
#include "web/mhd.h"
#include "web/site.h"

static const struct header {
	const char *name, *value;
} headers[] = {
	{ MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding" },
	{ "X-Content-Type-Options", "nosniff" },
}, page_headers[] = {
	{ "Content-Security-Policy",
	    "default-src 'none'; style-src 'self'; "
	    "script-src 'self'; connect-src 'self'; img-src data:; "
	    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
};

static void
add(struct MHD_Response *response, const char *name, const char *value)
{
	if (value != NULL)
		(void)MHD_add_response_header(response, name, value);
}

static bool
is_configured(const struct web_file *f, const char *name)
{
	const struct web_header *h;

	vec_foreach(h, &f->headers)
		if (strcasecmp(h->name, name) == 0)
			return true;
	return false;
}

static void
add_all(struct MHD_Response *response, const struct web_file *f,
    const struct header *h, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!is_configured(f, h[i].name))
			add(response, h[i].name, h[i].value);
}

static void
add_configured(struct MHD_Response *response, const struct web_file *f)
{
	const struct web_header *h;

	vec_foreach(h, &f->headers)
		add(response, h->name, h->value);
}

void
http_response_headers(
    struct MHD_Response *r, const struct answer *a, const struct web_file *f)
{
	add_configured(r, f);
	add_all(r, f, headers, sizeof(headers) / sizeof(headers[0]));
	if (a->page)
		add_all(r, f, page_headers,
		    sizeof(page_headers) / sizeof(page_headers[0]));
	add(r, MHD_HTTP_HEADER_CACHE_CONTROL,
	    a->keep == ANSWER_IMMUTABLE ? "public, max-age=31536000, immutable"
					: "no-store");
	add(r, MHD_HTTP_HEADER_CONTENT_TYPE, a->content_type);
	add(r, MHD_HTTP_HEADER_CONTENT_ENCODING, a->gzipped ? "gzip" : NULL);
	add(r, MHD_HTTP_HEADER_ALLOW, a->allow);
	add(r, MHD_HTTP_HEADER_LOCATION, a->location);
	add(r, MHD_HTTP_HEADER_RETRY_AFTER,
	    a->code == 503 || a->code == 429 ? "5" : NULL);
	add(r, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
	    a->code == 401 ? "Basic realm=\"sentinel-exporter\"" : NULL);
	/* What was not read, or not understood, must not be read as a second
	 * request. */
	add(r, MHD_HTTP_HEADER_CONNECTION, a->code == 400 ? "close" : NULL);
}

struct MHD_Response *
http_response(struct answer *a, const struct web_file *f)
{
	struct MHD_Response *r = a->parts[0] != NULL
				     ? mhd_response_of(a->parts[0], a->parts[1])
				     : mhd_response(&a->body);

	if (r != NULL)
		http_response_headers(r, a, f);
	site_release(a);
	return r;
}
