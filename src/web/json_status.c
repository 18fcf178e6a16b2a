/* The deployment as it is, as JSON. */
#include "web/json_status.h"

#include "base/json.h"
#include "base/num.h"
#include "model/findings.h"
#include "model/snapshot.h"

#define VERSION 1

static void
put_name(struct json *j, const char *key, const struct labels *l)
{
	if (l != NULL)
		json_bytes(j, key, l->name, l->name_len);
}

static void
put_source(struct json *j, const struct picture_source *s, int64_t now_ms)
{
	json_bool(j, "up", picture_good(s->up_until_ms, now_ms));
	if (s->reason != REASON_NONE)
		json_text(j, "reason", reason_name(s->reason));
	json_time(j, "last_success", s->last_success_wall_ms);
}

static void
put_sentinel(struct json *j, const struct picture_sentinel *s, int64_t now_ms)
{
	json_open(j, NULL, '{');
	put_name(j, "sentinel", s->labels);
	if (s->source->tried)
		put_source(j, s->source, now_ms);
	json_bool(
	    j, "subscribed", picture_good(s->subscribed_until_ms, now_ms));
	if (picture_good(s->info_until_ms, now_ms)) {
		json_text(j, "id", s->id[0] == '\0' ? NULL : s->id);
		json_text(j, "software", s->product);
		json_text(j, "software_version", s->version);
		json_bool(j, "tilt", s->tilt);
	}
	json_close(j, '}');
}

static void
put_view(struct json *j, const struct picture_view *v)
{
	json_open(j, NULL, '{');
	put_name(j, "sentinel", v->sentinel);
	json_text(j, "address", v->address);
	json_int(j, "config_epoch", v->config_epoch);
	json_bool(j, "sdown", (v->flags & FLAG_S_DOWN) != 0);
	json_bool(j, "odown", (v->flags & FLAG_O_DOWN) != 0);
	json_bool(j, "failover_in_progress",
	    (v->flags & FLAG_FAILOVER_IN_PROGRESS) != 0);
	json_int(j, "quorum", v->quorum);
	json_bool(j, "quorum_ok", v->quorum_ok);
	json_bool(j, "majority_ok", v->majority_ok);
	json_int(j, "known_sentinels", v->known_sentinels);
	json_int(j, "known_replicas", v->known_replicas);
	json_seconds(j, "down_after_seconds", v->down_after_ms);
	json_seconds(j, "failover_timeout_seconds", v->failover_timeout_ms);
	json_close(j, '}');
}

static const char *
role_text(enum role role)
{
	return role == ROLE_MASTER    ? "master"
	       : role == ROLE_REPLICA ? "replica"
				      : NULL;
}

static void
put_replica(struct json *j, const struct picture_node *n, int64_t now_ms)
{
	const struct picture_replica *r = &n->replica;
	char text[ADDR_TEXT_MAX];

	json_int(j, "priority", r->priority);
	json_bool(j, "sdown", r->sdown);
	json_bool(j, "promotable", r->promotable);
	json_bool(j, "next_master", r->next_master);
	json_bool(j, "ghost", r->ghost);
	if (picture_good(r->lag_until_ms, now_ms))
		json_int(j, "lag_bytes", r->lag_bytes);
	if (!picture_good(n->server->info_until_ms, now_ms))
		return;
	json_bool(j, "link_up", r->link_up);
	json_seconds(j, "link_down_seconds", r->link_down_ms);
	json_bool(j, "foreign_master", r->foreign_master);
	json_int(j, "depth", r->depth);
	if (addr_known(&n->server->info.master)) {
		addr_format(&n->server->info.master, text);
		json_text(j, "follows", text);
	}
}

static void
put_node(struct json *j, const struct picture_node *n, int64_t now_ms)
{
	const struct node_info *i = &n->server->info;

	json_open(j, NULL, '{');
	put_name(j, "node", n->labels);
	if (n->server->source->tried)
		put_source(j, n->server->source, now_ms);
	json_text(j, "run_id", n->run_id[0] == '\0' ? NULL : n->run_id);
	if (picture_good(n->server->info_until_ms, now_ms)) {
		json_text(j, "role", role_text(i->role));
		json_text(j, "software", i->product);
		json_text(j, "software_version", i->version);
		json_bool(j, "loading", i->loading);
		json_int(j, "connected_clients", i->connected_clients);
		json_int(j, "memory_used_bytes", i->used_memory);
		json_int(j, "memory_max_bytes", i->maxmemory);
	}
	if (n->replica.labels != NULL &&
	    picture_good(n->replica.until_ms, now_ms))
		put_replica(j, n, now_ms);
	json_close(j, '}');
}

