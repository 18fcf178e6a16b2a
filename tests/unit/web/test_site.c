#include "web/site.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/build_info.h"
#include "base/clock.h"
#include "metrics/family.h"
#include "model/snapshot.h"
#include "unit/unit.h"
#include "web/blob.h"
#include "web/page.h"
#include "web/process.h"

static struct site site;
static struct answer answer;
static const struct build_info build = { "1.2.3", "abc", "cc" };

static void
setup(void)
{
	site_init(&site, "/metrics", &build, handover_new());
}

static void
teardown(void)
{
	site_release(&answer);
	site_fini(&site);
	handover_free(site.handover);
}

/* The answer, its parts made one body. */
static void
answer_to(const struct request *rq)
{
	size_t i;

	site_release(&answer);
	site_answer(&site, rq, &answer);
	for (i = 0; i < 2; i++)
		if (answer.parts[i] != NULL)
			strbuf_add(&answer.body, answer.parts[i]->bytes,
			    answer.parts[i]->len);
}

static void
ask(const char *method, const char *path)
{
	const struct request rq = { .method = method, .path = path };

	answer_to(&rq);
}

static bool
says(const char *text)
{
	return strstr(strbuf_text(&answer.body), text) != NULL;
}

static const struct route_case {
	const char *method, *path;
	int code;
	const char *content_type, *text;
} cases[] = {
	{ "GET", "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8",
	    "\nsentinel_exporter_build_info{version=\"1.2.3\"," },
	{ "GET", "/", 200, "text/html; charset=utf-8",
	    "<a href=\"/metrics\">" },
	{ "GET", "/api/v1/events", 200, "application/json", "{\"version\":1," },
	{ "GET", "/-/healthy", 200, "text/plain; charset=utf-8", "Healthy\n" },
	{ "HEAD", "/-/healthy", 200, "text/plain; charset=utf-8", "Healthy\n" },
	{ "GET", "/-/ready", 503, "text/plain; charset=utf-8",
	    "first poll round" },
	{ "GET", "/nowhere", 404, "text/plain; charset=utf-8",
	    "Metrics are at /metrics" },
	{ "GET", "", 404, "text/plain; charset=utf-8", "/metrics" },
	{ "GET", "/metrics/", 404, "text/plain; charset=utf-8", "/metrics" },
	{ "GET", "other", 404, "text/plain; charset=utf-8", "/metrics" },
	{ "POST", "/metrics", 405, "text/plain; charset=utf-8",
	    "Method not allowed" },
	{ "get", "/metrics", 405, "text/plain; charset=utf-8",
	    "Method not allowed" },
	{ "", "/metrics", 405, "text/plain; charset=utf-8",
	    "Method not allowed" },
	{ "GET, HEAD", "/metrics", 405, "text/plain; charset=utf-8",
	    "Method not allowed" },
	{ "DELETE", "/nowhere", 405, "text/plain; charset=utf-8",
	    "Method not allowed" },
};

START_TEST(answers)
{
	const struct route_case *c = &cases[_i];

	ask(c->method, c->path);
	ck_assert_int_eq(answer.code, c->code);
	ck_assert_str_eq(answer.content_type, c->content_type);
	ck_assert_msg(says(c->text), "%s", strbuf_text(&answer.body));
	ck_assert_pstr_eq(answer.allow, c->code == 405 ? "GET, HEAD" : NULL);
}
END_TEST

START_TEST(is_ready_once_the_first_round_is_over)
{
	struct snapshot *s = snapshot_new();

	s->first_round_over = true;
	handover_publish(site.handover, s);
	ask("GET", "/-/ready");
	ck_assert_int_eq(answer.code, 200);
}
END_TEST

START_TEST(bodies_are_refused)
{
	const struct request rq = {
		.method = "GET", .path = "/metrics", .has_body = true
	};

	answer_to(&rq);
	ck_assert_int_eq(answer.code, 413);
}
END_TEST

START_TEST(telemetry_path_may_be_another)
{
	site.telemetry_path = "/";
	ask("GET", "/");
	ck_assert(says("sentinel_exporter_build_info"));
	ask("GET", "/metrics");
	ck_assert_int_eq(answer.code, 404);
}
END_TEST

