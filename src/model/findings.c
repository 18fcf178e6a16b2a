/* What is wrong, or risky: the table of rules. */
#include "model/findings.h"

#include <stdlib.h>
#include <string.h>

#include "model/findings_parts.h"

#define MASTER(id, severity, look, title, why)                           \
	{                                                                \
		(id), SEVERITY_##severity, false, (look), (title), (why) \
	}
#define GROUP(id, severity, look, title, why)                           \
	{                                                               \
		(id), SEVERITY_##severity, true, (look), (title), (why) \
	}

/* The order is that of the doctor, within a severity. */
static const struct finding_rule rules[] = {
	GROUP("master_name_unknown", CRITICAL, finding_name_unknown,
	    "No sentinel knows the master name",
	    "Clients that ask for it get no address, and nothing is watched "
	    "under it. Most often it is a typing error."),
	MASTER("master_down", CRITICAL, finding_master_down,
	    "The master does not answer",
	    "No client can write until it is back or a replica is promoted."),
	MASTER("writes_refused", CRITICAL, finding_writes_refused,
	    "The master refuses writes",
	    "It is up, and clients get an error for each write."),
	MASTER("split_brain", CRITICAL, finding_split_brain,
	    "More than one node says that it is master",
	    "Clients of the wrong one write data that is lost when it becomes "
	    "a replica. About 10 s are normal when an old master returns."),
	MASTER("sentinels_disagree", CRITICAL, finding_disagree,
	    "The sentinels name different masters",
	    "Clients get one master or another, by the sentinel they ask."),
	MASTER("quorum_unreachable", CRITICAL, finding_quorum_unreachable,
	    "A failover is impossible now",
	    "Too few sentinels reach each other to agree that the master is "
	    "down, or to elect the one that leads the failover."),
	GROUP("sentinels_share_id", CRITICAL, finding_ids_shared,
	    "Several sentinels have one id",
	    "They count as one: votes are lost, and they drop each other from "
	    "their lists. A copied image or configuration file does that."),
	MASTER("no_promotable_replica", CRITICAL, finding_none_promotable,
	    "No replica can be promoted",
	    "If the master died now there would be no failover."),
	MASTER("no_replica", CRITICAL, finding_no_replica,
	    "The master has no replica",
	    "If it died there would be nothing to fail over to."),
	MASTER("priority_zero", CRITICAL, finding_priority_zero,
	    "Every replica has priority 0",
	    "Sentinel never promotes a replica of priority 0."),
	MASTER("failover_refused", CRITICAL, finding_replica_refuses,
	    "Replicas do not obey the sentinels",
	    "Failovers were begun and given up because the chosen replica did "
	    "not become master: SLAVEOF, CONFIG or MULTI is renamed or denied "
	    "to the sentinels' user."),
	MASTER("persistence_failing", CRITICAL, finding_persistence_fails,
	    "The data cannot be written to disk",
	    "Redis refuses writes after a failed snapshot unless told "
	    "otherwise, and a restart loses what was not saved."),
	MASTER("broker_url_conflict", CRITICAL, finding_url_conflict,
	    "The broker's URLs name different databases",
	    "Celery uses the first one that answers, so that workers and "
	    "publishers can sit in different databases after a failover."),
	MASTER("tasks_stranded", CRITICAL, finding_stranded,
	    "Tasks wait where no worker reads",
	    "They are not lost, and nobody will ever run them there."),
	MASTER("unacked_stranded", CRITICAL, finding_unacked_stranded,
	    "Delivered tasks were left behind in a database",
	    "Only a worker of that database can give them back to the queue."),
	MASTER("evicts_broker", CRITICAL, finding_eviction,
	    "The memory limit deletes queues",
	    "With any policy but noeviction Redis deletes keys at its limit, "
	    "lists of tasks and bindings too."),
	GROUP("sentinel_tilt", WARNING, finding_tilt, "A sentinel is in TILT",
	    "It takes no part in failovers until its clock or its host has "
	    "been steady for 30 s."),
	GROUP("sentinel_down", WARNING, finding_sentinel_down,
	    "A sentinel does not answer",
	    "One less that can vote, and one less that clients can ask."),
	MASTER("no_spare_sentinel", WARNING, finding_no_spare,
	    "No sentinel may fail",
	    "One more that is lost and no failover is possible."),
	MASTER("quorum_of_one", WARNING, finding_quorum_of_one,
	    "One sentinel alone decides that the master is down",
	    "A single sentinel with a bad network starts a failover."),
	MASTER("quorum_too_large", WARNING, finding_quorum_too_large,
	    "The quorum is more than a majority",
	    "A majority of the sentinels could fail over, and may not."),
	MASTER("too_few_sentinels", WARNING, finding_too_few_sentinels,
	    "Fewer than three sentinels",
	    "With two, both must live for a failover; with one there is no "
	    "second opinion."),
	MASTER("settings_differ", WARNING, finding_settings_differ,
	    "The sentinels have different settings",
	    "Which one leads a failover decides how it goes. SENTINEL SET "
	    "changes one sentinel only."),
	MASTER("dead_peers", WARNING, finding_dead_peers,
	    "Sentinels count peers that are gone",
	    "Each one raises the majority that a failover needs: "
	    "Sentinel never forgets a peer by itself."),
	MASTER("peers_unknown", WARNING, finding_peers_unknown,
	    "Sentinels do not know each other",
	    "They cannot vote together. They find each other by messages "
	    "through the master: PUBLISH or the network may be closed."),
	MASTER("ghost_replicas", WARNING, finding_ghosts,
	    "Sentinels know replicas that are gone",
	    "They are offered to clients as replicas, and are asked until they "
	    "are removed."),
	MASTER("address_unreachable", WARNING, finding_unreachable,
	    "An announced address cannot be reached from here",
	    "Sentinels reach it, or take it for alive. Clients elsewhere may "
	    "fail as this exporter does: an address of a container network, "
	    "or one behind NAT."),
	MASTER("loopback_announced", WARNING, finding_loopback,
	    "A loopback address is announced",
	    "Everyone else who is given it reaches himself."),
	MASTER("address_shared", WARNING, finding_address_shared,
	    "Two replicas announce one address",
	    "Sentinel takes them for one, and cannot promote the other."),
	MASTER("one_replica", WARNING, finding_one_replica, "Only one replica",
	    "While it restarts, or once it was promoted, there is none."),
	MASTER("one_host", WARNING, finding_one_host,
	    "Master and majority share a host",
	    "If it is lost, so is the majority that would fail over."),
	MASTER("replica_link_down", WARNING, finding_link_down,
	    "A replica has lost its master",
	    "It falls behind, and is soon too old to be promoted."),
	MASTER("replica_follows_other", WARNING, finding_follows_other,
	    "A replica follows another master",
	    "Sentinels list it as a replica of this one, and could promote "
	    "it with the other's data."),
	MASTER("writable_replica", WARNING, finding_writable_replica,
	    "A replica accepts writes",
	    "What is written there is lost, and differs from the master."),
	MASTER("min_replicas_tight", WARNING, finding_min_replicas,
	    "Writes stop with the next replica that is lost",
	    "min-replicas-to-write is set and one good replica is left."),
	MASTER("persistence_off", WARNING, finding_persistence_off,
	    "The master saves nothing",
	    "A master that restarts at once comes back empty, before any "
	    "failover, and its replicas copy the emptiness."),
	MASTER("backlog_small", WARNING, finding_backlog,
	    "The replication backlog is short",
	    "A replica that is away longer than the backlog lasts must copy "
	    "everything, and cannot be promoted meanwhile."),
	MASTER("down_after_short", WARNING, finding_down_after,
	    "down-after-milliseconds is short",
	    "A pause of the host, a fork or a slow script becomes a failover."),
	MASTER("failover_timeout_short", WARNING, finding_failover_timeout,
	    "failover-timeout is short",
	    "A failover is given up before its replicas were reconfigured, and "
	    "the next try comes after twice that time."),
	MASTER("queue_bound_twice", WARNING, finding_bound_twice,
	    "A queue is bound in several databases",
	    "Workers or publishers used more than one. Bindings outlive their "
	    "use, so it may be over."),
	MASTER("queue_unbound", WARNING, finding_unbound,
	    "A configured queue has no binding",
	    "Celery drops messages to a queue without a binding, silently."),
	MASTER("broker_shares_db", WARNING, finding_db_shared,
	    "Broker and other data share a database",
	    "FLUSHDB of a cache deletes the queues with it."),
	GROUP("clocks_differ", WARNING, finding_clocks, "Clocks differ",
	    "A clock that jumps puts a sentinel into TILT, and times of events "
	    "and tasks are off."),
	GROUP("rights_missing", WARNING, finding_rights,
	    "The exporter lacks rights",
	    "What it may not read is shown nowhere."),
	GROUP("sentinels_open", WARNING, finding_sentinels_open,
	    "The sentinels ask for no password",
	    "Whoever reaches one can make any server the master."),
	MASTER("nodes_open", WARNING, finding_nodes_open,
	    "The data nodes ask for no password",
	    "Whoever reaches one can read, write and delete everything."),
	MASTER("even_sentinels", INFO, finding_even_sentinels,
	    "An even number of sentinels",
	    "One of them adds nothing: as many may fail without it."),
	GROUP("sentinel_versions", INFO, finding_sentinel_versions,
	    "Sentinels of different versions",
	    "Fine while they are being upgraded."),
	MASTER("node_versions", INFO, finding_node_versions,
	    "Data nodes of different versions",
	    "A replica must not be older than its master: it may not "
	    "understand its data."),
};
#define NRULES (sizeof(rules) / sizeof(rules[0]))

