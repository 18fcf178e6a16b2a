/* /api/v1/events: the whole document, to the letter. */
#include "web/json_events.h"

#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "model/deployment.h"
#include "model/snapshot.h"
#include "unit/unit.h"

#define NOW 1767225600123

static struct addr
address(const char *text)
{
	struct addr a;

	ck_assert(addr_parse(&a, text, strlen(text), 0));
	return a;
}

static void
expect(const struct snapshot *s, const char *json)
{
	struct strbuf out = { 0 };

	json_events(&out, s, NOW);
	ck_assert_str_eq(strbuf_text(&out), json);
	strbuf_fini(&out);
}

START_TEST(nothing_yet)
{
	struct snapshot *s = snapshot_new();

	expect(s, "{\"version\":1,\"time\":\"2026-01-01T00:00:00.123Z\","
		  "\"time_unix\":1767225600.123,\"events\":[],"
		  "\"failovers\":[]}\n");
	snapshot_unref(s);
}
END_TEST

static void
add(struct event_log *j, const char *group, const char *name,
    const char *payload)
{
	const struct event_log_note note = { .wall_ms = NOW - 7000,
		.group = group,
		.sentinel = "10.0.0.9:26379",
		.master_name = name,
		.channel = { "+sdown", 6 },
		.payload = { payload, strlen(payload) } };

	event_log_add(j, &note);
}

START_TEST(events)
{
	struct snapshot *s = snapshot_new();
	struct event_log *j = event_log_new();

	add(j, "prod", "nautobot", "master nautobot \"\x01\xFF");
	add(j, NULL, NULL, "");
	s->event_log = event_log_freeze(j);
	expect(s, "{\"version\":1,\"time\":\"2026-01-01T00:00:00.123Z\","
		  "\"time_unix\":1767225600.123,\"events\":["
		  "{\"time\":\"2025-12-31T23:59:53.123Z\","
		  "\"time_unix\":1767225593.123,\"group\":\"prod\","
		  "\"sentinel\":\"10.0.0.9:26379\",\"channel\":\"+sdown\","
		  "\"master_name\":\"nautobot\","
		  "\"payload\":\"master nautobot \\\"\\u0001\\\\xff\"},"
		  "{\"time\":\"2025-12-31T23:59:53.123Z\","
		  "\"time_unix\":1767225593.123,"
		  "\"sentinel\":\"10.0.0.9:26379\",\"channel\":\"+sdown\","
		  "\"payload\":\"\"}],\"failovers\":[]}\n");
	event_log_free(j);
	snapshot_unref(s);
}
END_TEST

START_TEST(failovers)
{
	struct failover v[2] = {
		{ .epoch = 4,
		    .kind = FAILOVER_AUTOMATIC,
		    .from = address("redis-0.redis:6379"),
		    .to = address("[::1]:6379"),
		    .started_wall_ms = NOW - 3100,
		    .switched_wall_ms = NOW - 1000,
		    .duration_ms = 2100,
		    .phase_ms = { 3055, 120, 0, NUM_UNKNOWN },
		    .outage_ms = 5001,
		    .leader = "10.0.0.9:26379" },
		{ .epoch = NUM_UNKNOWN,
		    .kind = FAILOVER_UNKNOWN,
		    .from = address("[::1]:6379"),
		    .to = address("10.0.0.1:6379"),
		    .started_wall_ms = NUM_UNKNOWN,
		    .switched_wall_ms = NOW,
		    .duration_ms = NUM_UNKNOWN,
		    .phase_ms = { NUM_UNKNOWN, NUM_UNKNOWN, NUM_UNKNOWN,
			NUM_UNKNOWN },
		    .outage_ms = NUM_UNKNOWN },
	};
	const struct picture_time t = { { 1, 1 }, 15000 };
	struct snapshot *s = snapshot_new();
	struct deployment d = { .group = xstrdup("prod") };

	deployment_add_master(&d, "bad\xFFname")->failover_list =
	    failover_list_new(v, 2);
	deployment_add_master(&d, "quiet");
	snapshot_add(s, &d, &t);
	deployment_fini(&d);
	expect(s, "{\"version\":1,\"time\":\"2026-01-01T00:00:00.123Z\","
		  "\"time_unix\":1767225600.123,\"events\":[],\"failovers\":["
		  "{\"group\":\"prod\",\"master_name\":\"bad\\\\xffname\","
		  "\"epoch\":4,\"kind\":\"automatic\","
		  "\"from\":\"redis-0.redis:6379\",\"to\":\"[::1]:6379\","
		  "\"started\":\"2025-12-31T23:59:57.023Z\","
		  "\"started_unix\":1767225597.023,"
		  "\"switched\":\"2025-12-31T23:59:59.123Z\","
		  "\"switched_unix\":1767225599.123,"
		  "\"duration_seconds\":2.1,"
		  "\"phases\":{\"detection\":3.055,\"election\":0.12,"
		  "\"promotion\":0},\"outage_seconds\":5.001,"
		  "\"leader\":\"10.0.0.9:26379\"},"
		  "{\"group\":\"prod\",\"master_name\":\"bad\\\\xffname\","
		  "\"kind\":\"unknown\",\"from\":\"[::1]:6379\","
		  "\"to\":\"10.0.0.1:6379\","
		  "\"switched\":\"2026-01-01T00:00:00.123Z\","
		  "\"switched_unix\":1767225600.123,\"phases\":{}}]}\n");
	snapshot_unref(s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("json_events");
	TCase *tc = tcase_create("json_events");

	tcase_add_test(tc, nothing_yet);
	tcase_add_test(tc, events);
	tcase_add_test(tc, failovers);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
