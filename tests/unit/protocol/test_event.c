#include "protocol/event.h"

#include "base/num.h"
#include "base/strbuf.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

#define ID     "8c94f890ce7768e273f9c49ba12170ebc264cf60"
#define MASTER "master nautobot 127.0.0.1 21000"
#define SLAVE  "slave " S " 127.0.0.1 21001 @ nautobot 127.0.0.1 21000"
#define PEER   "sentinel " ID " 127.0.0.1 21102 @ nautobot 127.0.0.1 21000"
#define M      "127.0.0.1:21000"
#define S      "127.0.0.1:21001"
#define P      "127.0.0.1:21102"
#define NO     NUM_UNKNOWN

static const struct {
	const char *channel, *payload;
	enum event_kind kind;
	const char *name;
	enum role type;
	const char *addr, *master;
	int64_t epoch;
	const char *id;
} good[] = {
	{ "+sdown", MASTER, EVENT_SDOWN, "nautobot", ROLE_MASTER, M, M, NO,
	    "" },
	{ "-sdown", SLAVE, EVENT_SDOWN_CLEARED, "nautobot", ROLE_REPLICA, S, M,
	    NO, "" },
	{ "+sdown", PEER, EVENT_SDOWN, "nautobot", ROLE_SENTINEL, P, M, NO,
	    ID },
	{ "+odown", MASTER " #quorum 3/2", EVENT_ODOWN, "nautobot", ROLE_MASTER,
	    M, M, NO, "" },
	{ "-odown", MASTER, EVENT_ODOWN_CLEARED, "nautobot", ROLE_MASTER, M, M,
	    NO, "" },
	{ "+new-epoch", "7", EVENT_NEW_EPOCH, "", ROLE_UNKNOWN, "", "", 7, "" },
	{ "+try-failover", MASTER, EVENT_TRY_FAILOVER, "nautobot", ROLE_MASTER,
	    M, M, NO, "" },
	{ "+vote-for-leader", ID " 12", EVENT_VOTE_FOR_LEADER, "", ROLE_UNKNOWN,
	    "", "", 12, ID },
	{ "+selected-slave", SLAVE, EVENT_SELECTED_SLAVE, "nautobot",
	    ROLE_REPLICA, S, M, NO, "" },
	{ "+failover-end", MASTER, EVENT_FAILOVER_END, "nautobot", ROLE_MASTER,
	    M, M, NO, "" },
	{ "-failover-abort-no-good-slave", MASTER, EVENT_ABORT_NO_GOOD_SLAVE,
	    "nautobot", ROLE_MASTER, M, M, NO, "" },
	{ "+config-update-from", PEER, EVENT_CONFIG_UPDATE_FROM, "nautobot",
	    ROLE_SENTINEL, P, M, NO, ID },
	{ "+switch-master", "nautobot 127.0.0.1 21000 127.0.0.1 21001",
	    EVENT_SWITCH_MASTER, "nautobot", ROLE_MASTER, S, M, NO, "" },
	{ "-role-change", SLAVE " new reported role is master",
	    EVENT_ROLE_CHANGE_WRONG, "nautobot", ROLE_REPLICA, S, M, NO, "" },
	{ "+reboot", MASTER, EVENT_REBOOT, "nautobot", ROLE_MASTER, M, M, NO,
	    "" },
	{ "+monitor", MASTER " quorum 2", EVENT_MONITOR, "nautobot",
	    ROLE_MASTER, M, M, NO, "" },
	{ "-monitor", MASTER, EVENT_MONITOR_REMOVED, "nautobot", ROLE_MASTER, M,
	    M, NO, "" },
	{ "+set", MASTER " auth-pass ******", EVENT_SET, "nautobot",
	    ROLE_MASTER, M, M, NO, "" },
	{ "+sentinel-address-switch", MASTER " ip 127.0.0.1 port 26379 for " ID,
	    EVENT_SENTINEL_ADDRESS_SWITCH, "nautobot", ROLE_MASTER, M, M, NO,
	    "" },
	{ "+sentinel-invalid-addr",
	    "sentinel " ID " 127.0.0.1 0 @ nautobot 127.0.0.1 21000",
	    EVENT_SENTINEL_INVALID_ADDR, "nautobot", ROLE_SENTINEL, "127.0.0.1",
	    M, NO, ID },
	{ "+tilt", "#tilt mode entered", EVENT_TILT, "", ROLE_UNKNOWN, "", "",
	    NO, "" },
	{ "-tilt", "#tilt mode exited", EVENT_TILT_CLEARED, "", ROLE_UNKNOWN,
	    "", "", NO, "" },
	{ "-script-error", "/bin/notify 9 0", EVENT_SCRIPT_ERROR, "",
	    ROLE_UNKNOWN, "", "", NO, "" },
	{ "+of-tomorrow", MASTER, EVENT_OTHER, "", ROLE_UNKNOWN, "", "", NO,
	    "" },
	{ "", "", EVENT_OTHER, "", ROLE_UNKNOWN, "", "", NO, "" },
	/* IPv6: brackets in a replica's name only. */
	{ "+switch-master", "nautobot ::1 22460 ::1 22462", EVENT_SWITCH_MASTER,
	    "nautobot", ROLE_MASTER, "[::1]:22462", "[::1]:22460", NO, "" },
	{ "+slave", "slave [::1]:22462 ::1 22462 @ nautobot ::1 22460",
	    EVENT_SLAVE, "nautobot", ROLE_REPLICA, "[::1]:22462", "[::1]:22460",
	    NO, "" },
	{ "+sdown", "master nautobot ::1 22460", EVENT_SDOWN, "nautobot",
	    ROLE_MASTER, "[::1]:22460", "[::1]:22460", NO, "" },
	/* announce-hostnames yes */
	{ "+switch-master", "nautobot redis-0.svc 6379 redis-1.svc 6379",
	    EVENT_SWITCH_MASTER, "nautobot", ROLE_MASTER, "redis-1.svc:6379",
	    "redis-0.svc:6379", NO, "" },
};

