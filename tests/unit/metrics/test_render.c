#include "metrics/render.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

#include "unit/metrics/sample_deployment.h"
#include "unit/unit.h"

#define FIXTURES "tests/fixtures/exposition/"

static struct deployment deployments[2];
static struct self_stats self;
static struct strbuf text;

static void
setup(void)
{
	sample_init(&deployments[0], NULL);
	sample_init(&deployments[1], "b");
	sample_self(&self);
}

static void
teardown(void)
{
	deployment_fini(&deployments[0]);
	deployment_fini(&deployments[1]);
	strbuf_fini(&text);
}

/* The first n deployments, frozen now and shown later_ms after. */
static const char *
render_all(size_t n, enum render_format format, int64_t later_ms)
{
	struct snapshot *s = sample_snapshot(deployments, n, 0);

	strbuf_fini(&text);
	render_exposition(&text, format, s, &self, SAMPLE_AT_MS + later_ms);
	snapshot_unref(s);
	return strbuf_text(&text);
}

static const char *
render(enum render_format format, int64_t later_ms)
{
	return render_all(1, format, later_ms);
}

static struct master *
master(void)
{
	return deployments[0].masters.v[0];
}

static bool
has(const char *needle)
{
	return strstr(strbuf_text(&text), needle) != NULL;
}

static char *
read_file(const char *path)
{
	struct strbuf b = { 0 };
	FILE *f = fopen(path, "r");
	size_t len;
	int c;

	ck_assert_msg(f != NULL, "%s: run from the top of the tree", path);
	while ((c = getc(f)) != EOF)
		strbuf_putc(&b, (char)c);
	fclose(f);
	return strbuf_take(&b, &len);
}

static const struct golden {
	enum render_format format;
	const char *path;
} goldens[] = {
	{ RENDER_TEXT, FIXTURES "text.txt" },
	{ RENDER_OPENMETRICS, FIXTURES "openmetrics.txt" },
};

/* UPDATE_GOLDEN=1 writes the files anew, to be looked through and committed. */
START_TEST(the_sample_reads_like_the_golden_file)
{
	const struct golden *g = &goldens[_i];
	char *want;
	FILE *f;

	render(g->format, 0);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		f = fopen(g->path, "w");
		ck_assert_ptr_nonnull(f);
		fwrite(text.s, 1, text.len, f);
		fclose(f);
	}
	want = read_file(g->path);
	ck_assert_str_eq(strbuf_text(&text), want);
	free(want);
}
END_TEST

START_TEST(every_family_is_in_the_golden_file)
{
	char line[256], *want = read_file(goldens[0].path);
	const struct family_section *section;
	size_t i, k;

	/* The picture has no limit of virtual memory. */
	for (i = 0; i < family_sections_count; i++) {
		section = family_sections[i];
		for (k = 0; k < section->n; k++) {
			(void)snprintf(line, sizeof(line), "\n# TYPE %s ",
			    section->families[k].name);
			if (strstr(line, "virtual_memory_max") == NULL)
				ck_assert_msg(
				    strstr(want, line) != NULL, "%s", line);
		}
	}
	free(want);
}
END_TEST

START_TEST(content_types)
{
	ck_assert_str_eq(render_content_type(RENDER_TEXT),
	    "text/plain; version=0.0.4; charset=utf-8");
	ck_assert_str_eq(render_content_type(RENDER_OPENMETRICS),
	    "application/openmetrics-text; version=1.0.0; charset=utf-8");
}
END_TEST

START_TEST(an_empty_snapshot_still_tells_of_the_exporter)
{
	struct snapshot *s = snapshot_new();

	render_exposition(&text, RENDER_OPENMETRICS, s, &self, SAMPLE_AT_MS);
	ck_assert(has("sentinel_exporter_build_info{version=\"0.1.0\""));
	ck_assert(!has("sentinel_up"));
	ck_assert(!has("sentinel_exporter_poll_duration_seconds"));
	ck_assert(!has("sentinel_exporter_last_poll"));
	ck_assert_str_eq(text.s + text.len - strlen("\n# EOF\n"), "\n# EOF\n");
	snapshot_unref(s);
}
END_TEST

/* What of the sample is shown at a time does not depend on when the picture
 * was made. */
