/* The pages: what they say, and that nothing from outside is markup. */
#include "web/page.h"

#include <string.h>

#include "model/event_log.h"
#include "model/failover_report.h"
#include "unit/metrics/sample_deployment.h"
#include "unit/unit.h"
#include "web/asset.h"
#include "web/json_status.h"

#define MARKUP "<script>alert(1)</script>\"'&"

static struct deployment d;
static struct snapshot *s;
static struct strbuf out;

static void
setup(void)
{
	sample_init(&d, NULL);
}

static void
teardown(void)
{
	snapshot_unref(s);
	s = NULL;
	deployment_fini(&d);
	strbuf_fini(&out);
}

static struct page_context
context(void)
{
	if (s == NULL)
		s = sample_snapshot(&d, 1, 0);
	return (struct page_context){ .telemetry_path = "/metrics",
		.version = "0.1.0",
		.snapshot = s,
		.now = sample_at };
}

static bool
says(const char *text)
{
	return strstr(strbuf_text(&out), text) != NULL;
}

START_TEST(the_overview_has_a_sentence_and_the_details)
{
	const struct page_context c = context();

	ck_assert(page_status(&out, &c, 1));
	ck_assert(says("10.0.0.1:6379 is master and refuses writes: its "
		       "memory is full."));
	ck_assert(says("would take over"));
	ck_assert(says("No sentinel knows this name. They know: mymaster."));
	ck_assert(says("<svg class=\"diagram\""));
	ck_assert(says("stranded: nobody reads here"));
	ck_assert(says("says it is master too") == false);
	ck_assert(!page_status(&out, &c, 2));
	ck_assert(!page_status(&out, &c, 0));
}
END_TEST

START_TEST(a_master_has_a_page_of_its_own)
{
	const struct page_context c = context();

	ck_assert(page_master(&out, &c, "mymaster"));
	ck_assert(says("<h2>mymaster</h2>"));
	ck_assert(says("<caption>Data nodes</caption>"));
	ck_assert(!page_master(&out, &c, "other"));
}
END_TEST

START_TEST(what_is_too_old_is_not_shown)
{
	struct page_context c = context();

	c.now.mono_ms += SAMPLE_STALE_MS + 1;
	ck_assert(page_status(&out, &c, 1));
	ck_assert(says("What is known is too old to be shown."));
	ck_assert(!says("is master and"));
	ck_assert(!says("<caption>Queues</caption>"));
}
END_TEST

static void
add_failover(struct master *m)
{
	static const struct failover f = { .epoch = 7,
		.started_wall_ms = SAMPLE_WALL_MS - 3000,
		.switched_wall_ms = SAMPLE_WALL_MS,
		.duration_ms = 3000,
		.phase_ms = { 2000, NUM_UNKNOWN, 1000, NUM_UNKNOWN },
		.outage_ms = NUM_UNKNOWN,
		.to = { "10.0.0.2", 6379 },
		.leader = MARKUP };

	m->failover_list = failover_list_new(&f, 1);
}

/* A queue, a master, a sentinel and an event, all called like a script. */
START_TEST(names_are_no_markup)
{
	const struct event_log_note note = { .wall_ms = SAMPLE_WALL_MS,
		.sentinel = MARKUP,
		.master_name = MARKUP,
		.channel = { MARKUP, strlen(MARKUP) },
		.payload = { MARKUP, strlen(MARKUP) } };
	struct master *m = deployment_add_master(&d, MARKUP);
	struct event_log *log = event_log_new();
	struct page_context c;

	m->agreement = deployment_master(&d, "mymaster")->agreement;
	m->celery.node = m->agreement.master;
	celery_add_db(&m->celery, 0)->at_ms = SAMPLE_AT_MS;
	celery_db_add_queue(&m->celery.dbs.v[0], MARKUP, strlen(MARKUP))
	    ->stranded = 1;
	sample_sentinel(&d, "10.0.0.9:1");
	deployment_rename_sentinel(
	    &d, deployment_sentinel(&d, "10.0.0.9:1"), MARKUP);
	add_failover(m);
	event_log_add(log, &note);
	c = context();
	s->event_log = event_log_freeze(log);
	ck_assert(page_status(&out, &c, 1));
	ck_assert(page_master(&out, &c, MARKUP));
	ck_assert(says("&lt;script&gt;"));
	ck_assert(page_failover(&out, &c, MARKUP "/7"));
	ck_assert(!page_failover(&out, &c, MARKUP "/8"));
	ck_assert(!page_failover(&out, &c, MARKUP));
	ck_assert(!says("<script>"));
	out.len = 0;
	json_status(&out, s, sample_at);
	ck_assert(says("<script>alert(1)</script>\\\"'&"));
	event_log_free(log);
}
END_TEST

