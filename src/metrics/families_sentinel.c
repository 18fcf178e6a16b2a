/* Each sentinel, and each sentinel's view of each master. */
#include "metrics/families.h"

VALUE(subscribed, picture_good(s->sentinel->subscribed_until_ms, s->now_ms));
VALUE(tilt, known(s->sentinel->tilt));
VALUE(start_time, known(s->sentinel->start_wall_s));
VALUE(scripts_running, known(s->sentinel->scripts_running));
VALUE(scripts_queued, known(s->sentinel->scripts_queued));

static void
emit_instance(struct samples *out, const struct subject *s)
{
	samples_add(out, 1, s->sentinel->id, s->sentinel->version, NULL);
}

static void
emit_events(struct samples *out, const struct subject *s)
{
	enum event_kind kind;

	for (kind = 0; kind < EVENT_KIND_COUNT; kind++)
		samples_add(out, (double)s->sentinel->events[kind],
		    event_channel(kind), NULL);
}

static const struct family sentinels[] = {
	{ .name = "sentinel_up",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SENTINEL,
	    .value = families_source_up,
	    .help = "Whether the sentinel was reached, let us in and answered "
		    "the last poll." },
	{ .name = "sentinel_instance_info",
	    .type = FAMILY_INFO,
	    .scope = SCOPE_SENTINEL_INFO,
	    .labels = { "id", "version" },
	    .emit = emit_instance,
	    .help = "The sentinel's SENTINEL MYID and its version from INFO." },
	{ .name = "sentinel_subscription_up",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SENTINEL,
	    .value = subscribed,
	    .help = "Whether the subscription to the sentinel's events is "
		    "live." },
	{ .name = "sentinel_tilt",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SENTINEL_INFO,
	    .value = tilt,
	    .help = "Whether the sentinel has suspended itself (INFO "
		    "sentinel_tilt)." },
	{ .name = "sentinel_start_time_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SENTINEL_INFO,
	    .value = start_time,
	    .help = "Unix time at which the sentinel started, give or take a "
		    "second (INFO uptime_in_seconds)." },
	{ .name = "sentinel_scripts_running",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SENTINEL_INFO,
	    .value = scripts_running,
	    .help = "Scripts that the sentinel is running (INFO "
		    "sentinel_running_scripts)." },
	{ .name = "sentinel_scripts_queue_length",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_SENTINEL_INFO,
	    .value = scripts_queued,
	    .help = "Scripts in the sentinel's queue (INFO "
		    "sentinel_scripts_queue_length)." },
	{ .name = "sentinel_events_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_SENTINEL,
	    .labels = { "event" },
	    .emit = emit_events,
	    .help = "Events received from the sentinel's subscription, by "
		    "channel; nothing is received while "
		    "sentinel_subscription_up is 0." },
};

SECTION(families_sentinel, "Each sentinel", sentinels);

static double
flag(const struct subject *s, enum instance_flag f)
{
	return (s->view->flags & f) != 0;
}

VALUE(sdown, flag(s, FLAG_S_DOWN));
VALUE(odown, flag(s, FLAG_O_DOWN));
VALUE(failing_over, flag(s, FLAG_FAILOVER_IN_PROGRESS));
VALUE(config_epoch, known(s->view->config_epoch));
VALUE(quorum, known(s->view->quorum));
VALUE(usable, known(s->view->usable));
VALUE(quorum_ok, known(s->view->quorum_ok));
VALUE(majority_ok, known(s->view->majority_ok));
VALUE(known_sentinels, known(s->view->known_sentinels));
VALUE(known_replicas, known(s->view->known_replicas));
VALUE(down_after, known_ms(s->view->down_after_ms));
VALUE(failover_timeout, known_ms(s->view->failover_timeout_ms));
VALUE(parallel_syncs, known(s->view->parallel_syncs));
VALUE(last_ok_ping, known_ms(s->view->last_ok_ping_ms));
VALUE(unknown_peers, known(s->view->peers_unknown));
VALUE(forced_next, s->forced->next);

