#include "app.h"

#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/strbuf.h"
#include "metrics/render.h"
#include "model/snapshot.h"
#include "net/loop.h"
#include "notify.h"
#include "version.h"
#include "watch/watch.h"
#include "web/httpd.h"
#include "web/process.h"

struct app {
	const struct conf *conf; /* borrowed */
	struct loop *loop;
	struct handover *handover;
	struct watch *watch;
	struct httpd *httpd; /* NULL: --once */
	struct timer *watchdog;
};

static void
on_signal(void *arg)
{
	struct app *app = arg;

	loop_stop(app->loop);
}

/* The loop that keeps the picture true is alive: that is what systemd's
 * watchdog asks for. */
static void
on_watchdog(void *arg)
{
	struct app *app = arg;

	notify_systemd("WATCHDOG=1");
	timer_set(app->watchdog, notify_watchdog_ms());
}

static void
open_app(struct app *app, const struct conf *conf)
{
	*app = (struct app){ .conf = conf };
	signal(SIGPIPE, SIG_IGN);
	app->loop = loop_new();
	app->handover = handover_new();
	app->watchdog = timer_new(app->loop, on_watchdog, app);
	loop_on_signal(app->loop, SIGTERM, on_signal, app);
	loop_on_signal(app->loop, SIGINT, on_signal, app);
}

static void
close_app(struct app *app)
{
	httpd_stop(app->httpd);
	watch_stop(app->watch);
	timer_free(app->watchdog);
	handover_free(app->handover);
	loop_free(app->loop);
}

/* A single poll neither knows nor keeps what was counted: the daemon's state
 * file is not its own. */
static bool
start_watch(struct app *app, loop_fn *on_first_round, struct err *err)
{
	const struct watch_conf wc = {
		.loop = app->loop,
		.conf = app->conf,
		.state_file = app->conf->command == CONF_ONCE
				  ? NULL
				  : app->conf->state_file,
		.handover = app->handover,
		.on_first_round = on_first_round,
		.arg = app,
	};

	app->watch = watch_start(&wc, err);
	return app->watch != NULL;
}

static bool
start_httpd(struct app *app, struct err *err)
{
	const struct httpd_conf hc = {
		.listen_addresses = &app->conf->web_listen_addresses,
		.telemetry_path = app->conf->web_telemetry_path,
		.max_connections = app->conf->web_max_connections,
		.version = version_number,
		.revision = version_revision,
		.compiler = version_compiler,
		.handover = app->handover,
	};

	app->httpd = httpd_start(&hc, err);
	return app->httpd != NULL;
}

static void
tell_start(const struct conf *conf)
{
	char *const *s;

	log_info("starting", "version", version_number, "revision",
	    version_revision, NULL);
	vec_foreach(s, &conf->warnings.items)
		log_warn(*s, NULL);
	vec_foreach(s, &conf->web_listen_addresses.items)
		log_info("listening", "address", *s, "path",
		    conf->web_telemetry_path, NULL);
}

int
app_serve(const struct conf *conf)
{
	struct app app;
	struct err err;

	open_app(&app, conf);
	if (!start_httpd(&app, &err) || !start_watch(&app, NULL, &err)) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		close_app(&app);
		return APP_BAD_CONFIG;
	}
	tell_start(conf);
	notify_systemd("READY=1");
	if (notify_watchdog_ms() > 0)
		on_watchdog(&app);
	loop_run(app.loop);
	notify_systemd("STOPPING=1");
	log_info("stopping", NULL);
	close_app(&app);
	return APP_OK;
}

static bool
any_sentinel_up(const struct snapshot *s)
{
	const struct sentinel *sentinel;
	const struct deployment *d;

	vec_foreach(d, &s->groups)
		vec_foreach(sentinel, &d->sentinels)
			if (sentinel->source.up)
				return true;
	return false;
}

int
app_once(const struct conf *conf)
{
	struct self_stats self = { .version = version_number,
		.revision = version_revision,
		.compiler = version_compiler };
	struct exposition x = { .self = &self };
	struct strbuf out = { 0 };
	struct app app;
	struct err err;
	bool reached;

	open_app(&app, conf);
	if (!start_watch(&app, on_signal, &err)) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		close_app(&app);
		return APP_BAD_CONFIG;
	}
	loop_run(app.loop);
	process_read(&self);
	x.snapshot = handover_take(app.handover);
	x.now = clock_now();
	render_exposition(&out, RENDER_TEXT, &x);
	fwrite(strbuf_text(&out), 1, out.len, stdout);
	reached = any_sentinel_up(x.snapshot);
	strbuf_fini(&out);
	snapshot_unref(x.snapshot);
	close_app(&app);
	return reached ? APP_OK : APP_NO_SENTINEL;
}
