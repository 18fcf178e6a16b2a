/* What replies told, into the model. */
#include "model/facts.h"

#include <string.h>

#include "base/num.h"
#include "model/derive.h"
#include "model/failover_record.h"

/* Names that are not watched: enough to tell which one was meant. */
#define OTHER_NAMES_MAX 100

#define NO_SUCH_MASTER "ERR No such master"

enum reason
reply_reason(const struct reply *r)
{
	return reply_is_error(r) ? reason_of_error(r->str) : REASON_NONE;
}

static void
touch_views(struct sentinel *s)
{
	struct master *m;
	struct view *v;

	vec_each(v, &s->views) {
		m = deployment_master(s->deployment, v->fields.name);
		if (m != NULL)
			master_touch(m);
	}
}

static void
drop_view(struct sentinel *s, const char *name)
{
	struct master *m = deployment_master(s->deployment, name);

	sentinel_remove_view(s, name);
	s->deployment->views_dropped = true;
	if (m != NULL)
		master_touch(m);
}

/*
 * Of a sentinel.
 */

void
sentinel_take_answer(struct sentinel *s, struct now now)
{
	if (!s->source.up)
		touch_views(s);
	source_answered(&s->source, now);
	s->changed = true;
}

void
sentinel_take_complaint(struct sentinel *s, enum reason reason)
{
	source_complain(&s->source, reason);
	s->changed = true;
}

void
sentinel_take_failure(struct sentinel *s, enum reason reason)
{
	if (s->source.up || !s->source.tried)
		touch_views(s);
	source_failed(&s->source, reason);
	s->changed = true;
}

void
sentinel_take_id(struct sentinel *s, const struct reply *r)
{
	if (r->type == REPLY_STRING && r->len < sizeof(s->id))
		memcpy(s->id, r->str, r->len + 1);
	s->changed = true;
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
	if (info.tilt != s->info.tilt)
		touch_views(s);
	/* Another process: what led to the old one has to show where it leads
	 * now. */
	if (strcmp(info.run_id, s->info.run_id) != 0)
		s->aliases.n = 0;
	s->info = info;
	s->info_at = now;
	s->changed = true;
	return REASON_NONE;
}

static void
drop_missing_views(struct sentinel *s)
{
	size_t i;

	for (i = s->views.n; i-- > 0;)
		if (!s->views.v[i]->named)
			drop_view(s, s->views.v[i]->fields.name);
}

/* How many of a list of n are taken. */
static size_t
limited(size_t n, size_t most, size_t *left_out)
{
	if (n <= most)
		return n;
	if (n - most > *left_out)
		*left_out = n - most;
	return most;
}

static void
note_other_name(struct sentinel *s, const char *name)
{
	if (s->other_names.items.n < OTHER_NAMES_MAX)
		strlist_add(&s->other_names, name, strlen(name));
}

enum reason
sentinel_take_masters(
    struct sentinel *s, const struct reply *r, struct strlist *names)
{
	struct master_fields fields;
	struct view *v;
	size_t i, n;

	if (r->type != REPLY_ARRAY)
		return reply_is_error(r) ? reply_reason(r) : REASON_PROTOCOL;
	vec_each(v, &s->views)
		v->named = false;
	strlist_fini(&s->other_names);
	n = limited(
	    r->n, SENTINEL_MASTERS_MAX, &s->deployment->left_out.masters);
	for (i = 0; i < n; i++) {
		if (!master_fields_parse(&fields, reply_at(r, i)))
			continue;
		if (!deployment_watches(s->deployment, fields.name)) {
			note_other_name(s, fields.name);
			continue;
		}
		strlist_add(names, fields.name, strlen(fields.name));
		v = sentinel_view(s, fields.name);
		if (v != NULL)
			v->named = true;
	}
	drop_missing_views(s);
	return REASON_NONE;
}

static bool
take_replicas(struct view *v, const struct reply *r, struct left_out *left_out)
{
	struct replica_fields fields;
	size_t i, n;

	if (r->type != REPLY_ARRAY)
		return false;
	n = limited(r->n, VIEW_REPLICAS_MAX, &left_out->replicas);
	v->replicas.n = 0;
	for (i = 0; i < n; i++)
		if (replica_fields_parse(&fields, reply_at(r, i)))
			*vec_push(&v->replicas) = fields;
	vec_fit(&v->replicas);
	return true;
}

