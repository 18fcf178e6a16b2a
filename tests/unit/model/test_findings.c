/* Each finding, one by one: a deployment in which all is well, and one thing
 * that is not. */
#include "model/findings.h"

#include <string.h>

#include "model/findings_parts.h"
#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;
static struct master *m;
static struct celery_db *db;

static struct view *
view(size_t i)
{
	return d.sentinels.v[i]->views.v[0];
}

static struct node *
node(size_t i)
{
	return m->nodes.v[i];
}

static void
add_sentinel(const char *label)
{
	struct sentinel *s = fleet_sentinel(&d, label);
	struct view *v = fleet_view(s, "a", 3);

	s->source.last_success = s->info_at;
	s->info.server_time_us = fleet_now.wall_ms * 1000;
	strcpy(s->info.version, "7.0.15");
	v->fields.num_other_sentinels = 2;
	v->fields.num_slaves = 2;
	v->lists_known = false;
	v->ckquorum = (struct ckquorum){ true, 3, true, true };
}

static void
add_node(const char *name, enum role role)
{
	struct node *n = fleet_node(m, name, role, 0);
	struct node_info *i = &n->server->info;

	n->server->source.last_success = fleet_now;
	n->server->info_at = fleet_now;
	strcpy(i->version, "7.0.15");
	strcpy(i->policy, "noeviction");
	i->server_time_us = fleet_now.wall_ms * 1000;
	i->maxmemory = 1000;
	i->aof_enabled = i->aof_last_write_ok = i->rdb_last_bgsave_ok = 1;
	i->read_only = 1;
	i->min_slaves_good_slaves = NUM_UNKNOWN;
	i->backlog_bytes = 1000000;
	i->uptime_s = 90000;
	if (role != ROLE_REPLICA)
		return;
	n->replication = (struct replication){ .replica = true,
		.link_known = true,
		.link_up = true,
		.priority = 100,
		.promotable_known = true,
		.promotable = true,
		.ghost_known = true,
		.depth = 1 };
}

static void
setup(void)
{
	struct queue *q;

	d = (struct deployment){ 0 };
	m = deployment_add_master(&d, FLEET_MASTER);
	add_sentinel("s1:26379");
	add_sentinel("s2:26379");
	add_sentinel("s3:26379");
	add_node("a", ROLE_MASTER);
	add_node("b", ROLE_REPLICA);
	add_node("c", ROLE_REPLICA);
	m->agreement = (struct agreement){ .known = true,
		.master = fleet_addr("a"),
		.epoch = 3,
		.counted = 3,
		.agreeing = 3,
		.distinct = 1,
		.headroom_known = true,
		.headroom = 1,
		.up = true,
		.up_known = true,
		.reporting_nodes = 1,
		.at_ms = FLEET_NOW_MS };
	m->acceptance = (struct write_acceptance){ .accepts = 1 };
	m->celery.node = fleet_addr("a");
	*vec_push(&m->celery.steps) = 0;
	db = celery_add_db(&m->celery, 0);
	db->at_ms = FLEET_NOW_MS;
	q = celery_db_add_queue(db, "it's", 4);
	*vec_push(&q->lengths) = 5;
	q->bound = q->bound_known = q->configured = true;
}

static void
teardown(void)
{
	deployment_fini(&d);
}

/* One thing that is not well, and what is to be said of it. */
struct case_of {
	const char *id;
	void (*make)(void);
	const char *seen, *remedy;
};

static char wrong_name[] = "mm";
static char *wrong_names[] = { wrong_name };
static const struct strlist wanted = { { wrong_names, 1, 1 } };

static void
name_unknown(void)
{
	d.master_names = &wanted;
}

static void
tilt(void)
{
	d.sentinels.v[1]->info.tilt = 1;
}

static void
ids_shared(void)
{
	strcpy(d.sentinels.v[1]->id, d.sentinels.v[0]->id);
}

static void
sentinel_down(void)
{
	d.sentinels.v[2]->source.up = false;
	d.sentinels.v[2]->source.reason = REASON_TIMEOUT;
}

