/* status - the deployment as a table or as JSON, once or again and again. */
#include <stdio.h>
#include <unistd.h>

#include "app.h"
#include "base/clock.h"
#include "command/command.h"
#include "command/snapshot_reached.h"
#include "command/status_text.h"
#include "command/text.h"
#include "model/snapshot.h"
#include "web/json_status.h"

#define CLEAR_SCREEN "\033[H\033[2J"
#define CLEAR_LINE   "\r\033[K"

static void
print_status(const struct conf *conf, const struct snapshot *s)
{
	struct strbuf out = { 0 };

	if (conf->told.json)
		json_status(&out, s, clock_now());
	else
		status_text(&out, s, clock_now(), text_wants_colours());
	fwrite(strbuf_text(&out), 1, out.len, stdout);
	fflush(stdout);
	strbuf_fini(&out);
}

/* While the first round runs, which may take as long as the poll timeout. */
static void
show_progress(bool on)
{
	if (isatty(STDERR_FILENO))
		fputs(on ? "Asking the sentinels and the data nodes ..."
			 : CLEAR_LINE,
		    stderr);
}

static int
status_once(const struct conf *conf)
{
	const struct snapshot *s;
	struct err err;
	bool reached;

	show_progress(true);
	s = app_poll_once(conf, &err);
	show_progress(false);
	if (s == NULL) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		return COMMAND_BAD_CONFIG;
	}
	print_status(conf, s);
	reached = snapshot_reached(s);
	snapshot_unref(s);
	return reached ? COMMAND_OK : COMMAND_NOT_REACHED;
}

struct repeat {
	struct app app;
	struct timer *timer;
};

static void
on_tick(void *arg)
{
	struct repeat *r = arg;
	const struct snapshot *s = handover_take(r->app.handover);

	if (s->first_round_over) {
		if (isatty(STDOUT_FILENO) && !r->app.conf->told.json)
			fputs(CLEAR_SCREEN, stdout);
		print_status(r->app.conf, s);
		timer_set(r->timer, r->app.conf->poll.interval_ms);
	} else {
		timer_set(r->timer, 100);
	}
	snapshot_unref(s);
}

/* Until a signal ends it, or nobody reads. */
static int
status_watch(const struct conf *conf)
{
	int status = COMMAND_OK;
	struct repeat r;
	struct err err;

	app_open(&r.app, conf);
	r.timer = timer_new(r.app.loop, on_tick, &r);
	if (app_start_watch(&r.app, NULL, NULL, &err)) {
		timer_set(r.timer, 100);
		loop_run(r.app.loop);
	} else {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		status = COMMAND_BAD_CONFIG;
	}
	timer_free(r.timer);
	app_close(&r.app);
	return status;
}

int
command_status(const struct conf *conf)
{
	command_quiet(conf);
	return conf->told.watch ? status_watch(conf) : status_once(conf);
}
