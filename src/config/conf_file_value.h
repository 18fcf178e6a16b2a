/*
 * conf_file_value - the value of one key of the configuration file, put among
 * the settings.  A part of conf_file.
 */
#ifndef CONFIG_CONF_FILE_VALUE_H
#define CONFIG_CONF_FILE_VALUE_H

#include "config/conf_file.h"
#include "config/yaml.h"

/* Where the walk over the file stands; all borrowed. */
struct conf_walk {
	const char *name;		/* of the file */
	bool exposed;			/* every user may read it */
	char *const *env;
	struct conf_file *file;
	struct conf_section *section;	/* the group, or the top */
	struct settings *into;
	enum setting_source rank;
	enum option_scope least;	/* options that may stand here */
	struct err *err;
};

bool	conf_file_value(const struct conf_walk *, const struct option *,
	    const struct yaml *);

#endif
