/*
 * sample_deployment - a deployment built by hand that has something of everything: three
 * sentinels, one of them down and one not allowed CKQUORUM; a master, a
 * replica, a ghost; a failover; Celery queues with a name full of traps.
 */
#ifndef UNIT_METRICS_SAMPLE_DEPLOYMENT_H
#define UNIT_METRICS_SAMPLE_DEPLOYMENT_H

#include <stdio.h>
#include <string.h>

#include "base/build_info.h"
#include "base/num.h"
#include "metrics/family.h"
#include "model/deployment.h"
#include "model/snapshot.h"

#define SAMPLE_AT_MS	    INT64_C(1000000)	/* monotonic */
#define SAMPLE_WALL_MS	    INT64_C(1790000000500)
#define SAMPLE_STALE_MS    INT64_C(15000)

static const struct now sample_at = { SAMPLE_AT_MS, SAMPLE_WALL_MS };

/* Every byte that must not reach a label as it is. */
static const char sample_trap[] = "a\"b\\c\nd\xff\0e{}=,\xe2\x82\xac";
#define SAMPLE_TRAP_LEN (sizeof(sample_trap) - 1)

static inline struct addr
sample_addr(const char *text)
{
	struct addr a = { 0 };

	if (!addr_parse(&a, text, strlen(text), 0))
		abort();
	return a;
}

static inline struct view *
sample_view(struct sentinel *s, const char *master_name)
{
	struct view *v = sentinel_add_view(s, master_name);

	v->fields.config_epoch = 7;
	v->fields.quorum = 2;
	v->fields.num_slaves = 2;
	v->fields.num_other_sentinels = 2;
	v->fields.down_after_ms = 2500;
	v->fields.failover_timeout_ms = 60000;
	v->fields.parallel_syncs = 1;
	v->fields.last_ok_ping_reply_ms = 123;
	v->addr = sample_addr("10.0.0.1:6379");
	v->at_ms = SAMPLE_AT_MS;
	return v;
}

static inline struct sentinel *
sample_sentinel(struct deployment *d, const char *label)
{
	struct sentinel *s = deployment_add_sentinel(d, label);

	s->addr = sample_addr(label);
	s->source = (struct source){ .tried = true, .up = true,
		.last_success = sample_at };
	s->info_at = sample_at;
	strcpy(s->info.version, "7.0.15");
	strcpy(s->id, "2f0c66a7c3a5b3f6a9b0bb8a3a4b6b61f0cbb8d1");
	s->info.uptime_s = 3600;
	s->info.tilt = 0;
	s->info.scripts_running = 0;
	s->info.scripts_queue_length = 4;
	s->subscription_up = true;
	return s;
}

static inline void
sample_sentinels(struct deployment *d)
{
	struct sentinel *s;
	struct view *v;

	s = sample_sentinel(d, "10.0.0.11:26379");
	s->events[EVENT_SDOWN] = 3;
	s->events[EVENT_OTHER] = 1;
	v = sample_view(s, "mymaster");
	v->fields.quorum = 1;
	v->ckquorum = (struct ckquorum){ true, 2, true, false };
	v->lists_known = true;
	*vec_push(&v->replicas) = (struct replica_fields){
		.addr = sample_addr("10.0.0.2:6379"), .priority = 100,
		.info_refresh_ms = 1000 };
	*vec_push(&v->replicas) = (struct replica_fields){
		.addr = sample_addr("10.0.0.3:6379"), .priority = 100,
		.flags = FLAG_S_DOWN };
	s = sample_sentinel(d, "10.0.0.12:26379");
	s->id[0] = '\0';
	s->info.tilt = 1;
	s->info.scripts_running = NUM_UNKNOWN;
	s->source.errors[REASON_NOPERM] = 12;
	v = sample_view(s, "mymaster");
	v->fields.flags = FLAG_S_DOWN | FLAG_O_DOWN | FLAG_FAILOVER_IN_PROGRESS;
	v->fields.num_other_sentinels = NUM_UNKNOWN;
	v->addr = sample_addr("redis-0.redis.svc:6379");
	s = deployment_add_sentinel(d, "[fd00::13]:26379");
	s->source.tried = true;
	s->source.errors[REASON_REFUSED] = 5;
	/* Named in the configuration, not yet dialled. */
	deployment_add_sentinel(d, "[fd00::14]:26379");
}

