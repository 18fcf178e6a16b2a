/* One sentinel: what to ask it and when. */
#include "watch/sentinel_source.h"

#include <string.h>

#include "base/log.h"
#include "model/facts.h"
#include "model/sentinel_identity.h"
#include "watch/event_stream.h"
#include "watch/group.h"

/* Reads on their way at once; the others wait.  Many masters may fail over
 * together, and a connection takes CONN_IN_FLIGHT batches. */
#define MASTER_READS_SENT 32
#define MASTER_READS_MAX  1000

/* Masters asked for in one batch of a poll. */
#define POLL_MASTERS 50

/* What the first batch of a poll asks before the views: MYID, INFO,
 * MASTERS. */
#define POLL_HEAD 3

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

static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct sentinel_source *ss = arg;

	if (reason != REASON_NONE)
		log_debug("sentinel connection down", "sentinel",
		    ss->sentinel->label, "reason", reason_name(reason),
		    "detail", detail, NULL);
}

static void
dial(struct sentinel_source *ss, const struct addr *addr)
{
	const struct conn_ops ops = { .on_state = on_state, .arg = ss };

	ss->sentinel->addr = *addr;
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
	struct conn *conn = ss->conn;

	event_stream_free(ss->events);
	ss->conn = NULL;
	conn_free(conn);
	while (!TAILQ_EMPTY(&ss->reads))
		master_read_free(TAILQ_FIRST(&ss->reads));
}

void
sentinel_source_redial(struct sentinel_source *ss, const struct addr *addr)
{
	hang_up(ss);
	dial(ss, addr);
}

struct sentinel_source *
sentinel_source_add(struct group *g, const struct addr *addr, bool seed)
{
	char label[ADDR_TEXT_MAX];
	struct sentinel_source *ss;
	struct sentinel *s;

	s = deployment_sentinel_at(&g->deployment, addr);
	if (s != NULL) {
		s->seed |= seed;
		return s->reader;
	}
	addr_format(addr, label);
	ss = xcalloc(1, sizeof(*ss));
	ss->group = g;
	ss->sentinel = deployment_add_sentinel(&g->deployment, label);
	ss->sentinel->seed = seed;
	ss->sentinel->reader = ss;
	TAILQ_INIT(&ss->reads);
	dial(ss, addr);
	TAILQ_INSERT_TAIL(&g->sentinels, ss, link);
	if (!seed)
		log_info("sentinel found", "sentinel", label, NULL);
	return ss;
}

void
sentinel_source_free(struct sentinel_source *ss)
{
	TAILQ_REMOVE(&ss->group->sentinels, ss, link);
	hang_up(ss);
	waitgroup_done(&ss->waitgroup);
	sentinel_take_leave(ss->sentinel);
	strlist_fini(&ss->poll.names);
	free(ss);
}

static void
ask_view(struct batch *b, const char *name)
{
	/* MASTER and GET-MASTER-ADDR-BY-NAME stand side by side, so that epoch
	 * and address are a pair of one moment. */
	batch_add(b, "SENTINEL", "MASTER", name, NULL);
	batch_add(b, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name, NULL);
	batch_add(b, "SENTINEL", "REPLICAS", name, NULL);
	batch_add(b, "SENTINEL", "SENTINELS", name, NULL);
	batch_add(b, "SENTINEL", "CKQUORUM", name, NULL);
}

/*
 * Reading one master at once.
 */

static void send_master_reads(struct sentinel_source *);

