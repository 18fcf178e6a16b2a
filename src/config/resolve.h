/*
 * resolve - from settings to the effective configuration.
 *
 * Per field the exporter's own options win over the broker URL and the
 * transport options, and those over --nautobot.
 */
#ifndef CONFIG_RESOLVE_H
#define CONFIG_RESOLVE_H

#include <stdbool.h>

#include "base/err.h"
#include "config/conf.h"
#include "config/setting.h"

/* Everything that is not a group's: polling, state, web, log. */
bool	resolve_process(struct conf *, const struct settings *, struct err *);

/* The one group that flags and environment describe. */
bool	resolve_group(struct conf *, const struct settings *,
	    char *const *env, struct err *);

#endif
