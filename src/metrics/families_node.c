/* Data nodes, and who is attached to them. */
#include "metrics/families.h"

static double
role_master(const struct subject *s)
{
	enum role role = s->node->server->info.role;

	return when(role != ROLE_UNKNOWN, role == ROLE_MASTER);
}

VALUE(loading, known(s->node->server->info.loading));
VALUE(start_time, known(s->node->server->start_wall_s));
VALUE(clients, known(s->node->server->info.connected_clients));
VALUE(rejected, known(s->node->server->info.rejected_connections));
VALUE(memory_used, known(s->node->server->info.used_memory));
VALUE(memory_max, known(s->node->server->info.maxmemory));
VALUE(evicted, known(s->node->server->info.evicted_keys));
VALUE(good_replicas, known(s->node->server->info.min_slaves_good_slaves));
VALUE(diverged, known(s->node->diverged_bytes));

/* The replicas of this very node, whether or not sentinels announce them: of a
 * master also those with "replica-announced no", of a replica those that are
 * cascaded. */
VALUE(attached_online, s->attached->online);
VALUE(attached_ack_age, known(s->attached->ack_age_s));
VALUE(attached_ack_lag, known(s->attached->ack_lag_bytes));

static void
emit_node(struct samples *out, const struct subject *s)
{
	samples_add(out, 1, s->node->server->info.run_id,
	    s->node->server->info.version, NULL);
}

static void
emit_policy(struct samples *out, const struct subject *s)
{
	if (s->node->server->info.policy[0] != '\0')
		samples_add(out, 1, s->node->server->info.policy, NULL);
}

/* aof_last_write_status says ok also where there is no append-only file. */
static void
emit_persistence(struct samples *out, const struct subject *s)
{
	const struct node_info *info = &s->node->server->info;

	samples_add(out, known(info->rdb_last_bgsave_ok), "rdb", NULL);
	if (info->aof_enabled == 1)
		samples_add(out, known(info->aof_last_write_ok), "aof", NULL);
}

static void
emit_refused(struct samples *out, const struct subject *s)
{
	const struct node_info *info = &s->node->server->info;

	samples_add(out, known(info->errors_misconf), "misconf", NULL);
	samples_add(out, known(info->errors_noreplicas), "noreplicas", NULL);
	samples_add(out, known(info->errors_oom), "oom", NULL);
	samples_add(out, known(info->errors_readonly), "readonly", NULL);
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
	{ .name = "sentinel_node_refused_writes_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_NODE_INFO,
	    .labels = { "reason" },
	    .emit = emit_refused,
	    .help = "Writes that the node refused; reason is misconf (it "
		    "cannot persist, and refuses PING too, so that Sentinel "
		    "replaces it), noreplicas (min-replicas-to-write), oom "
		    "(memory limit) or readonly (it is a replica) (INFO "
		    "errorstats, Redis 6.2 on)." },
	{ .name = "sentinel_node_good_replicas",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = good_replicas,
	    .help = "Replicas that count for min-replicas-to-write, where that "
		    "is set; at 0 every write is refused, above that the "
		    "setting decides, which INFO does not tell (INFO "
		    "min_slaves_good_slaves)." },
	{ .name = "sentinel_node_diverged_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_NODE_INFO,
	    .value = diverged,
	    .help = "Of a master that is not the agreed one: bytes that it has "
		    "written since the agreed one was promoted, which are lost "
		    "when it is made a replica (INFO master_replid2, "
		    "second_repl_offset)." },
	{ .name = "sentinel_node_attached_replica_online",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_ATTACHED,
	    .value = attached_online,
	    .help = "Whether a replica of this node gets its stream, and not "
		    "the whole data first; also those that sentinels do not "
		    "announce or that follow a replica (INFO slaveN state)." },
	{ .name = "sentinel_node_attached_replica_ack_age_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_ATTACHED,
	    .value = attached_ack_age,
	    .help = "Age of the replica's last acknowledgement to this node "
		    "(INFO slaveN lag)." },
	{ .name = "sentinel_node_attached_replica_ack_lag_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_ATTACHED,
	    .value = attached_ack_lag,
	    .help = "Bytes that the replica has not acknowledged to this node; "
		    "acknowledgements come once a second, so up to a second of "
		    "writes is normal (INFO slaveN offset)." },
};

SECTION(families_node, "Data nodes", nodes);
