#include "config/option.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

const struct option *
option_find(const char *name, size_t len)
{
	const struct option *o;

	for (o = options; o < options + OPTION_COUNT; o++)
		if (strlen(o->name) == len && memcmp(o->name, name, len) == 0)
			return o;
	return NULL;
}

bool
option_has_env(const struct option *o)
{
	return o->kind != OPTION_COMMAND && o->commands == 0;
}

bool
option_has_key(const struct option *o)
{
	return option_has_env(o) && o != &options[OPTION_CONFIG_FILE];
}

const char *
option_env(const struct option *o, char *buf)
{
	char *p;

	(void)snprintf(buf, OPTION_ENV_MAX, OPTION_ENV_PREFIX "%s", o->name);
	for (p = buf; *p != '\0'; p++)
		*p = *p == '.' || *p == '-' ? '_'
					    : (char)toupper((unsigned char)*p);
	return buf;
}

static const struct option *
option_like(const char *name, size_t len, bool env)
{
	const struct option *o, *best = NULL;
	struct nearest n;
	char buf[OPTION_ENV_MAX];
	size_t before;

	nearest_init(&n, name, len);
	for (o = options; o < options + OPTION_COUNT; o++) {
		before = n.distance;
		if (env ? !option_has_env(o) : o->env_only)
			continue;
		nearest_offer(
		    &n, env ? option_env(o, buf) + strlen(OPTION_ENV_PREFIX)
			    : o->name);
		if (n.distance < before)
			best = o;
	}
	return best;
}

const struct option *
option_like_flag(const char *name, size_t len)
{
	return option_like(name, len, false);
}

const struct option *
option_like_env(const char *name, size_t len)
{
	return option_like(name, len, true);
}
