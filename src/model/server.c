/* One data server as it is read. */
#include "model/server.h"

#include "model/deployment.h"
#include "model/picture_server.h"

struct server *
server_new(const struct addr *addr)
{
	struct server *s = xcalloc(1, sizeof(*s));

	addr_format(addr, s->label);
	s->addr = *addr;
	return s;
}

void
server_free(struct server *s)
{
	node_info_fini(&s->info);
	vec_fini(&s->nodes);
	picture_server_unref(s->picture);
	free(s);
}

bool
server_answers(const struct server *s, int64_t now_ms, int64_t stale_after_ms)
{
	return s->source.up &&
	       fresh(s->info_at.mono_ms, now_ms, stale_after_ms);
}
