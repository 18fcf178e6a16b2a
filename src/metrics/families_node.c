/* Data nodes, and replicas. */
#include "metrics/families.h"

static double
role_master(const struct subject *s)
{
	enum role role = s->node->info.role;

	return when(role != ROLE_UNKNOWN, role == ROLE_MASTER);
}

VALUE(loading, known(s->node->info.loading));
VALUE(start_time, started(s->node->info_at, s->node->info.uptime_s));
VALUE(clients, known(s->node->info.connected_clients));
VALUE(rejected, known(s->node->info.rejected_connections));
VALUE(memory_used, known(s->node->info.used_memory));
VALUE(memory_max, known(s->node->info.maxmemory));
VALUE(evicted, known(s->node->info.evicted_keys));

static void
emit_node(struct samples *out, const struct subject *s)
{
	samples_add(out, 1, s->node->info.run_id, s->node->info.version, NULL);
}

static void
emit_policy(struct samples *out, const struct subject *s)
{
	if (s->node->info.policy[0] != '\0')
		samples_add(out, 1, s->node->info.policy, NULL);
}

/* aof_last_write_status says ok also where there is no append-only file. */
static void
emit_persistence(struct samples *out, const struct subject *s)
{
	const struct node_info *info = &s->node->info;

	samples_add(out, known(info->rdb_last_bgsave_ok), "rdb", NULL);
	if (info->aof_enabled == 1)
		samples_add(out, known(info->aof_last_write_ok), "aof", NULL);
}

static const struct family nodes[] = {
	{ .name = "sentinel_node_up",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE,
	    .value = families_source_up,
	    .help = "Whether the node was reached, let us in and answered the "
		    "last poll." },
	{ .name = "sentinel_node_info",
	    .type = FAMILY_INFO,
	    .scope = SCOPE_NODE_INFO,
	    .labels = { "run_id", "version" },
	    .emit = emit_node,
	    .help = "The node's run id and version (INFO server)." },
	{ .name = "sentinel_node_role_master",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = role_master,
	    .help = "Whether the node says role:master (INFO replication)." },
	{ .name = "sentinel_node_loading",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = loading,
	    .help = "Whether the node is loading its data (INFO loading)." },
	{ .name = "sentinel_node_start_time_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = start_time,
	    .help = "Unix time at which the node started, give or take a "
		    "second (INFO uptime_in_seconds)." },
	{ .name = "sentinel_node_connected_clients",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = clients,
	    .help = "Clients of the node (INFO connected_clients)." },
	{ .name = "sentinel_node_rejected_connections_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_NODE_INFO,
	    .value = rejected,
	    .help = "Connections refused because of maxclients (INFO "
		    "rejected_connections)." },
	{ .name = "sentinel_node_memory_used_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = memory_used,
	    .help = "Memory in use (INFO used_memory)." },
	{ .name = "sentinel_node_memory_max_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = memory_max,
	    .help = "Memory limit; 0 is no limit (INFO maxmemory)." },
	{ .name = "sentinel_node_maxmemory_policy_info",
	    .type = FAMILY_INFO,
	    .scope = SCOPE_NODE_INFO,
	    .labels = { "policy" },
	    .emit = emit_policy,
	    .help = "What the node does at its memory limit (INFO "
		    "maxmemory_policy); a broker needs noeviction." },
	{ .name = "sentinel_node_evicted_keys_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_NODE_INFO,
	    .value = evicted,
	    .help = "Keys thrown away at the memory limit (INFO "
		    "evicted_keys)." },
	{ .name = "sentinel_node_persistence_ok",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .labels = { "kind" },
	    .emit = emit_persistence,
	    .help = "Whether the last snapshot (rdb) or the last write to the "
		    "append-only file (aof, where it is on) went well (INFO "
		    "persistence)." },
};

SECTION(node, "Data nodes", nodes);

/* What the replica itself said, while that is fresh. */
static double
told(const struct subject *s, double v)
{
	return when(subject_fresh(s, s->node->info_at.mono_ms), v);
}

