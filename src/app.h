/*
 * app - the parts of the running program: started one by one, stopped in
 * order.  What the commands are built from; all on the main thread.
 */
#ifndef APP_H
#define APP_H

#include "config/conf.h"
#include "net/loop.h"

struct app {
	const struct conf *conf;	/* borrowed */
	struct loop *loop;		/* owned, like all below */
	struct handover *handover;
	struct watch *watch;		/* NULL: not started */
	struct httpd *httpd;		/* NULL: not started */
	struct timer *watchdog;
	struct reload *reload;		/* NULL: not started */
};

/* The loop, which ends at SIGTERM and SIGINT, and nothing else yet. */
void	app_open(struct app *, const struct conf *);
void	app_close(struct app *);

/* False with a reason.  on_first_round (may be NULL) gets the app. */
bool	app_start_httpd(struct app *, struct err *);
bool	app_start_watch(struct app *, const char *state_file,
	    loop_fn *on_first_round, struct err *);

/* Follow SIGHUP; the watch has been started. */
void	app_start_reload(struct app *);

/* Feed systemd's watchdog from the loop, if systemd asks for it. */
void	app_start_watchdog(struct app *);

/* The picture after one full poll of everything, for commands that print it
 * and end; the caller drops it by snapshot_unref().  It neither knows nor keeps
 * what was counted: the daemon's state file is not its own.  NULL with a
 * reason. */
const struct snapshot *app_poll_once(const struct conf *, struct err *);

#endif
