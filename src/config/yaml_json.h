/*
 * yaml_json - a YAML value as JSON text.  Pure.
 */
#ifndef CONFIG_YAML_JSON_H
#define CONFIG_YAML_JSON_H

#include "config/yaml.h"

/* true, false, null and numbers without quotes are such, all other scalars are
 * strings.  The caller frees the text with xfree_secret(). */
char	*yaml_json(const struct yaml *);

#endif
