#include "config/option.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

#define DAY_MS (24 * 3600 * 1000LL)

static const char redis[] = "Sentinel and Redis", celery[] = "Celery",
		  poll[] = "Polling", web[] = "Web", logging[] = "Logging",
		  commands[] = "Flags of commands, and flags that are commands";

const struct option options[OPTION_COUNT] = {
	[OPTION_SENTINEL_ADDR] = { .name = "sentinel.addr",
	    .kind = OPTION_LIST,
	    .section = redis,
	    .value = "ADDR",
	    .fallback = "127.0.0.1:26379",
	    .note = "those of the broker URL, else 127.0.0.1:26379",
	    .help = "A sentinel: host:port, [v6]:port or unix:///path; a name "
		    "with several addresses means all of them." },
	[OPTION_SENTINEL_MASTER_NAME] = { .name = "sentinel.master-name",
	    .kind = OPTION_LIST,
	    .section = redis,
	    .value = "NAME",
	    .note = "the transport options' master_name, else "
		    "every master the sentinels know",
	    .help = "Name of a master to watch." },
	[OPTION_SENTINEL_USERNAME] = { .name = "sentinel.username",
	    .kind = OPTION_TEXT,
	    .section = redis,
	    .value = "NAME",
	    .note = "that of sentinel_kwargs, if any",
	    .help = "User at the sentinels." },
	[OPTION_SENTINEL_PASSWORD] = { .name = "sentinel.password",
	    .kind = OPTION_TEXT,
	    .section = redis,
	    .value = "SECRET",
	    .note = "that of sentinel_kwargs, if any",
	    .help = "Password at the sentinels; there is no flag for it.",
	    .secret = true,
	    .env_only = true },
	[OPTION_SENTINEL_PASSWORD_FILE] = { .name = "sentinel.password-file",
	    .kind = OPTION_TEXT,
	    .section = redis,
	    .value = "FILE",
	    .help = "File that holds the password at the sentinels." },
	[OPTION_REDIS_USERNAME] = { .name = "redis.username",
	    .kind = OPTION_TEXT,
	    .section = redis,
	    .value = "NAME",
	    .note = "that of the broker URL, if any",
	    .help = "User at the data nodes." },
	[OPTION_REDIS_PASSWORD] = { .name = "redis.password",
	    .kind = OPTION_TEXT,
	    .section = redis,
	    .value = "SECRET",
	    .note = "that of the broker URL, if any",
	    .help = "Password at the data nodes; there is no flag for it.",
	    .secret = true,
	    .env_only = true },
	[OPTION_REDIS_PASSWORD_FILE] = { .name = "redis.password-file",
	    .kind = OPTION_TEXT,
	    .section = redis,
	    .value = "FILE",
	    .help = "File that holds the password at the data nodes." },
	[OPTION_CELERY_BROKER_URL] = { .name = "celery.broker-url",
	    .kind = OPTION_TEXT,
	    .section = celery,
	    .value = "URL",
	    .secret = true,
	    .aliases = { "CELERY_BROKER_URL", "NAUTOBOT_CELERY_BROKER_URL" },
	    .help = "Celery's broker URL as it is, read as kombu reads it: "
		    "sentinel://[user[:password]@]host[:port][/db];... gives "
		    "sentinels, credentials of the data nodes and DBs." },
	[OPTION_CELERY_TRANSPORT_OPTIONS] = { .name =
						  "celery.transport-options",
	    .kind = OPTION_TEXT,
	    .section = celery,
	    .value = "JSON",
	    .secret = true,
	    .aliases = { "CELERY_BROKER_TRANSPORT_OPTIONS" },
	    .help =
		"Celery's broker_transport_options as a JSON object: "
		"master_name, sentinel_kwargs, global_keyprefix, "
		"priority_steps, "
		"sep, unacked_key, unacked_index_key, visibility_timeout." },
	[OPTION_CELERY_QUEUE] = { .name = "celery.queue",
	    .kind = OPTION_LIST,
	    .section = celery,
	    .value = "NAME",
	    .note = "those found",
	    .help = "A queue that is always exported, 0 when empty." },
	[OPTION_CELERY_DB] = { .name = "celery.db",
	    .kind = OPTION_LIST,
	    .section = celery,
	    .value = "N",
	    .note = "those of the broker URL, and those found",
	    .help =
		"A DB that may hold queues, besides those known otherwise." },
	[OPTION_CELERY_SCAN] = { .name = "celery.scan",
	    .kind = OPTION_BOOL,
	    .section = celery,
	    .fallback = "true",
	    .help = "Look for queues nobody named, a bounded step per poll." },
	[OPTION_CELERY_CLIENTS] = { .name = "celery.clients",
	    .kind = OPTION_BOOL,
	    .section = celery,
	    .fallback = "true",
	    .help = "Ask the master for its client list, at a low rate, to see "
		    "which DB has readers." },
	[OPTION_CELERY_MAX_QUEUES] = { .name = "celery.max-queues",
	    .kind = OPTION_INT,
	    .section = celery,
	    .value = "N",
	    .fallback = "1000",
	    .min = 1,
	    .max = 100000,
	    .help = "Queues exported per DB; how many are left out is a "
		    "metric." },
	[OPTION_NAUTOBOT] = { .name = "nautobot",
	    .kind = OPTION_BOOL,
	    .section = celery,
	    .fallback = "false",
	    .help = "Read NAUTOBOT_REDIS_SENTINEL_1 and up, "
		    "NAUTOBOT_REDIS_PASSWORD and "
		    "NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX, as the chart's "
		    "documented "
		    "nautobot_config.py does; the master is called nautobot." },
	[OPTION_POLL_INTERVAL] = { .name = "poll.interval",
	    .kind = OPTION_DURATION,
	    .section = poll,
	    .value = "DURATION",
	    .fallback = "5s",
	    .min = 100,
	    .max = DAY_MS,
	    .help = "Time between two poll rounds." },
	[OPTION_POLL_TIMEOUT] = { .name = "poll.timeout",
	    .kind = OPTION_DURATION,
	    .section = poll,
	    .value = "DURATION",
	    .fallback = "2s",
	    .min = 1,
	    .max = DAY_MS,
	    .note = "2s, or 4/5 of a shorter interval",
	    .help = "How long a source may take to answer." },
	[OPTION_POLL_STALE_AFTER] = { .name = "poll.stale-after",
	    .kind = OPTION_DURATION,
	    .section = poll,
	    .value = "DURATION",
	    .note = "3 intervals",
	    .min = 100,
	    .max = 30 * DAY_MS,
	    .help = "Age at which figures are no longer shown." },
	[OPTION_STATE_FILE] = { .name = "state.file",
	    .kind = OPTION_TEXT,
	    .section = poll,
	    .value = "FILE",
	    .help = "File that keeps counters over a restart." },
	[OPTION_WEB_LISTEN_ADDRESS] = { .name = "web.listen-address",
	    .kind = OPTION_LIST,
	    .section = web,
	    .value = "ADDR",
	    .fallback = ":10379",
	    .help = "Address to serve on: :port, host:port or [v6]:port." },
	[OPTION_WEB_TELEMETRY_PATH] = { .name = "web.telemetry-path",
	    .kind = OPTION_TEXT,
	    .section = web,
	    .value = "PATH",
	    .fallback = "/metrics",
	    .help = "Path of the metrics." },
	[OPTION_WEB_MAX_CONNECTIONS] = { .name = "web.max-connections",
	    .kind = OPTION_INT,
	    .section = web,
	    .value = "N",
	    .fallback = "256",
	    .min = 1,
	    .max = 65536,
	    .help = "Connections served at a time." },
	[OPTION_LOG_LEVEL] = { .name = "log.level",
	    .kind = OPTION_WORD,
	    .section = logging,
	    .value = "LEVEL",
	    .fallback = "info",
	    .words = { "debug", "info", "warn", "error" },
	    .help = "Least level that is logged: debug, info, warn or error." },
	[OPTION_LOG_FORMAT] = { .name = "log.format",
	    .kind = OPTION_WORD,
	    .section = logging,
	    .value = "FORMAT",
	    .fallback = "logfmt",
	    .words = { "logfmt", "json" },
	    .help = "Form of log lines: logfmt or json." },
	[OPTION_JSON] = { .name = "json",
	    .kind = OPTION_BOOL,
	    .section = commands,
	    .fallback = "false",
	    .commands = 1U << CONF_STATUS | 1U << CONF_DOCTOR,
	    .help = "Print JSON." },
	[OPTION_WATCH] = { .name = "watch",
	    .kind = OPTION_BOOL,
	    .section = commands,
	    .fallback = "false",
	    .commands = 1U << CONF_STATUS,
	    .help = "Print the table again after each poll." },
	[OPTION_MASTER] = { .name = "master",
	    .kind = OPTION_TEXT,
	    .section = commands,
	    .value = "NAME",
	    .note = "the one that failed over last",
	    .commands = 1U << CONF_REPORT,
	    .help = "Master whose failover is reported." },
	[OPTION_EPOCH] = { .name = "epoch",
	    .kind = OPTION_INT,
	    .section = commands,
	    .value = "N",
	    .note = "that of the last failover",
	    .min = 0,
	    .max = INT64_MAX,
	    .commands = 1U << CONF_REPORT,
	    .help = "Config epoch of the failover that is reported." },
	[OPTION_MARKDOWN] = { .name = "markdown",
	    .kind = OPTION_BOOL,
	    .section = commands,
	    .fallback = "false",
	    .commands = 1U << CONF_REPORT,
	    .help = "Print Markdown." },
	[OPTION_ONCE] = { .name = "once",
	    .kind = OPTION_COMMAND,
	    .section = commands,
	    .command = CONF_ONCE,
	    .help = "Print the metrics after one full poll, and exit." },
	[OPTION_CONFIG_CHECK] = { .name = "config.check",
	    .kind = OPTION_COMMAND,
	    .section = commands,
	    .command = CONF_CHECK,
	    .help =
		"Print the effective configuration without its secrets, and "
		"exit." },
	[OPTION_HEALTHCHECK] = { .name = "healthcheck",
	    .kind = OPTION_COMMAND,
	    .section = commands,
	    .command = CONF_HEALTHCHECK,
	    .help = "Ask the exporter that runs with the same configuration "
		    "whether it is alive: exit status 0 or 1." },
	[OPTION_HELP_METRICS] = { .name = "help-metrics",
	    .kind = OPTION_COMMAND,
	    .section = commands,
	    .command = CONF_HELP_METRICS,
	    .help =
		"Print the reference of the metrics as Markdown, and exit." },
	[OPTION_VERSION] = { .name = "version",
	    .kind = OPTION_COMMAND,
	    .section = commands,
	    .command = CONF_VERSION,
	    .help = "Print version and build, and exit." },
	[OPTION_HELP] = { .name = "help",
	    .kind = OPTION_COMMAND,
	    .section = commands,
	    .command = CONF_HELP,
	    .help = "Print this text, and exit; -h for short." },
};

