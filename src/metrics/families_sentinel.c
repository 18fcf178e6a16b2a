/* Each sentinel, and each sentinel's view of each master. */
#include "metrics/families.h"
#include "model/quorum.h"
#include "model/next_master.h"

static double
subscription_up(const struct subject *s)
{
	return s->sentinel->subscription_up &&
	       subject_fresh(s, s->x->snapshot->made_at.mono_ms);
}

VALUE(tilt, known(s->sentinel->info.tilt));
VALUE(start_time, started(s->sentinel->info_at, s->sentinel->info.uptime_s));
VALUE(scripts_running, known(s->sentinel->info.scripts_running));
VALUE(scripts_queued, known(s->sentinel->info.scripts_queue_length));

static void
emit_instance(struct samples *out, const struct subject *s)
{
	samples_add(out, 1, s->sentinel->id, s->sentinel->info.version, NULL);
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
	    .value = subscription_up,
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

SECTION(sentinel, "Each sentinel", sentinels);

static double
flag(const struct subject *s, enum instance_flag f)
{
	return (s->view->fields.flags & f) != 0;
}

/* A figure of SENTINEL CKQUORUM. */
static double
checked(const struct subject *s, double v)
{
	return when(s->view->ckquorum.known, v);
}

VALUE(sdown, flag(s, FLAG_S_DOWN));
VALUE(odown, flag(s, FLAG_O_DOWN));
VALUE(failing_over, flag(s, FLAG_FAILOVER_IN_PROGRESS));
VALUE(config_epoch, known(s->view->fields.config_epoch));
VALUE(quorum, known(s->view->fields.quorum));
VALUE(usable, checked(s, known(s->view->ckquorum.usable)));
VALUE(quorum_ok, checked(s, s->view->ckquorum.quorum_ok));
VALUE(majority_ok, checked(s, s->view->ckquorum.majority_ok));
VALUE(known_sentinels, known(s->view->fields.num_other_sentinels) + 1);
VALUE(known_replicas, known(s->view->fields.num_slaves));
VALUE(down_after, known_ms(s->view->fields.down_after_ms));
VALUE(failover_timeout, known_ms(s->view->fields.failover_timeout_ms));
VALUE(parallel_syncs, known(s->view->fields.parallel_syncs));
VALUE(last_ok_ping, known_ms(s->view->fields.last_ok_ping_reply_ms));

static void
emit_view(struct samples *out, const struct subject *s)
{
	char text[ADDR_TEXT_MAX];

	if (!addr_known(&s->view->addr))
		return;
	addr_format(&s->view->addr, text);
	samples_add(out, 1, text, NULL);
}

static double
unknown_peers(const struct subject *s)
{
	return known(quorum_unknown_peers(s->deployment, s->sentinel, s->view,
	    s->x->now.mono_ms, s->x->snapshot->stale_after_ms));
}

/* While it tells its replicas: 1 on at most one of them. */
static void
emit_forced(struct samples *out, const struct subject *s)
{
	const struct master *m =
	    deployment_master(s->deployment, s->view->fields.name);
	const struct node *n, *next;
	const struct replica_fields *r;

	if (m == NULL || !s->view->lists_known)
		return;
	next = next_master_forced(m, s->view);
	vec_foreach(r, &s->view->replicas) {
		n = master_node(m, &r->addr);
		if (n != NULL)
			samples_add(out, n == next, n->label, NULL);
	}
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
	    .help = "Whether this sentinel alone holds the master for down "
		    "(SENTINEL MASTERS flags s_down)." },
	{ .name = "sentinel_master_odown",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = odown,
	    .help = "Whether a quorum holds the master for down, as this "
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
	    .scope = SCOPE_VIEW,
	    .labels = { "replica" },
	    .emit = emit_forced,
	    .help = "1 on the replica that SENTINEL FAILOVER, said to this "
		    "sentinel, would promote: it decides by its own copy of "
		    "each replica's INFO, which is up to 10 s old (SENTINEL "
		    "REPLICAS)." },
	{ .name = "sentinel_master_down_after_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_VIEW,
	    .value = down_after,
	    .help = "Silence after which this sentinel holds the master for "
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

SECTION(view, "Each sentinel's view of each master", views);
