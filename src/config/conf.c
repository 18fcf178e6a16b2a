#include "config/conf.h"

#include "config/args.h"
#include "config/env.h"
#include "config/resolve.h"
#include "config/setting.h"

static bool
needs_nothing(enum conf_command command)
{
	return command == CONF_HELP || command == CONF_HELP_METRICS ||
	       command == CONF_VERSION;
}

bool
conf_load(
    struct conf *c, int argc, char **argv, char *const *env, struct err *err)
{
	struct settings settings = { 0 };
	enum conf_command command;
	bool ok;

	*c = (struct conf){ 0 };
	ok = args_read(&settings, argc, argv, &c->command, err) &&
	     (needs_nothing(c->command) ||
		 (env_read(&settings, env, err) &&
		     resolve_process(c, &settings, err) &&
		     resolve_group(c, &settings, env, err)));
	settings_fini(&settings);
	if (ok)
		return true;
	/* The command was read before what is wrong, and decides how the
	 * program ends. */
	command = c->command;
	conf_fini(c);
	c->command = command;
	return false;
}

void
conf_fini(struct conf *c)
{
	struct group_conf *g;

	vec_foreach(g, &c->groups) {
		free(g->name);
		vec_fini(&g->sentinels);
		strlist_fini(&g->master_names);
		credentials_fini(&g->sentinel_auth);
		credentials_fini(&g->redis_auth);
		strlist_fini(&g->celery.queues);
		vec_fini(&g->celery.dbs);
		vec_fini(&g->celery.url_dbs);
		kombu_options_fini(&g->celery.kombu);
	}
	vec_fini(&c->groups);
	free(c->told.master);
	free(c->state_file);
	strlist_fini(&c->web_listen_addresses);
	free(c->web_telemetry_path);
	strlist_fini(&c->warnings);
	*c = (struct conf){ 0 };
}
