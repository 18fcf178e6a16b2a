/*
 * reload - the configuration read again while everything goes on: at SIGHUP,
 * and at POST /-/reload, which sends that signal to its own process.
 *
 * All or nothing: what cannot be read changes nothing, is logged with its
 * place and shows in sentinel_exporter_config_last_reload_successful.
 */
#ifndef RELOAD_H
#define RELOAD_H

struct app;
struct reload;

/* From now on SIGHUP reloads.  The app, borrowed, has a watch. */
struct reload *reload_start(struct app *);
void	reload_stop(struct reload *);	/* NULL is fine */

/* Ask for a reload; from any thread. */
void	reload_ask(void);

#endif
