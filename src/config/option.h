/*
 * option - the one table of everything that can be configured.  Pure.
 *
 * Flags, environment variables, keys of the configuration file, --help, the
 * man page, completions, the JSON schema and the printed configuration are all
 * fed from it (option_table.c), so a new option is one entry there and one use
 * in resolve.
 */
#ifndef CONFIG_OPTION_H
#define CONFIG_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/conf.h"

enum option_id {
	OPTION_CONFIG_FILE,
	OPTION_SENTINEL_ADDR,
	OPTION_SENTINEL_MASTER_NAME,
	OPTION_SENTINEL_USERNAME,
	OPTION_SENTINEL_PASSWORD,
	OPTION_SENTINEL_PASSWORD_FILE,
	OPTION_SENTINEL_TLS,
	OPTION_SENTINEL_TLS_CA_FILE,
	OPTION_SENTINEL_TLS_CERT_FILE,
	OPTION_SENTINEL_TLS_KEY_FILE,
	OPTION_SENTINEL_TLS_SERVER_NAME,
	OPTION_SENTINEL_TLS_INSECURE_SKIP_VERIFY,
	OPTION_REDIS_USERNAME,
	OPTION_REDIS_PASSWORD,
	OPTION_REDIS_PASSWORD_FILE,
	OPTION_REDIS_TLS,
	OPTION_REDIS_TLS_CA_FILE,
	OPTION_REDIS_TLS_CERT_FILE,
	OPTION_REDIS_TLS_KEY_FILE,
	OPTION_REDIS_TLS_SERVER_NAME,
	OPTION_REDIS_TLS_INSECURE_SKIP_VERIFY,
	OPTION_CELERY_BROKER_URL,
	OPTION_CELERY_TRANSPORT_OPTIONS,
	OPTION_CELERY_BROKER_USE_SSL,
	OPTION_CELERY_MASTER_NAME,
	OPTION_CELERY_QUEUE,
	OPTION_CELERY_DB,
	OPTION_CELERY_SCAN,
	OPTION_CELERY_CLIENTS,
	OPTION_CELERY_MAX_QUEUES,
	OPTION_NAUTOBOT,
	OPTION_POLL_INTERVAL,
	OPTION_POLL_TIMEOUT,
	OPTION_POLL_STALE_AFTER,
	OPTION_STATE_FILE,
	OPTION_WEB_LISTEN_ADDRESS,
	OPTION_WEB_TELEMETRY_PATH,
	OPTION_WEB_CONFIG_FILE,
	OPTION_WEB_SYSTEMD_SOCKET,
	OPTION_WEB_MAX_CONNECTIONS,
	OPTION_WEB_ENABLE_LIFECYCLE,
	OPTION_LOG_LEVEL,
	OPTION_LOG_FORMAT,
	OPTION_JSON,
	OPTION_WATCH,
	OPTION_MASTER,
	OPTION_EPOCH,
	OPTION_MARKDOWN,
	OPTION_ONCE,
	OPTION_CONFIG_CHECK,
	OPTION_HEALTHCHECK,
	OPTION_HELP_METRICS,
	OPTION_HELP_JSON,
	OPTION_VERSION,
	OPTION_HELP,
	OPTION_COUNT,
};

enum option_kind {
	OPTION_TEXT,
	OPTION_JSON_TEXT,	/* in the file a map, too */
	OPTION_LIST,		/* repeatable */
	OPTION_BOOL,		/* --x and --no-x */
	OPTION_DURATION,	/* within min and max, in ms */
	OPTION_INT,		/* within min and max */
	OPTION_WORD,		/* one of words */
	OPTION_COMMAND,		/* no value, no environment variable */
};

/* Where in the configuration file an option may stand; in each of the deeper
 * places, those of the higher ones are values for all of it. */
enum option_scope {
	OPTION_PROCESS,		/* at the top */
	OPTION_EACH_GROUP,	/* in a group, or at the top; as a flag, for
				 * all groups */
	OPTION_GROUP,		/* in a group, or at the top */
	OPTION_BROKER,		/* in a broker, a group, or at the top */
};

struct option {
	const char *name;	/* flag without "--", and the key elsewhere */
	enum option_scope scope;
	enum option_kind kind;
	const char *section;	/* heading in --help */
	const char *value;	/* what --help calls the value */
	const char *fallback;	/* the default as text; NULL = none */
	const char *note;	/* the default in words, where it has no text */
	const char *help;
	const char *aliases[2];	/* further environment variables, in turn */
	const char *words[5];	/* in the order of the enum they stand for */
	int64_t	 min, max;
	enum conf_command command;
	bool	 secret;	/* the value may hold a password */
	bool	 env_only;	/* no flag: arguments show in process lists */
	unsigned commands;	/* a flag of these commands only, no variable:
				 * 1 << enum conf_command; 0 = of all */
};

extern const struct option options[OPTION_COUNT];

/* By name, env_only ones too; NULL when there is none. */
const struct option *option_find(const char *name, size_t len);

/* The environment variable: "SENTINEL_EXPORTER_POLL_INTERVAL". */
#define OPTION_ENV_PREFIX	"SENTINEL_EXPORTER_"
#define OPTION_ENV_MAX		64
const char *option_env(const struct option *, char *buf);
bool	option_has_env(const struct option *);

/* May it stand in the configuration file? */
bool	option_has_key(const struct option *);

/* The flag whose name is most like name, or the variable whose name is most
 * like it; NULL when none is alike. */
const struct option *option_like_flag(const char *name, size_t len);
const struct option *option_like_env(const char *name, size_t len);

#endif
