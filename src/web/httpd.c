#include "web/httpd.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/vec.h"
#include "web/listener.h"
#include "web/mhd.h"
#include "web/site.h"

#define CONNECTION_MEMORY  (64 * 1024) /* request line and headers, at most */
#define CONNECTION_TIMEOUT 15 /* seconds without a byte */

struct httpd {
	struct site site;
	VEC(struct MHD_Daemon *) daemons; /* one per listen address */
};

static const struct header {
	const char *name, *value;
} headers[] = {
	{ MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding" },
	{ "X-Content-Type-Options", "nosniff" },
}, page_headers[] = {
	{ "Content-Security-Policy",
	    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
	    "form-action 'none'; frame-ancestors 'none'" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
};

static void
add_headers(struct MHD_Response *response, const struct header *h, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		(void)MHD_add_response_header(response, h[i].name, h[i].value);
}

static enum MHD_Result
send_answer(struct MHD_Connection *connection, struct answer *a)
{
	struct MHD_Response *response =
	    a->parts[0] != NULL ? mhd_response_of(a->parts[0], a->parts[1])
				: mhd_response(&a->body);
	enum MHD_Result queued;

	site_release(a);
	if (response == NULL)
		return MHD_NO;
	add_headers(response, headers, sizeof(headers) / sizeof(headers[0]));
	if (a->page)
		add_headers(response, page_headers,
		    sizeof(page_headers) / sizeof(page_headers[0]));
	(void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
	    a->keep == ANSWER_IMMUTABLE ? "public, max-age=31536000, immutable"
					: "no-store");
	(void)MHD_add_response_header(
	    response, MHD_HTTP_HEADER_CONTENT_TYPE, a->content_type);
	if (a->gzipped)
		(void)MHD_add_response_header(
		    response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (a->allow != NULL)
		(void)MHD_add_response_header(
		    response, MHD_HTTP_HEADER_ALLOW, a->allow);
	if (a->location != NULL)
		(void)MHD_add_response_header(
		    response, MHD_HTTP_HEADER_LOCATION, a->location);
	queued = MHD_queue_response(connection, (unsigned)a->code, response);
	MHD_destroy_response(response);
	return queued;
}

static const char *
request_header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool
announces_body(struct MHD_Connection *connection)
{
	const char *length =
	    request_header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return request_header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING) !=
		   NULL ||
	       (length != NULL && strcmp(length, "0") != 0);
}

/* Called once when the headers are there, and again when the request is
 * whole.  One that announces a body is answered at once, so that the body is
 * never read and the connection ends; an answer to any other waits for the
 * second call, so that the connection may live on. */
static enum MHD_Result
handle(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload_data,
    size_t *upload_size, void **seen)
{
	struct httpd *h = arg;
	struct request rq = { .method = method, .path = url };
	struct answer answer;

	(void)version, (void)upload_data;
	if (*seen == NULL) {
		*seen = h;
		rq.has_body = announces_body(connection);
		if (!rq.has_body)
			return MHD_YES;
	} else if (*upload_size != 0) {
		return MHD_NO;
	}
	rq.accept = request_header(connection, MHD_HTTP_HEADER_ACCEPT);
	rq.accept_encoding =
	    request_header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	site_answer(&h->site, &rq, &answer);
	return send_answer(connection, &answer);
}

__attribute__((format(printf, 2, 0))) static void
log_message(void *arg, const char *fmt, va_list ap)
{
	char text[512];

	(void)arg;
	if (!log_enabled(LOG_DEBUG))
		return;
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	log_debug("http", "detail", text, NULL);
}

/* No client address may take all connections, or others were shut out. */
static unsigned
per_client(int64_t max_connections)
{
	return (unsigned)(max_connections - max_connections / 4);
}

/* Signals belong to the watch's loop: the web thread starts with all blocked. */
static struct MHD_Daemon *
start_daemon(struct httpd *h, int fd, int64_t max_connections)
{
	struct MHD_Daemon *daemon;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	daemon = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL,
	    handle, h, MHD_OPTION_EXTERNAL_LOGGER, log_message, NULL,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	    per_client(max_connections), MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)CONNECTION_TIMEOUT, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return daemon;
}

static bool
serve_address(struct httpd *h, const char *address, int64_t max_connections,
    struct err *err)
{
	struct MHD_Daemon *daemon;
	int fd = listener_open(address, err);

	if (fd < 0)
		return false;
	/* On failure libmicrohttpd may have closed the socket or not: it stays
	 * as it is, for the process is about to end. */
	daemon = start_daemon(h, fd, max_connections);
	if (daemon == NULL) {
		err_set(err,
		    "cannot serve HTTP on %s: libmicrohttpd would "
		    "not start",
		    address);
		return false;
	}
	*vec_push(&h->daemons) = daemon;
	return true;
}

struct httpd *
httpd_start(const struct httpd_conf *conf, struct err *err)
{
	struct httpd *h = xcalloc(1, sizeof(*h));
	char *const *address;

	site_init(&h->site, conf->telemetry_path, conf->build, conf->handover);
	h->site.ask_reload = conf->ask_reload;
	vec_foreach(address, &conf->listen_addresses->items) {
		if (serve_address(h, *address, conf->max_connections, err))
			continue;
		httpd_stop(h);
		return NULL;
	}
	return h;
}

void
httpd_stop(struct httpd *h)
{
	struct MHD_Daemon *const *daemon;

	if (h == NULL)
		return;
	vec_foreach(daemon, &h->daemons)
		MHD_stop_daemon(*daemon);
	vec_fini(&h->daemons);
	site_fini(&h->site);
	free(h);
}