START_TEST(negotiates_openmetrics)
{
	const struct request rq = { .method = "GET",
		.path = "/metrics",
		.accept = "application/openmetrics-text;version=1.0.0" };

	answer_to(&rq);
	ck_assert_str_eq(answer.content_type,
	    "application/openmetrics-text; version=1.0.0; charset=utf-8");
	ck_assert(says("\n# EOF\n"));
}
END_TEST

START_TEST(compresses_what_is_worth_it)
{
	struct request rq = {
		.method = "GET", .path = "/metrics", .accept_encoding = "gzip"
	};
	char plain[65536];
	z_stream z = { 0 };

	answer_to(&rq);
	ck_assert(answer.gzipped);
	ck_assert_int_eq(inflateInit2(&z, 31), Z_OK);
	z.next_in = (Bytef *)answer.body.s;
	z.avail_in = (uInt)answer.body.len;
	z.next_out = (Bytef *)plain;
	z.avail_out = sizeof(plain) - 1;
	ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	plain[z.total_out] = '\0';
	inflateEnd(&z);
	ck_assert_ptr_nonnull(strstr(plain, "\nprocess_threads "));
	rq.path = "/-/healthy";
	answer_to(&rq);
	ck_assert(!answer.gzipped);
	ck_assert_str_eq(strbuf_text(&answer.body), "Healthy\n");
}
END_TEST

START_TEST(counts_by_handler_and_code)
{
	ask("GET", "/-/healthy");
	ask("GET", "/-/healthy");
	ask("POST", "/-/healthy");
	ask("GET", "/a");
	ask("GET", "/b");
	ask("GET", "/metrics");
	ask("GET", "/metrics");
	ck_assert(says("sentinel_exporter_http_requests_total{handler="
		       "\"/metrics\",code=\"200\"} 1\n"));
	ck_assert(says("{handler=\"/-/healthy\",code=\"200\"} 2\n"));
	ck_assert(says("{handler=\"/-/healthy\",code=\"405\"} 1\n"));
	ck_assert(says("{handler=\"/-/ready\",code=\"200\"} 0\n"));
	ck_assert(says("{handler=\"other\",code=\"404\"} 2\n"));
	ck_assert(!says("handler=\"other\",code=\"200\""));
}
END_TEST

START_TEST(page_holds_nothing_unescaped)
{
	site.telemetry_path = "/\"><script>alert('x')</script>&\xff";
	ask("GET", "/");
	ck_assert(answer.page);
	ck_assert(!says("<script>"));
	ck_assert(says("/&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)"
		       "&lt;/script&gt;&amp;\\xff\">"));
	ck_assert(!says("http://") && !says("https://"));
}
END_TEST

START_TEST(process_tells_of_itself)
{
	struct self_stats before = { 0 }, after = { 0 };
	double now = (double)clock_now().wall_ms / 1000;
	int fd;

	process_read(&before);
	fd = open("/dev/null", O_RDONLY);
	process_read(&after);
	close(fd);
	ck_assert_int_eq(after.open_fds, before.open_fds + 1);
	ck_assert_int_ge(after.max_fds, after.open_fds);
	ck_assert_int_ge(after.threads, 1);
	ck_assert_int_gt(after.resident_bytes, 100000);
	ck_assert_int_gt(after.virtual_bytes, after.resident_bytes);
	ck_assert(after.cpu_seconds >= 0 && after.cpu_seconds < 1000);
	ck_assert(fabs(now - after.start_time_seconds) < 100);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("site");
	TCase *tc = tcase_create("site");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, answers, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, is_ready_once_the_first_round_is_over);
	tcase_add_test(tc, bodies_are_refused);
	tcase_add_test(tc, telemetry_path_may_be_another);
	tcase_add_test(tc, negotiates_openmetrics);
	tcase_add_test(tc, compresses_what_is_worth_it);
	tcase_add_test(tc, counts_by_handler_and_code);
	tcase_add_test(tc, page_holds_nothing_unescaped);
	tcase_add_test(tc, process_tells_of_itself);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
