/* The commands that print a text and need no deployment. */
#include <stdio.h>

#include "command/command.h"
#include "metrics/family.h"
#include "version.h"

int
command_check(const struct conf *conf)
{
	char *const *warning;

	conf_print(conf, stdout);
	vec_foreach(warning, &conf->warnings.items)
		fprintf(stderr, "sentinel-exporter: warning: %s\n", *warning);
	return COMMAND_OK;
}

int
command_help(const struct conf *conf)
{
	(void)conf;
	conf_print_help(stdout);
	return COMMAND_OK;
}

int
command_help_metrics(const struct conf *conf)
{
	(void)conf;
	family_print_reference(stdout);
	return COMMAND_OK;
}

int
command_help_json(const struct conf *conf)
{
	(void)conf;
	conf_print_help_json(stdout);
	return COMMAND_OK;
}

int
command_version(const struct conf *conf)
{
	(void)conf;
	printf("sentinel-exporter, version %s (revision: %s)\n"
	       "  compiler: %s\n",
	    build_info.version, build_info.revision, build_info.compiler);
	return COMMAND_OK;
}