START_TEST(a_failover_is_reported_without_guessing)
{
	struct page_context c;

	add_failover(deployment_master(&d, "mymaster"));
	c = context();
	ck_assert(page_failover(&out, &c, "mymaster/7"));
	ck_assert(says("Failover of mymaster"));
	ck_assert(says("Promotion of the replica</th><td>1.000 s"));
	ck_assert(!says("Election of the leading sentinel"));
	ck_assert(!says("No master answered us for"));
	ck_assert(says("Their events were not kept"));
	out.len = 0;
	ck_assert(page_master(&out, &c, "mymaster"));
	ck_assert(says("href=\"/failovers/mymaster/7\""));
	ck_assert(says("election -"));
}
END_TEST

START_TEST(many_masters_are_paged_worst_first)
{
	struct page_context c;
	char name[24];
	int i;

	for (i = 0; i < PAGE_MASTERS + 10; i++) {
		(void)snprintf(name, sizeof(name), "quiet-%03d", i);
		deployment_add_master(&d, name);
	}
	c = context();
	ck_assert(page_status(&out, &c, 1));
	ck_assert(says("Page 1 of 2, worst first"));
	ck_assert(says("href=\"/pages/2\""));
	/* The one that refuses writes goes before those of whom nothing is
	 * known. */
	ck_assert(says("<h2><a id=\"link-_7bmaster_5fname_3d_22mymaster_22\""));
	ck_assert(!says("<svg"));
	out.len = 0;
	ck_assert(page_status(&out, &c, 2));
	ck_assert(!says("mymaster<"));
}
END_TEST

START_TEST(assets_go_by_their_hash)
{
	char name[ASSET_NAME_MAX];
	const char *type, *bytes;
	size_t len;

	asset_name(ASSET_STYLE, name);
	bytes = asset_find(name, &len, &type);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_gt(len, 500);
	ck_assert_int_eq(memcmp(bytes, "/* The status page", 18), 0);
	ck_assert_str_eq(type, "text/css; charset=utf-8");
	name[0] = name[0] == '0' ? '1' : '0';
	ck_assert_ptr_null(asset_find(name, &len, &type));
}
END_TEST

START_TEST(targets_have_roles)
{
	(void)context();
	json_targets(&out, s, sample_at);
	ck_assert(says("{\"targets\":[\"10.0.0.1:6379\"],\"labels\":{"
		       "\"__meta_sentinel_kind\":\"node\","
		       "\"__meta_sentinel_master_name\":\"mymaster\","
		       "\"__meta_sentinel_role\":\"master\","));
	ck_assert(says("{\"targets\":[\"10.0.0.2:6379\"],"));
	ck_assert(says("\"__meta_sentinel_role\":\"replica\""));
	ck_assert(says("{\"targets\":[\"[fd00::14]:26379\"],"));
}
END_TEST

/* Text for a terminal and Markdown. */
START_TEST(a_report_is_safe_in_every_form)
{
	static const struct failover f = { .epoch = 1,
		.switched_wall_ms = SAMPLE_WALL_MS,
		.started_wall_ms = NUM_UNKNOWN,
		.duration_ms = NUM_UNKNOWN,
		.phase_ms = { NUM_UNKNOWN, NUM_UNKNOWN, NUM_UNKNOWN,
		    NUM_UNKNOWN },
		.outage_ms = NUM_UNKNOWN,
		.leader = "\033[2Jevil|*" };
	struct failover_report r;

	failover_report_init(&r, "a\nb", &f, NULL);
	failover_report_text(&r, &out);
	ck_assert(says("  Led by: \\x1b[2Jevil|*\n"));
	ck_assert(says("Failover of a\\x0ab\n"));
	out.len = 0;
	failover_report_markdown(&r, &out);
	ck_assert(says("| Led by | \\\\x1b\\[2Jevil\\|\\* |\n"));
	failover_report_fini(&r);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("page");
	TCase *tc = tcase_create("page");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_overview_has_a_sentence_and_the_details);
	tcase_add_test(tc, a_master_has_a_page_of_its_own);
	tcase_add_test(tc, what_is_too_old_is_not_shown);
	tcase_add_test(tc, names_are_no_markup);
	tcase_add_test(tc, a_failover_is_reported_without_guessing);
	tcase_add_test(tc, many_masters_are_paged_worst_first);
	tcase_add_test(tc, assets_go_by_their_hash);
	tcase_add_test(tc, targets_have_roles);
	tcase_add_test(tc, a_report_is_safe_in_every_form);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