START_TEST(payloads)
{
	char addr[ADDR_TEXT_MAX], master[ADDR_TEXT_MAX];
	struct event e;

	ck_assert(event_parse(&e, good[_i].channel, strlen(good[_i].channel),
	    good[_i].payload, strlen(good[_i].payload)));
	addr_format(&e.addr, addr);
	addr_format(&e.master, master);
	ck_assert_int_eq(e.kind, good[_i].kind);
	ck_assert_str_eq(e.master_name, good[_i].name);
	ck_assert_int_eq(e.type, good[_i].type);
	ck_assert_str_eq(addr, good[_i].addr);
	ck_assert_str_eq(master, good[_i].master);
	ck_assert_int_eq(e.epoch, good[_i].epoch);
	ck_assert_str_eq(e.id, good[_i].id);
}
END_TEST

static const struct {
	const char *channel, *payload;
	enum event_kind kind;
} bad[] = {
	{ "+sdown", "", EVENT_SDOWN },
	{ "+sdown", "master", EVENT_SDOWN },
	{ "+sdown", "master nautobot", EVENT_SDOWN },
	{ "+sdown", "master nautobot 127.0.0.1", EVENT_SDOWN },
	{ "+sdown", "master nautobot 127.0.0.1 ", EVENT_SDOWN },
	{ "+sdown", "master nautobot 127.0.0.1 x", EVENT_SDOWN },
	{ "+sdown", "master nautobot 127.0.0.1 65536", EVENT_SDOWN },
	{ "+sdown", "master  127.0.0.1 21000", EVENT_SDOWN },
	{ "+sdown", "cat nautobot 127.0.0.1 21000", EVENT_SDOWN },
	{ "+slave", "slave 127.0.0.1:21001 127.0.0.1 21001", EVENT_SLAVE },
	{ "+slave", "slave x 127.0.0.1 21001 # nautobot 127.0.0.1 21000",
	    EVENT_SLAVE },
	{ "+slave", "slave 127.0.0.1:21001 127.0.0.1 21001 @", EVENT_SLAVE },
	{ "+slave", "slave 127.0.0.1:21001 127.0.0.1 21001 @ nautobot",
	    EVENT_SLAVE },
	{ "+switch-master", "nautobot 127.0.0.1 21000", EVENT_SWITCH_MASTER },
	{ "+switch-master", "nautobot 127.0.0.1 21000 127.0.0.1",
	    EVENT_SWITCH_MASTER },
	{ "+new-epoch", "", EVENT_NEW_EPOCH },
	{ "+new-epoch", "seven", EVENT_NEW_EPOCH },
	{ "+new-epoch", "-1", EVENT_NEW_EPOCH },
	{ "+vote-for-leader", ID, EVENT_VOTE_FOR_LEADER },
	{ "+vote-for-leader", ID "00 1", EVENT_VOTE_FOR_LEADER },
};

