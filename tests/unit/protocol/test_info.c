#include "protocol/info.h"

#include "base/num.h"
#include "base/strbuf.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

static void
check_addr(const struct addr *a, const char *want)
{
	char text[ADDR_TEXT_MAX];

	addr_format(a, text);
	ck_assert_str_eq(text, want);
}

/* INFO of a data node; the caller frees it with node_info_fini. */
static struct node_info
node_fixture(const char *name)
{
	struct node_info info;
	size_t len;
	char *text = fixture_read(name, &len);

	ck_assert_msg(node_info_parse(&info, text, len), "%s", name);
	free(text);
	return info;
}

static bool
parse_text(struct node_info *info, const char *text)
{
	return node_info_parse(info, text, strlen(text));
}

START_TEST(redis7_master)
{
	struct node_info i = node_fixture("info/redis-7.0-master.info");

	ck_assert_str_eq(i.version, "7.0.15");
	ck_assert_str_eq(i.product, "redis");
	ck_assert_uint_eq(strlen(i.run_id), 40);
	ck_assert_uint_eq(strlen(i.replid), 40);
	ck_assert_int_eq(i.role, ROLE_MASTER);
	ck_assert_str_eq(i.policy, "noeviction");
	ck_assert(!addr_known(&i.master));
	ck_assert_int_gt(i.uptime_s, 0);
	ck_assert_int_eq(i.loading, 0);
	ck_assert_int_gt(i.connected_clients, 0);
	ck_assert_int_eq(i.rejected_connections, 0);
	ck_assert_int_gt(i.used_memory, 1000000);
	ck_assert_int_eq(i.maxmemory, 100 * 1024 * 1024);
	ck_assert_int_eq(i.evicted_keys, 0);
	ck_assert_int_eq(i.rdb_last_bgsave_ok, 1);
	ck_assert_int_eq(i.aof_enabled, 1);
	ck_assert_int_eq(i.aof_last_write_ok, 1);
	ck_assert_int_eq(i.master_repl_offset, 164);
	ck_assert_int_eq(i.min_slaves_good_slaves, 1);
	/* What only a replica prints. */
	ck_assert_int_eq(i.link_up, NUM_UNKNOWN);
	ck_assert_int_eq(i.priority, NUM_UNKNOWN);
	ck_assert_uint_eq(i.replicas.n, 1);
	check_addr(&i.replicas.v[0].addr, "127.0.0.1:24711");
	ck_assert(i.replicas.v[0].online);
	ck_assert_int_eq(i.replicas.v[0].offset, 164);
	ck_assert_int_eq(i.replicas.v[0].lag_s, 1);
	ck_assert_uint_eq(i.dbs.n, 2);
	ck_assert_int_eq(i.dbs.v[0].db, 0);
	ck_assert_int_eq(i.dbs.v[0].keys, 2);
	ck_assert_int_eq(i.dbs.v[0].expires, 1);
	ck_assert_int_eq(i.dbs.v[1].db, 3);
	ck_assert_int_eq(i.dbs.v[1].keys, 1);
	node_info_fini(&i);
}
END_TEST

/* What was refused, and where this master's stream left the one before. */
START_TEST(errors_and_streams)
{
	struct node_info i;

	ck_assert(parse_text(&i,
	    "role:master\r\ntotal_error_replies:12\r\n"
	    "errorstat_OOM:count=7\r\nerrorstat_READONLY:count=5\r\n"
	    "errorstat_NOAUTH:count=9\r\nerrorstat_MISCONF:count=x\r\n"
	    "master_replid:1111111111111111111111111111111111111111\r\n"
	    "master_replid2:2222222222222222222222222222222222222222\r\n"
	    "second_repl_offset:7301\r\n"));
	ck_assert_int_eq(i.errors_oom, 7);
	ck_assert_int_eq(i.errors_readonly, 5);
	ck_assert_int_eq(i.errors_misconf, 0);
	ck_assert_int_eq(i.errors_noreplicas, 0);
	ck_assert_int_eq(i.replid[0], '1');
	ck_assert_int_eq(i.replid2[0], '2');
	ck_assert_int_eq(i.second_repl_offset, 7301);
	node_info_fini(&i);
}
END_TEST

