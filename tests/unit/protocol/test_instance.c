#include "protocol/instance.h"

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

/* A field list from "name=value name=value". */
static struct reply *
list_reply(const char *text)
{
	struct strbuf body = { 0 }, bytes = { 0 };
	struct reply *r;
	size_t n = 0, len;

	for (; *text != '\0'; text += len + (text[len] != '\0'), n++) {
		len = strcspn(text, "= ");
		strbuf_printf(&body, "$%zu\r\n%.*s\r\n", len, (int)len, text);
	}
	strbuf_printf(&bytes, "*%zu\r\n%s", n, strbuf_text(&body));
	r = reply_from(bytes.s, bytes.len);
	ck_assert_ptr_nonnull(r);
	strbuf_fini(&body);
	strbuf_fini(&bytes);
	return r;
}

START_TEST(recorded_master)
{
	struct reply *list = fixture_reply("replies/masters.resp");
	struct reply *one = fixture_reply("replies/master.resp");
	struct master_fields m;

	ck_assert(master_fields_parse(&m, one));
	ck_assert(master_fields_parse(&m, reply_at(list, 0)));
	ck_assert_str_eq(m.name, "nautobot");
	check_addr(&m.addr, "127.0.0.1:21000");
	ck_assert_str_eq(m.run_id, "7f1b0150fa13ed8dbe2a07765de8b4b158c41347");
	ck_assert_uint_eq(m.flags, 0);
	ck_assert_int_eq(m.config_epoch, 0);
	ck_assert_int_eq(m.quorum, 2);
	ck_assert_int_eq(m.num_slaves, 2);
	ck_assert_int_eq(m.num_other_sentinels, 2);
	ck_assert_int_eq(m.down_after_ms, 3000);
	ck_assert_int_eq(m.failover_timeout_ms, 20000);
	ck_assert_int_eq(m.parallel_syncs, 1);
	ck_assert_int_eq(m.last_ok_ping_reply_ms, 608);
	ck_assert_int_eq(m.info_refresh_ms, 10011);
	reply_free(list);
	reply_free(one);
}
END_TEST

START_TEST(recorded_replicas)
{
	struct reply *list = fixture_reply("replies/replicas.resp");
	struct replica_fields f;

	ck_assert_uint_eq(list->n, 2);
	ck_assert(replica_fields_parse(&f, reply_at(list, 1)));
	check_addr(&f.addr, "127.0.0.1:21002");
	check_addr(&f.master, "127.0.0.1:21000");
	ck_assert_str_eq(f.run_id, "7eb2f89309eb99b6112f60d61b4a49d7f239d952");
	ck_assert_uint_eq(f.flags, 0);
	ck_assert_int_eq(f.last_ping_sent_ms, 0);
	ck_assert_int_eq(f.last_ok_ping_reply_ms, 959);
	ck_assert_int_eq(f.info_refresh_ms, 163);
	ck_assert_int_eq(f.link_down_ms, 0);
	ck_assert_int_eq(f.link_ok, 1);
	ck_assert_int_eq(f.priority, 100);
	ck_assert_int_eq(f.repl_offset, 7717);
	ck_assert_int_eq(f.announced, 1);
	ck_assert_int_eq(f.down_after_ms, 3000);
	ck_assert_int_eq(f.s_down_ms, NUM_UNKNOWN);
	ck_assert_int_eq(f.role_reported, ROLE_REPLICA);
	reply_free(list);
}
END_TEST

START_TEST(recorded_peers)
{
	struct reply *list = fixture_reply("replies/sentinels.resp");
	struct peer_fields p;

	ck_assert_uint_eq(list->n, 2);
	ck_assert(peer_fields_parse(&p, reply_at(list, 0)));
	ck_assert_str_eq(p.id, "5f4172ff20cd3c04df0b6f6f02b95f18c55b629a");
	check_addr(&p.addr, "127.0.0.1:21101");
	ck_assert_uint_eq(p.flags, 0);
	ck_assert_int_eq(p.last_hello_ms, 78);
	ck_assert_int_eq(p.last_ok_ping_reply_ms, 239);
	reply_free(list);
}
END_TEST

static const struct {
	const char *flags;
	unsigned want;
} flags[] = {
	{ "master", 0 },
	{ "s_down,o_down,master,disconnected,failover_in_progress",
	    FLAG_S_DOWN | FLAG_O_DOWN | FLAG_DISCONNECTED |
		FLAG_FAILOVER_IN_PROGRESS },
	{ "master,failover_in_progress,force_failover",
	    FLAG_FAILOVER_IN_PROGRESS | FLAG_FORCE_FAILOVER },
	{ "slave,promoted,reconf_sent", FLAG_PROMOTED | FLAG_RECONF_SENT },
	{ "slave,reconf_inprog,reconf_done",
	    FLAG_RECONF_INPROG | FLAG_RECONF_DONE },
	{ "s_down,sentinel,master_down", FLAG_S_DOWN | FLAG_MASTER_DOWN },
	{ "master,master_reboot", FLAG_MASTER_REBOOT },
	{ "master,script_kill_sent,some_day", 0 },
	{ "", 0 },
	{ ",,s_down,", FLAG_S_DOWN },
};

