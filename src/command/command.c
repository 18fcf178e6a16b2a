/* command - from what was asked for to the function that does it. */
#include "command/command.h"

#include <stdio.h>

#include "base/log.h"
#include "config/verb.h"

typedef int command_fn(const struct conf *);

static command_fn *const commands[] = {
	[CONF_SERVE] = command_serve,
	[CONF_ONCE] = command_once,
	[CONF_CHECK] = command_check,
	[CONF_STATUS] = command_status,
	[CONF_DOCTOR] = command_doctor,
	[CONF_REPORT] = command_report,
	[CONF_HEALTHCHECK] = command_healthcheck,
	[CONF_HELP] = command_help,
	[CONF_HELP_METRICS] = command_help_metrics,
	[CONF_HELP_JSON] = command_help_json,
	[CONF_VERSION] = command_version,
};

void
command_quiet(const struct conf *conf)
{
	if (conf->log_level == LOG_INFO)
		log_setup(LOG_WARN, conf->log_format);
}

int
command_run(const struct conf *conf)
{
	if (commands[conf->command] == NULL) {
		fprintf(stderr,
		    "sentinel-exporter: %s: this build has no such "
		    "command\n",
		    verb_word(conf->command));
		return COMMAND_BAD_CONFIG;
	}
	return commands[conf->command](conf);
}