static void
sentinel_versions(void)
{
	strcpy(d.sentinels.v[1]->info.version, "6.2.0");
}

static void
clocks(void)
{
	node(1)->server->info.server_time_us += 5000000;
}

static void
rights(void)
{
	node(1)->server->source.reason = REASON_NOPERM;
}

static void
sentinels_open(void)
{
	d.sentinels_open = true;
}

static void
nodes_open(void)
{
	d.nodes_open = true;
}

static void
quorum_unreachable(void)
{
	m->agreement.headroom = -1;
	view(0)->ckquorum = (struct ckquorum){ true, 1, false, false };
}

static void
no_spare(void)
{
	m->agreement.headroom = 0;
}

static void
quorum_of_one(void)
{
	view(1)->fields.quorum = 1;
}

static void
quorum_too_large(void)
{
	view(0)->fields.quorum = 3;
}

static void
known_sentinels(int64_t n)
{
	size_t i;

	for (i = 0; i < 3; i++)
		view(i)->fields.num_other_sentinels = n - 1;
}

static void
too_few_sentinels(void)
{
	known_sentinels(2);
}

static void
even_sentinels(void)
{
	known_sentinels(4);
}

static void
disagree(void)
{
	m->agreement.distinct = 2;
}

static void
settings_differ(void)
{
	m->agreement.drift[SETTING_QUORUM] = true;
}

static void
dead_peers(void)
{
	view(0)->lists_known = true;
	fleet_peer(view(0), "s2:26379");
	fleet_peer(view(0), "s3:26379");
	fleet_peer(view(0), "gone")->flags = FLAG_S_DOWN;
	view(0)->fields.num_other_sentinels = 2;
}

static void
down_after(void)
{
	view(0)->fields.down_after_ms = 500;
}

static void
failover_timeout(void)
{
	view(0)->fields.failover_timeout_ms = 3000;
}

static void
peers_unknown(void)
{
	/* It lists none of the two others. */
	view(0)->lists_known = true;
}

static void
master_down(void)
{
	m->agreement.up = false;
	node(0)->server->source.up = false;
	node(0)->server->source.reason = REASON_CLOSED;
}

static void
writes_refused(void)
{
	m->acceptance = (struct write_acceptance){ .refusal = REFUSAL_MISCONF };
}

static void
split_brain(void)
{
	m->agreement.reporting_nodes = 2;
	node(1)->server->info.role = ROLE_MASTER;
}

static void
ghosts(void)
{
	node(2)->replication.ghost = true;
	node(2)->replication.sdown = 1;
	add_node("e", ROLE_REPLICA);
}

static void
unreachable(void)
{
	node(1)->server->source.up = false;
	node(1)->server->source.reason = REASON_TIMEOUT;
}

static void
loopback(void)
{
	view(0)->addr = fleet_addr("127.0.0.1");
}

static void
address_shared(void)
{
	fleet_attach(node(0), "b");
	fleet_attach(node(0), "b");
}

static void
no_replica(void)
{
	node(1)->replication.replica = node(2)->replication.replica = false;
}

static void
one_replica(void)
{
	node(2)->replication.replica = false;
}

static void
none_promotable(void)
{
	node(1)->replication.promotable = node(2)->replication.promotable =
	    false;
}

static void
priority_zero(void)
{
	none_promotable();
	node(1)->replication.priority = node(2)->replication.priority = 0;
}

static void
one_host(void)
{
	deployment_rename_sentinel(&d, d.sentinels.v[0], "a:1");
	deployment_rename_sentinel(&d, d.sentinels.v[1], "a:2");
}

static void
replica_refuses(void)
{
	m->failovers.aborts[ABORT_REPLICA_TIMEOUT] = 2;
}

static void
eviction(void)
{
	strcpy(node(0)->server->info.policy, "allkeys-lru");
}

static void
persistence_off(void)
{
	struct node_info *i = &node(0)->server->info;

	i->aof_enabled = 0;
	i->rdb_changes = 7;
	i->rdb_last_save_s = fleet_now.wall_ms / 1000 - i->uptime_s;
}

