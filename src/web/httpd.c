/* httpd - libmicrohttpd behind the door. */
#include "web/httpd.h"

#include <gnutls/abstract.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "web/auth.h"
#include "web/blob.h"
#include "web/door.h"
#include "web/door_request.h"
#include "web/http_check.h"
#include "web/http_response.h"
#include "web/listener.h"
#include "web/mhd.h"
#include "web/site.h"
#include "web/stream.h"
#include "web/tls_server.h"
#include "web/web_settings.h"

#define CONNECTION_MEMORY  (64 * 1024) /* request line and headers, at most */
#define CONNECTION_TIMEOUT 300 /* seconds; the door is stricter */
#define SPARE_CONNECTIONS  64 /* of those that are just being closed */
#define STREAMS_SHARE	   8 /* one in so many connections may be a stream */
#define SHARED_BYTES_MAX   ((size_t)32 * 1024 * 1024)

struct httpd {
	struct site site;
	struct web_settings settings;
	struct streams *streams;
	struct door *door;
	struct MHD_Daemon *daemon;
};

/* How far a request is: what libmicrohttpd keeps for us. */
static char uri_good, uri_bad, uri_hopeless, seen; /* or a struct auth_job */

static bool
is_job(const void *mine)
{
	return mine != NULL && mine != &uri_good && mine != &uri_bad &&
	       mine != &uri_hopeless && mine != &seen;
}

static int
descriptor(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD)
	    ->connect_fd;
}

static void
begin_tls(struct httpd *h, struct MHD_Connection *connection, void **mine)
{
	gnutls_session_t session = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)
				       ->tls_session;

	*mine = tls_server_ref(h->settings.tls);
	if (!tls_server_attach(*mine, session))
		door_hang_up(h->door, descriptor(connection));
}

/* mine: the TLS context that the connection began with. */
static void
on_connection(void *arg, struct MHD_Connection *connection, void **mine,
    enum MHD_ConnectionNotificationCode code)
{
	struct httpd *h = arg;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		tls_server_unref(*mine);
		door_closed(h->door, descriptor(connection));
		return;
	}
	*mine = NULL;
	web_settings_refresh(&h->settings, clock_now().mono_ms);
	if (h->settings.tls != NULL)
		begin_tls(h, connection, mine);
}

/* The URI before libmicrohttpd reads it.  With many arguments its memory for
 * the connection ends, and 0.9.75 then never answers. */
static void *
on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct httpd *h = arg;

	if (door_request_arguments(uri, strlen(uri)) > DOOR_ARGUMENTS_MAX) {
		door_hang_up(h->door, descriptor(connection));
		return &uri_hopeless;
	}
	return http_check_uri(uri) ? &uri_good : &uri_bad;
}

static void
on_completed(void *arg, struct MHD_Connection *connection, void **mine,
    enum MHD_RequestTerminationCode code)
{
	struct httpd *h = arg;

	(void)code;
	if (is_job(*mine))
		auth_discard(*mine);
	*mine = NULL;
	door_enter(h->door, descriptor(connection), PLACE_IDLE);
}

static const char *
request_header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void
replace(struct answer *a, int code, const char *text)
{
	site_release(a);
	*a = (struct answer){ .code = code,
		.content_type = "text/plain; charset=utf-8" };
	strbuf_puts(&a->body, text);
}

static struct MHD_Response *
start_stream(
    struct httpd *h, struct MHD_Connection *connection, struct answer *a)
{
	struct MHD_Response *r = streams_listen(
	    h->streams, a->stream, connection, descriptor(connection));

	if (r == NULL) {
		replace(a, 503, "Too many streams are open\n");
		return http_response(a, &h->settings.file);
	}
	http_response_headers(r, a, &h->settings.file);
	door_enter(h->door, descriptor(connection), PLACE_STREAM);
	door_wake(h->door);
	return r;
}

static enum MHD_Result
send_answer(
    struct httpd *h, struct MHD_Connection *connection, struct answer *a)
{
	struct MHD_Response *r;
	enum MHD_Result queued;

