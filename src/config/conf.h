/*
 * conf - the effective configuration: flags over environment over file over
 * defaults.
 *
 * Counted and immutable, built by conf_source.  A group is one set of sentinels
 * with its credentials and brokers.  Flags and environment describe exactly one
 * group without a name; the configuration file may name several.
 */
#ifndef CONFIG_CONF_H
#define CONFIG_CONF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/strlist.h"
#include "base/vec.h"
#include "config/group_conf.h"

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
	CONF_HELP_JSON,
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

struct conf_source;

struct conf {
	atomic_int refs;
	struct conf_source *source;	/* borrowed: loads it again */
	enum conf_command command;
	struct command_conf told;
	VEC(struct group_conf *) groups;	/* one reference each */
	struct poll_conf poll;		/* of groups that say nothing else */
	char	*state_file;		/* owned; NULL = none */
	struct strlist web_listen_addresses;	/* ":10379", "[::1]:10379" */
	char	*web_telemetry_path;	/* owned */
	bool	 web_systemd_socket;	/* instead of the listen addresses */
	char	*web_config_file;	/* owned; NULL = none */
	int64_t	 web_max_connections;
	bool	 web_enable_lifecycle;	/* POST /-/reload */
	enum log_level log_level;
	enum log_format log_format;
	struct strlist warnings;	/* told once logging is up */
};

/* All empty, one reference. */
struct conf *conf_new(void);
struct conf *conf_ref(struct conf *);
void	conf_unref(struct conf *);	/* NULL is fine */

/* The effective configuration as YAML, every secret as <secret>. */
void	conf_print(const struct conf *, FILE *);

/* --help, and the same as JSON. */
void	conf_print_help(FILE *);
void	conf_print_help_json(FILE *);

#endif