const struct option *
option_find(const char *name, size_t len)
{
	const struct option *o;

	for (o = options; o < options + OPTION_COUNT; o++)
		if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
			return o;
	return NULL;
}

bool
option_has_env(const struct option *o)
{
	return o->kind != OPTION_COMMAND && o->commands == 0;
}

const char *
option_env(const struct option *o, char *buf)
{
	char *p;

	(void)snprintf(buf, OPTION_ENV_MAX, OPTION_ENV_PREFIX "%s", o->name);
	for (p = buf; *p != '\0'; p++)
		*p = *p == '.' || *p == '-' ? '_'
					    : (char)toupper((unsigned char)*p);
	return buf;
}

static const struct option *
option_like(const char *name, size_t len, bool env)
{
	const struct option *o, *best = NULL;
	struct nearest n;
	char buf[OPTION_ENV_MAX];
	size_t before;

	nearest_init(&n, name, len);
	for (o = options; o < options + OPTION_COUNT; o++) {
		before = n.distance;
		if (env ? !option_has_env(o) : o->env_only)
			continue;
		nearest_offer(
		    &n, env ? option_env(o, buf) + strlen(OPTION_ENV_PREFIX)
			    : o->name);
		if (n.distance < before)
			best = o;
	}
	return best;
}

const struct option *
option_like_flag(const char *name, size_t len)
{
	return option_like(name, len, false);
}

const struct option *
option_like_env(const char *name, size_t len)
{
	return option_like(name, len, true);
}