static void
persistence_fails(void)
{
	node(0)->server->info.rdb_last_bgsave_ok = 0;
}

static void
writable_replica(void)
{
	node(1)->server->info.read_only = 0;
}

static void
min_replicas(void)
{
	node(0)->server->info.min_slaves_good_slaves = 1;
}

static void
node_versions(void)
{
	strcpy(node(1)->server->info.version, "6.2.0");
}

static void
backlog(void)
{
	node(0)->replication.before =
	    (struct offset_reading){ 0, FLEET_NOW_MS - 1000 };
	node(0)->replication.last =
	    (struct offset_reading){ 100000, FLEET_NOW_MS };
}

static void
link_down(void)
{
	node(1)->replication.link_up = false;
	node(1)->replication.link_down_ms = 9000;
}

static void
follows_other(void)
{
	node(1)->server->info.master = fleet_addr("x");
	node(1)->replication.foreign_master = true;
}

static void
url_conflict(void)
{
	m->celery.url_conflict_known = m->celery.url_conflict = true;
	*vec_push(&m->celery.url_dbs) = 0;
	*vec_push(&m->celery.url_dbs) = 3;
}

static void
bound_twice(void)
{
	struct celery_db *other = celery_add_db(&m->celery, 4);
	struct queue *q = celery_db_add_queue(other, "it's", 4);

	other->at_ms = FLEET_NOW_MS;
	q->bound = q->bound_known = true;
}

static void
stranded(void)
{
	db->queues.v[0].stranded = 1;
}

static void
unacked_stranded(void)
{
	db->unacked = 6;
	db->unacked_stranded = 1;
}

static void
db_shared(void)
{
	db->shared = 1;
}

static void
unbound(void)
{
	db->queues.v[0].bound = false;
}