/* Before redis 6.2 nobody counted errors. */
START_TEST(errors_are_not_known_to_old_servers)
{
	struct node_info i;

	ck_assert(parse_text(&i, "role:master\r\nsecond_repl_offset:-1\r\n"));
	ck_assert_int_eq(i.errors_oom, NUM_UNKNOWN);
	ck_assert_int_eq(i.errors_misconf, NUM_UNKNOWN);
	ck_assert_int_eq(i.errors_noreplicas, NUM_UNKNOWN);
	ck_assert_int_eq(i.errors_readonly, NUM_UNKNOWN);
	ck_assert_int_eq(i.second_repl_offset, NUM_UNKNOWN);
	ck_assert_str_eq(i.replid2, "");
	node_info_fini(&i);
}
END_TEST

START_TEST(redis7_replica)
{
	struct node_info i = node_fixture("info/redis-7.0-replica.info");

	ck_assert_int_eq(i.role, ROLE_REPLICA);
	check_addr(&i.master, "127.0.0.1:24710");
	ck_assert_int_eq(i.link_up, 1);
	ck_assert_int_eq(i.master_last_io_s, 2);
	ck_assert_int_eq(i.sync_in_progress, 0);
	ck_assert_int_eq(i.slave_repl_offset, 164);
	ck_assert_int_eq(i.link_down_since_s, NUM_UNKNOWN);
	ck_assert_int_eq(i.sync_total_bytes, NUM_UNKNOWN);
	ck_assert_int_eq(i.priority, 100);
	ck_assert_int_eq(i.read_only, 1);
	ck_assert_int_eq(i.announced, 1);
	ck_assert_int_eq(i.min_slaves_good_slaves, NUM_UNKNOWN);
	ck_assert_uint_eq(i.replicas.n, 0);
	ck_assert_uint_eq(i.dbs.n, 2);
	node_info_fini(&i);
}
END_TEST

START_TEST(redis7_replica_whose_link_is_down)
{
	struct node_info i =
	    node_fixture("info/redis-7.0-replica-link-down.info");

	check_addr(&i.master, "127.0.0.1:24719");
	ck_assert_int_eq(i.link_up, 0);
	ck_assert_int_eq(i.master_last_io_s, NUM_UNKNOWN);
	ck_assert_int_eq(i.link_down_since_s, 1);
	node_info_fini(&i);
}
END_TEST

START_TEST(redis8_master)
{
	struct node_info i = node_fixture("info/redis-8.0-master.info");

	ck_assert_str_eq(i.version, "8.0.2");
	ck_assert_int_eq(i.rdb_last_bgsave_ok, 0);
	ck_assert_int_eq(i.aof_last_write_ok, 0);
	ck_assert_int_eq(i.rejected_connections, 4);
	ck_assert_int_eq(i.evicted_keys, 12);
	ck_assert_str_eq(i.policy, "allkeys-lru");
	ck_assert_uint_eq(i.replicas.n, 3);
	check_addr(&i.replicas.v[0].addr, "[::1]:22461");
	ck_assert(i.replicas.v[0].online);
	check_addr(&i.replicas.v[1].addr, "redis-1.redis.svc:6379");
	ck_assert(!i.replicas.v[1].online);
	ck_assert(!i.replicas.v[2].online);
	ck_assert_uint_eq(i.dbs.n, 2);
	ck_assert_int_eq(i.dbs.v[1].db, 15);
	node_info_fini(&i);
}
END_TEST