START_TEST(flag_words)
{
	struct strbuf text = { 0 };
	struct master_fields m;
	struct reply *r;

	strbuf_printf(
	    &text, "name=a ip=10.0.0.1 port=1 flags=%s", flags[_i].flags);
	/* An empty last value is left out by the maker of lists. */
	if (flags[_i].flags[0] == '\0')
		strbuf_puts(&text, ",");
	r = list_reply(text.s);
	ck_assert(master_fields_parse(&m, r));
	ck_assert_uint_eq(m.flags, flags[_i].want);
	reply_free(r);
	strbuf_fini(&text);
}
END_TEST

/* Right after +switch-master and RESET: no INFO yet. */
START_TEST(what_is_not_known_yet)
{
	struct reply *r = list_reply("name=127.0.0.1:7 ip=127.0.0.1 port=7 "
				     "flags=slave info-refresh=0 "
				     "role-reported=slave master-host=? "
				     "master-port=0 master-link-status=err "
				     "s-down-time=1200");
	struct replica_fields f;

	ck_assert(replica_fields_parse(&f, r));
	ck_assert(!addr_known(&f.master));
	ck_assert_str_eq(f.run_id, "");
	ck_assert_int_eq(f.info_refresh_ms, 0);
	ck_assert_int_eq(f.link_ok, 0);
	ck_assert_int_eq(f.s_down_ms, 1200);
	ck_assert_int_eq(f.priority, NUM_UNKNOWN);
	ck_assert_int_eq(f.announced, NUM_UNKNOWN);
	reply_free(r);
}
END_TEST

START_TEST(names_and_ipv6)
{
	struct reply *r = list_reply("name=[::1]:22462 ip=::1 port=22462 "
				     "master-host=redis-0.redis.svc "
				     "master-port=6379");
	struct replica_fields f;

	ck_assert(replica_fields_parse(&f, r));
	check_addr(&f.addr, "[::1]:22462");
	check_addr(&f.master, "redis-0.redis.svc:6379");
	reply_free(r);
}
END_TEST

/* Nothing of these is a master, a replica or a peer. */
static const char *const broken[] = {
	"$-1\r\n",
	"+OK\r\n",
	"*0\r\n",
	"*1\r\n$4\r\nname\r\n",
	"*2\r\n$4\r\nname\r\n:1\r\n",
	"*2\r\n$4\r\nname\r\n$1\r\na\r\n",
	"*2\r\n:1\r\n$1\r\na\r\n",
	"*6\r\n$4\r\nname\r\n$1\r\na\r\n$2\r\nip\r\n$1\r\nh\r\n$4\r\nport\r\n"
	"$5\r\n65536\r\n",
	"*6\r\n$4\r\nname\r\n$1\r\na\r\n$2\r\nip\r\n$0\r\n\r\n$4\r\nport\r\n"
	"$1\r\n1\r\n",
	"*6\r\n$4\r\nname\r\n$1\r\na\r\n$2\r\nip\r\n$1\r\n?\r\n$4\r\nport\r\n"
	"$1\r\n1\r\n",
};

START_TEST(broken_lists)
{
	struct reply *r = reply_from_text(broken[_i]);
	struct master_fields m;
	struct replica_fields f;
	struct peer_fields p;

	ck_assert_ptr_nonnull(r);
	ck_assert(!master_fields_parse(&m, r));
	ck_assert(!replica_fields_parse(&f, r));
	ck_assert(!peer_fields_parse(&p, r));
	reply_free(r);
}
END_TEST

START_TEST(wants_a_name_and_an_id)
{
	struct reply *r = list_reply("ip=10.0.0.1 port=26379 flags=x");
	struct master_fields m;
	struct peer_fields p;

	ck_assert(!master_fields_parse(&m, r));
	ck_assert(!peer_fields_parse(&p, r));
	ck_assert(!master_fields_parse(&m, NULL));
	reply_free(r);
}
END_TEST

static const struct {
	const char *reply, *want;
} addrs[] = {
	{ "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n21000\r\n", "127.0.0.1:21000" },
	{ "*2\r\n$3\r\n::1\r\n$5\r\n22460\r\n", "[::1]:22460" },
	{ "*2\r\n$9\r\nlocalhost\r\n$4\r\n6379\r\n", "localhost:6379" },
	{ "*-1\r\n", NULL },
	{ "*0\r\n", NULL },
	{ "*1\r\n$9\r\n127.0.0.1\r\n", NULL },
	{ "*2\r\n$9\r\n127.0.0.1\r\n$1\r\n0\r\n", NULL },
	{ "*2\r\n$9\r\n127.0.0.1\r\n$1\r\nx\r\n", NULL },
	{ "*2\r\n:1\r\n$1\r\n1\r\n", NULL },
	{ "-ERR no\r\n", NULL },
};

START_TEST(master_addrs)
{
	struct reply *r = reply_from_text(addrs[_i].reply);
	struct addr a;
	bool ok = master_addr_parse(&a, r);

	ck_assert_int_eq(ok, addrs[_i].want != NULL);
	ck_assert_int_eq(addr_known(&a), ok);
	if (ok)
		check_addr(&a, addrs[_i].want);
	reply_free(r);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("instance");
	TCase *tc = tcase_create("instance");

	tcase_add_test(tc, recorded_master);
	tcase_add_test(tc, recorded_replicas);
	tcase_add_test(tc, recorded_peers);
	tcase_add_loop_test(tc, flag_words, 0, N(flags));
	tcase_add_test(tc, what_is_not_known_yet);
	tcase_add_test(tc, names_and_ipv6);
	tcase_add_loop_test(tc, broken_lists, 0, N(broken));
	tcase_add_test(tc, wants_a_name_and_an_id);
	tcase_add_loop_test(tc, master_addrs, 0, N(addrs));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
