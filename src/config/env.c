#include "config/env.h"

#include <ctype.h>
#include <string.h>

#include "config/quote.h"

const char *
env_get(char *const *env, const char *name)
{
	const size_t len = strlen(name);

	for (; *env != NULL; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return (*env)[len + 1] == '\0' ? NULL : *env + len + 1;
	return NULL;
}

static bool
put_list(struct settings *s, const struct option *o, enum setting_source source,
    const char *name, const char *value, struct err *err)
{
	size_t len;

	for (;; value += len + 1) {
		value += strspn(value, " \t\r\n");
		len = strcspn(value, ",");
		size_t trimmed = len;
		while (
		    trimmed > 0 && isspace((unsigned char)value[trimmed - 1]))
			trimmed--;
		if (trimmed > 0 &&
		    !setting_put(s, o, source, name, value, trimmed, err))
			return false;
		if (value[len] == '\0')
			return true;
	}
}

static bool
read_option(struct settings *s, const struct option *o, char *const *env,
    struct err *err)
{
	char own[OPTION_ENV_MAX];
	const char *name = option_env(o, own), *value;
	enum setting_source source = SETTING_ENV;
	size_t i = 0;

	value = env_get(env, name);
	while (value == NULL && i < 2 && o->aliases[i] != NULL) {
		name = o->aliases[i++];
		source = SETTING_ENV_ALIAS;
		value = env_get(env, name);
	}
	if (value == NULL)
		return true;
	if (o->kind == OPTION_LIST)
		return put_list(s, o, source, name, value, err);
	return setting_put(s, o, source, name, value, strlen(value), err);
}

/* Kubernetes gives every container such variables for each Service of its
 * namespace, and a Service may well be called sentinel-exporter. */
static bool
is_service_link(const char *name, size_t len)
{
	static const char *const ends[] = { "_SERVICE_HOST", "_SERVICE_PORT",
		"_PORT" };
	static const char inside[] = "_SERVICE_PORT_", port[] = "_PORT_";
	size_t i, n;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if (len >= n && memcmp(name + len - n, ends[i], n) == 0)
			return true;
	}
	if (memmem(name, len, inside, sizeof(inside) - 1) != NULL)
		return true;
	for (i = 0, n = sizeof(port) - 1; i + n < len; i++)
		if (memcmp(name + i, port, n) == 0 &&
		    isdigit((unsigned char)name[i + n]))
			return true;
	return false;
}

static bool
is_ours(const char *name, size_t len)
{
	const struct option *o;
	char own[OPTION_ENV_MAX];

	for (o = options; o < options + OPTION_COUNT; o++)
		if (option_has_env(o) && strlen(option_env(o, own)) == len &&
		    memcmp(own, name, len) == 0)
			return true;
	return false;
}

static bool
refuse_unknown(const char *name, size_t len, struct err *err)
{
	const size_t prefix = strlen(OPTION_ENV_PREFIX);
	const struct option *o;
	char own[OPTION_ENV_MAX];
	int shown = len > 100 ? 100 : (int)len;

	o = option_like_env(name + prefix, len - prefix);
	if (o == NULL)
		err_set(err, "%.*s: unknown variable; --help lists all", shown,
		    name);
	else
		err_set(err,
		    "%.*s: unknown variable; did you mean %s? --help "
		    "lists all",
		    shown, name, option_env(o, own));
	return false;
}

/* Its bytes too, as others may read them in /proc. */
static void
wipe(char **env, const char *name)
{
	const size_t len = strlen(name);
	char **to = env;

	for (; *env != NULL; env++) {
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			explicit_bzero(*env, strlen(*env));
		else
			*to++ = *env;
	}
	*to = NULL;
}

void
env_wipe_secrets(char **env, const struct strlist *more)
{
	static const char *const others[] = { "NAUTOBOT_REDIS_PASSWORD" };
	const struct option *o;
	char own[OPTION_ENV_MAX];
	char *const *name;
	size_t i;

	for (o = options; o < options + OPTION_COUNT; o++) {
		if (!o->secret)
			continue;
		wipe(env, option_env(o, own));
		for (i = 0; i < 2 && o->aliases[i] != NULL; i++)
			wipe(env, o->aliases[i]);
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		wipe(env, others[i]);
	vec_foreach(name, &more->items)
		wipe(env, *name);
}

bool
env_read(struct settings *s, char *const *env, struct err *err)
{
	const struct option *o;
	size_t len;

	for (o = options; o < options + OPTION_COUNT; o++)
		if (option_has_env(o) && !read_option(s, o, env, err))
			return false;
	for (; *env != NULL; env++) {
		len = strcspn(*env, "=");
		if (strncmp(*env, OPTION_ENV_PREFIX,
			strlen(OPTION_ENV_PREFIX)) == 0 &&
		    !is_ours(*env, len) && !is_service_link(*env, len))
			return refuse_unknown(*env, len, err);
	}
	return true;
}
