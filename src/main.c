/* sentinel-exporter: argv to configuration to the command that was asked for. */
#include <stdio.h>
#include <unistd.h>

#include "command/command.h"
#include "config/conf_source.h"
#include "secrets.h"

/* Scripts tell apart a check that failed and a program that did not start. */
static int
refuse(enum conf_command command, const struct err *err)
{
	fprintf(stderr, "sentinel-exporter: %s\n", err->text);
	return command == CONF_CHECK || command == CONF_HEALTHCHECK
		   ? COMMAND_CHECK_FAILED
		   : COMMAND_BAD_CONFIG;
}

static int
run(struct conf_source *source, enum conf_command command)
{
	struct err err;
	struct conf *conf = conf_source_load(source, &err);
	int status;

	if (conf == NULL)
		return refuse(command, &err);
	log_setup(conf->log_level, conf->log_format);
	status = command_run(conf);
	conf_unref(conf);
	return status;
}

int
main(int argc, char **argv)
{
	struct conf_source *source;
	enum conf_command command;
	struct err err;
	int status;

	secrets_guard();
	source = conf_source_new(argc, argv, environ, &command, &err);
	if (source == NULL)
		return refuse(command, &err);
	status = run(source, command);
	conf_source_free(source);
	return status;
}
