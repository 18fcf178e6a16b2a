#include "model/write_acceptance.h"

#include <string.h>

#include "base/num.h"
#include "unit/unit.h"

static struct node_info now, earlier;
static struct write_evidence e;
static struct write_acceptance before;

/* A master that answers INFO and PING, and refuses nothing. */
static void
setup(void)
{
	now = (struct node_info){ .role = ROLE_MASTER,
		.policy = "noeviction",
		.rdb_last_bgsave_ok = 1,
		.used_memory = 1000,
		.mem_not_counted = 0,
		.min_slaves_good_slaves = NUM_UNKNOWN };
	earlier = now;
	e = (struct write_evidence){ .asked = true,
		.answered = true,
		.role = ROLE_MASTER,
		.info = &now,
		.earlier = &earlier,
		.ping_known = true };
	before = (struct write_acceptance){ .accepts = 1 };
}

static void
check(int64_t accepts, const char *reason)
{
	struct write_acceptance a = write_acceptance(&e, &before);

	ck_assert_int_eq(a.accepts, accepts);
	ck_assert_str_eq(write_refusal_name(a.refusal), reason);
	before = a;
}

static void
check_outage(int64_t want)
{
	struct write_acceptance a = write_acceptance(&e, &before);

	ck_assert_int_eq(write_outage(&e, &a), want);
}

START_TEST(healthy)
{
	check(1, "");
	check_outage(0);
}
END_TEST

START_TEST(never_asked)
{
	e.asked = e.answered = false;
	check(NUM_UNKNOWN, "");
	check_outage(NUM_UNKNOWN);
}
END_TEST

static const struct {
	enum reason failure;
	int64_t accepts;
	const char *reason;
} silences[] = {
	{ REASON_REFUSED, 0, "no_answer" },
	{ REASON_TIMEOUT, 0, "no_answer" },
	{ REASON_CLOSED, 0, "no_answer" },
	{ REASON_DNS, 0, "no_answer" },
	{ REASON_AUTH, NUM_UNKNOWN, "" },
	{ REASON_TLS, NUM_UNKNOWN, "" },
	{ REASON_MAXCLIENTS, NUM_UNKNOWN, "" },
	{ REASON_PROTOCOL, NUM_UNKNOWN, "" },
};

START_TEST(no_answer)
{
	e.answered = false;
	e.info = NULL;
	e.role = ROLE_UNKNOWN;
	e.failure = silences[_i].failure;
	check(silences[_i].accepts, silences[_i].reason);
	check_outage(silences[_i].accepts == 0 ? 1 : NUM_UNKNOWN);
}
END_TEST

START_TEST(loading_by_info)
{
	now.loading = 1;
	check(0, "loading");
	check_outage(1);
}
END_TEST

START_TEST(loading_by_ping)
{
	e.ping = refusal_of_ping("LOADING Redis is loading the dataset in "
				 "memory");
	check(0, "loading");
}
END_TEST

START_TEST(busy)
{
	e.info = NULL;
	e.failure = REASON_BUSY;
	check(0, "busy");
}
END_TEST

START_TEST(misconf_by_ping)
{
	now.rdb_last_bgsave_ok = 0;
	e.ping = refusal_of_ping("MISCONF Redis is configured to save RDB "
				 "snapshots, but ...");
	check(0, "misconf");
}
END_TEST

/* stop-writes-on-bgsave-error no: PING says PONG. */
START_TEST(failed_save_that_stops_no_writes)
{
	now.rdb_last_bgsave_ok = 0;
	check(1, "");
}
END_TEST

START_TEST(failed_save_and_ping_denied)
{
	e.ping_known = false;
	now.rdb_last_bgsave_ok = 0;
	check(NUM_UNKNOWN, "");
	check_outage(0);
	now.errors_misconf = 1;
	check(0, "misconf");
	earlier.errors_misconf = 1;
	check(0, "misconf"); /* until a save works */
	now.rdb_last_bgsave_ok = 1;
	check(1, "");
}
END_TEST

