/* Replicas of the agreed master, and what a failover to them would cost. */
#include "metrics/families.h"

/* What the replica itself said, while that is good. */
static double
own(const struct subject *s, int64_t v)
{
	return until(s, s->node->server->info_until_ms, known(v));
}

VALUE(link_up, own(s, s->node->replica.link_up));
VALUE(lag,
    until(s, s->node->replica.lag_until_ms, known(s->node->replica.lag_bytes)));
VALUE(ack_age, known(s->node->replica.ack_age_s));
VALUE(link_down, own(s, s->node->replica.link_down_ms) / 1000);
VALUE(syncing, own(s, s->node->replica.sync_in_progress));
VALUE(sync_total, own(s, s->node->server->info.sync_total_bytes));
VALUE(sync_read, own(s, s->node->server->info.sync_read_bytes));
VALUE(depth, own(s, s->node->replica.depth));
VALUE(foreign_master, own(s, s->node->replica.foreign_master));
VALUE(priority, known(s->node->replica.priority));
VALUE(sdown, known(s->node->replica.sdown));
VALUE(promotable, known(s->node->replica.promotable));
VALUE(next_master, known(s->node->replica.next_master));
VALUE(count_promotable, known(s->master->promotable));
VALUE(count_ghosts, known(s->master->ghosts));
VALUE(unannounced, known(s->master->unannounced));
VALUE(data_loss,
    until(s, s->master->loss_until_ms, known(s->master->loss_bytes)));

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
	{ .name = "sentinel_replica_sync_total_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = sync_total,
	    .help = "Size of the data that the replica is reading, where it is "
		    "known: not in a diskless sync (its INFO "
		    "master_sync_total_bytes)." },
	{ .name = "sentinel_replica_sync_read_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = sync_read,
	    .help = "How much of that it has read (its INFO "
		    "master_sync_read_bytes)." },
	{ .name = "sentinel_replica_depth",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = depth,
	    .help = "1 when the replica follows the agreed master, 2 or more "
		    "when it follows another replica; absent when it follows "
		    "neither (its INFO master_host)." },
	{ .name = "sentinel_replica_foreign_master",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = foreign_master,
	    .help = "Whether the replica follows someone from whom no chain "
		    "leads to the agreed master (its INFO master_host)." },
	{ .name = "sentinel_replica_priority",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = priority,
	    .help = "Lower is promoted first, 0 never (INFO slave_priority)." },
	{ .name = "sentinel_replica_sdown",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_REPLICA,
	    .value = sdown,
	    .help = "Whether most sentinels consider the replica down "
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
	    .help = "1 on the replica that Sentinel would promote if the "
		    "master died now." },
	{ .name = "sentinel_replicas_promotable",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = count_promotable,
	    .help = "Replicas that could be promoted." },
	{ .name = "sentinel_replicas_ghost",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = count_ghosts,
	    .help = "Replicas that sentinels know, that do not answer and that "
		    "are attached to no one." },
	{ .name = "sentinel_replicas_unannounced",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = unannounced,
	    .help = "Replicas with replica-announced no: sentinels count and "
		    "may promote them, and hide them from their lists, so "
		    "that they have no series (SENTINEL MASTERS num-slaves "
		    "less SENTINEL REPLICAS)." },
	{ .name = "sentinel_promotion_data_loss_bytes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = data_loss,
	    .help = "Bytes that a failover now would lose, at most: what the "
		    "replica that would be promoted lacks of the master's "
		    "stream." },
};

SECTION(families_replica, "Replicas", replicas);