static void
on_master_read(void *arg, const struct conn_result *res)
{
	struct master_read *r = arg;
	struct sentinel_source *ss = r->source;

	ss->reads_sent--;
	if (ss->conn == NULL)
		return;
	if (res->reason == REASON_NONE) {
		sentinel_take_view(ss->sentinel, r->master_name, res->replies,
		    r->switched ? &r->event : NULL, clock_now());
		group_told(ss->group, r->switched ? GROUP_AT_ONCE : GROUP_SOON);
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
	ask_view(&b, r->master_name);
	conn_send(ss->conn, &b, group_timeout_ms(ss->group), on_master_read, r);
}

static void
send_master_reads(struct sentinel_source *ss)
{
	struct master_read *r;

	TAILQ_FOREACH(r, &ss->reads, link)
		if (!r->sent && ss->reads_sent < MASTER_READS_SENT)
			send_master_read(r);
}

/* Events come in bursts: one that is answered by a read that has not been sent
 * yet, or by the one after it, needs none of its own. */
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

	if (!deployment_watches(&ss->group->deployment, master_name) ||
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
poll_over(struct sentinel_source *ss, bool answered)
{
	strlist_fini(&ss->poll.names);
	ss->polling = false;
	if (ss->conn != NULL) {
		event_stream_polled(ss->events, answered);
		group_told(ss->group, GROUP_SOON);
	}
	waitgroup_done(&ss->waitgroup);
}

static void
poll_failed(struct sentinel_source *ss, enum reason reason, const char *detail)
{
	struct sentinel *s = ss->sentinel;

	if (s->source.up || !s->source.tried || s->source.reason != reason)
		log_warn("sentinel does not answer", "sentinel", s->label,
		    "reason", reason_name(reason), "detail", detail, NULL);
	sentinel_take_failure(s, reason);
	poll_over(ss, false);
}

static void
take_views(struct sentinel_source *ss, struct reply *const *replies)
{
	const struct sentinel_poll *p = &ss->poll;
	struct now now = clock_now();
	size_t i;

	for (i = 0; i < p->n; i++)
		sentinel_take_view(ss->sentinel, p->names.items.v[p->first + i],
		    replies + i * VIEW_REPLIES, NULL, now);
}

static void
note_answer(struct sentinel_source *ss, enum reason info, enum reason masters)
{
	struct sentinel *s = ss->sentinel;

	if (!s->source.up)
		log_info("sentinel answers", "sentinel", s->label, NULL);
	s->reached = *conn_peer(ss->conn);
	sentinel_take_answer(s, clock_now());
	if (info != REASON_NONE)
		sentinel_take_complaint(s, info);
	if (masters != REASON_NONE)
		sentinel_take_complaint(s, masters);
}

/* Of the names that MASTERS told, those are left that the first batch did not
 * ask for. */
static void
plan_rest(struct sentinel_poll *p, const struct strlist *told)
{
	size_t asked = p->n, i;
	char **name;

	p->first = p->n = 0;
	for (i = p->names.items.n; i-- > asked;)
		free(p->names.items.v[i]);
	p->names.items.n = asked;
	vec_foreach(name, &told->items)
		if (!strlist_has_within(&p->names, asked, *name))
			strlist_add(&p->names, *name, strlen(*name));
	p->first = asked;
}

/* The most frequent mistake: a data node's address where a sentinel's should
 * be.  Only a sentinel knows SENTINEL, unless the command was renamed. */
static const char *
explain(const char *error)
{
	static const char unknown[] = "ERR unknown command";

	if (strncmp(error, unknown, sizeof(unknown) - 1) != 0)
		return error;
	return "it does not know the command SENTINEL: this is a data node, "
	       "not a sentinel (port 26379 by default), or the command is "
	       "renamed";
}

/* False when the poll failed. */
static bool
take_head(struct sentinel_source *ss, struct reply *const *r)
{
	struct strlist told = { 0 };
	enum reason info, masters;

	sentinel_take_id(ss->sentinel, r[0]);
	info = sentinel_take_info(ss->sentinel, r[1], clock_now());
	masters = sentinel_take_masters(ss->sentinel, r[2], &told);
	if (info != REASON_NONE && masters != REASON_NONE) {
		poll_failed(ss, masters,
		    reply_is_error(r[2]) ? explain(r[2]->str) : NULL);
		return false;
	}
	note_answer(ss, info, masters);
	take_views(ss, r + POLL_HEAD);
	plan_rest(&ss->poll, &told);
	strlist_fini(&told);
	return true;
}

static void on_poll(void *, const struct conn_result *);

/* Ask for the views of the next names, after what is in the batch already. */
static void
send_piece(struct sentinel_source *ss, struct batch *b)
{
	struct sentinel_poll *p = &ss->poll;

	for (p->n = 0;
	     p->n < POLL_MASTERS && p->first + p->n < p->names.items.n; p->n++)
		ask_view(b, p->names.items.v[p->first + p->n]);
	conn_send(ss->conn, b, group_timeout_ms(ss->group), on_poll, ss);
}

static void
on_poll(void *arg, const struct conn_result *res)
{
	struct sentinel_source *ss = arg;
	struct sentinel_poll *p = &ss->poll;
	struct batch b = { 0 };

	if (ss->conn == NULL) {
		poll_over(ss, false);
		return;
	}
	if (res->reason != REASON_NONE) {
		poll_failed(ss, res->reason, res->detail);
		return;
	}
	if (!p->begun) {
		p->begun = true;
		if (!take_head(ss, res->replies))
			return;
	} else {
		take_views(ss, res->replies);
		p->first += p->n;
	}
	if (p->first < p->names.items.n)
		send_piece(ss, &b);
	else
		poll_over(ss, true);
}

void
sentinel_source_poll(struct sentinel_source *ss, struct waitgroup *waiting)
{
	struct batch b = { 0 };
	const struct view *v;

	if (waiting != NULL && ss->waitgroup == NULL) {
		ss->waitgroup = waiting;
		waitgroup_add(waiting);
	}
	if (ss->polling)
		return;
	ss->polling = true;
	ss->poll = (struct sentinel_poll){ .begun = false };
	vec_each(v, &ss->sentinel->views)
		strlist_add(
		    &ss->poll.names, v->fields.name, strlen(v->fields.name));
	/* One that lost its configuration has another id from then on. */
	batch_add(&b, "SENTINEL", "MYID", NULL);
	batch_add(&b, "INFO", NULL);
	batch_add(&b, "SENTINEL", "MASTERS", NULL);
	send_piece(ss, &b);
}