static bool
take_peers(struct view *v, const struct reply *r, struct left_out *left_out)
{
	struct peer_fields fields;
	size_t i, n;

	if (r->type != REPLY_ARRAY)
		return false;
	n = limited(r->n, VIEW_PEERS_MAX, &left_out->peers);
	v->peers.n = 0;
	for (i = 0; i < n; i++)
		if (peer_fields_parse(&fields, reply_at(r, i)))
			*vec_push(&v->peers) = fields;
	vec_fit(&v->peers);
	return true;
}

/* NOQUORUM is an answer, not a failure. */
static void
complain_of(struct sentinel *s, const struct reply *r)
{
	enum reason reason = reply_reason(r);

	/* It was removed meanwhile, or an event named it before. */
	if (reply_is_error(r) &&
	    strncmp(r->str, NO_SUCH_MASTER, strlen(NO_SUCH_MASTER)) == 0)
		return;
	if (reason != REASON_NONE)
		sentinel_take_complaint(s, reason);
}

static void
take_replies(
    struct sentinel *s, struct view *v, struct reply *const *r, struct now now)
{
	bool replicas, peers;

	if (!master_addr_parse(&v->addr, r[1]))
		v->addr = (struct addr){ 0 };
	complain_of(s, r[1]);
	replicas = take_replicas(v, r[2], &s->deployment->left_out);
	complain_of(s, r[2]);
	peers = take_peers(v, r[3], &s->deployment->left_out);
	complain_of(s, r[3]);
	if (!ckquorum_parse(&v->ckquorum, r[4]))
		complain_of(s, r[4]);
	v->lists_known = replicas && peers;
	v->at_ms = now.mono_ms;
}

/* Feed the tracker with what the view says now, by canonical addresses. */
static void
feed_tracker(struct master *m, const struct sentinel *s, const struct view *v,
    const struct event *switched, struct now now)
{
	struct tracker_pair pair = {
		.epoch = v->fields.config_epoch,
		.flags = v->fields.flags,
		.down_after_ms = v->fields.down_after_ms,
		.failover_timeout_ms = v->fields.failover_timeout_ms,
	};
	struct event e;

	if (!addr_known(&v->addr) || pair.epoch == NUM_UNKNOWN)
		return;
	pair.addr = master_canonical(m, &v->addr);
	if (switched == NULL) {
		tracker_pair(m->record->tracker, s->label, &pair, now);
		return;
	}
	e = *switched;
	e.addr = master_canonical(m, &e.addr);
	e.master = master_canonical(m, &e.master);
	tracker_switched(m->record->tracker, s->label, &e, &pair, now);
}

void
sentinel_take_view(struct sentinel *s, const char *name,
    struct reply *const replies[VIEW_REPLIES], const struct event *switched,
    struct now now)
{
	struct master_fields fields;
	struct master *m;
	struct view *v;

	if (!master_fields_parse(&fields, replies[0]) ||
	    strcmp(fields.name, name) != 0) {
		/* It is not monitored any more, or we are not told. */
		complain_of(s, replies[0]);
		drop_view(s, name);
		return;
	}
	v = sentinel_add_view(s, name);
	v->fields = fields;
	take_replies(s, v, replies, now);
	m = deployment_add_master(s->deployment, name);
	if (m->record == NULL)
		m->record =
		    deployment_add_record(s->deployment, name, now.mono_ms);
	m->record->monitored_ms = now.mono_ms;
	master_announce(m, v, now.mono_ms);
	master_join_twins(m);
	feed_tracker(m, s, v, switched, now);
	master_touch(m);
}

/* +switch-master is told to the tracker together with the pair that is read
 * on its account.  Names that no sentinel monitors are tracked by nobody. */
void
sentinel_take_event(struct sentinel *s, const struct event *e, struct now now)
{
	struct failover_record *r;
	struct event own = *e;
	struct master *m;

	if (e->master_name[0] == '\0') {
		vec_each(r, &s->deployment->records)
			tracker_event(r->tracker, s->label, e, now);
		return;
	}
	r = deployment_record(s->deployment, e->master_name);
	if (r == NULL)
		return;
	m = deployment_master(s->deployment, e->master_name);
	if (m != NULL) {
		if (m->touched)
			master_join_twins(m);
		own.addr = master_canonical(m, &e->addr);
		own.master = master_canonical(m, &e->master);
	}
	tracker_event(r->tracker, s->label, &own, now);
	if (m != NULL)
		master_touch(m);
}

