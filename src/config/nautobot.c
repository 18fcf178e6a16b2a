#include "config/nautobot.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "config/env.h"

#define SENTINELS_MAX 100

static bool
read_sentinels(struct broker_url *b, char *const *env, struct err *err)
{
	char name[sizeof(NAUTOBOT_SENTINEL_VAR) + 11];
	struct endpoint e;
	const char *value;
	int i;

	for (i = 1; i <= SENTINELS_MAX; i++) {
		(void)snprintf(
		    name, sizeof(name), NAUTOBOT_SENTINEL_VAR "%d", i);
		value = env_get(env, name);
		if (value == NULL)
			continue;
		if (!endpoint_parse(&e, value, strlen(value), err)) {
			err_prefix(err, "%s", name);
			return false;
		}
		if (!endpoint_listed(b->sentinels.v, b->sentinels.n, &e))
			*vec_push(&b->sentinels) = e;
	}
	return true;
}

bool
nautobot_read(struct broker_url *b, char *const *env, struct err *err)
{
	const char *index = env_get(env, NAUTOBOT_INDEX_VAR);
	const char *password = env_get(env, NAUTOBOT_PASSWORD_VAR);
	int64_t db;

	*b = (struct broker_url){ 0 };
	broker_url_add_db(b, 0);
	b->db_none = index == NULL;
	if (index != NULL) {
		if (!num_int(index, strlen(index), 0, INT_MAX, &db)) {
			err_set(err,
			    "%s: is no DB number; write for example "
			    "0",
			    NAUTOBOT_INDEX_VAR);
			goto fail;
		}
		broker_url_add_db(b, (int)db);
	}
	b->db_conflict = b->dbs.n > 1;
	if (!read_sentinels(b, env, err))
		goto fail;
	if (password != NULL)
		b->password = xstrdup(password);
	return true;
fail:
	broker_url_fini(b);
	return false;
}