START_TEST(a_picture_made_late_shows_what_an_old_one_would)
{
	const int64_t late = SAMPLE_STALE_MS + 1;
	struct strbuf old = { 0 };
	struct snapshot *s;

	/* This alone is true by being printed. */
	deployments[0].sentinels.v[0]->subscription_up = false;
	deployments[0].sentinels.v[1]->subscription_up = false;
	strbuf_puts(&old, render(RENDER_TEXT, late));
	s = sample_snapshot(deployments, 1, late);
	strbuf_fini(&text);
	render_exposition(&text, RENDER_TEXT, s, &self, SAMPLE_AT_MS + late);
	ck_assert_str_eq(strbuf_text(&text), strbuf_text(&old));
	strbuf_fini(&old);
	snapshot_unref(s);
}
END_TEST

START_TEST(the_first_part_stays_the_same_until_it_is_stale)
{
	struct snapshot *s = sample_snapshot(deployments, 1, 0);
	struct strbuf first = { 0 }, later = { 0 };

	ck_assert_int_eq(s->next_stale_ms, SAMPLE_AT_MS + SAMPLE_STALE_MS + 1);
	render_snapshot(&first, RENDER_TEXT, s, SAMPLE_AT_MS);
	render_snapshot(&later, RENDER_TEXT, s, s->next_stale_ms - 1);
	ck_assert_str_eq(strbuf_text(&first), strbuf_text(&later));
	strbuf_fini(&later);
	render_snapshot(&later, RENDER_TEXT, s, s->next_stale_ms);
	ck_assert_str_ne(strbuf_text(&first), strbuf_text(&later));
	strbuf_fini(&first);
	strbuf_fini(&later);
	snapshot_unref(s);
}
END_TEST

/* What must go once the picture is too old, and what must stay. */
static const struct aging {
	const char *series;
	bool stays;
} agings[] = {
	{ "sentinel_up{sentinel=\"10.0.0.11:26379\"} 0\n", true },
	{ "sentinel_up{sentinel=\"[fd00::13]:26379\"} 0\n", true },
	{ "sentinel_subscription_up{sentinel=\"10.0.0.11:26379\"} 0\n", true },
	{ "sentinel_instance_info{", false },
	{ "sentinel_tilt{", false },
	{ "sentinel_start_time_seconds{", false },
	{ "sentinel_events_total{sentinel=\"10.0.0.11:26379\","
	  "event=\"+sdown\"} 3\n",
	    true },
	{ "sentinel_master_view_info{", false },
	{ "sentinel_master_quorum{", false },
	{ "sentinel_master_info{", false },
	{ "sentinel_master_up{", false },
	{ "sentinel_master_config_drift{", false },
	{ "sentinel_failovers_total{master_name=\"mymaster\","
	  "kind=\"unknown\"} 0\n",
	    true },
	{ "sentinel_failover_duration_seconds_count{", true },
	{ "sentinel_master_write_outage_seconds_total{master_name="
	  "\"mymaster\"} 12.5\n",
	    true },
	{ "sentinel_db_keys{", false },
	{ "sentinel_node_up{master_name=\"mymaster\",node=\"10.0.0.1:6379\"} "
	  "0\n",
	    true },
	{ "sentinel_node_info{", false },
	{ "sentinel_node_memory_used_bytes{", false },
	{ "sentinel_replica_", false },
	{ "sentinel_replicas_", false },
	{ "sentinel_promotion_", false },
	{ "sentinel_celery_queue_", false },
	{ "sentinel_celery_unacked{", false },
	{ "sentinel_celery_broker_url_conflict{", true },
	{ "sentinel_exporter_source_errors_total{source=\"10.0.0.3:6379\","
	  "reason=\"timeout\"} 9\n",
	    true },
	{ "sentinel_exporter_source_last_success_timestamp_seconds{source="
	  "\"10.0.0.1:6379\"} 1790000000.5\n",
	    true },
};

START_TEST(what_is_too_old_is_gone)
{
	const struct aging *a = &agings[_i];

	render(RENDER_TEXT, SAMPLE_STALE_MS + 1);
	ck_assert_msg(has(a->series) == a->stays, "%s", a->series);
	render(RENDER_TEXT, SAMPLE_STALE_MS);
	if (!a->stays)
		ck_assert_msg(has(a->series), "%s is gone early", a->series);
}
END_TEST

