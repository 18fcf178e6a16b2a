/*
 * sentinel-exporter: argv to configuration to what it asks for.
 */
#include <stdio.h>
#include <unistd.h>

#include "app.h"
#include "metrics/family.h"
#include "version.h"

static void
print_version(void)
{
	printf("sentinel-exporter, version %s (revision: %s)\n"
	       "  compiler: %s\n",
	    version_number, version_revision, version_compiler);
}

static int
run(const struct conf *conf)
{
	switch (conf->command) {
	case CONF_SERVE:
		return app_serve(conf);
	case CONF_ONCE:
		return app_once(conf);
	case CONF_CHECK:
		conf_print(conf, stdout);
		break;
	case CONF_HELP:
		conf_print_help(stdout);
		break;
	case CONF_HELP_METRICS:
		family_print_reference(stdout);
		break;
	case CONF_VERSION:
		print_version();
		break;
	}
	return APP_OK;
}

int
main(int argc, char **argv)
{
	struct conf conf;
	struct err err;
	int status;

	if (!conf_load(&conf, argc, argv, environ, &err)) {
		fprintf(stderr, "sentinel-exporter: %s\n", err.text);
		return conf.command == CONF_CHECK ? APP_CHECK_FAILED
						  : APP_BAD_CONFIG;
	}
	log_setup(conf.log_level, conf.log_format);
	status = run(&conf);
	conf_fini(&conf);
	return status;
}