START_TEST(redis8_replica_in_a_sync_of_known_size)
{
	struct node_info i = node_fixture("info/redis-8.0-replica.info");

	check_addr(&i.master, "[::1]:22460");
	ck_assert_int_eq(i.link_up, 0);
	ck_assert_int_eq(i.link_down_since_s, NUM_UNKNOWN);
	ck_assert_int_eq(i.sync_in_progress, 1);
	ck_assert_int_eq(i.sync_total_bytes, 1000000);
	ck_assert_int_eq(i.sync_read_bytes, 250000);
	ck_assert_int_eq(i.priority, 0);
	ck_assert_int_eq(i.announced, 0);
	node_info_fini(&i);
}
END_TEST

START_TEST(valkey_dual_channel_is_one_replica)
{
	struct node_info i =
	    node_fixture("info/valkey-8.1-master-dual-channel.info");

	ck_assert_str_eq(i.version, "8.1.1");
	ck_assert_str_eq(i.product, "valkey");
	ck_assert_uint_eq(i.replicas.n, 2);
	check_addr(&i.replicas.v[0].addr, "127.0.0.1:22201");
	ck_assert(!i.replicas.v[0].online);
	check_addr(&i.replicas.v[1].addr, "127.0.0.1:22202");
	ck_assert(i.replicas.v[1].online);
	ck_assert_int_eq(i.replicas.v[1].offset, 25979);
	node_info_fini(&i);
}
END_TEST

START_TEST(diskless_sync_has_no_size)
{
	struct node_info i =
	    node_fixture("info/valkey-8.1-replica-diskless-sync.info");

	ck_assert_int_eq(i.sync_in_progress, 1);
	ck_assert_int_eq(i.sync_total_bytes, NUM_UNKNOWN);
	ck_assert_int_eq(i.sync_read_bytes, NUM_UNKNOWN);
	/* The unix time that redis 5.0 prints. */
	ck_assert_int_eq(i.link_down_since_s, NUM_UNKNOWN);
	node_info_fini(&i);
}
END_TEST

static const struct {
	const char *fixture, *version, *product;
	int64_t uptime_s, tilt, scripts, queue, masters;
} sentinels[] = {
	{ "info/redis-7.0-sentinel.info", "7.0.15", "redis", 2, 0, 0, 0, 1 },
	{ "info/valkey-8.1-sentinel.info", "8.1.1", "valkey", 77, 1, 1, 3, 2 },
};

START_TEST(of_sentinels)
{
	struct sentinel_info i;
	struct node_info node;
	size_t len;
	char *text = fixture_read(sentinels[_i].fixture, &len);

	ck_assert(sentinel_info_parse(&i, text, len));
	ck_assert_str_eq(i.version, sentinels[_i].version);
	ck_assert_str_eq(i.product, sentinels[_i].product);
	ck_assert_uint_eq(strlen(i.run_id), 40);
	ck_assert_int_eq(i.uptime_s, sentinels[_i].uptime_s);
	ck_assert_int_eq(i.tilt, sentinels[_i].tilt);
	ck_assert_int_eq(i.scripts_running, sentinels[_i].scripts);
	ck_assert_int_eq(i.scripts_queue_length, sentinels[_i].queue);
	ck_assert_int_eq(i.masters, sentinels[_i].masters);
	ck_assert(!node_info_parse(&node, text, len));
	free(text);
}
END_TEST

START_TEST(a_node_is_no_sentinel)
{
	struct sentinel_info i;
	size_t len;
	char *text = fixture_read("info/redis-7.0-master.info", &len);

	ck_assert(!sentinel_info_parse(&i, text, len));
	free(text);
}
END_TEST

/* Found by the mode alone when INFO lacks the section. */
START_TEST(sentinel_by_its_mode)
{
	static const char *const texts[] = {
		"redis_mode:sentinel\r\nrole:master\r\n",
		"server_mode:sentinel\r\nrole:master\r\n"
	};
	struct sentinel_info i;
	struct node_info node;

	ck_assert(sentinel_info_parse(&i, texts[_i], strlen(texts[_i])));
	ck_assert(!parse_text(&node, texts[_i]));
	ck_assert_int_eq(i.masters, NUM_UNKNOWN);
	ck_assert_int_eq(i.tilt, NUM_UNKNOWN);
}
END_TEST

