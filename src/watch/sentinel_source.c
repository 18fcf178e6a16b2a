#include "watch/sentinel_source.h"

#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "watch/event_stream.h"
#include "watch/group.h"
#include "watch/sentinel_reply.h"

/* One poll on its way; its names say what the replies are about. */
struct poll {
	struct sentinel_source *source; /* borrowed */
	struct strlist names; /* masters asked for, in order */
};

/* Readings on their way at once; the others wait.  Many masters may fail over
 * together, and a connection takes CONN_IN_FLIGHT batches. */
#define MASTER_READS_SENT 32
#define MASTER_READS_MAX  1000

/* One master read at once, because of an event. */
struct master_read {
	TAILQ_ENTRY(master_read) link; /* source->reads */
	struct sentinel_source *source; /* borrowed */
	char *master_name; /* owned */
	bool sent;
	bool again; /* something happened since it was sent */
	bool switched;
	struct event event;
};

struct sentinel *
sentinel_source_model(const struct sentinel_source *ss)
{
	return deployment_sentinel(&ss->group->deployment, ss->label);
}

static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct sentinel_source *ss = arg;

	if (reason != REASON_NONE)
		log_debug("sentinel connection down", "sentinel", ss->label,
		    "reason", reason_name(reason), "detail", detail, NULL);
}

static void
dial(struct sentinel_source *ss, const struct addr *addr)
{
	const struct conn_ops ops = { .on_state = on_state, .arg = ss };

	ss->addr = *addr;
	sentinel_source_model(ss)->addr = *addr;
	ss->conn = conn_new(
	    &ss->group->sentinel_conn, addr, &ops, group_dial_delay(ss->group));
	ss->events = event_stream_new(ss, addr);
}

static void
master_read_free(struct master_read *r)
{
	TAILQ_REMOVE(&r->source->reads, r, link);
	r->source->n_reads--;
	free(r->master_name);
	free(r);
}

/* What is on its way ends without an answer. */
static void
hang_up(struct sentinel_source *ss)
{
	event_stream_free(ss->events);
	conn_free(ss->conn);
	while (!TAILQ_EMPTY(&ss->reads))
		master_read_free(TAILQ_FIRST(&ss->reads));
}

void
sentinel_source_redial(struct sentinel_source *ss, const struct addr *addr)
{
	ss->closing = true;
	hang_up(ss);
	ss->closing = false;
	dial(ss, addr);
}

struct sentinel_source *
sentinel_source_add(struct group *g, const struct addr *addr, bool seed)
{
	struct sentinel_source *ss;
	char label[ADDR_TEXT_MAX];

	addr_format(addr, label);
	TAILQ_FOREACH(ss, &g->sentinels, link) {
		if (!addr_equal(&ss->addr, addr) &&
		    strcmp(ss->label, label) != 0)
			continue;
		ss->seed |= seed;
		return ss;
	}
	ss = xcalloc(1, sizeof(*ss));
	ss->group = g;
	ss->seed = seed;
	TAILQ_INIT(&ss->reads);
	memcpy(ss->label, label, sizeof(ss->label));
	deployment_add_sentinel(&g->deployment, label);
	dial(ss, addr);
	TAILQ_INSERT_TAIL(&g->sentinels, ss, link);
	if (!seed)
		log_info("sentinel found", "sentinel", label, NULL);
	return ss;
}

void
sentinel_source_remove(struct sentinel_source *ss)
{
	struct group *g = ss->group;
	struct failover_record *c;

	ss->closing = true;
	TAILQ_REMOVE(&g->sentinels, ss, link);
	hang_up(ss);
	waitgroup_done(&ss->waitgroup);
	vec_foreach(c, &g->records)
		tracker_forget(c->tracker, ss->label);
	deployment_remove_sentinel(&g->deployment, sentinel_source_model(ss));
	free(ss);
}

/* Feed the tracker with what the view says now; canonical addresses need the
 * nodes first. */
static void
feed_tracker(struct sentinel_source *ss, const struct view *v,
    const struct event *switched, struct now now)
{
	struct group *g = ss->group;
	const char *name = v->fields.name;
	struct master *m = deployment_add_master(&g->deployment, name);
	struct tracker_pair pair = {
		.epoch = v->fields.config_epoch,
		.flags = v->fields.flags,
		.down_after_ms = v->fields.down_after_ms,
		.failover_timeout_ms = v->fields.failover_timeout_ms,
	};
	struct event e;

	group_update_nodes(g, m, now);
	if (!addr_known(&v->addr) || pair.epoch == NUM_UNKNOWN)
		return;
	pair.addr = master_canonical(m, &v->addr);
	if (switched == NULL) {
		tracker_pair(group_tracker(g, name), ss->label, &pair, now);
		return;
	}
	e = *switched;
	e.addr = master_canonical(m, &e.addr);
	e.master = master_canonical(m, &e.master);
	tracker_switched(group_tracker(g, name), ss->label, &e, &pair, now);
}