static const struct case_of cases[] = {
	{ "master_name_unknown", name_unknown, "know: m. Is m meant?",
	    "--sentinel.master-name=m\n" },
	{ "sentinel_tilt", tilt, "s2:26379",
	    "redis-cli -h s2 -p 26379 INFO sentinel" },
	{ "sentinels_share_id", ids_shared, "s1:26379", "myid" },
	{ "sentinel_down", sentinel_down, "s3:26379 (timeout)", "PING" },
	{ "sentinel_versions", sentinel_versions, "s2:26379 6.2.0", "" },
	{ "clocks_differ", clocks, "b:6379 +5.0 s", "chronyc" },
	{ "rights_missing", rights, "b:6379 (noperm)", "ACL SETUSER" },
	{ "sentinels_open", sentinels_open, "s1:26379", "requirepass" },
	{ "nodes_open", nodes_open, "a:6379", "requirepass" },
	{ "quorum_unreachable", quorum_unreachable, "1 more sentinels",
	    "SENTINEL CKQUORUM m" },
	{ "no_spare_sentinel", no_spare, "3 sentinels count", "CKQUORUM" },
	{ "quorum_of_one", quorum_of_one, "s2:26379",
	    "SENTINEL SET m quorum 2" },
	{ "quorum_too_large", quorum_too_large, "quorum 3 of 3",
	    "SET m quorum 2" },
	{ "too_few_sentinels", too_few_sentinels, "2 of at least 3",
	    "sentinel monitor m" },
	{ "even_sentinels", even_sentinels, "of which 1 may fail", "" },
	{ "sentinels_disagree", disagree, "s1:26379 names a:6379 in epoch 3",
	    "GET-MASTER-ADDR-BY-NAME m" },
	{ "settings_differ", settings_differ, "quorum", "SENTINEL MASTER m" },
	{ "dead_peers", dead_peers, "s1:26379 counts 1", "SENTINEL RESET m" },
	{ "peers_unknown", peers_unknown, "s1:26379 does not know",
	    "SENTINELS m" },
	{ "down_after_short", down_after, "s1:26379 500 ms",
	    "down-after-milliseconds 5000" },
	{ "failover_timeout_short", failover_timeout, "3000 ms",
	    "failover-timeout 60000" },
	{ "master_down", master_down, "a:6379 (closed)",
	    "redis-cli -h a -p 6379 PING" },
	{ "writes_refused", writes_refused, "a:6379: misconf", "BGSAVE" },
	{ "split_brain", split_brain, "a:6379, b:6379", "-h b -p 6379" },
	{ "ghost_replicas", ghosts, "c:6379", "SENTINEL RESET m" },
	{ "address_unreachable", unreachable, "b:6379 (timeout)",
	    "replica-announce-ip" },
	{ "loopback_announced", loopback, "s1:26379 names 127.0.0.1:6379",
	    "SENTINEL REMOVE m" },
	{ "address_shared", address_shared, "b:6379, attached to a:6379",
	    "replica-announce-port" },
	{ "no_replica", no_replica, "a:6379", "REPLICAOF" },
	{ "one_replica", one_replica, "a:6379 has one", "REPLICAOF" },
	{ "no_promotable_replica", none_promotable, "b:6379, c:6379",
	    "SENTINEL REPLICAS m" },
	{ "priority_zero", priority_zero, "b:6379, c:6379",
	    "replica-priority 100" },
	{ "one_host", one_host, "2 of 3 sentinels", "" },
	{ "failover_refused", replica_refuses, "2 failovers",
	    "ACL SETUSER sentinel" },
	{ "evicts_broker", eviction, "allkeys-lru",
	    "maxmemory-policy noeviction" },
	{ "persistence_off", persistence_off, "7 changes are unsaved",
	    "CONFIG SET appendonly yes" },
	{ "persistence_failing", persistence_fails,
	    "a:6379: the last snapshot failed", "BGSAVE" },
	{ "writable_replica", writable_replica, "b:6379",
	    "replica-read-only yes" },
	{ "min_replicas_tight", min_replicas, "1 good replica",
	    "min-replicas-to-write" },
	{ "node_versions", node_versions, "b:6379 6.2.0", "" },
	{ "backlog_small", backlog, "lasts 10 s", "repl-backlog-size" },
	{ "replica_link_down", link_down, "b:6379, for 9 s",
	    "INFO replication" },
	{ "replica_follows_other", follows_other, "b:6379 follows x:6379",
	    "REPLICAOF" },
	{ "broker_url_conflict", url_conflict, "databases 0, 3",
	    "sentinel://" },
	{ "queue_bound_twice", bound_twice, "it's in databases 0 4",
	    "-n 4 --scan" },
	{ "tasks_stranded", stranded, "it's: 5 tasks in database 0",
	    "worker -Q 'it'\\''s'" },
	{ "unacked_stranded", unacked_stranded, "6 in database 0", "database" },
	{ "broker_shares_db", db_shared, "database 0", "--scan" },
	{ "queue_unbound", unbound, "it's", "worker -Q" },
};
#define N(a) (sizeof(a) / sizeof((a)[0]))

static struct findings
look(int64_t later_ms)
{
	const struct picture_time t = { fleet_now, FLEET_STALE_MS };
	struct findings found = { 0 };
	struct finding *f;
	struct picture p;

	deployment_changed(&d);
	picture_init(&p, &d, &t);
	findings_add(&found, &p, FLEET_NOW_MS + later_ms);
	/* What it borrows is gone with the picture. */
	vec_foreach(f, &found.all)
		f->master = NULL;
	picture_fini(&p);
	return found;
}

static const struct finding *
find(const struct findings *all, const char *id)
{
	const struct finding *f;

	vec_foreach(f, &all->all)
		if (strcmp(f->id, id) == 0)
			return f;
	return NULL;
}

START_TEST(nothing_is_found_where_all_is_well)
{
	struct findings found = look(0);
	const struct finding *f;

	vec_foreach(f, &found.all)
		ck_abort_msg("%s: %s", f->id, f->seen);
	findings_fini(&found);
}
END_TEST

