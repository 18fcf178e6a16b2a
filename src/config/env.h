/*
 * env - environment variables as settings.  Pure: environ is an argument.
 */
#ifndef CONFIG_ENV_H
#define CONFIG_ENV_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strlist.h"
#include "config/setting.h"

/* The value of a variable; NULL when unset or empty, which is the same to
 * people who template environments. */
const char *env_get(char *const *env, const char *name);

/* Each option's own variable, or else its aliases in turn; lists split on
 * commas.  A variable with our prefix that is no option's is an error. */
bool	env_read(struct settings *, char *const *env, struct err *);

/* Take every variable that may hold a secret, and those of the list, out of
 * env, and overwrite them. */
void	env_wipe_secrets(char **env, const struct strlist *more);

#endif