	r = a->stream != NULL ? start_stream(h, connection, a)
			      : http_response(a, &h->settings.file);
	if (r == NULL)
		return MHD_NO;
	queued = MHD_queue_response(connection, (unsigned)a->code, r);
	MHD_destroy_response(r);
	if (blob_bytes() > SHARED_BYTES_MAX)
		door_relieve(h->door);
	return queued;
}

static enum MHD_Result
refuse(struct httpd *h, struct MHD_Connection *connection, const char *url,
    int code, const char *why)
{
	struct answer a = { 0 };

	replace(&a, code, why);
	site_count_refused(&h->site, url, code);
	return send_answer(h, connection, &a);
}

static uint64_t
address_key(struct MHD_Connection *connection)
{
	const struct sockaddr *sa = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
					->client_addr;

	return sa != NULL ? places_key(sa) : 0;
}

/* AUTH_LATER: the connection is suspended, and handled again afterwards.  One
 * with a body is answered before that is read, so it cannot wait. */
static enum auth_verdict
judge(struct httpd *h, struct MHD_Connection *connection, bool may_wait,
    void **mine)
{
	struct auth_job *job = is_job(*mine) ? *mine : NULL;
	enum auth_verdict v;

	*mine = &seen;
	if (job != NULL)
		return auth_finish(h->settings.auth, job);
	v = auth_judge(h->settings.auth,
	    request_header(connection, MHD_HTTP_HEADER_AUTHORIZATION),
	    address_key(connection), &job);
	if (v != AUTH_LATER)
		return v;
	if (!may_wait) {
		auth_discard(job);
		return AUTH_DENIED;
	}
	*mine = job;
	MHD_suspend_connection(connection);
	auth_submit(h->settings.auth, job, connection);
	return AUTH_LATER;
}

static enum MHD_Result
answer(struct httpd *h, struct MHD_Connection *connection, struct request *rq,
    void **mine)
{
	struct answer a;

	switch (judge(h, connection, !rq->has_body, mine)) {
	case AUTH_LATER:
		return MHD_YES;
	case AUTH_DENIED:
		return refuse(h, connection, rq->path, 401, "Unauthorized\n");
	case AUTH_BUSY:
		return refuse(h, connection, rq->path, 429,
		    "Too many passwords are being checked\n");
	case AUTH_GRANTED:
		break;
	}
	rq->accept = request_header(connection, MHD_HTTP_HEADER_ACCEPT);
	rq->accept_encoding =
	    request_header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
	site_answer(&h->site, rq, &a);
	return send_answer(h, connection, &a);
}

/* The headers are there.  One that is refused or announces a body is answered
 * at once, so that what follows is never read and the connection ends; an
 * answer to any other waits until the request is whole, so that the connection
 * may live on. */
static enum MHD_Result
begin(struct httpd *h, struct MHD_Connection *connection, struct request *rq,
    const char *version, void **mine)
{
	const char *why;

	if (*mine == &uri_hopeless)
		return MHD_NO;
	door_enter(h->door, descriptor(connection), PLACE_ANSWER);
	web_settings_refresh(&h->settings, clock_now().mono_ms);
	why = *mine == &uri_bad ? "The path has a byte that no path has\n"
				: http_check_headers(connection, version);
	*mine = &seen;
	if (why != NULL)
		return refuse(h, connection, rq->path, 400, why);
	rq->has_body = http_check_body(connection);
	return rq->has_body ? answer(h, connection, rq, mine) : MHD_YES;
}

/* Called when the headers are there, when the request is whole, and again
 * after each time that it was suspended. */
static enum MHD_Result
handle(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload_data,
    size_t *upload_size, void **mine)
{
	struct request rq = { .method = method, .path = url };
	struct httpd *h = arg;

	(void)upload_data;
	if (*mine != &seen && !is_job(*mine))
		return begin(h, connection, &rq, version, mine);
	if (*upload_size != 0)
		return MHD_NO;
	return answer(h, connection, &rq, mine);
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

/* libmicrohttpd wants to see a certificate before it speaks TLS; each
 * connection has been given its own before it could ask for this one. */
static int
no_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
    gnutls_pcert_st **chain, unsigned *n, gnutls_ocsp_data_st **ocsp,
    unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags)
{
	(void)session, (void)info, (void)chain, (void)n, (void)ocsp,
	    (void)n_ocsp, (void)key, (void)flags;
	return -1;
}