START_TEST(is_found)
{
	const struct case_of *c = &cases[_i];
	struct findings found;
	const struct finding *f;

	c->make();
	found = look(0);
	f = find(&found, c->id);
	ck_assert_msg(f != NULL, "%s is not found", c->id);
	ck_assert_msg(
	    strstr(f->seen, c->seen) != NULL, "%s: seen: %s", c->id, f->seen);
	ck_assert_msg(strstr(f->remedy, c->remedy) != NULL, "%s: remedy: %s",
	    c->id, f->remedy);
	ck_assert_uint_gt(strlen(f->why), 20);
	findings_fini(&found);
}
END_TEST

/* Of what is too old nothing is said: only counters and what is configured
 * stay, and that the sentinels do not answer. */
START_TEST(what_is_stale_is_no_finding)
{
	static const char *const stay[] = { "sentinel_down",
		"broker_url_conflict", "failover_refused" };
	struct findings found;
	const struct finding *f;
	size_t i, k;

	for (i = 0; i < N(cases); i++) {
		teardown();
		setup();
		cases[i].make();
		found = look(FLEET_STALE_MS + 1);
		vec_foreach(f, &found.all) {
			for (k = 0; k < N(stay); k++)
				if (strcmp(f->id, stay[k]) == 0)
					break;
			if (strcmp(f->id, "rights_missing") != 0)
				ck_assert_msg(k < N(stay), "%s", f->id);
		}
		findings_fini(&found);
	}
}
END_TEST

START_TEST(every_rule_has_a_case)
{
	const struct finding_rule *r;
	size_t i, k;

	for (i = 0; (r = findings_rule(i)) != NULL; i++) {
		for (k = 0; k < N(cases); k++)
			if (strcmp(cases[k].id, r->id) == 0)
				break;
		ck_assert_msg(k < N(cases), "%s", r->id);
	}
	ck_assert_uint_eq(i, N(cases));
}
END_TEST

START_TEST(every_rule_has_a_section_in_the_runbooks)
{
	FILE *f = fopen("dashboards/RUNBOOKS.md", "r");
	const struct finding_rule *r;
	char *text = NULL, line[80];
	size_t i, size = 0;

	ck_assert_msg(f != NULL, "run from the top of the tree");
	ck_assert_int_gt(getdelim(&text, &size, '\0', f), 0);
	fclose(f);
	for (i = 0; (r = findings_rule(i)) != NULL; i++) {
		(void)snprintf(line, sizeof(line), "\n### %s\n", r->id);
		ck_assert_msg(strstr(text, line) != NULL, "%s", r->id);
	}
	free(text);
}
END_TEST

START_TEST(the_worst_comes_first)
{
	struct findings found;
	size_t i;

	even_sentinels();
	writable_replica();
	stranded();
	found = look(0);
	for (i = 1; i < found.all.n; i++)
		ck_assert_int_ge((int)found.all.v[i].severity,
		    (int)found.all.v[i - 1].severity);
	ck_assert_str_eq(found.all.v[0].id, "tasks_stranded");
	findings_fini(&found);
}
END_TEST

START_TEST(names_are_quoted_for_a_shell)
{
	struct strbuf b = { 0 };

	finding_quote(&b, "plain-name_1.x");
	finding_quote(&b, "");
	finding_quote(&b, "$(reboot)");
	finding_quote(&b, "a'b");
	ck_assert_str_eq(
	    strbuf_text(&b), "plain-name_1.x'''$(reboot)''a'\\''b'");
	strbuf_fini(&b);
	finding_cli(&b, "[fd00::1]:7000");
	ck_assert_str_eq(strbuf_text(&b), "redis-cli -h fd00::1 -p 7000 ");
	strbuf_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("findings");
	TCase *tc = tcase_create("findings");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_is_found_where_all_is_well);
	tcase_add_loop_test(tc, is_found, 0, N(cases));
	tcase_add_test(tc, what_is_stale_is_no_finding);
	tcase_add_test(tc, every_rule_has_a_case);
	tcase_add_test(tc, every_rule_has_a_section_in_the_runbooks);
	tcase_add_test(tc, the_worst_comes_first);
	tcase_add_test(tc, names_are_quoted_for_a_shell);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