static double
link_up(const struct subject *s)
{
	const struct replication *r = &s->node->replication;

	return told(s, when(r->link_known, r->link_up));
}

static double
lag(const struct subject *s)
{
	const struct replication *r = &s->node->replication;

	return told(
	    s, when(subject_fresh(s, r->lag_at_ms), known(r->lag_bytes)));
}

/* What the sentinels that know the replica make of it. */
static double
judged(const struct subject *s, double v)
{
	return when(s->node->replication.promotable_known, v);
}

VALUE(ack_age, known(s->node->replication.ack_age_s));
VALUE(link_down, told(s, known_ms(s->node->replication.link_down_ms)));
VALUE(syncing, told(s, known(s->node->replication.sync_in_progress)));
VALUE(priority, known(s->node->replication.priority));
VALUE(sdown, known(s->node->replication.sdown));
VALUE(promotable, judged(s, s->node->replication.promotable));
VALUE(next_master, judged(s, s->node->replication.next_master));

/* How many replicas are so; absent when there are some and none is judged. */
static double
count_promotable(const struct subject *s)
{
	int64_t replicas = 0, known_of = 0, n = 0;
	const struct node *node;

	vec_foreach(node, &s->master->nodes) {
		replicas += node->replication.replica;
		known_of += node->replication.promotable_known;
		n += node->replication.promotable;
	}
	return when(
	    s->master->agreement.known && (replicas == 0 || known_of > 0),
	    known(n));
}

static double
count_ghosts(const struct subject *s)
{
	const struct node *node;
	int64_t n = 0;

	vec_foreach(node, &s->master->nodes)
		n += node->replication.ghost;
	return when(s->master->agreement.known, known(n));
}

static double
data_loss(const struct subject *s)
{
	struct subject next = *s;

	vec_foreach(next.node, &s->master->nodes)
		if (next.node->replication.next_master)
			return lag(&next);
	return ABSENT;
}

static const struct family replicas[] = {
	{ .name = "sentinel_replica_link_up",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = link_up,
	    .help = "Whether the replica's link to its master is up (its INFO "
		    "master_link_status)." },
	{ .name = "sentinel_replica_lag_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = lag,
	    .help = "Bytes of the master's stream that the replica lacks, at "
		    "most: its own offset, read before the master's, while "
		    "the link is up." },
	{ .name = "sentinel_replica_ack_age_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = ack_age,
	    .help = "Age of the replica's last acknowledgement (the master's "
		    "INFO slaveN lag)." },
	{ .name = "sentinel_replica_link_down_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = link_down,
	    .help = "For how long the link has been down, 0 while it is up "
		    "(the replica's INFO "
		    "master_link_down_since_seconds)." },
	{ .name = "sentinel_replica_sync_in_progress",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = syncing,
	    .help = "Whether the replica is reading the master's whole data "
		    "(its INFO master_sync_in_progress)." },
	{ .name = "sentinel_replica_priority",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = priority,
	    .help = "Lower is promoted first, 0 never (INFO slave_priority)." },
	{ .name = "sentinel_replica_sdown",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = sdown,
	    .help = "Whether most sentinels hold the replica for down "
		    "(SENTINEL REPLICAS flags s_down)." },
	{ .name = "sentinel_replica_promotable",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = promotable,
	    .help = "Whether the replica could be promoted, by Sentinel's own "
		    "rule." },
	{ .name = "sentinel_replica_next_master",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = next_master,
	    .help = "1 on the replica that Sentinel would promote now." },
	{ .name = "sentinel_replicas_promotable",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = count_promotable,
	    .help = "Replicas that could be promoted." },
	{ .name = "sentinel_replicas_ghost",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = count_ghosts,
	    .help = "Replicas that sentinels know and that are attached to no "
		    "one." },
	{ .name = "sentinel_promotion_data_loss_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = data_loss,
	    .help = "Bytes that a failover now would lose, at most: the lag "
		    "of the replica that would be promoted." },
};

SECTION(replica, "Replicas", replicas);