static inline struct node *
sample_node(struct master *m, const char *label)
{
	struct addr addr = sample_addr(label);
	struct node *n = master_add_node(m, &addr);

	n->server->source = (struct source){ .tried = true, .up = true,
		.last_success = sample_at };
	n->server->asked_at = n->server->info_at = sample_at;
	strcpy(n->run_id, "0123456789abcdef0123456789abcdef01234567");
	n->server->info = (struct node_info){
		.version = "7.0.15", .role = ROLE_MASTER, .uptime_s = 86400,
		.policy = "noeviction", .connected_clients = 17,
		.rejected_connections = 2, .used_memory = 1234567,
		.evicted_keys = 0, .rdb_last_bgsave_ok = 1,
		.aof_enabled = 1, .aof_last_write_ok = 0,
		.min_slaves_good_slaves = NUM_UNKNOWN, .errors_misconf = 0,
		.errors_noreplicas = 4, .errors_oom = NUM_UNKNOWN,
		.errors_readonly = 1, .master_repl_offset = 5000,
		.slave_repl_offset = 4958, .sync_total_bytes = NUM_UNKNOWN,
		.sync_read_bytes = NUM_UNKNOWN,
	};
	n->replication.diverged_bytes = NUM_UNKNOWN;
	strcpy(n->server->info.run_id, n->run_id);
	return n;
}

static inline void
sample_nodes(struct master *m)
{
	struct info_db *db;
	struct addr addr;
	struct node *n;

	n = sample_node(m, "10.0.0.1:6379");
	addr = sample_addr("redis-0.redis.svc:6379");
	node_add_alias(n, &addr);
	db = vec_push(&n->server->info.dbs);
	*db = (struct info_db){ 0, 120, 20 };
	db = vec_push(&n->server->info.dbs);
	*db = (struct info_db){ 15, 3, NUM_UNKNOWN };
	n->server->info.min_slaves_good_slaves = 1;
	*vec_push(&n->server->info.replicas) = (struct info_replica){
		sample_addr("10.0.0.2:6379"), true, 4900, 1 };
	/* Not announced by sentinels. */
	*vec_push(&n->server->info.replicas) = (struct info_replica){
		sample_addr("10.0.0.4:6379"), false, 0, 0 };
	n = sample_node(m, "10.0.0.2:6379");
	n->server->info.role = ROLE_REPLICA;
	n->server->info.sync_total_bytes = 8192;
	n->server->info.sync_read_bytes = 4096;
	n->server->info.aof_enabled = 0;
	n->server->info.policy[0] = '\0';
	n->replication = (struct replication){ .replica = true,
		.link_known = true, .link_up = true, .lag_bytes = 42,
		.missing_bytes = 42, .depth = 1, .diverged_bytes = 77,
		.ghost_known = true, .lag_at_ms = SAMPLE_AT_MS,
		.ack_age_s = 1, .priority = 100,
		.promotable_known = true, .promotable = true,
		.next_master = true };
	n = sample_node(m, "10.0.0.3:6379");
	n->server->source = (struct source){ .tried = true };
	n->server->source.errors[REASON_TIMEOUT] = 9;
	n->server->info_at = (struct now){ 0, 0 };
	n->replication = (struct replication){ .replica = true,
		.lag_bytes = NUM_UNKNOWN, .ack_age_s = NUM_UNKNOWN,
		.missing_bytes = NUM_UNKNOWN, .depth = NUM_UNKNOWN,
		.diverged_bytes = NUM_UNKNOWN, .ghost_known = true,
		.link_down_ms = NUM_UNKNOWN, .sync_in_progress = NUM_UNKNOWN,
		.priority = 100, .sdown = 1, .promotable_known = true,
		.ghost = true };
}

static inline void
sample_failovers(struct failover_stats *f)
{
	int i;

	f->failovers[FAILOVER_AUTOMATIC] = 2;
	f->failovers[FAILOVER_FORCED] = 1;
	f->attempts = 5;
	f->aborts[ABORT_NO_GOOD_REPLICA] = 2;
	f->buckets[0] = 1;
	f->buckets[3] = 1;
	f->buckets[FAILOVER_BUCKETS] = 1;
	f->duration_sum_s = 703.25;
	f->last_wall_ms = SAMPLE_WALL_MS - 60000;
	for (i = 0; i < FAILOVER_PHASES; i++)
		f->last_phase_ms[i] = 1500 * (i + 1);
	f->last_phase_ms[PHASE_ELECTION] = NUM_UNKNOWN;
	f->address_changes = 1;
	f->reboots = 4;
	f->outage_ms = 12500;
	f->outage_since_mono_ms = NUM_UNKNOWN;
}

static inline void
sample_queue(struct celery_db *db, const char *name, size_t len,
    int64_t first, int64_t second)
{
	struct queue *q = celery_db_add_queue(db, name, len);

	*vec_push(&q->lengths) = first;
	*vec_push(&q->lengths) = second;
	q->bound_known = true;
	q->bound = true;
}

/* A message that waits, of which something is known, or not. */
static inline void
sample_head(const struct celery_db *db, const char *name, bool known,
    int64_t stranded)
{
	struct queue *q = celery_db_queue(db, name, strlen(name));

	q->head = (struct head){ .known = known, .at_ms = SAMPLE_AT_MS,
		.since_wall_ms = SAMPLE_WALL_MS - 90000 };
	q->stranded = stranded;
}