static void
put_queue(struct json *j, const struct picture_master *m,
    const struct picture_db *db, const struct picture_queue *q, int64_t now_ms)
{
	size_t i;

	json_open(j, NULL, '{');
	put_name(j, "queue", q->labels);
	json_int(j, "length", q->length);
	json_open(j, "priorities", '[');
	for (i = 0; i < db->n_lengths && i < m->celery.steps.n; i++) {
		json_open(j, NULL, '{');
		json_int(j, "priority", m->celery.steps.v[i]);
		json_int(j, "length", q->lengths[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_bool(j, "bound", q->bound);
	json_bool(j, "stranded", q->stranded);
	if (picture_good(q->head_until_ms, now_ms))
		json_time(j, "head_seen", q->head_since_wall_ms);
	json_close(j, '}');
}

static void
put_db(struct json *j, const struct picture_master *m,
    const struct picture_db *db, int64_t now_ms)
{
	const struct picture_queue *q;

	json_open(j, NULL, '{');
	json_int(j, "db", db->db);
	json_int(j, "unacked", db->unacked);
	json_time(j, "unacked_oldest", db->unacked_oldest_wall_ms);
	json_int(j, "unacked_overdue", db->unacked_overdue);
	json_bool(j, "unacked_stranded", db->unacked_stranded);
	json_bool(j, "shared", db->shared);
	if (db->readers_sign != READERS_UNKNOWN) {
		json_int(j, "readers", db->readers);
		json_text(
		    j, "readers_source", readers_sign_name(db->readers_sign));
	}
	json_open(j, "queues", '[');
	vec_foreach(q, &db->queues)
		put_queue(j, m, db, q, now_ms);
	json_close(j, ']');
	json_close(j, '}');
}

static void
put_celery(struct json *j, const struct picture_master *m, int64_t now_ms)
{
	const struct picture_db *db;

	json_open(j, "celery", '{');
	if (picture_good(m->celery.workers_until_ms, now_ms))
		json_int(j, "workers", m->celery.workers);
	json_bool(j, "broker_url_conflict", m->celery.url_conflict);
	json_open(j, "dbs", '[');
	vec_foreach(db, &m->celery.dbs)
		if (picture_good(db->until_ms, now_ms))
			put_db(j, m, db, now_ms);
	json_close(j, ']');
	json_close(j, '}');
}

static void
put_agreement(struct json *j, const struct picture_master *m, int64_t now_ms)
{
	if (!picture_good(m->until_ms, now_ms))
		return;
	json_text(j, "address", m->address);
	json_int(j, "epoch", m->epoch);
	json_bool(j, "up", m->up);
	json_bool(j, "accepts_writes", m->accepts_writes);
	if (m->accepts_writes == 0 && m->refusal != REFUSAL_NONE)
		json_text(j, "writes_refused", write_refusal_name(m->refusal));
	json_int(j, "counted_sentinels", m->counted);
	json_int(j, "agreeing_sentinels", m->agreeing);
	json_int(j, "distinct_addresses", m->distinct);
	json_int(j, "failover_headroom", m->headroom);
	json_int(j, "reporting_nodes", m->reporting_nodes);
	json_seconds(j, "failover_expected_seconds", m->expected_failover_ms);
	if (m->next != NULL)
		put_name(j, "next_master", m->next->labels);
	if (picture_good(m->loss_until_ms, now_ms))
		json_int(j, "promotion_data_loss_bytes", m->loss_bytes);
}

static void
put_master(struct json *j, const struct picture_master *m, int64_t now_ms)
{
	const struct picture_view *v;
	const struct picture_node *n;

	json_open(j, NULL, '{');
	put_name(j, "master_name", m->labels);
	put_agreement(j, m, now_ms);
	json_time(j, "last_failover", m->failovers.last_wall_ms);
	json_seconds(j, "write_outage_seconds_total", m->failovers.outage_ms);
	json_open(j, "views", '[');
	vec_foreach(v, &m->views)
		if (picture_good(v->until_ms, now_ms))
			put_view(j, v);
	json_close(j, ']');
	json_open(j, "nodes", '[');
	vec_foreach(n, &m->nodes)
		put_node(j, n, now_ms);
	json_close(j, ']');
	put_celery(j, m, now_ms);
	json_close(j, '}');
}

static void
put_findings(struct json *j, const struct findings *found)
{
	const struct finding *f;

	json_open(j, "findings", '[');
	vec_foreach(f, &found->all) {
		json_open(j, NULL, '{');
		json_text(j, "finding", f->id);
		json_text(j, "severity", severity_name(f->severity));
		put_name(j, "master_name", f->master);
		json_text(j, "title", f->title);
		json_text(j, "seen", f->seen);
		json_text(j, "why", f->why);
		json_text(j, "remedy", f->remedy);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
put_group(struct json *j, const struct picture *p, int64_t now_ms)
{
	const struct picture_sentinel *s;
	const struct picture_unknown *u;
	const struct picture_master *m;
	struct findings found = { 0 };

	json_open(j, NULL, '{');
	put_name(j, "group", p->group);
	json_open(j, "sentinels", '[');
	vec_each(s, &p->sentinels)
		put_sentinel(j, s, now_ms);
	json_close(j, ']');
	json_open(j, "unknown_master_names", '[');
	vec_foreach(u, &p->unknown)
		put_name(j, NULL, u->labels);
	json_close(j, ']');
	json_open(j, "masters", '[');
	vec_each(m, &p->masters)
		put_master(j, m, now_ms);
	json_close(j, ']');
	findings_add(&found, p, now_ms);
	put_findings(j, &found);
	findings_fini(&found);
	json_close(j, '}');
}

void
json_status(struct strbuf *out, const struct snapshot *s, struct now now)
{
	struct json j = { .out = out };
	const struct picture *p;

	json_open(&j, NULL, '{');
	json_int(&j, "version", VERSION);
	json_time(&j, "time", now.wall_ms);
	json_time(&j, "last_poll", s->last_poll_wall_ms);
	json_bool(&j, "ready", s->first_round_over);
	json_open(&j, "groups", '[');
	vec_foreach(p, &s->groups)
		put_group(&j, p, now.mono_ms);
	json_close(&j, ']');
	json_close(&j, '}');
	strbuf_putc(out, '\n');
}

void
json_findings(struct strbuf *out, const struct findings *found, struct now now)
{
	struct json j = { .out = out };

	json_open(&j, NULL, '{');
	json_int(&j, "version", VERSION);
	json_time(&j, "time", now.wall_ms);
	put_findings(&j, found);
	json_close(&j, '}');
	strbuf_putc(out, '\n');
}

/*
 * Service discovery: one target list each, as its labels are its own.  A
 * target stays as long as it is known, also while it is down: a failover loses
 * none.
 */

static void
open_target(struct json *j, const struct picture *p, const struct labels *name,
    const char *kind)
{
	json_open(j, NULL, '{');
	json_open(j, "targets", '[');
	put_name(j, NULL, name);
	json_close(j, ']');
	json_open(j, "labels", '{');
	json_text(j, "__meta_sentinel_kind", kind);
	put_name(j, "__meta_sentinel_group", p->group);
}

static void
close_target(struct json *j)
{
	json_close(j, '}');
	json_close(j, '}');
}

static void
put_node_target(struct json *j, const struct picture *p,
    const struct picture_master *m, const struct picture_node *n,
    int64_t now_ms)
{
	const bool agreed = picture_good(m->until_ms, now_ms) && n == m->agreed;

	open_target(j, p, n->labels, "node");
	put_name(j, "__meta_sentinel_master_name", m->labels);
	json_text(j, "__meta_sentinel_role",
	    agreed					    ? "master"
	    : picture_good(m->until_ms, now_ms) && m->known ? "replica"
							    : "unknown");
	json_text(j, "__meta_sentinel_run_id", n->run_id);
	if (picture_good(n->server->info_until_ms, now_ms))
		json_text(
		    j, "__meta_sentinel_version", n->server->info.version);
	close_target(j);
}

static void
put_sentinel_target(struct json *j, const struct picture *p,
    const struct picture_sentinel *s, int64_t now_ms)
{
	open_target(j, p, s->labels, "sentinel");
	json_text(j, "__meta_sentinel_role", "sentinel");
	if (picture_good(s->info_until_ms, now_ms)) {
		json_text(j, "__meta_sentinel_run_id", s->id);
		json_text(j, "__meta_sentinel_version", s->version);
	}
	close_target(j);
}

void
json_targets(struct strbuf *out, const struct snapshot *s, struct now now)
{
	const struct picture_sentinel *sentinel;
	struct json j = { .out = out };
	const struct picture_master *m;
	const struct picture_node *n;
	const struct picture *p;

	json_open(&j, NULL, '[');
	vec_foreach(p, &s->groups) {
		vec_each(sentinel, &p->sentinels)
			put_sentinel_target(&j, p, sentinel, now.mono_ms);
		vec_each(m, &p->masters)
			vec_foreach(n, &m->nodes)
				put_node_target(&j, p, m, n, now.mono_ms);
	}
	json_close(&j, ']');
	strbuf_putc(out, '\n');
}
