/* conf_source - layers of settings become a conf. */
#include "config/conf_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "config/args.h"
#include "config/conf_file.h"
#include "config/env.h"
#include "config/resolve.h"

struct conf_source {
	enum conf_command command;
	struct settings said; /* by arguments and environment */
	char **env; /* borrowed; the process' own */
	char **known; /* owned: as it was at the start; secret */
	bool wiped;
};

static char **
env_copy(char *const *env)
{
	size_t n = 0, i;
	char **copy;

	while (env[n] != NULL)
		n++;
	copy = xcalloc(n + 1, sizeof(*copy));
	for (i = 0; i < n; i++)
		copy[i] = xstrdup(env[i]);
	return copy;
}

static bool
needs_nothing(enum conf_command command)
{
	return command == CONF_HELP || command == CONF_HELP_METRICS ||
	       command == CONF_HELP_JSON || command == CONF_VERSION;
}

struct conf_source *
conf_source_new(int argc, char **argv, char **env, enum conf_command *command,
    struct err *err)
{
	struct conf_source *cs = xcalloc(1, sizeof(*cs));
	bool ok;

	cs->env = env;
	cs->known = env_copy(env);
	ok =
	    args_read(&cs->said, argc, argv, &cs->command, err) &&
	    (needs_nothing(cs->command) || env_read(&cs->said, cs->known, err));
	*command = cs->command;
	if (ok)
		return cs;
	conf_source_free(cs);
	return NULL;
}

void
conf_source_free(struct conf_source *cs)
{
	char **var;

	if (cs == NULL)
		return;
	settings_fini(&cs->said);
	for (var = cs->known; *var != NULL; var++)
		xfree_secret(var);
	free(cs->known);
	free(cs);
}

/* With groups in the file, flags and variables cannot tell which of them they
 * mean. */
static bool
check_groups(
    const struct conf_source *cs, const struct conf_file *file, struct err *err)
{
	const struct option *o;
	enum option_id id;

	for (o = options; o < options + OPTION_COUNT; o++) {
		id = (enum option_id)(o - options);
		if (o->scope <= OPTION_EACH_GROUP ||
		    cs->said.of[id].source < SETTING_ENV)
			continue;
		err_set(err,
		    "%s: says nothing about which group it is for; the "
		    "configuration file lists groups from %s on: put it there",
		    setting_place(&cs->said, id), file->groups.v[0].place);
		return false;
	}
	return true;
}

/* A broker's settings are those of its group, and its own above them; what
 * the group says is no longer the group's only broker. */
static bool
resolve_section(struct conf *c, const struct conf_section *section,
    const struct settings *own, char *const *env, struct err *err)
{
	struct group_settings gs = {
		.name = section->name, .place = section->place, .own = own
	};
	struct settings *brokers = NULL;
	size_t i;
	bool ok;

	if (section->lists_brokers && section->brokers.n > 0) {
		gs.n = section->brokers.n;
		brokers = xcalloc(gs.n, sizeof(*brokers));
		for (i = 0; i < gs.n; i++) {
			settings_overlay(&brokers[i], own);
			settings_overlay(&brokers[i], &section->brokers.v[i]);
		}
	}
	gs.brokers = brokers;
	ok = resolve_group(c, &gs, env, err);
	for (i = 0; i < gs.n; i++)
		settings_fini(&brokers[i]);
	free(brokers);
	return ok;
}

/* Brokers in the file and one in flags or variables contradict; Celery's own
 * variables may be there for others. */
static bool
check_brokers(
    const struct conf_file *file, struct settings *all, struct err *err)
{
	enum option_id id;
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++) {
		id = (enum option_id)i;
		if (options[i].scope != OPTION_BROKER)
			continue;
		if (all->of[i].source >= SETTING_ENV) {
			err_set(err,
			    "%s: says nothing about which broker it is for; "
			    "the configuration file lists brokers: put it "
			    "there",
			    setting_place(all, id));
			return false;
		}
		if (all->of[i].source != SETTING_ENV_ALIAS)
			continue;
		setting_drop(all, id);
		settings_overlay_one(all, &file->top.own, id);
	}
	return true;
}

static bool
resolve_groups(struct conf *c, const struct conf_source *cs,
    const struct conf_file *file, struct err *err)
{
	const struct conf_section *group;
	struct settings own;
	enum option_id id;
	bool ok = true;

	if (!check_groups(cs, file, err))
		return false;
	vec_foreach(group, &file->groups) {
		own = (struct settings){ 0 };
		settings_overlay(&own, &file->top.own);
		settings_overlay(&own, &group->own);
		for (id = 0; id < OPTION_COUNT; id++)
			if (options[id].scope == OPTION_EACH_GROUP)
				settings_overlay_one(&own, &cs->said, id);
		ok = resolve_section(c, group, &own, cs->known, err);
		settings_fini(&own);
		if (!ok)
			break;
	}
	return ok;
}

static bool
resolve(struct conf *c, const struct conf_source *cs,
    const struct conf_file *file, struct err *err)
{
	struct settings all = { 0 };
	bool ok;

	settings_overlay(&all, &file->top.own);
	settings_overlay(&all, &cs->said);
	ok = resolve_process(c, &all, err);
	if (ok && file->lists_groups)
		ok = resolve_groups(c, cs, file, err);
	else if (ok)
		ok = (!file->top.lists_brokers ||
			 check_brokers(file, &all, err)) &&
		     resolve_section(c, &file->top, &all, cs->known, err);
	settings_fini(&all);
	return ok;
}

struct conf *
conf_source_load(struct conf_source *cs, struct err *err)
{
	const char *path = setting_text(&cs->said, OPTION_CONFIG_FILE);
	struct conf *c = conf_new();
	struct conf_file file = { 0 };
	bool ok = true;

	c->command = cs->command;
	c->source = cs;
	if (!needs_nothing(cs->command)) {
		if (path != NULL)
			ok = conf_file_read(&file, path, cs->known, err);
		ok = ok && resolve(c, cs, &file, err);
		if (!cs->wiped)
			env_wipe_secrets(cs->env, &file.variables);
		cs->wiped = true;
		conf_file_fini(&file);
	}
	if (ok)
		return c;
	conf_unref(c);
	return NULL;
}