START_TEST(aof_write_error)
{
	now.aof_enabled = 1;
	now.aof_last_write_ok = 0;
	check(0, "misconf");
	now.aof_enabled = 0;
	check(1, "");
}
END_TEST

START_TEST(out_of_memory)
{
	now.maxmemory = 900;
	check(0, "oom");
	now.mem_not_counted = 100;
	check(1, "");
	now.mem_not_counted = NUM_UNKNOWN;
	check(0, "oom");
	strcpy(now.policy, "allkeys-lru");
	check(1, "");
	/* Nothing that may be evicted: only a refused write tells. */
	now.errors_oom = 1;
	check(0, "oom");
	earlier.errors_oom = 1;
	check(1, "");
}
END_TEST

START_TEST(too_few_replicas)
{
	now.min_slaves_good_slaves = 0;
	check(0, "noreplicas");
	now.min_slaves_good_slaves = 1;
	check(1, "");
	now.errors_noreplicas = 1; /* two are demanded, it seems */
	check(0, "noreplicas");
	earlier = now;
	check(0, "noreplicas");
	now.min_slaves_good_slaves = 2;
	check(1, "");
}
END_TEST

START_TEST(no_earlier_info_of_this_process)
{
	e.earlier = NULL;
	now.errors_noreplicas = now.errors_oom = now.errors_misconf = 7;
	now.min_slaves_good_slaves = 1;
	check(1, "");
}
END_TEST

START_TEST(counters_that_are_not_printed)
{
	now.errors_oom = NUM_UNKNOWN;
	check(1, "");
	now.errors_oom = 1;
	earlier.errors_oom = NUM_UNKNOWN;
	check(1, "");
}
END_TEST

START_TEST(replica)
{
	now.role = e.role = ROLE_REPLICA;
	now.read_only = 1;
	check(0, "readonly");
	now.read_only = 0;
	check(NUM_UNKNOWN, "");
	check_outage(NUM_UNKNOWN);
}
END_TEST

/* Celery's advice for ACLs: -@dangerous takes INFO and ROLE away. */
START_TEST(info_denied)
{
	e.info = NULL;
	e.earlier = NULL;
	e.failure = REASON_NOPERM;
	check(NUM_UNKNOWN, "");
	check_outage(0); /* ROLE says master */
	e.role = ROLE_UNKNOWN;
	check(NUM_UNKNOWN, "");
	check_outage(NUM_UNKNOWN);
}
END_TEST

START_TEST(ping_says_nothing_of_writes)
{
	ck_assert_int_eq(
	    refusal_of_ping("NOAUTH Authentication required."), REFUSAL_NONE);
	ck_assert_int_eq(refusal_of_ping("ERR unknown command"), REFUSAL_NONE);
	ck_assert_int_eq(refusal_of_ping("MISCONFIGURED"), REFUSAL_NONE);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("write_acceptance");
	TCase *tc = tcase_create("write_acceptance");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, healthy);
	tcase_add_test(tc, never_asked);
	tcase_add_loop_test(
	    tc, no_answer, 0, (int)(sizeof(silences) / sizeof(silences[0])));
	tcase_add_test(tc, loading_by_info);
	tcase_add_test(tc, loading_by_ping);
	tcase_add_test(tc, busy);
	tcase_add_test(tc, misconf_by_ping);
	tcase_add_test(tc, failed_save_that_stops_no_writes);
	tcase_add_test(tc, failed_save_and_ping_denied);
	tcase_add_test(tc, aof_write_error);
	tcase_add_test(tc, out_of_memory);
	tcase_add_test(tc, too_few_replicas);
	tcase_add_test(tc, no_earlier_info_of_this_process);
	tcase_add_test(tc, counters_that_are_not_printed);
	tcase_add_test(tc, replica);
	tcase_add_test(tc, info_denied);
	tcase_add_test(tc, ping_says_nothing_of_writes);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
