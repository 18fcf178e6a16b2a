#include "protocol/heartbeat.h"

#include <string.h>

#include "unit/unit.h"

static char no_prefix[] = "", nb_prefix[] = "nb:", glob_prefix[] = "a*";
static const struct kombu_options plain = { .global_keyprefix = no_prefix },
				  prefixed = { .global_keyprefix = nb_prefix },
				  glob = { .global_keyprefix = glob_prefix };

static const struct {
	const struct kombu_options *options;
	const char *channel;
	enum heartbeat_kind want;
} channels[] = {
	/* kombu 5.2 has no DB in it, 5.4 has. */
	{ &plain, "/{db}.celeryev/worker.heartbeat", HEARTBEAT_ALIVE },
	{ &plain, "/0.celeryev/worker.heartbeat", HEARTBEAT_ALIVE },
	{ &plain, "/15.celeryev/worker.online", HEARTBEAT_ALIVE },
	{ &plain, "/3.celeryev/worker.offline", HEARTBEAT_OFFLINE },
	{ &plain, "celeryev/worker.heartbeat", HEARTBEAT_ALIVE },
	{ &plain, "/a.b.celeryev/worker.heartbeat", HEARTBEAT_ALIVE },
	{ &prefixed, "nb:/5.celeryev/worker.heartbeat", HEARTBEAT_ALIVE },
	{ &prefixed, "nb:celeryev/worker.offline", HEARTBEAT_OFFLINE },
	/* Others' workers on the same Redis. */
	{ &prefixed, "/5.celeryev/worker.heartbeat", HEARTBEAT_NONE },
	{ &plain, "nb:/5.celeryev/worker.heartbeat", HEARTBEAT_NONE },
	{ &plain, "nb:celeryev/worker.heartbeat", HEARTBEAT_NONE },
	/* Other events. */
	{ &plain, "/0.celeryev/task.multi", HEARTBEAT_NONE },
	{ &plain, "/0.celeryev/worker.heartbeats", HEARTBEAT_NONE },
	{ &plain, "/0.celeryev/worker.", HEARTBEAT_NONE },
	{ &plain, "/0.celery.pidbox", HEARTBEAT_NONE },
	{ &plain, "/", HEARTBEAT_NONE },
	{ &plain, "//", HEARTBEAT_NONE },
	{ &plain, "/0/", HEARTBEAT_NONE },
	{ &plain, "", HEARTBEAT_NONE },
	{ &prefixed, "nb", HEARTBEAT_NONE },
};

START_TEST(channel)
{
	ck_assert_int_eq(
	    heartbeat_channel(channels[_i].options, channels[_i].channel,
		strlen(channels[_i].channel)),
	    channels[_i].want);
}
END_TEST

static const struct {
	const struct kombu_options *options;
	const char *want[3];
} patterns[] = {
	{ &plain,
	    { "*celeryev/worker.*", "/*.celeryev/worker.*", "/*.celeryev/*" } },
	{ &prefixed, { "nb:*celeryev/worker.*", "nb:/*.celeryev/worker.*",
			 "nb:/*.celeryev/*" } },
	{ &glob, { "a\\**celeryev/worker.*", "a\\*/*.celeryev/worker.*",
		     "a\\*/*.celeryev/*" } },
};

START_TEST(pattern)
{
	struct strbuf text = { 0 };
	size_t i;

	for (i = 0; i < 3; i++) {
		text.len = 0;
		ck_assert(heartbeat_pattern(patterns[_i].options, i, &text));
		ck_assert_str_eq(strbuf_text(&text), patterns[_i].want[i]);
	}
	ck_assert(!heartbeat_pattern(patterns[_i].options, 3, &text));
	strbuf_fini(&text);
}
END_TEST

/* As celery 5.2.6 published it. */
#define RECORDED                                                              \
	"{\"body\": \"eyJob3N0bmFtZSI6ICJ3b3JrZXJAbGFiIiwgInV0Y29mZnNldCI6"   \
	"IDAsICJwaWQiOiAxOTUwNiwgImNsb2NrIjogMiwgImZyZXEiOiAyLjAsICJhY3Rp"    \
	"dmUiOiAwLCAicHJvY2Vzc2VkIjogMiwgImxvYWRhdmciOiBbMi4wNCwgMS4xNCwg"    \
	"MC43NV0sICJzd19pZGVudCI6ICJweS1jZWxlcnkiLCAic3dfdmVyIjogIjUuMi42"    \
	"IiwgInN3X3N5cyI6ICJMaW51eCIsICJ0aW1lc3RhbXAiOiAxNzk1MzcyMTc0Ljk5"    \
	"NjQ1MTQsICJ0eXBlIjogIndvcmtlci1oZWFydGJlYXQifQ==\", "                \
	"\"content-encoding\": \"utf-8\", \"content-type\": "                 \
	"\"application/json\", \"headers\": {\"hostname\": \"worker@lab\"}, " \
	"\"properties\": {\"delivery_mode\": 1, \"delivery_info\": "          \
	"{\"exchange\": \"celeryev\", \"routing_key\": "                      \
	"\"worker.heartbeat\"}, \"priority\": 0, \"body_encoding\": "         \
	"\"base64\", \"delivery_tag\": "                                      \
	"\"ca0942b2-6b7b-4e22-badb-db29d6013187\"}}"