const char *
severity_name(enum severity s)
{
	static const char *const names[SEVERITIES] = { "critical", "warning",
		"info" };

	return names[s];
}

const struct finding_rule *
findings_rule(size_t i)
{
	return i < NRULES ? &rules[i] : NULL;
}

void
finding_cli(struct strbuf *b, const char *address)
{
	const char *colon = strrchr(address, ':');
	size_t len =
	    colon == NULL ? strlen(address) : (size_t)(colon - address);

	if (len > 1 && address[0] == '[') { /* [v6] */
		address++;
		len -= 2;
	}
	strbuf_puts(b, "redis-cli -h ");
	strbuf_add(b, address, len);
	if (colon != NULL)
		strbuf_printf(b, " -p %s", colon + 1);
	strbuf_putc(b, ' ');
}

void
finding_quote(struct strbuf *b, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-.:/";

	if (name[0] != '\0' && strspn(name, plain) == strlen(name)) {
		strbuf_puts(b, name);
		return;
	}
	strbuf_putc(b, '\'');
	for (; *name != '\0'; name++)
		if (*name == '\'')
			strbuf_puts(b, "'\\''");
		else
			strbuf_putc(b, *name);
	strbuf_putc(b, '\'');
}

void
finding_list(struct strbuf *b, const char *address)
{
	if (b->len > 0)
		strbuf_puts(b, ", ");
	strbuf_puts(b, address);
}