START_TEST(one_stale_source_takes_only_its_own_series_along)
{
	struct sentinel *s = deployments[0].sentinels.v[0];
	struct node *n = master()->nodes.v[1];

	s->info_at.mono_ms -= SAMPLE_STALE_MS + 1;
	s->views.v[0]->at_ms -= SAMPLE_STALE_MS + 1;
	n->server->info_at.mono_ms -= SAMPLE_STALE_MS + 1;
	render(RENDER_TEXT, 0);
	ck_assert(!has("sentinel_tilt{sentinel=\"10.0.0.11:26379\"}"));
	ck_assert(has("sentinel_tilt{sentinel=\"10.0.0.12:26379\"}"));
	ck_assert(!has("sentinel_master_quorum{sentinel=\"10.0.0.11:26379\""));
	ck_assert(has("sentinel_master_quorum{sentinel=\"10.0.0.12:26379\""));
	ck_assert(!has("sentinel_node_info{master_name=\"mymaster\","
		       "node=\"10.0.0.2:6379\""));
	ck_assert(has("sentinel_node_info{master_name=\"mymaster\","
		      "node=\"10.0.0.1:6379\""));
	ck_assert(!has("sentinel_replica_link_up{"));
	ck_assert(!has("sentinel_replica_lag_bytes{"));
	ck_assert(!has("sentinel_promotion_data_loss_bytes{"));
	ck_assert(has("sentinel_replica_promotable{"));
}
END_TEST

START_TEST(queue_figures_go_at_once_when_the_master_is_another)
{
	master()->agreement.master = sample_addr("10.0.0.2:6379");
	render(RENDER_TEXT, 0);
	ck_assert(!has("sentinel_celery_queue_length"));
	ck_assert(!has("sentinel_celery_unacked"));
	ck_assert(!has("sentinel_celery_queue_dbs"));
	ck_assert(has("sentinel_celery_broker_url_conflict"));
}
END_TEST

START_TEST(queue_figures_go_at_once_when_the_master_is_silent)
{
	master()->agreement.up = false;
	render(RENDER_TEXT, 0);
	ck_assert(!has("sentinel_celery_queue_length"));
	ck_assert(!has("sentinel_db_keys"));
	ck_assert(has("sentinel_master_up{master_name=\"mymaster\"} 0\n"));
}
END_TEST

START_TEST(without_a_counted_view_nothing_is_agreed)
{
	master()->agreement =
	    (struct agreement){ .at_ms = SAMPLE_AT_MS, .reporting_nodes = 1 };
	render(RENDER_TEXT, 0);
	ck_assert(!has("sentinel_master_info"));
	ck_assert(!has("sentinel_master_up"));
	ck_assert(!has("sentinel_master_distinct_addresses"));
	ck_assert(!has("sentinel_master_failover_headroom"));
	ck_assert(!has("sentinel_master_config_drift"));
	ck_assert(!has("sentinel_celery_queue_length"));
	ck_assert(has("sentinel_master_reporting_nodes{"));
}
END_TEST

START_TEST(an_open_outage_counts_up_to_the_snapshot_and_no_further)
{
	const char *line = "sentinel_master_write_outage_seconds_total{"
			   "master_name=\"mymaster\"} 15.25\n";

	master()->failovers.outage_since_mono_ms = SAMPLE_AT_MS - 2750;
	render(RENDER_TEXT, 0);
	ck_assert(has(line));
	render(RENDER_TEXT, 5000);
	ck_assert(has(line));
}
END_TEST

START_TEST(replicas_of_whom_nothing_is_known_are_not_counted_as_bad)
{
	struct node *n;

	vec_each(n, &master()->nodes)
		n->replication.promotable_known = n->replication.promotable =
		    n->replication.next_master = false;
	render(RENDER_TEXT, 0);
	ck_assert(!has("sentinel_replicas_promotable"));
	ck_assert(!has("sentinel_replica_promotable"));
	ck_assert(!has("sentinel_replica_next_master"));
	vec_each(n, &master()->nodes)
		n->replication.replica = false;
	render(RENDER_TEXT, 0);
	ck_assert(has("sentinel_replicas_promotable{master_name="
		      "\"mymaster\"} 0\n"));
}
END_TEST

