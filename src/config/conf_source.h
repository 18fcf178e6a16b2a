/*
 * conf_source - where the configuration comes from: arguments and environment,
 * read once, and the configuration file, read again at each load.
 */
#ifndef CONFIG_CONF_SOURCE_H
#define CONFIG_CONF_SOURCE_H

#include "base/err.h"
#include "config/conf.h"

struct conf_source;

/* Read argv and the environment, in environ's form; both must live as long as
 * the source.  A password in argv is overwritten at once, whether or not the
 * rest is right.  *command is set in any case.  NULL with a reason. */
struct conf_source *conf_source_new(int argc, char **argv, char **env,
	    enum conf_command *command, struct err *);
void	conf_source_free(struct conf_source *);

/* What it all comes to now.  The first load takes variables that hold secrets
 * out of the environment and overwrites them; later ones know them still.  One
 * load at a time, on any thread.  NULL with a reason. */
struct conf *conf_source_load(struct conf_source *, struct err *);

#endif
