/* The deployment, as all sentinels and nodes together show it. */
#include "metrics/families.h"

const struct node *
families_agreed_node(const struct subject *s)
{
	const struct agreement *a = &s->master->agreement;

	if (!a->known || !subject_fresh(s, a->at_ms))
		return NULL;
	return master_node(s->master, &a->master);
}

/* What makes sense only when the view of some sentinel counts. */
static double
agreed(const struct subject *s, double v)
{
	return when(s->master->agreement.known, v);
}

static double
master_up(const struct subject *s)
{
	const struct agreement *a = &s->master->agreement;

	return agreed(s, when(a->up_known, a->up));
}

static double
headroom(const struct subject *s)
{
	const struct agreement *a = &s->master->agreement;

	return when(a->headroom_known, known(a->headroom));
}

static double
last_failover(const struct subject *s)
{
	int64_t ms = s->master->failovers.last_wall_ms;

	return when(ms > 0, known_ms(ms));
}

static double
split_since(const struct subject *s)
{
	const struct agreement *a = &s->master->agreement;

	return when(
	    a->split_since.mono_ms > 0, known_ms(a->split_since.wall_ms));
}

VALUE(distinct, agreed(s, known(s->master->agreement.distinct)));
VALUE(agreeing, agreed(s, known(s->master->agreement.agreeing)));
VALUE(reporting_nodes, known(s->master->agreement.reporting_nodes));
VALUE(attempts, (double)s->master->failovers.attempts);
VALUE(address_changes, (double)s->master->failovers.address_changes);
VALUE(reboots, (double)s->master->failovers.reboots);

/* An open interval counts up to the moment of the snapshot, not to now: the
 * master may have answered in between, and a counter must never go back. */
static double
write_outage(const struct subject *s)
{
	const struct failover_stats *f = &s->master->failovers;
	int64_t ms = f->outage_ms, until = s->x->snapshot->made_at.mono_ms;

	if (f->outage_since_mono_ms != NUM_UNKNOWN &&
	    until > f->outage_since_mono_ms)
		ms += until - f->outage_since_mono_ms;
	return known_ms(ms);
}

static void
emit_master(struct samples *out, const struct subject *s)
{
	const struct agreement *a = &s->master->agreement;
	const struct node *n = families_agreed_node(s);
	const char *run_id = "", *version = "";
	char text[ADDR_TEXT_MAX];

	if (!a->known)
		return;
	addr_format(&a->master, text);
	if (n != NULL)
		run_id = n->run_id;
	if (n != NULL && subject_fresh(s, n->server->info_at.mono_ms))
		version = n->server->info.version;
	samples_add(out, 1, text, run_id, version, NULL);
}

static void
emit_drift(struct samples *out, const struct subject *s)
{
	enum agreement_setting i;

	for (i = 0; i < AGREEMENT_SETTING_COUNT; i++)
		samples_add(out, agreed(s, s->master->agreement.drift[i]),
		    agreement_setting_name(i), NULL);
}

static void
emit_failovers(struct samples *out, const struct subject *s)
{
	int i;

	for (i = 0; i < FAILOVER_KINDS; i++)
		samples_add(out, (double)s->master->failovers.failovers[i],
		    failover_kind_names[i], NULL);
}

static void
emit_aborts(struct samples *out, const struct subject *s)
{
	int i;

	for (i = 0; i < FAILOVER_ABORTS; i++)
		samples_add(out, (double)s->master->failovers.aborts[i],
		    failover_abort_names[i], NULL);
}

static void
emit_duration(struct samples *out, const struct subject *s)
{
	const struct failover_stats *f = &s->master->failovers;

	samples_histogram(out, failover_bucket_le, f->buckets, FAILOVER_BUCKETS,
	    f->duration_sum_s);
}

/* Phases mean something only once there was a failover. */
static void
emit_phases(struct samples *out, const struct subject *s)
{
	const struct failover_stats *f = &s->master->failovers;
	int i;

	for (i = 0; i < FAILOVER_PHASES && f->last_wall_ms > 0; i++)
		samples_add(out, known_ms(f->last_phase_ms[i]),
		    failover_phase_names[i], NULL);
}

/* INFO of the agreed master while it answers as one, or NULL. */
static const struct node_info *
master_info(const struct subject *s)
{
	const struct node *n = families_agreed_node(s);

	if (n == NULL || !s->master->agreement.up ||
	    !subject_fresh(s, n->server->info_at.mono_ms) ||
	    n->server->info.role != ROLE_MASTER)
		return NULL;
	return &n->server->info;
}

/* Bindings are what a broker cannot do without; lists and unacked messages
 * show one whose bindings are named otherwise. */
