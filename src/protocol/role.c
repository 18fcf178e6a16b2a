/* role - ROLE of a data node into a plain value. */
#include "protocol/role.h"

#include <string.h>

#include "base/num.h"
#include "protocol/field.h"

/* ["master", offset, [[ip, port, offset] ...]] */
static bool
take_master(struct role_answer *a, const struct reply *r)
{
	return reply_int(reply_at(r, 1), &a->offset) && a->offset >= 0;
}

/* ["slave", ip, port, state, offset]; offset -1 while it never synced. */
static bool
take_replica(struct role_answer *a, const struct reply *r)
{
	const char *host = reply_text(reply_at(r, 1)),
		   *state = reply_text(reply_at(r, 3));
	int64_t port;

	if (host == NULL || state == NULL || !reply_int(reply_at(r, 2), &port))
		return false;
	/* An address that cannot be kept is unknown, the role is not. */
	if (!addr_set(&a->master, host, strlen(host), port))
		a->master = (struct addr){ .port = 0 };
	a->linked = strcmp(state, "connected") == 0;
	if (!reply_int(reply_at(r, 4), &a->offset) || a->offset < 0)
		a->offset = NUM_UNKNOWN;
	return true;
}

bool
role_parse(struct role_answer *a, const struct reply *r)
{
	const char *word = reply_text(reply_at(r, 0));

	*a = (struct role_answer){ .offset = NUM_UNKNOWN };
	if (word == NULL)
		return false;
	a->role = field_role((struct slice){ word, strlen(word) });
	switch (a->role) {
	case ROLE_MASTER:
		return take_master(a, r);
	case ROLE_REPLICA:
		return take_replica(a, r);
	case ROLE_SENTINEL:
		return true;
	case ROLE_UNKNOWN:
		break;
	}
	return false;
}
