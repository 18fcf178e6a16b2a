/* serve - the daemon: watch and web until a signal ends them. */
#include <stdio.h>

#include "app.h"
#include "base/log.h"
#include "command/command.h"
#include "notify.h"
#include "version.h"

static void
log_start(const struct conf *conf)
{
	char *const *s;

	log_info("starting", "version", build_info.version, "revision",
	    build_info.revision, NULL);
	vec_foreach(s, &conf->warnings.items)
		log_warn(*s, NULL);
	if (conf->web_systemd_socket)
		log_info("listening", "address", "systemd's sockets", "path",
		    conf->web_telemetry_path, NULL);
	else
		vec_foreach(s, &conf->web_listen_addresses.items)
			log_info("listening", "address", *s, "path",
			    conf->web_telemetry_path, NULL);
}

int
command_serve(const struct conf *conf)
{
	struct app app;
	struct err err;

	app_open(&app, conf);
	if (!app_start_httpd(&app, &err) ||
	    !app_start_watch(&app, conf->state_file, NULL, &err)) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		app_close(&app);
		return COMMAND_BAD_CONFIG;
	}
	log_start(conf);
	app_start_reload(&app);
	notify_systemd("READY=1");
	app_start_watchdog(&app);
	loop_run(app.loop);
	notify_systemd("STOPPING=1");
	log_info("stopping", NULL);
	app_close(&app);
	return COMMAND_OK;
}