/* The channel still tells the kind; nothing else is left half filled. */
START_TEST(broken_payloads)
{
	struct event e;

	ck_assert(!event_parse(&e, bad[_i].channel, strlen(bad[_i].channel),
	    bad[_i].payload, strlen(bad[_i].payload)));
	ck_assert_int_eq(e.kind, bad[_i].kind);
	ck_assert_str_eq(e.master_name, "");
	ck_assert_int_eq(e.type, ROLE_UNKNOWN);
	ck_assert(!addr_known(&e.addr) && !addr_known(&e.master));
	ck_assert_int_eq(e.epoch, NUM_UNKNOWN);
	ck_assert_str_eq(e.id, "");
}
END_TEST

START_TEST(a_name_that_is_too_long)
{
	int len = MASTER_NAME_MAX - 1 + _i;
	struct strbuf payload = { 0 };
	struct event e;

	strbuf_printf(&payload, "master %0*d h 1", len, 0);
	ck_assert_int_eq(
	    event_parse(&e, "+sdown", 6, payload.s, payload.len), _i == 0);
	ck_assert_uint_eq(strlen(e.master_name), _i == 0 ? (size_t)len : 0);
	strbuf_fini(&payload);
}
END_TEST

START_TEST(channels_read_back)
{
	enum event_kind kind = (enum event_kind)_i;
	const char *channel = event_channel(kind);
	struct event e;

	(void)event_parse(&e, channel, strlen(channel), MASTER, strlen(MASTER));
	ck_assert_int_eq(e.kind, kind);
}
END_TEST

static const char *const traces[] = {
	"aborted-twice",
	"forced",
	"kill-master",
	"kill-master-redis8",
	"kill-master-valkey8",
	"pause-master",
	"reconf-timeout",
};

/* Whatever a sentinel has published in a failover is understood, and cut off
 * anywhere it is read safely. */
START_TEST(recorded_events)
{
	char path[128], line[512], *payload, *channel;
	struct event e;
	size_t cut;
	int n = 0;
	FILE *f;

	snprintf(
	    path, sizeof(path), "tests/fixtures/traces/%s.trace", traces[_i]);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		channel = strstr(line, " EVENT ");
		if (channel == NULL)
			continue;
		channel += strlen(" EVENT ");
		payload = strchr(channel, ' ');
		*payload++ = '\0';
		payload[strcspn(payload, "\n")] = '\0';
		ck_assert_msg(event_parse(&e, channel, strlen(channel), payload,
				  strlen(payload)),
		    "%s %s", channel, payload);
		ck_assert_int_ne(e.kind, EVENT_OTHER);
		ck_assert_str_eq(event_channel(e.kind), channel);
		for (cut = 0; cut < strlen(payload); cut++)
			(void)event_parse(
			    &e, channel, strlen(channel), payload, cut);
		n++;
	}
	fclose(f);
	ck_assert_int_gt(n, 20);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("event");
	TCase *tc = tcase_create("event");

	tcase_add_loop_test(tc, payloads, 0, N(good));
	tcase_add_loop_test(tc, broken_payloads, 0, N(bad));
	tcase_add_loop_test(tc, a_name_that_is_too_long, 0, 2);
	tcase_add_loop_test(tc, channels_read_back, 0, EVENT_KIND_COUNT);
	tcase_add_loop_test(tc, recorded_events, 0, N(traces));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