static inline void
sample_celery(struct celery *c)
{
	struct celery_db *db;

	c->node = sample_addr("redis-0.redis.svc:6379");
	c->url_conflict_known = true;
	c->workers = 4;
	c->workers_at_ms = SAMPLE_AT_MS;
	*vec_push(&c->steps) = 0;
	*vec_push(&c->steps) = 3;
	db = celery_add_db(c, 0);
	db->at_ms = SAMPLE_AT_MS;
	db->unacked = 6;
	db->unacked_oldest_wall_ms = SAMPLE_WALL_MS - 4000000;
	db->unacked_overdue = 2;
	db->unacked_stranded = 1;
	db->readers_sign = READERS_CLIENTS;
	db->left_out = 7;
	db->shared = 1;
	sample_queue(db, "celery", 6, 10, 2);
	sample_queue(db, "denied", 6, 10, NUM_UNKNOWN);
	sample_queue(db, "empty", 5, 0, 0);
	db->queues.v[2].bound = false;
	sample_queue(db, sample_trap, SAMPLE_TRAP_LEN, 1, 0);
	/* These are told apart by their bytes. */
	sample_queue(db, "\xfe", 1, 1, 1);
	sample_queue(db, "\xff", 1, 2, 2);
	sample_head(db, "celery", true, 1);
	sample_head(db, "denied", false, 0);
	/* Looked at so long ago that it may have gone. */
	sample_head(db, "empty", true, NUM_UNKNOWN);
	celery_db_queue(db, "empty", 5)->head.at_ms -= SAMPLE_STALE_MS + 1;
	db = celery_add_db(c, 1);
	db->at_ms = SAMPLE_AT_MS;
	db->readers_sign = READERS_PIDBOX;
	db->readers = 3;
	sample_queue(db, "celery", 6, 0, 0);
}

static inline void
sample_master(struct deployment *d)
{
	struct master *m = deployment_add_master(d, "mymaster");

	m->agreement = (struct agreement){ .known = true,
		.master = sample_addr("10.0.0.1:6379"), .epoch = 7,
		.counted = 1, .agreeing = 1, .distinct = 1,
		.headroom_known = true, .headroom = -1, .up = true,
		.up_known = true, .reporting_nodes = 2, .unannounced = 1,
		.split_since = { SAMPLE_AT_MS - 7000,
		    SAMPLE_WALL_MS - 7000 },
		.at_ms = SAMPLE_AT_MS };
	m->agreement.drift[SETTING_QUORUM] = true;
	m->acceptance = (struct write_acceptance){ .accepts = 0,
		.refusal = REFUSAL_OOM };
	sample_nodes(m);
	sample_failovers(&m->failovers);
	sample_celery(&m->celery);
}

/* What the exporter would say of itself. */
static inline void
sample_self(struct self_stats *self)
{
	static const struct build_info build = { "0.1.0", "abcdef012345",
		"gcc 12.2.0" };

	*self = (struct self_stats){ .build = &build, .cpu_seconds = 1.25, .start_time_seconds = 1789990000.5,
		.open_fds = 12, .max_fds = 1024, .resident_bytes = 6000640,
		.virtual_bytes = 90001408, .virtual_max_bytes = NUM_UNKNOWN,
		.threads = 2, .n_http = 2,
		.http = { { "/metrics", 200, 99 }, { "other", 404, 1 } } };
}

static inline void
sample_init(struct deployment *d, const char *group)
{
	static char right[] = "mymaster", wrong[] = "mymastre";
	static char *names[] = { right, wrong };
	static const struct strlist wanted = { { names, 2, 2 } };

	*d = (struct deployment){ .master_names = &wanted };
	if (group != NULL)
		d->group = xstrdup(group);
	sample_sentinels(d);
	sample_master(d);
}

/* A snapshot of n deployments, taken later_ms after the sample was made. */
static inline struct snapshot *
sample_snapshot(struct deployment *d, size_t n, int64_t later_ms)
{
	const struct picture_time t = { { SAMPLE_AT_MS + later_ms,
					    SAMPLE_WALL_MS + later_ms },
		SAMPLE_STALE_MS };
	struct snapshot *s = snapshot_new();
	size_t i;

	s->made_at = t.now;
	s->first_round_over = true;
	s->poll_duration_ms = 37;
	s->last_poll_wall_ms = SAMPLE_WALL_MS;
	s->config_ok = true;
	s->config_wall_ms = SAMPLE_WALL_MS - 60000;
	for (i = 0; i < n; i++) {
		deployment_changed(&d[i]);
		snapshot_add(s, &d[i], &t);
	}
	return s;
}

#endif