void
finding_command(
    struct finding_look *f, const char *address, const char *command)
{
	if (address == NULL)
		return;
	if (f->remedy.len > 0)
		strbuf_putc(&f->remedy, '\n');
	finding_cli(&f->remedy, address);
	strbuf_puts(&f->remedy, command);
}

void
finding_on_sentinels(struct finding_look *f, const char *word, const char *rest)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views) {
		if (!finding_good(f, v->until_ms))
			continue;
		if (f->remedy.len > 0)
			strbuf_putc(&f->remedy, '\n');
		finding_cli(&f->remedy, v->sentinel->name);
		strbuf_printf(&f->remedy, "SENTINEL %s ", word);
		finding_quote(&f->remedy, f->m->labels->name);
		if (rest[0] != '\0')
			strbuf_printf(&f->remedy, " %s", rest);
	}
}

static void
findings_look(struct findings *to, const struct finding_rule *rule,
    const struct picture *p, const struct picture_master *m, int64_t now_ms)
{
	struct finding_look f = { .p = p, .m = m, .now_ms = now_ms };
	struct finding *found;
	size_t len;

	if (rule->look(&f)) {
		found = vec_push(&to->all);
		found->id = rule->id;
		found->severity = rule->severity;
		found->title = rule->title;
		found->why = rule->why;
		found->master = m == NULL ? NULL : m->labels;
		found->seen = strbuf_take(&f.seen, &len);
		found->remedy = strbuf_take(&f.remedy, &len);
	}
	strbuf_fini(&f.seen);
	strbuf_fini(&f.remedy);
}

void
findings_add_group(struct findings *to, const struct picture *p, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < NRULES; i++)
		if (rules[i].of_group)
			findings_look(to, &rules[i], p, NULL, now_ms);
}

void
findings_add_master(struct findings *to, const struct picture *p,
    const struct picture_master *m, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < NRULES; i++)
		if (!rules[i].of_group)
			findings_look(to, &rules[i], p, m, now_ms);
}

void
findings_add(struct findings *to, const struct picture *p, int64_t now_ms)
{
	const struct picture_master *m;
	struct findings unsorted = { 0 };
	const struct finding *f;
	enum severity s;

	findings_add_group(&unsorted, p, now_ms);
	vec_each(m, &p->masters)
		findings_add_master(&unsorted, p, m, now_ms);
	for (s = 0; s < SEVERITIES; s++)
		vec_foreach(f, &unsorted.all)
			if (f->severity == s)
				*vec_push(&to->all) = *f;
	vec_fini(&unsorted.all);
}

void
findings_fini(struct findings *f)
{
	struct finding *found;

	vec_foreach(found, &f->all) {
		free(found->seen);
		free(found->remedy);
	}
	vec_fini(&f->all);
}