static void
emit_view(struct samples *out, const struct subject *s)
{
	if (s->view->address != NULL)
		samples_add(out, 1, s->view->address, NULL);
}

static const struct family views[] = {
	{ .name = "sentinel_master_view_info",
	    .type = FAMILY_INFO,
	    .scope = SCOPE_VIEW,
	    .labels = { "address" },
	    .emit = emit_view,
	    .help = "The address that the sentinel names for the master "
		    "(SENTINEL GET-MASTER-ADDR-BY-NAME)." },
	{ .name = "sentinel_master_sdown",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = sdown,
	    .help = "Whether this sentinel alone considers the master down "
		    "(SENTINEL MASTERS flags s_down)." },
	{ .name = "sentinel_master_odown",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = odown,
	    .help = "Whether a quorum considers the master down, as this "
		    "sentinel sees it (SENTINEL MASTERS flags o_down)." },
	{ .name = "sentinel_master_failover_in_progress",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = failing_over,
	    .help = "Whether this sentinel is leading a failover of the master "
		    "(SENTINEL MASTERS flags failover_in_progress)." },
	{ .name = "sentinel_master_config_epoch",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = config_epoch,
	    .help = "Epoch of the configuration that this sentinel follows "
		    "(SENTINEL MASTERS config-epoch)." },
	{ .name = "sentinel_master_quorum",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = quorum,
	    .help = "Sentinels that must agree that the master is down "
		    "(SENTINEL MASTERS quorum)." },
	{ .name = "sentinel_master_usable_sentinels",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = usable,
	    .help = "Sentinels that this sentinel can count on, itself "
		    "included (SENTINEL CKQUORUM)." },
	{ .name = "sentinel_master_quorum_ok",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = quorum_ok,
	    .help = "Whether enough sentinels are usable to agree that the "
		    "master is down (SENTINEL CKQUORUM)." },
	{ .name = "sentinel_master_majority_ok",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = majority_ok,
	    .help = "Whether enough sentinels are usable to elect the leader "
		    "of a failover (SENTINEL CKQUORUM)." },
	{ .name = "sentinel_master_known_sentinels",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = known_sentinels,
	    .help = "Sentinels that this sentinel knows for the master, "
		    "itself included (SENTINEL MASTERS "
		    "num-other-sentinels + 1)." },
	{ .name = "sentinel_master_known_replicas",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = known_replicas,
	    .help = "Replicas that this sentinel knows for the master "
		    "(SENTINEL MASTERS num-slaves)." },
	{ .name = "sentinel_peers_unknown",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = unknown_peers,
	    .help = "Sentinels that answer us and watch the master too, and "
		    "that this sentinel does not know (SENTINEL "
		    "SENTINELS)." },
	{ .name = "sentinel_replica_forced_next_master",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_FORCED,
	    .value = forced_next,
	    .help = "1 on the replica that SENTINEL FAILOVER, said to this "
		    "sentinel, would promote: it decides by its own copy of "
		    "each replica's INFO, which is up to 10 s old (SENTINEL "
		    "REPLICAS)." },
	{ .name = "sentinel_master_down_after_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = down_after,
	    .help = "Silence after which this sentinel considers the master "
		    "down (SENTINEL MASTERS down-after-milliseconds)." },
	{ .name = "sentinel_master_failover_timeout_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = failover_timeout,
	    .help = "Time limit of a failover's steps (SENTINEL MASTERS "
		    "failover-timeout)." },
	{ .name = "sentinel_master_parallel_syncs",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = parallel_syncs,
	    .help = "Replicas that are pointed to a new master at a time "
		    "(SENTINEL MASTERS parallel-syncs)." },
	{ .name = "sentinel_master_last_ok_ping_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = last_ok_ping,
	    .help = "Age of the master's last good answer to this sentinel's "
		    "PING (SENTINEL MASTERS last-ok-ping-reply)." },
};

SECTION(families_view, "Each sentinel's view of each master", views);
