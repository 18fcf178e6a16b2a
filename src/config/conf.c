/* conf - counted. */
#include "config/conf.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct conf *
conf_new(void)
{
	struct conf *c = xcalloc(1, sizeof(*c));

	atomic_init(&c->refs, 1);
	return c;
}

struct conf *
conf_ref(struct conf *c)
{
	atomic_fetch_add(&c->refs, 1);
	return c;
}

void
conf_unref(struct conf *c)
{
	struct group_conf **g;

	if (c == NULL || atomic_fetch_sub(&c->refs, 1) != 1)
		return;
	vec_foreach(g, &c->groups)
		group_conf_unref(*g);
	vec_fini(&c->groups);
	free(c->told.master);
	free(c->state_file);
	strlist_fini(&c->web_listen_addresses);
	free(c->web_telemetry_path);
	free(c->web_config_file);
	strlist_fini(&c->warnings);
	free(c);
}
