/* sentinel-exporter: argv to configuration to the command that was asked for. */
#include <stdio.h>
#include <unistd.h>

#include "command/command.h"

int
main(int argc, char **argv)
{
	struct conf conf;
	struct err err;
	int status;

	if (!conf_load(&conf, argc, argv, environ, &err)) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		return conf.command == CONF_CHECK ||
			       conf.command == CONF_HEALTHCHECK
			   ? COMMAND_CHECK_FAILED
			   : COMMAND_BAD_CONFIG;
	}
	log_setup(conf.log_level, conf.log_format);
	status = command_run(&conf);
	conf_fini(&conf);
	return status;
}
