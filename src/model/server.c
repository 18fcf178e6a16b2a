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

enum role
server_role(const struct server *s, int64_t now_ms, int64_t stale_after_ms)
{
	if (server_answers(s, now_ms, stale_after_ms))
		return s->info.role;
	return s->source.up && fresh(s->role_ms, now_ms, stale_after_ms)
		   ? s->role
		   : ROLE_UNKNOWN;
}

struct write_evidence
server_evidence(const struct server *s, int64_t now_ms, int64_t stale_after_ms)
{
	const struct write_signs *w = &s->writes;

	return (struct write_evidence){
		.asked = s->source.tried,
		.answered = w->answered,
		.failure = w->failure,
		.role = server_role(s, now_ms, stale_after_ms),
		.info = server_answers(s, now_ms, stale_after_ms) &&
				w->failure == REASON_NONE
			    ? &s->info
			    : NULL,
		.earlier = w->has_earlier ? &w->earlier : NULL,
		.ping_known = w->ping_known,
		.ping = w->ping,
	};
}
