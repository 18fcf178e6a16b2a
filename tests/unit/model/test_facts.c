#include "base/strbuf.h"
#include "model/derive.h"
#include "model/facts.h"
#include "model/failover_record.h"
#include "protocol/reply_reader.h"
#include "unit/model/fleet.h"
#include "unit/unit.h"

static struct deployment d;
static struct sentinel *s;

static void
setup(void)
{
	d = (struct deployment){ .stale_after_ms = FLEET_STALE_MS };
	s = fleet_sentinel(&d, "s1:26379");
}

static void
teardown(void)
{
	deployment_fini(&d);
}

static struct reply *
reply_of(const char *text, size_t len)
{
	const struct reply_limits limits = {
		.bytes = 1 << 24, .elements = 1 << 20, .depth = 6
	};
	struct reply_reader *reader = reply_reader_new(&limits);
	struct reply *r;
	struct err err;

	reply_reader_feed(reader, text, len);
	r = reply_reader_next(reader, &err);
	ck_assert_msg(r != NULL, "no reply");
	reply_reader_free(reader);
	return r;
}

static void
add_bulk(struct strbuf *b, const char *text)
{
	strbuf_printf(b, "$%zu\r\n%s\r\n", strlen(text), text);
}

static struct reply *
made(struct strbuf *b)
{
	struct reply *r = reply_of(strbuf_text(b), b->len);

	strbuf_fini(b);
	return r;
}

static struct reply *
list_of_replicas(int n)
{
	struct strbuf b = { 0 };
	char port[16];
	int i;

	strbuf_printf(&b, "*%d\r\n", n);
	for (i = 0; i < n; i++) {
		(void)snprintf(port, sizeof(port), "%d", 1000 + i);
		strbuf_printf(&b, "*10\r\n");
		add_bulk(&b, "name");
		add_bulk(&b, port);
		add_bulk(&b, "ip");
		add_bulk(&b, "10.0.0.1");
		add_bulk(&b, "port");
		add_bulk(&b, port);
		add_bulk(&b, "info-refresh");
		add_bulk(&b, "0");
		add_bulk(&b, "slave-priority");
		add_bulk(&b, "100");
	}
	return made(&b);
}

static struct reply *
master_named(const char *name)
{
	struct strbuf b = { 0 };

	strbuf_printf(&b, "*8\r\n");
	add_bulk(&b, "name");
	add_bulk(&b, name);
	add_bulk(&b, "ip");
	add_bulk(&b, "10.0.0.2");
	add_bulk(&b, "port");
	add_bulk(&b, "6379");
	add_bulk(&b, "config-epoch");
	add_bulk(&b, "3");
	return made(&b);
}

static void
take(const char *name, int replicas)
{
	struct reply *r[VIEW_REPLIES];
	size_t i;

	r[0] = master_named("m");
	r[1] = reply_of("*2\r\n$8\r\n10.0.0.2\r\n$4\r\n6379\r\n", 28);
	r[2] = list_of_replicas(replicas);
	r[3] = reply_of("*0\r\n", 4);
	r[4] = reply_of("+OK 1 usable Sentinels.\r\n", 25);
	sentinel_take_view(s, name, r, NULL, fleet_now);
	for (i = 0; i < VIEW_REPLIES; i++)
		reply_free(r[i]);
}

START_TEST(a_view_makes_a_master_with_a_record)
{
	struct master *m;

	take("m", 2);
	m = deployment_master(&d, "m");
	ck_assert_ptr_nonnull(m);
	ck_assert(m->touched && m->changed);
	ck_assert_uint_eq(m->nodes.n, 3);
	ck_assert_uint_eq(d.servers.n, 3);
	ck_assert_ptr_eq(m->record, deployment_record(&d, "m"));
	ck_assert_uint_eq(d.left_out.replicas, 0);
}
END_TEST

/* It came and went between the question and the answer. */
START_TEST(an_answer_about_another_master_is_no_view)
{
	take("m", 0);
	take("other", 0);
	ck_assert_ptr_null(deployment_master(&d, "other"));
	ck_assert_ptr_nonnull(sentinel_view(s, "m"));
}
END_TEST

START_TEST(a_list_that_is_too_long_is_cut_and_the_rest_counted)
{
	take("m", VIEW_REPLICAS_MAX + 5);
	ck_assert_uint_eq(sentinel_view(s, "m")->replicas.n, VIEW_REPLICAS_MAX);
	ck_assert_uint_eq(d.left_out.replicas, 5);
}
END_TEST

/* Sentinel shows 100 until its first INFO of the replica. */
START_TEST(a_priority_that_was_never_read_is_not_known)
{
	struct master *m;
	struct node *n;

	take("m", 2);
	m = deployment_master(&d, "m");
	ck_assert(!deployment_derive(&d, fleet_now) || m->record != NULL);
	vec_each(n, &m->nodes)
		ck_assert_int_eq(n->replication.priority, NUM_UNKNOWN);
	sentinel_view(s, "m")->replicas.v[0].info_refresh_ms = 10;
	master_touch(m);
	(void)deployment_derive(&d, fleet_now);
	n = master_node(m, &sentinel_view(s, "m")->replicas.v[0].addr);
	ck_assert_int_eq(n->replication.priority, 100);
}
END_TEST

/* Events with ever new names had made a record for each, for good. */
START_TEST(a_name_that_only_events_tell_is_not_tracked)
{
	struct event e = { .kind = EVENT_SDOWN, .master_name = "never" };

	take("m", 0);
	sentinel_take_event(s, &e, fleet_now);
	ck_assert_uint_eq(d.records.n, 1);
	ck_assert_ptr_null(deployment_record(&d, "never"));
}
END_TEST

START_TEST(where_info_is_denied_the_role_is_known_or_nothing)
{
	const struct role_answer role = { .role = ROLE_MASTER };
	struct server *server;

	take("m", 0);
	server = d.servers.v[0];
	server_take_denial(server, REASON_NOPERM, &role, fleet_now);
	ck_assert_int_eq(
	    server_role(server, FLEET_NOW_MS, FLEET_STALE_MS), ROLE_MASTER);
	server_take_denial(server, REASON_NOPERM, NULL, fleet_now);
	ck_assert_int_eq(
	    server_role(server, FLEET_NOW_MS, FLEET_STALE_MS), ROLE_UNKNOWN);
	ck_assert(server->source.up);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("facts");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_view_makes_a_master_with_a_record);
	tcase_add_test(tc, an_answer_about_another_master_is_no_view);
	tcase_add_test(tc, a_list_that_is_too_long_is_cut_and_the_rest_counted);
	tcase_add_test(tc, a_priority_that_was_never_read_is_not_known);
	tcase_add_test(tc, a_name_that_only_events_tell_is_not_tracked);
	tcase_add_test(tc, where_info_is_denied_the_role_is_known_or_nothing);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