/*
 * Reading one master at once.
 */

static void
take_master_read(struct master_read *r, const struct conn_result *res)
{
	struct sentinel_source *ss = r->source;
	struct sentinel *s = sentinel_source_model(ss);
	struct now now = clock_now();
	struct master_fields fields;
	struct view *v;

	if (!master_fields_parse(&fields, res->replies[0]) ||
	    strcmp(fields.name, r->master_name) != 0) {
		/* -monitor came in between: the view is gone. */
		sentinel_remove_view(s, r->master_name);
		return;
	}
	v = sentinel_add_view(s, r->master_name);
	v->fields = fields;
	sentinel_take_view(s, v, res->replies + 1, now);
	feed_tracker(ss, v, r->switched ? &r->event : NULL, now);
}

static void send_master_reads(struct sentinel_source *);

static void
on_master_read(void *arg, const struct conn_result *res)
{
	struct master_read *r = arg;
	struct sentinel_source *ss = r->source;

	ss->reads_sent--;
	if (ss->closing)
		return;
	if (res->reason == REASON_NONE) {
		take_master_read(r, res);
		group_refresh_master(ss->group, r->master_name);
		group_changed(ss->group);
	}
	if (r->again)
		r->sent = r->again = r->switched = false;
	else
		master_read_free(r);
	send_master_reads(ss);
}

static void
send_master_read(struct master_read *r)
{
	struct sentinel_source *ss = r->source;
	struct batch b = { 0 };

	r->sent = true;
	ss->reads_sent++;
	/* MASTER and GET-MASTER-ADDR-BY-NAME stand side by side, so that epoch
	 * and address are a pair of one moment. */
	batch_add(&b, "SENTINEL", "MASTER", r->master_name, NULL);
	sentinel_ask_view(&b, r->master_name);
	conn_send(
	    ss->conn, &b, ss->group->all->poll_timeout_ms, on_master_read, r);
}

static void
send_master_reads(struct sentinel_source *ss)
{
	struct master_read *r;

	TAILQ_FOREACH(r, &ss->reads, link)
		if (!r->sent && ss->reads_sent < MASTER_READS_SENT)
			send_master_read(r);
}

/* Events come in bursts: one that is answered by a reading that has not been
 * sent yet, or by the one after it, needs none of its own. */
static bool
is_covered(struct sentinel_source *ss, const char *master_name)
{
	struct master_read *r;

	TAILQ_FOREACH(r, &ss->reads, link) {
		if (strcmp(r->master_name, master_name) != 0)
			continue;
		r->again = r->sent;
		return true;
	}
	return false;
}

void
sentinel_source_read_master(struct sentinel_source *ss, const char *master_name,
    const struct event *switched)
{
	struct master_read *r;

	if (!group_wants(ss->group, master_name) ||
	    (switched == NULL && is_covered(ss, master_name)) ||
	    ss->n_reads == MASTER_READS_MAX)
		return;
	r = xcalloc(1, sizeof(*r));
	r->source = ss;
	r->master_name = xstrdup(master_name);
	r->switched = switched != NULL;
	if (switched != NULL)
		r->event = *switched;
	TAILQ_INSERT_TAIL(&ss->reads, r, link);
	ss->n_reads++;
	send_master_reads(ss);
}

/*
 * The poll.
 */

static void
poll_free(struct poll *p)
{
	strlist_fini(&p->names);
	free(p);
}

static void
poll_over(struct poll *p, bool answered)
{
	struct sentinel_source *ss = p->source;

	poll_free(p);
	ss->polling = false;
	if (!ss->closing) {
		event_stream_polled(ss->events, answered);
		group_changed(ss->group);
	}
	waitgroup_done(&ss->waitgroup);
}

static void
poll_failed(struct poll *p, enum reason reason, const char *detail)
{
	struct sentinel_source *ss = p->source;
	struct sentinel *s = sentinel_source_model(ss);

	if (!ss->closing) {
		if (s->source.up || !s->source.tried)
			log_warn("sentinel does not answer", "sentinel",
			    ss->label, "reason", reason_name(reason), "detail",
			    detail, NULL);
		source_failed(&s->source, reason);
	}
	poll_over(p, false);
}

/* Take the views of p's names from their replies; unknown names are skipped,
 * they were removed meanwhile. */
static void
take_views(struct poll *p, struct reply *const *replies, struct now now)
{
	struct sentinel *s = sentinel_source_model(p->source);
	struct view *v;
	size_t i;

	for (i = 0; i < p->names.items.n; i++) {
		v = sentinel_view(s, p->names.items.v[i]);
		if (v == NULL)
			continue;
		sentinel_take_view(s, v, replies + i * VIEW_REPLIES, now);
		feed_tracker(p->source, v, NULL, now);
	}
}