START_TEST(a_group_with_a_name_is_the_first_label)
{
	free(deployments[0].group);
	deployments[0].group = xstrdup("no\"rth");
	render(RENDER_TEXT, 0);
	ck_assert(has("sentinel_up{group=\"no\\\"rth\",sentinel="
		      "\"10.0.0.11:26379\"} 1\n"));
	ck_assert(has("sentinel_db_keys{group=\"no\\\"rth\",master_name="
		      "\"mymaster\",db=\"0\"} 120\n"));
	ck_assert(has("sentinel_exporter_build_info{version="));
}
END_TEST

START_TEST(two_groups_stay_in_one_block_per_family)
{
	const char *p;

	deployments[0].group = xstrdup("a");
	p = render_all(2, RENDER_TEXT, 0);
	p = strstr(p, "# TYPE sentinel_tilt gauge\n");
	ck_assert_ptr_nonnull(p);
	ck_assert_ptr_null(strstr(p + 1, "# TYPE sentinel_tilt "));
	ck_assert_ptr_nonnull(strstr(p, "sentinel_tilt{group=\"a\""));
	ck_assert_ptr_nonnull(strstr(p, "sentinel_tilt{group=\"b\""));
}
END_TEST

/* A node that serves two masters is one source. */
START_TEST(a_source_comes_once)
{
	const char *line = "sentinel_exporter_source_last_success_timestamp_"
			   "seconds{source=\"10.0.0.1:6379\"}";
	struct master *m = deployment_add_master(&deployments[0], "other");
	const struct addr addr = sample_addr("10.0.0.1:6379");
	const char *p;

	master_add_node(m, &addr);
	p = strstr(render(RENDER_TEXT, 0), line);
	ck_assert_ptr_nonnull(p);
	ck_assert_ptr_null(strstr(p + 1, line));
	ck_assert(has("sentinel_node_up{master_name=\"other\","
		      "node=\"10.0.0.1:6379\"} 1\n"));
}
END_TEST

START_TEST(no_two_lines_are_of_one_series)
{
	char *copy, *line, *rest, *value;
	struct hsearch_data seen = { 0 };
	ENTRY *found;

	render(RENDER_TEXT, 0);
	ck_assert_int_ne(hcreate_r(10000, &seen), 0);
	copy = rest = xstrdup(strbuf_text(&text));
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '#' || (value = strrchr(line, ' ')) == NULL)
			continue;
		*value = '\0';
		ck_assert_int_eq(
		    hsearch_r((ENTRY){ line, NULL }, FIND, &found, &seen), 0);
		hsearch_r((ENTRY){ line, line }, ENTER, &found, &seen);
	}
	hdestroy_r(&seen);
	free(copy);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("render");
	TCase *tc = tcase_create("render");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, the_sample_reads_like_the_golden_file, 0,
	    sizeof(goldens) / sizeof(goldens[0]));
	tcase_add_test(tc, every_family_is_in_the_golden_file);
	tcase_add_test(tc, content_types);
	tcase_add_test(tc, an_empty_snapshot_still_tells_of_the_exporter);
	tcase_add_loop_test(
	    tc, what_is_too_old_is_gone, 0, sizeof(agings) / sizeof(agings[0]));
	tcase_add_test(tc, one_stale_source_takes_only_its_own_series_along);
	tcase_add_test(tc, queue_figures_go_at_once_when_the_master_is_another);
	tcase_add_test(tc, queue_figures_go_at_once_when_the_master_is_silent);
	tcase_add_test(tc, without_a_counted_view_nothing_is_agreed);
	tcase_add_test(
	    tc, an_open_outage_counts_up_to_the_snapshot_and_no_further);
	tcase_add_test(
	    tc, replicas_of_whom_nothing_is_known_are_not_counted_as_bad);
	tcase_add_test(tc, a_group_with_a_name_is_the_first_label);
	tcase_add_test(tc, two_groups_stay_in_one_block_per_family);
	tcase_add_test(tc, a_source_comes_once);
	tcase_add_test(tc, no_two_lines_are_of_one_series);
	tcase_add_test(tc, a_picture_made_late_shows_what_an_old_one_would);
	tcase_add_test(tc, the_first_part_stays_the_same_until_it_is_stale);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