static const char *const nothing[] = {
	"",
	"\r\n",
	"ERR",
	"role",
	"role:",
	"role:\r\n",
	"role:observer\r\n",
	"ROLE:master\r\n",
	"# role:master",
};

START_TEST(no_info)
{
	struct node_info i;
	struct sentinel_info s;

	ck_assert(!parse_text(&i, nothing[_i]));
	ck_assert_ptr_null(i.replicas.v);
	ck_assert(!sentinel_info_parse(&s, nothing[_i], strlen(nothing[_i])));
}
END_TEST

static const struct {
	const char *line;
	size_t replicas;
} replica_lines[] = {
	{ "slave0:ip=10.0.0.1,port=6379,state=online,offset=1,lag=0", 1 },
	{ "slave0:ip=10.0.0.1,port=6379", 1 },
	{ "slave0:port=6379,ip=fe80::1,later=x=y", 1 },
	{ "slave0:ip=10.0.0.1,port=0,state=online", 0 },
	{ "slave0:ip=10.0.0.1,port=65536,state=online", 0 },
	{ "slave0:ip=,port=6379,state=online", 0 },
	{ "slave0:ip=a b,port=6379,state=online", 0 },
	{ "slave0:", 0 },
	{ "slave0", 0 },
	{ "slave:ip=10.0.0.1,port=6379", 0 },
	{ "slave_0:ip=10.0.0.1,port=6379", 0 },
	{ "slave0:10.0.0.1,6379,online", 0 },
};

START_TEST(lines_of_replicas)
{
	struct strbuf text = { 0 };
	struct node_info i;

	strbuf_printf(&text, "role:master\r\n%s\r\n", replica_lines[_i].line);
	ck_assert(parse_text(&i, text.s));
	ck_assert_uint_eq(i.replicas.n, replica_lines[_i].replicas);
	node_info_fini(&i);
	strbuf_fini(&text);
}
END_TEST

static const struct {
	const char *line;
	size_t dbs;
} db_lines[] = {
	{ "db0:keys=1,expires=0,avg_ttl=0", 1 },
	{ "db0:keys=1", 1 },
	{ "db0:expires=1", 0 },
	{ "db0:keys=x", 0 },
	{ "db:keys=1", 0 },
	{ "db-1:keys=1", 0 },
	{ "db99999999999:keys=1", 0 },
	{ "db0_distrib_strings_sizes:1=2,keys=4", 0 },
};

START_TEST(lines_of_dbs)
{
	struct strbuf text = { 0 };
	struct node_info i;

	strbuf_printf(&text, "role:slave\r\n%s\r\n", db_lines[_i].line);
	ck_assert(parse_text(&i, text.s));
	ck_assert_uint_eq(i.dbs.n, db_lines[_i].dbs);
	node_info_fini(&i);
	strbuf_fini(&text);
}
END_TEST

/* More than a server can have is cut off, not stored. */
START_TEST(caps)
{
	struct strbuf text = { 0 };
	struct node_info i;
	int n;

	strbuf_puts(&text, "role:master\n");
	for (n = 0; n < 1100; n++)
		strbuf_printf(&text, "slave%d:ip=10.0.0.1,port=%d\n", n, n + 1);
	for (n = 0; n < 10100; n++)
		strbuf_printf(&text, "db%d:keys=1,expires=0\n", n);
	ck_assert(parse_text(&i, text.s));
	ck_assert_uint_eq(i.replicas.n, 1000);
	ck_assert_uint_eq(i.dbs.n, 10000);
	node_info_fini(&i);
	for (n = 0; n < 20000; n++)
		strbuf_puts(&text, "\n");
	strbuf_puts(&text, "loading:1\n");
	ck_assert(parse_text(&i, text.s));
	ck_assert_int_eq(i.loading, NUM_UNKNOWN);
	node_info_fini(&i);
	strbuf_fini(&text);
}
END_TEST