/* Signals belong to the watch's loop: the web thread starts with all blocked. */
static struct MHD_Daemon *
start_daemon(struct httpd *h, size_t max_connections)
{
	const struct MHD_OptionItem tls[] = {
		{ h->settings.tls != NULL ? MHD_OPTION_HTTPS_CERT_CALLBACK2
					  : MHD_OPTION_END,
		    0, (void *)(uintptr_t)no_certificate },
		{ MHD_OPTION_END, 0, NULL },
	};
	const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
			       MHD_USE_ERROR_LOG | MHD_USE_NO_LISTEN_SOCKET |
			       MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_Daemon *daemon;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	daemon = MHD_start_daemon(
	    flags | (h->settings.tls != NULL ? MHD_USE_TLS : 0), 0, NULL, NULL,
	    handle, h, MHD_OPTION_EXTERNAL_LOGGER, log_message, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
	    MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, h, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)(2 * max_connections + SPARE_CONNECTIONS),
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_TIMEOUT,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
	    MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return daemon;
}

static bool
admit(void *arg, int fd, const struct sockaddr *address, socklen_t len)
{
	struct httpd *h = arg;

	return MHD_add_connection(h->daemon, fd, address, len) == MHD_YES;
}

static void
end_stream(void *arg, int fd)
{
	struct httpd *h = arg;

	streams_end(h->streams, fd);
}

static void
tick(void *arg)
{
	struct httpd *h = arg;

	if (streams_busy(h->streams))
		streams_turn(h->streams, clock_now().mono_ms);
}

static bool
listen_on_all(struct httpd *h, const struct strlist *addresses, struct err *err)
{
	char *const *address;
	int fd;

	vec_foreach(address, &addresses->items) {
		fd = listener_open(*address, err);
		if (fd < 0)
			return false;
		door_listen(h->door, fd);
	}
	return true;
}

static bool
listen_for_systemd(struct httpd *h, struct err *err)
{
	int i, n = listener_systemd(err);

	for (i = 0; i < n; i++)
		door_listen(h->door, LISTENER_SYSTEMD_FIRST + i);
	return n > 0;
}

static bool
start(struct httpd *h, const struct httpd_conf *conf, struct err *err)
{
	const size_t max = (size_t)conf->max_connections;
	struct door_conf dc = {
		.max_connections = max,
		.admit = admit,
		.end_stream = end_stream,
		.tick = tick,
		.arg = h,
	};

	if (!web_settings_open(&h->settings, conf->config_file, err))
		return false;
	dc.tls = h->settings.tls != NULL;
	h->door = door_new(&dc);
	if (!(conf->systemd_socket
		    ? listen_for_systemd(h, err)
		    : listen_on_all(h, conf->listen_addresses, err)))
		return false;
	h->daemon = start_daemon(h, max);
	if (h->daemon == NULL) {
		err_set(err, "cannot serve HTTP: libmicrohttpd does not start");
		return false;
	}
	return door_start(h->door, err);
}

struct httpd *
httpd_start(const struct httpd_conf *conf, struct err *err)
{
	struct httpd *h = xcalloc(1, sizeof(*h));
	size_t streams = (size_t)conf->max_connections / STREAMS_SHARE;

	site_init(&h->site, conf->telemetry_path, conf->build, conf->handover);
	h->site.ask_reload = conf->ask_reload;
	h->streams = streams_new(&h->site, streams > 0 ? streams : 1);
	if (start(h, conf, err))
		return h;
	httpd_stop(h);
	return NULL;
}

/* The door first, so that nobody comes; streams, as libmicrohttpd cannot end
 * what is suspended; and last what its callbacks use. */
void
httpd_stop(struct httpd *h)
{
	if (h == NULL)
		return;
	if (h->door != NULL)
		door_stop(h->door);
	streams_end_all(h->streams);
	if (h->settings.auth != NULL)
		auth_stop(h->settings.auth);
	if (h->daemon != NULL)
		MHD_stop_daemon(h->daemon);
	if (h->door != NULL)
		door_free(h->door);
	web_settings_fini(&h->settings);
	streams_free(h->streams);
	site_fini(&h->site);
	free(h);
}
