/*
 * conf_file - the configuration file as settings.
 *
 * Its keys are the options' names, with sections for the dots.  "groups" is a
 * list of groups, "celery: brokers" one of brokers; what stands above them holds
 * for all of them.
 */
#ifndef CONFIG_CONF_FILE_H
#define CONFIG_CONF_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strlist.h"
#include "base/vec.h"
#include "config/setting.h"

#define CONF_FILE_GROUPS_MAX	1000
#define CONF_FILE_BROKERS_MAX	100

/* One group, or what stands at the top. */
struct conf_section {
	char	*name;		/* owned; NULL at the top */
	char	*place;		/* owned: "file:3:5", of the name */
	struct settings own;
	bool	 lists_brokers;
	VEC(struct settings) brokers;
};

struct conf_file {
	struct conf_section top;
	bool	 lists_groups;
	VEC(struct conf_section) groups;
	struct strlist variables;	/* of the environment, that it names */
};

/* False with a reason that begins with "path:line:column: ".  env serves
 * {env: NAME}. */
bool	conf_file_read(struct conf_file *, const char *path, char *const *env,
	    struct err *);

/* The same from a text that was read already; exposed: every user of this
 * machine may read it, so it must hold no password. */
bool	conf_file_parse(struct conf_file *, const char *path, const char *text,
	    size_t len, bool exposed, char *const *env, struct err *);
void	conf_file_fini(struct conf_file *);

#endif