/* The body as it is, which kombu takes too. */
#define PLAIN(json) "{\"body\": \"" json "\", \"properties\": {}}"
#define BASE64(text)         \
	"{\"body\": \"" text \
	"\", \"properties\": {\"body_encoding\": \"base64\"}}"

static const struct {
	const char *payload, *worker; /* NULL = refused */
	int64_t period_ms;
} payloads[] = {
	{ RECORDED, "worker@lab", 2000 },
	{ PLAIN("{\\\"hostname\\\": \\\"w@h\\\", \\\"freq\\\": 30}"), "w@h",
	    30000 },
	{ PLAIN("{\\\"hostname\\\": \\\"w@h\\\"}"), "w@h", 2000 },
	{ PLAIN("{\\\"hostname\\\": \\\"w\\\", \\\"freq\\\": 0}"), "w", 2000 },
	{ PLAIN("{\\\"hostname\\\": \\\"w\\\", \\\"freq\\\": -5}"), "w", 2000 },
	{ PLAIN("{\\\"hostname\\\": \\\"w\\\", \\\"freq\\\": 1e99}"), "w",
	    3600000 },
	{ PLAIN("{\\\"hostname\\\": \\\"w\\\", \\\"freq\\\": 0.5}"), "w", 500 },
	{ PLAIN("{\\\"hostname\\\": \\\"\\\"}"), NULL, 0 },
	{ PLAIN("{\\\"hostname\\\": 7}"), NULL, 0 },
	{ PLAIN("[{\\\"hostname\\\": \\\"w\\\"}]"), NULL, 0 },
	{ PLAIN("hostname"), NULL, 0 },
	{ BASE64("e30="), NULL, 0 }, /* {} */
	{ BASE64("e30"), NULL, 0 },
	{ BASE64("eyJob3N0bmFtZSI6ICJhIn0="), "a", 2000 },
	{ "{\"body\": {\"hostname\": \"w\"}}", NULL, 0 },
	{ "{\"hostname\": \"w\"}", NULL, 0 },
	{ "[]", NULL, 0 },
	{ "", NULL, 0 },
};

START_TEST(payload)
{
	const char *text = payloads[_i].payload;
	struct heartbeat h = { .worker = "unset" };
	bool ok = heartbeat_parse(&h, text, strlen(text));

	ck_assert_int_eq(ok, payloads[_i].worker != NULL);
	ck_assert_str_eq(h.worker, ok ? payloads[_i].worker : "unset");
	ck_assert_int_eq(h.period_ms, payloads[_i].period_ms);
}
END_TEST

START_TEST(truncated)
{
	struct heartbeat h;
	size_t len;

	for (len = 0; len < strlen(RECORDED); len++)
		ck_assert(!heartbeat_parse(&h, RECORDED, len));
}
END_TEST

/* A payload of n bytes whose worker's name is as long as fits. */
static char *
long_payload(size_t n)
{
	static const char head[] = "{\"body\": \"{\\\"hostname\\\": \\\"",
			  tail[] = "\\\"}\"}";
	char *text = xcalloc(n + 1, 1);

	memset(text, 'w', n);
	memcpy(text, head, strlen(head));
	memcpy(text + n - strlen(tail), tail, strlen(tail));
	return text;
}

START_TEST(caps)
{
	struct heartbeat h;
	char *text = long_payload(65536);

	ck_assert(heartbeat_parse(&h, text, 65536));
	ck_assert_uint_eq(strlen(h.worker), WORKER_NAME_MAX - 1);
	free(text);
	text = long_payload(65537);
	ck_assert(!heartbeat_parse(&h, text, 65537));
	free(text);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("heartbeat");
	TCase *tc = tcase_create("heartbeat");

	tcase_add_loop_test(tc, channel, 0, N(channels));
	tcase_add_loop_test(tc, pattern, 0, N(patterns));
	tcase_add_loop_test(tc, payload, 0, N(payloads));
	tcase_add_test(tc, truncated);
	tcase_add_test(tc, caps);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
