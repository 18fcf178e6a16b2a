/*
 * conf - the effective configuration: flags over environment over file over
 * defaults.  Built once at start on the main thread, then read-only.
 *
 * A group is one set of sentinels with its credentials and broker.  Flags and
 * environment describe exactly one group without a name; the configuration
 * file (not read yet) will name several.
 */
#ifndef CONFIG_CONF_H
#define CONFIG_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/strlist.h"
#include "base/vec.h"
#include "config/credentials.h"
#include "config/endpoint.h"
#include "config/kombu_options.h"

struct celery_conf {
	bool	 enabled;	/* anything to read at all */
	bool	 from_url;	/* a broker URL was given */
	bool	 url_conflict;	/* its URLs name different DBs */
	bool	 scan;		/* look for bindings nobody named */
	bool	 clients;	/* CLIENT LIST on the master */
	int64_t	 max_queues;	/* per DB */
	struct strlist queues;	/* always exported */
	VEC(int) dbs;		/* candidates, ascending */
	VEC(int) url_dbs;	/* of those, named by the broker URL */
	struct kombu_options kombu;
};

struct group_conf {
	char	*name;		/* owned; NULL = the only group, unnamed */
	VEC(struct endpoint) sentinels;
	struct strlist master_names;	/* empty = every master they know */
	struct credentials sentinel_auth, redis_auth;
	struct celery_conf celery;
};

enum conf_command {
	CONF_SERVE,
	CONF_ONCE,
	CONF_CHECK,
	CONF_STATUS,
	CONF_DOCTOR,
	CONF_REPORT,
	CONF_HEALTHCHECK,
	CONF_HELP,
	CONF_HELP_METRICS,
	CONF_VERSION,
};

/* What some commands are told besides. */
struct command_conf {
	bool	 json;		/* status, doctor */
	bool	 watch;		/* status: again and again */
	bool	 markdown;	/* report */
	char	*master;	/* owned; report; NULL = any */
	int64_t	 epoch;		/* report; NUM_UNKNOWN = the last */
};

struct conf {
	enum conf_command command;
	struct command_conf told;
	VEC(struct group_conf) groups;
	int64_t	 poll_interval_ms, poll_timeout_ms, poll_stale_after_ms;
	char	*state_file;		/* owned; NULL = none */
	struct strlist web_listen_addresses;	/* ":10379", "[::1]:10379" */
	char	*web_telemetry_path;	/* owned */
	int64_t	 web_max_connections;
	enum log_level log_level;
	enum log_format log_format;
	struct strlist warnings;	/* told once logging is up */
};

/* Read argv and the environment.  A password inside a URL flag is wiped from
 * argv at once, whether or not the rest is right.  env is environ's form. */
bool	conf_load(struct conf *, int argc, char **argv, char *const *env,
	    struct err *);
void	conf_fini(struct conf *);

/* The effective configuration as YAML, every secret as <secret>. */
void	conf_print(const struct conf *, FILE *);

/* --help. */
void	conf_print_help(FILE *);

#endif
