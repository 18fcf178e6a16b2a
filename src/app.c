/* app - start what the configuration asks for, stop in order. */
#include "app.h"

#include <signal.h>

#include "base/signals.h"
#include "model/snapshot.h"
#include "notify.h"
#include "reload.h"
#include "version.h"
#include "watch/watch.h"
#include "web/httpd.h"

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

void
app_open(struct app *app, const struct conf *conf)
{
	*app = (struct app){ .conf = conf };
	signals_ignore();
	app->loop = loop_new();
	app->handover = handover_new();
	app->watchdog = timer_new(app->loop, on_watchdog, app);
	loop_on_signal(app->loop, SIGTERM, on_signal, app);
	loop_on_signal(app->loop, SIGINT, on_signal, app);
}

void
app_close(struct app *app)
{
	reload_stop(app->reload);
	httpd_stop(app->httpd);
	watch_stop(app->watch);
	timer_free(app->watchdog);
	handover_free(app->handover);
	loop_free(app->loop);
}

bool
app_start_watch(struct app *app, const char *state_file,
    loop_fn *on_first_round, struct err *err)
{
	const struct watch_conf wc = {
		.loop = app->loop,
		.conf = app->conf,
		.state_file = state_file,
		.handover = app->handover,
		.on_first_round = on_first_round,
		.arg = app,
	};

	app->watch = watch_start(&wc, err);
	return app->watch != NULL;
}

bool
app_start_httpd(struct app *app, struct err *err)
{
	const struct httpd_conf hc = {
		.listen_addresses = &app->conf->web_listen_addresses,
		.telemetry_path = app->conf->web_telemetry_path,
		.systemd_socket = app->conf->web_systemd_socket,
		.config_file = app->conf->web_config_file,
		.max_connections = app->conf->web_max_connections,
		.build = &build_info,
		.handover = app->handover,
		.ask_reload =
		    app->conf->web_enable_lifecycle ? reload_ask : NULL,
	};

	app->httpd = httpd_start(&hc, err);
	return app->httpd != NULL;
}

void
app_start_reload(struct app *app)
{
	app->reload = reload_start(app);
}

void
app_start_watchdog(struct app *app)
{
	if (notify_watchdog_ms() > 0)
		on_watchdog(app);
}

const struct snapshot *
app_poll_once(const struct conf *conf, struct err *err)
{
	const struct snapshot *s = NULL;
	struct app app;

	app_open(&app, conf);
	if (app_start_watch(&app, NULL, on_signal, err)) {
		loop_run(app.loop);
		s = handover_take(app.handover);
	}
	app_close(&app);
	return s;
}
