#include "watch/sentinel_reply.h"

#include <string.h>

enum reason
reply_reason(const struct reply *r)
{
	return reply_is_error(r) ? reason_of_error(r->str) : REASON_NONE;
}

void
sentinel_ask_view(struct batch *b, const char *name)
{
	batch_add(b, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name, NULL);
	batch_add(b, "SENTINEL", "REPLICAS", name, NULL);
	batch_add(b, "SENTINEL", "SENTINELS", name, NULL);
	batch_add(b, "SENTINEL", "CKQUORUM", name, NULL);
}

enum reason
sentinel_take_info(struct sentinel *s, const struct reply *r, struct now now)
{
	struct sentinel_info info;

	if (reply_is_error(r))
		return reason_of_error(r->str);
	if (reply_text(r) == NULL ||
	    !sentinel_info_parse(&info, reply_text(r), r->len))
		return REASON_PROTOCOL;
	s->info = info;
	s->info_at = now;
	return REASON_NONE;
}

static bool
take_replicas(struct view *v, const struct reply *r)
{
	struct replica_fields fields;
	size_t i;

	if (r->type != REPLY_ARRAY)
		return false;
	v->replicas.n = 0;
	for (i = 0; i < r->n; i++)
		if (replica_fields_parse(&fields, reply_at(r, i)))
			*vec_push(&v->replicas) = fields;
	return true;
}

static bool
take_peers(struct view *v, const struct reply *r)
{
	struct peer_fields fields;
	size_t i;

	if (r->type != REPLY_ARRAY)
		return false;
	v->peers.n = 0;
	for (i = 0; i < r->n; i++)
		if (peer_fields_parse(&fields, reply_at(r, i)))
			*vec_push(&v->peers) = fields;
	return true;
}

/* NOQUORUM is an answer, not a failure. */
static void
complain_of(struct sentinel *s, const struct reply *r)
{
	enum reason reason = reply_reason(r);

	if (reason != REASON_NONE)
		source_complain(&s->source, reason);
}

void
sentinel_take_view(struct sentinel *s, struct view *v,
    struct reply *const replies[VIEW_REPLIES], struct now now)
{
	bool replicas, peers;

	if (!master_addr_parse(&v->addr, replies[0]))
		v->addr = (struct addr){ 0 };
	complain_of(s, replies[0]);
	replicas = take_replicas(v, replies[1]);
	complain_of(s, replies[1]);
	peers = take_peers(v, replies[2]);
	complain_of(s, replies[2]);
	if (!ckquorum_parse(&v->ckquorum, replies[3]))
		complain_of(s, replies[3]);
	v->lists_known = replicas && peers;
	v->at_ms = now.mono_ms;
}
