/* Replicas of the agreed master, and what a failover to them would cost. */
#include "metrics/families.h"

/* What the replica itself said, while that is fresh. */
static double
told(const struct subject *s, double v)
{
	return when(subject_fresh(s, s->node->server->info_at.mono_ms), v);
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

/* Whom it follows shows only while it says that it is a replica. */
static double
foreign_master(const struct subject *s)
{
	const struct replication *r = &s->node->replication;

	return told(s, when(s->node->server->info.role == ROLE_REPLICA,
			   r->foreign_master));
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
VALUE(sync_total, told(s, known(s->node->server->info.sync_total_bytes)));
VALUE(sync_read, told(s, known(s->node->server->info.sync_read_bytes)));
VALUE(depth, told(s, known(s->node->replication.depth)));
VALUE(unannounced, known(s->master->agreement.unannounced));
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

	vec_each(node, &s->master->nodes)
	{
		replicas += node->replication.replica;
		known_of += node->replication.promotable_known;
		n += node->replication.promotable;
	}
	return when(
	    s->master->agreement.known && (replicas == 0 || known_of > 0),
	    known(n));
}

/* Absent when there are replicas and of none is it known. */
static double
count_ghosts(const struct subject *s)
{
	int64_t replicas = 0, known_of = 0, n = 0;
	const struct node *node;

	vec_each(node, &s->master->nodes)
	{
		replicas += node->replication.replica;
		known_of += node->replication.ghost_known;
		n += node->replication.ghost;
	}
	return when(
	    s->master->agreement.known && (replicas == 0 || known_of > 0),
	    known(n));
}

/* Also of a replica whose link is down, unlike its lag: it can be promoted all
 * the same. */
static double
data_loss(const struct subject *s)
{
	const struct replication *r;
	const struct node *node;

	vec_each(node, &s->master->nodes)
	{
		r = &node->replication;
		if (r->next_master)
			return when(
			    subject_fresh(s, node->server->info_at.mono_ms) &&
				subject_fresh(s, r->lag_at_ms),
			    known(r->missing_bytes));
	}
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

SECTION(replica, "Replicas", replicas);
