/*
 * resolve - from what was said to what it comes to.
 *
 * Settings become the conf: defaults, what Celery's own settings tell, what
 * contradicts.  A group's own settings win over those of its broker, these
 * over --nautobot.
 */
#ifndef CONFIG_RESOLVE_H
#define CONFIG_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "config/conf.h"
#include "config/setting.h"

/* Everything that is not a group's: polling, state, web, log. */
bool	resolve_process(struct conf *, const struct settings *, struct err *);

/* The poll settings alone, of the process or of a group. */
bool	resolve_poll(struct poll_conf *, const struct settings *, struct err *);

/* What is known of a group. */
struct group_settings {
	const char *name;		/* NULL = the only one, unnamed */
	const char *place;		/* where it is named; NULL if not */
	const struct settings *own;	/* of the whole group */
	const struct settings *brokers;	/* each complete; n or none, then own
					 * describes the only one */
	size_t	 n;
};

/* One group, added to the conf. */
bool	resolve_group(struct conf *, const struct group_settings *,
	    char *const *env, struct err *);

#endif