static double
carries_broker(const struct subject *s)
{
	const struct celery_db *d;
	const struct queue *q;
	bool carries = false;

	vec_foreach(d, &s->master->celery.dbs) {
		carries |= d->unacked > 0;
		vec_foreach(q, &d->queues)
			carries |= q->bound || queue_length(q) > 0;
	}
	return when(master_info(s) != NULL, carries);
}

static void
emit_db(struct samples *out, const struct subject *s, size_t offset)
{
	const struct node_info *info = master_info(s);
	const struct info_db *d;
	char text[12];
	int64_t v;

	if (info == NULL)
		return;
	vec_foreach(d, &info->dbs) {
		memcpy(&v, (const char *)d + offset, sizeof(v));
		(void)snprintf(text, sizeof(text), "%d", d->db);
		samples_add(out, known(v), text, NULL);
	}
}

static void
emit_keys(struct samples *out, const struct subject *s)
{
	emit_db(out, s, offsetof(struct info_db, keys));
}

static void
emit_expiring(struct samples *out, const struct subject *s)
{
	emit_db(out, s, offsetof(struct info_db, expires));
}

static const struct family deployment[] = {
	{ .name = "sentinel_master_info",
	    .type = FAMILY_INFO,
	    .scope = SCOPE_AGREEMENT,
	    .labels = { "address", "run_id", "version" },
	    .emit = emit_master,
	    .help = "The agreed master: the address with the highest config "
		    "epoch that most sentinels not in TILT name." },
	{ .name = "sentinel_master_up",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = master_up,
	    .help = "Whether the agreed master answers us and says "
		    "role:master." },
	{ .name = "sentinel_master_distinct_addresses",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = distinct,
	    .help = "Different masters that the sentinels name; 1 is right." },
	{ .name = "sentinel_master_agreeing_sentinels",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = agreeing,
	    .help = "Sentinels that name the agreed master." },
	{ .name = "sentinel_master_reporting_nodes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = reporting_nodes,
	    .help = "Nodes that say role:master; more than 1 is a split "
		    "brain." },
	{ .name = "sentinel_master_split_brain_since_timestamp_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = split_since,
	    .help =
		"Unix time since when without a break more than one node "
		"has said role:master; absent while only one does. About 10 s "
		"are normal when an old master returns." },
	{ .name = "sentinel_master_failover_headroom",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = headroom,
	    .help = "Sentinels that may still be lost before a failover is "
		    "impossible; negative when it is impossible now." },
	{ .name = "sentinel_master_config_drift",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .labels = { "setting" },
	    .emit = emit_drift,
	    .help = "Whether reachable sentinels differ in the setting." },
	{ .name = "sentinel_failovers_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .labels = { "kind" },
	    .emit = emit_failovers,
	    .help = "Completed failovers, each counted once whatever number "
		    "of sentinels told of it; kind is automatic, forced or "
		    "unknown." },
	{ .name = "sentinel_failover_attempts_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .value = attempts,
	    .help = "Failovers that a sentinel began, completed or not." },
	{ .name = "sentinel_failover_aborts_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .labels = { "reason" },
	    .emit = emit_aborts,
	    .help = "Failovers that a sentinel gave up; reason is "
		    "not_elected, no_good_replica or replica_timeout." },
	{ .name = "sentinel_failover_duration_seconds",
	    .type = FAMILY_HISTOGRAM,
	    .scope = SCOPE_MASTER,
	    .emit = emit_duration,
	    .help = "From the first +sdown (+try-failover when forced) to the "
		    "first +switch-master." },
	{ .name = "sentinel_failover_last_phase_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_MASTER,
	    .labels = { "phase" },
	    .emit = emit_phases,
	    .help = "How long the phases of the last failover took; phase is "
		    "detection, election, promotion or reconfiguration." },
	{ .name = "sentinel_failover_last_timestamp_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_MASTER,
	    .value = last_failover,
	    .help = "Unix time of the last completed failover." },
	{ .name = "sentinel_master_write_outage_seconds_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .value = write_outage,
	    .help = "Time in which no agreed master answered us as a "
		    "master." },
	{ .name = "sentinel_master_address_changes_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .value = address_changes,
	    .help = "Changes of the master's address without a new config "
		    "epoch, which are no failovers." },
	{ .name = "sentinel_master_reboots_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .value = reboots,
	    .help = "Times that the same master came back with a new run "
		    "id." },
	{ .name = "sentinel_master_carries_broker",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = carries_broker,
	    .help = "Whether queues, bindings or unacknowledged messages of "
		    "Celery were found on the master." },
	{ .name = "sentinel_db_keys",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .labels = { "db" },
	    .emit = emit_keys,
	    .help = "Keys in the master's database (INFO keyspace)." },
	{ .name = "sentinel_db_expiring_keys",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .labels = { "db" },
	    .emit = emit_expiring,
	    .help = "Keys with an expiry in the master's database (INFO "
		    "keyspace)." },
};

SECTION(deployment,
    "The deployment, as all sentinels and nodes together show it", deployment);