static void
on_new_views(void *arg, const struct conn_result *res)
{
	struct poll *p = arg;

	if (res->reason != REASON_NONE) {
		poll_failed(p, res->reason, res->detail);
		return;
	}
	take_views(p, res->replies, clock_now());
	poll_over(p, true);
}

/* Names that MASTERS showed for the first time are asked for at once. */
static void
ask_new_views(struct poll *p, struct strlist *names)
{
	struct batch b = { 0 };
	char **name;

	strlist_fini(&p->names);
	p->names = *names;
	vec_foreach(name, &p->names.items)
		sentinel_ask_view(&b, *name);
	conn_send(p->source->conn, &b, p->source->group->all->poll_timeout_ms,
	    on_new_views, p);
}

static void
drop_missing_views(struct sentinel *s, const struct strlist *present)
{
	size_t i;

	for (i = s->views.n; i-- > 0;)
		if (!strlist_has(present, s->views.v[i]->fields.name))
			sentinel_remove_view(s, s->views.v[i]->fields.name);
}

/* MASTERS: fields of known views, and the names that are new. */
static enum reason
take_masters(struct poll *p, const struct reply *r, struct strlist *added)
{
	struct sentinel *s = sentinel_source_model(p->source);
	struct strlist present = { 0 };
	struct master_fields fields;
	size_t i, len;

	if (r->type != REPLY_ARRAY)
		return reply_is_error(r) ? reply_reason(r) : REASON_PROTOCOL;
	for (i = 0; i < r->n; i++) {
		if (!master_fields_parse(&fields, reply_at(r, i)) ||
		    !group_wants(p->source->group, fields.name))
			continue;
		len = strlen(fields.name);
		strlist_add(&present, fields.name, len);
		if (!strlist_has(&p->names, fields.name))
			strlist_add(added, fields.name, len);
		sentinel_add_view(s, fields.name)->fields = fields;
	}
	drop_missing_views(s, &present);
	strlist_fini(&present);
	return REASON_NONE;
}

static void
take_id(struct sentinel *s, const struct reply *r)
{
	if (r->type == REPLY_STRING && r->len < sizeof(s->id))
		memcpy(s->id, r->str, r->len + 1);
}

static void
note_answer(struct sentinel_source *ss, enum reason info, enum reason masters)
{
	struct sentinel *s = sentinel_source_model(ss);

	if (!s->source.up)
		log_info("sentinel answers", "sentinel", ss->label, NULL);
	source_answered(&s->source, clock_now());
	if (info != REASON_NONE)
		source_complain(&s->source, info);
	if (masters != REASON_NONE)
		source_complain(&s->source, masters);
}

static void
on_poll(void *arg, const struct conn_result *res)
{
	struct poll *p = arg;
	struct sentinel_source *ss = p->source;
	struct strlist added = { 0 };
	struct reply *const *r = res->replies;
	struct sentinel *s;
	enum reason info, masters;

	if (res->reason != REASON_NONE || ss->closing) {
		poll_failed(p, res->reason, res->detail);
		return;
	}
	s = sentinel_source_model(ss);
	take_id(s, *r++);
	info = sentinel_take_info(s, r[0], clock_now());
	masters = take_masters(p, r[1], &added);
	if (info != REASON_NONE && masters != REASON_NONE) {
		poll_failed(p, masters, r[1]->str);
		return;
	}
	note_answer(ss, info, masters);
	take_views(p, r + 2, clock_now());
	if (added.items.n > 0)
		ask_new_views(p, &added);
	else
		poll_over(p, true);
}

void
sentinel_source_poll(struct sentinel_source *ss, struct waitgroup *waiting)
{
	struct sentinel *s = sentinel_source_model(ss);
	struct batch b = { 0 };
	struct poll *p;
	struct view *v;

	if (waiting != NULL && ss->waitgroup == NULL) {
		ss->waitgroup = waiting;
		waitgroup_add(waiting);
	}
	if (ss->polling)
		return;
	ss->polling = true;
	p = xcalloc(1, sizeof(*p));
	p->source = ss;
	/* One that lost its configuration has another id from then on. */
	batch_add(&b, "SENTINEL", "MYID", NULL);
	batch_add(&b, "INFO", NULL);
	batch_add(&b, "SENTINEL", "MASTERS", NULL);
	vec_each(v, &s->views)
	{
		strlist_add(&p->names, v->fields.name, strlen(v->fields.name));
		sentinel_ask_view(&b, v->fields.name);
	}
	conn_send(ss->conn, &b, ss->group->all->poll_timeout_ms, on_poll, p);
}
