/*
 * app - the program: start what the configuration asks for, stop in order.
 */
#ifndef APP_H
#define APP_H

#include "config/conf.h"

/* Exit statuses. */
enum app_status {
	APP_OK = 0,
	APP_CHECK_FAILED = 1,	/* --config.check */
	APP_NO_SENTINEL = 2,	/* --once: no sentinel answered */
	APP_BAD_CONFIG = 2,
};

/* Serve until SIGTERM or SIGINT. */
int	app_serve(const struct conf *);

/* One full poll, the exposition on standard output. */
int	app_once(const struct conf *);

#endif