/* Values that are not of their kind leave the field unknown. */
START_TEST(odd_values)
{
	struct node_info i;

	ck_assert(parse_text(&i,
	    "role:slave\nmaster_host:?\nmaster_port:-1\nloading:yes\n"
	    "uptime_in_seconds:99999999999999999999\nused_memory:\n"
	    "run_id:0123456789012345678901234567890123456789x\n"
	    "slave_repl_offset:-1\nmaster_link_status:\n"));
	ck_assert(!addr_known(&i.master));
	ck_assert_int_eq(i.loading, NUM_UNKNOWN);
	ck_assert_int_eq(i.uptime_s, NUM_UNKNOWN);
	ck_assert_int_eq(i.used_memory, NUM_UNKNOWN);
	ck_assert_int_eq(i.slave_repl_offset, NUM_UNKNOWN);
	ck_assert_int_eq(i.link_up, 0);
	ck_assert_str_eq(i.run_id, "");
	ck_assert_str_eq(i.version, "");
	node_info_fini(&i);
}
END_TEST

/* Text cut off anywhere, and without line ends at its end, is read safely. */
START_TEST(truncated)
{
	static const char *const names[] = { "info/redis-7.0-master.info",
		"info/valkey-8.1-master-dual-channel.info",
		"info/valkey-8.1-sentinel.info" };
	struct sentinel_info s;
	struct node_info i;
	size_t len, cut;
	char *text = fixture_read(names[_i], &len), *part;

	for (cut = 0; cut < len; cut++) {
		part = malloc(cut + 1);
		memcpy(part, text, cut);
		if (node_info_parse(&i, part, cut))
			node_info_fini(&i);
		(void)sentinel_info_parse(&s, part, cut);
		free(part);
	}
	free(text);
}
END_TEST

START_TEST(copies_stand_alone)
{
	struct node_info a = node_fixture("info/redis-8.0-master.info"), b;

	node_info_copy(&b, &a);
	ck_assert_ptr_ne(a.replicas.v, b.replicas.v);
	ck_assert_ptr_ne(a.dbs.v, b.dbs.v);
	node_info_fini(&a);
	ck_assert_uint_eq(b.replicas.n, 3);
	check_addr(&b.replicas.v[0].addr, "[::1]:22461");
	ck_assert_int_eq(b.dbs.v[0].keys, 12);
	ck_assert_str_eq(b.version, "8.0.2");
	node_info_fini(&b);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("info");
	TCase *tc = tcase_create("info");

	tcase_add_test(tc, redis7_master);
	tcase_add_test(tc, errors_and_streams);
	tcase_add_test(tc, errors_are_not_known_to_old_servers);
	tcase_add_test(tc, redis7_replica);
	tcase_add_test(tc, redis7_replica_whose_link_is_down);
	tcase_add_test(tc, redis8_master);
	tcase_add_test(tc, redis8_replica_in_a_sync_of_known_size);
	tcase_add_test(tc, valkey_dual_channel_is_one_replica);
	tcase_add_test(tc, diskless_sync_has_no_size);
	tcase_add_loop_test(tc, of_sentinels, 0, N(sentinels));
	tcase_add_test(tc, a_node_is_no_sentinel);
	tcase_add_loop_test(tc, sentinel_by_its_mode, 0, 2);
	tcase_add_loop_test(tc, no_info, 0, N(nothing));
	tcase_add_loop_test(tc, lines_of_replicas, 0, N(replica_lines));
	tcase_add_loop_test(tc, lines_of_dbs, 0, N(db_lines));
	tcase_add_test(tc, caps);
	tcase_add_test(tc, odd_values);
	tcase_add_loop_test(tc, truncated, 0, 3);
	tcase_add_test(tc, copies_stand_alone);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
