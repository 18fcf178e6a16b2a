/* The deployment, as all sentinels and nodes together show it. */
#include "metrics/families.h"
#include "model/findings.h"

VALUE(master_up, known(s->master->up));
VALUE(is_known, s->master != NULL);
VALUE(accepts_writes, known(s->master->accepts_writes));
VALUE(expected, known_ms(s->master->expected_failover_ms));
VALUE(distinct, known(s->master->distinct));
VALUE(agreeing, known(s->master->agreeing));
VALUE(reporting_nodes, known(s->master->reporting_nodes));
VALUE(split_since, known_ms(s->master->split_since_wall_ms));
VALUE(headroom, known(s->master->headroom));
VALUE(attempts, (double)s->master->failovers.attempts);
VALUE(address_changes, (double)s->master->failovers.address_changes);
VALUE(reboots, (double)s->master->failovers.reboots);
VALUE(last_failover, moment(s->master->failovers.last_wall_ms));
VALUE(outage_total, known_ms(s->master->failovers.outage_ms));
VALUE(carries_broker, when(picture_master_info(s->master, s->now_ms) != NULL,
			  known(s->master->celery.carries_broker)));

static void
emit_master(struct samples *out, const struct subject *s)
{
	const struct picture_node *n = s->master->agreed;
	const char *run_id = "", *version = "";

	if (!s->master->known)
		return;
	if (n != NULL)
		run_id = n->run_id;
	if (n != NULL && picture_good(n->server->info_until_ms, s->now_ms))
		version = n->server->info.version;
	samples_add(out, 1, s->master->address, run_id, version, NULL);
}

static void
emit_refused(struct samples *out, const struct subject *s)
{
	if (s->master->accepts_writes == 0 &&
	    s->master->refusal != REFUSAL_NONE)
		samples_add(
		    out, 1, write_refusal_name(s->master->refusal), NULL);
}

/* Of the group, and of each of its masters: the latter with their name. */
static void
emit_findings(struct samples *out, const struct subject *s)
{
	const struct picture_master *m;
	struct findings found = { 0 };
	const struct finding *f;

	findings_add_group(&found, s->picture, s->now_ms);
	vec_each(m, &s->picture->masters)
		findings_add_master(&found, s->picture, m, s->now_ms);
	vec_foreach(f, &found.all) {
		out->labels = f->master != NULL ? f->master : s->labels;
		samples_add(out, 1, f->id, severity_name(f->severity), NULL);
	}
	findings_fini(&found);
}

static void
emit_drift(struct samples *out, const struct subject *s)
{
	enum agreement_setting i;

	for (i = 0; i < AGREEMENT_SETTING_COUNT; i++)
		samples_add(out, known(s->master->drift[i]),
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

static void
emit_db(struct samples *out, const struct subject *s, bool expiring)
{
	const struct node_info *info =
	    picture_master_info(s->master, s->now_ms);
	const struct info_db *d;
	char text[12];

	if (info == NULL)
		return;
	vec_foreach(d, &info->dbs) {
		(void)snprintf(text, sizeof(text), "%d", d->db);
		samples_add(
		    out, known(expiring ? d->expires : d->keys), text, NULL);
	}
}

static void
emit_keys(struct samples *out, const struct subject *s)
{
	emit_db(out, s, false);
}

static void
emit_expiring(struct samples *out, const struct subject *s)
{
	emit_db(out, s, true);
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
	{ .name = "sentinel_master_known",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_MASTER_NAME,
	    .value = is_known,
	    .help = "Whether any sentinel knows the master; 0 for a configured "
		    "name that none of those that answer knows." },
	{ .name = "sentinel_master_accepts_writes",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = accepts_writes,
	    .help = "Whether the agreed master accepts writes, as far as can "
		    "be known without writing (PING, INFO)." },
	{ .name = "sentinel_master_writes_refused",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .labels = { "reason" },
	    .emit = emit_refused,
	    .help = "1 while writes are refused for that reason: loading, "
		    "busy, noreplicas, oom, misconf, readonly or no_answer; "
		    "absent while they are not." },
	{ .name = "sentinel_failover_expected_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_AGREEMENT,
	    .value = expected,
	    .help = "How long a failover would take if the master died now: "
		    "down-after-milliseconds of the quorum, then election and "
		    "promotion as the last failovers took here, or as "
		    "Sentinel's timers allow where there was none." },
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
	{ .name = "sentinel_finding",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_GROUP,
	    .labels = { "finding", "severity" },
	    .emit = emit_findings,
	    .help = "1 for each thing that is wrong or risky, as the command "
		    "doctor explains it; with master_name unless it is about "
		    "the sentinels as a whole; severity is critical, warning "
		    "or info." },
	{ .name = "sentinel_failovers_total",
	    .type = FAMILY_COUNTER,
	    .scope = SCOPE_MASTER,
	    .labels = { "kind" },
	    .emit = emit_failovers,
	    .help = "Completed failovers, each counted once however many "
		    "sentinels reported it; kind is automatic, forced or "
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
	    .value = outage_total,
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

SECTION(families_deployment,
    "The deployment, as all sentinels and nodes together show it", deployment);
