/*
 * args - the command line as settings.
 */
#ifndef CONFIG_ARGS_H
#define CONFIG_ARGS_H

#include <stdbool.h>

#include "base/err.h"
#include "config/conf.h"
#include "config/setting.h"

/* Takes a command's word first, then --flag=value, --flag value, --flag and --no-flag; the last of an
 * option that is no list holds.  Every value that may hold a password is
 * overwritten in argv before anything is judged, for process lists.  --help,
 * --version and --help-metrics end the reading. */
bool	args_read(struct settings *, int argc, char **argv,
	    enum conf_command *, struct err *);

#endif
