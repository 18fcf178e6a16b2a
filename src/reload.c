/* reload - read on a thread of its own, applied on the loop. */
#include "reload.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "config/conf_diff.h"
#include "config/conf_source.h"
#include "net/background.h"
#include "notify.h"
#include "watch/watch.h"

struct reload {
	struct app *app; /* borrowed */
	struct conf *current; /* one reference; NULL: the first one */
	struct background *job; /* NULL: none is running */
	bool again; /* asked for while it runs */
	struct conf *read; /* the job's answer; NULL with err */
	struct err err;
};

/* Files may be slow; the loop must not wait for them. */
static void
read_conf(void *arg)
{
	struct reload *r = arg;

	r->read = conf_source_load(r->app->conf->source, &r->err);
}

static void
log_restart(const struct conf_diff *d)
{
	char *const *name;

	vec_foreach(name, &d->restart.items)
		log_warn("this option changed, and only a restart applies it",
		    "option", *name, NULL);
}

static void
apply(struct reload *r, struct conf *conf)
{
	const struct conf *before =
	    r->current == NULL ? r->app->conf : r->current;
	struct conf_diff d;
	char *const *warning;

	conf_diff(&d, before, conf);
	log_setup(conf->log_level, conf->log_format);
	log_info("configuration is loaded again", NULL);
	vec_foreach(warning, &conf->warnings.items)
		log_warn(*warning, NULL);
	log_restart(&d);
	conf_diff_fini(&d);
	watch_reload(r->app->watch, conf);
	conf_unref(r->current);
	r->current = conf;
}

static void begin(struct reload *);

static void
on_read(void *arg)
{
	struct reload *r = arg;

	r->job = NULL;
	if (r->read != NULL) {
		apply(r, r->read);
	} else {
		log_error("configuration cannot be loaded, all goes on as "
			  "before",
		    "reason", r->err.text, NULL);
		watch_reload_failed(r->app->watch);
	}
	r->read = NULL;
	notify_systemd("READY=1");
	if (r->again)
		begin(r);
}

static void
begin(struct reload *r)
{
	r->again = false;
	notify_reloading();
	r->job = background_start(r->app->loop, read_conf, on_read, r);
	if (r->job != NULL)
		return;
	log_error("configuration cannot be loaded, all goes on as before",
	    "reason", "no thread can be had", NULL);
	watch_reload_failed(r->app->watch);
	notify_systemd("READY=1");
}

static void
on_signal(void *arg)
{
	struct reload *r = arg;

	if (r->job == NULL)
		begin(r);
	else
		r->again = true;
}

struct reload *
reload_start(struct app *app)
{
	struct reload *r = xcalloc(1, sizeof(*r));

	r->app = app;
	loop_on_signal(app->loop, SIGHUP, on_signal, r);
	return r;
}

/* The loop has ended, so nothing is applied any more. */
void
reload_stop(struct reload *r)
{
	if (r == NULL)
		return;
	if (r->job != NULL) {
		background_join(r->job);
		conf_unref(r->read);
	}
	conf_unref(r->current);
	free(r);
}

void
reload_ask(void)
{
	(void)kill(getpid(), SIGHUP);
}