void
sentinel_take_stream(struct sentinel *s, bool up, bool lost)
{
	struct failover_record *r;

	if (lost)
		vec_each(r, &s->deployment->records)
			tracker_lost(r->tracker, s->label);
	s->subscription_up = up;
	s->changed = true;
}

void
sentinel_count_event(struct sentinel *s, enum event_kind kind)
{
	s->events[kind]++;
	s->changed = true;
}

void
sentinel_take_name(struct sentinel *s, const char *label)
{
	struct failover_record *r;

	vec_each(r, &s->deployment->records)
		tracker_rename_sentinel(r->tracker, s->label, label);
	deployment_rename_sentinel(s->deployment, s, label);
	touch_views(s);
	s->changed = true;
}

void
sentinel_take_leave(struct sentinel *s)
{
	struct failover_record *r;

	touch_views(s);
	s->deployment->views_dropped = true;
	vec_each(r, &s->deployment->records)
		tracker_forget(r->tracker, s->label);
	deployment_remove_sentinel(s->deployment, s);
}

/*
 * Of a data server.
 */

static void
touch_nodes(struct server *s)
{
	struct node *n;

	s->changed = true;
	vec_each(n, &s->nodes)
		master_touch(n->master);
}

/* Counters that rise tell of writes that were refused: only of one process. */
static void
keep_earlier(struct server *s, const struct node_info *now)
{
	struct write_signs *w = &s->writes;

	w->has_earlier = s->info.run_id[0] != '\0' &&
			 strcmp(s->info.run_id, now->run_id) == 0;
	if (!w->has_earlier)
		return;
	w->earlier = s->info;
	w->earlier.replicas.v = NULL;
	w->earlier.dbs.v = NULL;
	w->earlier.replicas.n = w->earlier.replicas.cap = 0;
	w->earlier.dbs.n = w->earlier.dbs.cap = 0;
}

void
server_take_info(struct server *s, struct node_info *info, struct now asked_at,
    const struct addr *peer, struct now now)
{
	struct node *n;

	source_answered(&s->source, now);
	s->writes.answered = true;
	s->writes.failure = REASON_NONE;
	keep_earlier(s, info);
	node_info_fini(&s->info);
	s->info = *info;
	*info = (struct node_info){ .role = ROLE_UNKNOWN };
	vec_fit(&s->info.replicas);
	vec_fit(&s->info.dbs);
	s->asked_at = asked_at;
	s->info_at = now;
	s->role_ms = 0;
	vec_each(n, &s->nodes) {
		if (strcmp(n->run_id, s->info.run_id) != 0)
			n->master->run_ids_changed = true;
		memcpy(n->run_id, s->info.run_id, sizeof(n->run_id));
		if (addr_known(peer))
			node_add_alias(n, peer);
	}
	touch_nodes(s);
}

void
server_take_denial(struct server *s, enum reason reason,
    const struct role_answer *role, struct now now)
{
	source_answered(&s->source, now);
	source_complain(&s->source, reason);
	s->writes.answered = true;
	s->writes.failure = reason;
	/* What INFO said is no longer said. */
	s->info_at = (struct now){ 0, 0 };
	s->role_ms = 0;
	if (role != NULL) {
		s->role = role->role;
		s->role_ms = now.mono_ms;
	}
	touch_nodes(s);
}

void
server_take_ping(struct server *s, const struct reply *r)
{
	struct write_signs *w = &s->writes;

	w->ping_known = reply_reason(r) != REASON_NOPERM;
	w->ping = reply_is_error(r) ? refusal_of_ping(r->str) : REFUSAL_NONE;
}

void
server_take_complaint(struct server *s, enum reason reason)
{
	source_complain(&s->source, reason);
	s->changed = true;
}

void
server_take_failure(struct server *s, enum reason reason)
{
	source_failed(&s->source, reason);
	s->writes = (struct write_signs){ .failure = reason };
	touch_nodes(s);
}

/*
 * Of the queues of a master.
 */

void
master_take_queues(struct master *m)
{
	m->changed = true;
}
