#include "protocol/kombu.h"

#include <string.h>

#include "unit/unit.h"

#define SEP "\x06\x16"

static char plain_prefix[] = "", plain_sep[] = SEP;
static char unacked[] = "unacked", unacked_index[] = "unacked_index";
static char other_prefix[] = "nb:", other_sep[] = ":";
static char glob_prefix[] = "a*b?[c]\\";
static int64_t plain_steps[] = { 0, 3, 6, 9 }, other_steps[] = { 0, 1, 2 },
	       late_steps[] = { 2, 5 };

static const struct kombu_options plain = {
	.global_keyprefix = plain_prefix,
	.unacked_key = unacked,
	.unacked_index_key = unacked_index,
	.sep = plain_sep,
	.priority_steps = { plain_steps, 4, 4 },
};
static const struct kombu_options other = {
	.global_keyprefix = other_prefix,
	.unacked_key = unacked,
	.unacked_index_key = unacked_index,
	.sep = other_sep,
	.priority_steps = { other_steps, 3, 3 },
};
static const struct kombu_options glob = {
	.global_keyprefix = glob_prefix,
	.sep = plain_sep,
	.priority_steps = { late_steps, 2, 2 },
};

static const struct {
	const struct kombu_options *options;
	const char *queue;
	size_t step;
	const char *want;
} keys[] = {
	{ &plain, "celery", 0, "celery" },
	{ &plain, "celery", 1, "celery" SEP "3" },
	{ &plain, "celery", 3, "celery" SEP "9" },
	{ &other, "other", 0, "nb:other" },
	{ &other, "other", 2, "nb:other:2" },
	{ &glob, "q", 0, "a*b?[c]\\q" SEP "2" },
};

START_TEST(queue_keys)
{
	struct strbuf key = { 0 };

	kombu_queue_key(keys[_i].options, keys[_i].queue,
	    strlen(keys[_i].queue), keys[_i].step, &key);
	ck_assert_str_eq(strbuf_text(&key), keys[_i].want);
	strbuf_fini(&key);
}
END_TEST

START_TEST(other_keys)
{
	struct strbuf key = { 0 };

	kombu_key(&plain, "unacked", &key);
	ck_assert_str_eq(strbuf_text(&key), "unacked");
	strbuf_fini(&key);
	kombu_key(&other, "unacked_index", &key);
	ck_assert_str_eq(strbuf_text(&key), "nb:unacked_index");
	strbuf_fini(&key);
}
END_TEST

static const struct {
	const struct kombu_options *options;
	const char *want;
} patterns[] = {
	{ &plain, "_kombu.binding.*" },
	{ &other, "nb:_kombu.binding.*" },
	{ &glob, "a\\*b\\?\\[c\\]\\\\_kombu.binding.*" },
};

START_TEST(scan_patterns)
{
	struct strbuf pattern = { 0 };

	kombu_binding_pattern(patterns[_i].options, &pattern);
	ck_assert_str_eq(strbuf_text(&pattern), patterns[_i].want);
	strbuf_fini(&pattern);
}
END_TEST

static const struct {
	const struct kombu_options *options;
	const char *key, *want;
} exchanges[] = {
	{ &plain, "_kombu.binding.celery", "celery" },
	{ &plain, "_kombu.binding.a.b c", "a.b c" },
	{ &plain, "_kombu.binding.celeryev2", "celeryev2" },
	{ &other, "nb:_kombu.binding.other", "other" },
	{ &glob, "a*b?[c]\\_kombu.binding.q", "q" },
	{ &plain, "_kombu.binding.celery.pidbox", NULL },
	{ &plain, "_kombu.binding.reply.celery.pidbox", NULL },
	{ &plain, "_kombu.binding.celeryev", NULL },
	{ &plain, "_kombu.binding.", NULL },
	{ &plain, "_kombu.binding", NULL },
	{ &plain, "nb:_kombu.binding.other", NULL },
	{ &other, "_kombu.binding.other", NULL },
	{ &other, "nb:", NULL },
	{ &plain, "", NULL },
};

START_TEST(binding_exchanges)
{
	const char *key = exchanges[_i].key, *exchange = NULL;
	size_t len = 0;
	bool ok = kombu_binding_exchange(
	    exchanges[_i].options, key, strlen(key), &exchange, &len);

	ck_assert_int_eq(ok, exchanges[_i].want != NULL);
	if (!ok)
		return;
	ck_assert_uint_eq(len, strlen(exchanges[_i].want));
	ck_assert_mem_eq(exchange, exchanges[_i].want, len);
	ck_assert_ptr_eq(exchange + len, key + strlen(key));
}
END_TEST

static const struct {
	const struct kombu_options *options;
	const char *member, *want;
} members[] = {
	{ &plain, "celery" SEP SEP "celery", "celery" },
	{ &plain, "jobs.#" SEP "^jobs\\..*$" SEP "jobs", "jobs" },
	{ &plain, SEP SEP "q", "q" },
	{ &other, "other::other", "other" },
	{ &other, "a:b:c:d", "c:d" },
	{ &plain, SEP SEP "w1@host.celery.pidbox", NULL },
	{ &plain, "oid" SEP SEP "oid.reply.celery.pidbox", NULL },
	{ &plain, "worker.#" SEP SEP "celeryev.0c2d", NULL },
	{ &plain, "celery" SEP SEP, NULL },
	{ &plain, "celery" SEP "celery", NULL },
	{ &plain, "celery", NULL },
	{ &plain, "celery::celery", NULL },
	{ &plain, "", NULL },
};

START_TEST(binding_queues)
{
	const char *member = members[_i].member, *queue = NULL;
	size_t len = 0;
	bool ok = kombu_binding_queue(
	    members[_i].options, member, strlen(member), &queue, &len);

	ck_assert_int_eq(ok, members[_i].want != NULL);
	if (!ok)
		return;
	ck_assert_uint_eq(len, strlen(members[_i].want));
	ck_assert_mem_eq(queue, members[_i].want, len);
	ck_assert_ptr_eq(queue + len, member + strlen(member));
}
END_TEST

static const struct {
	const struct kombu_options *options;
	const char *member, *want;
} pidboxes[] = {
	{ &plain, SEP SEP "worker@lab.celery.pidbox", "worker@lab" },
	{ &other, "::w1@a.b.celery.pidbox", "w1@a.b" },
	{ &plain, SEP SEP ".celery.pidbox", NULL },
	{ &plain, SEP SEP "worker@lab", NULL },
	{ &plain, "worker@lab.celery.pidbox", NULL },
	{ &plain, "", NULL },
};

START_TEST(pidbox_workers)
{
	const char *member = pidboxes[_i].member, *worker = NULL;
	size_t len = 0;
	bool ok = kombu_pidbox_worker(
	    pidboxes[_i].options, member, strlen(member), &worker, &len);

	ck_assert_int_eq(ok, pidboxes[_i].want != NULL);
	if (!ok)
		return;
	ck_assert_uint_eq(len, strlen(pidboxes[_i].want));
	ck_assert_mem_eq(worker, pidboxes[_i].want, len);
}
END_TEST

START_TEST(pidbox_keys)
{
	struct strbuf key = { 0 };

	kombu_pidbox_key(&plain, &key);
	ck_assert_str_eq(strbuf_text(&key), "_kombu.binding.celery.pidbox");
	strbuf_fini(&key);
	kombu_pidbox_key(&other, &key);
	ck_assert_str_eq(strbuf_text(&key), "nb:_kombu.binding.celery.pidbox");
	strbuf_fini(&key);
}
END_TEST

#define FOREIGN "", KOMBU_KEY_FOREIGN
#define CELERYS "", KOMBU_KEY_CELERYS
static const struct {
	const struct kombu_options *options;
	const char *key, *queue;
	enum kombu_key_kind want;
} kinds[] = {
	{ &plain, "celery", "celery", KOMBU_KEY_QUEUE },
	{ &plain, "celery" SEP "3", "celery", KOMBU_KEY_QUEUE },
	{ &plain, "celery" SEP "12", "celery", KOMBU_KEY_QUEUE },
	{ &plain, "celery" SEP, "celery" SEP, KOMBU_KEY_QUEUE },
	{ &plain, SEP "3", SEP "3", KOMBU_KEY_QUEUE },
	{ &plain, "q3", "q3", KOMBU_KEY_QUEUE },
	{ &plain, "3", "3", KOMBU_KEY_QUEUE },
	{ &other, "nb:q:2", "q", KOMBU_KEY_QUEUE },
	{ &other, "nb:q", "q", KOMBU_KEY_QUEUE },
	/* A cache's key may look like a queue: its owner decides. */
	{ &plain, ":1:page:7", ":1:page:7", KOMBU_KEY_QUEUE },
	{ &plain, "", "", KOMBU_KEY_QUEUE },
	{ &plain, "_kombu.binding.celery", CELERYS },
	{ &plain, "unacked", CELERYS },
	{ &plain, "unacked_index", CELERYS },
	{ &plain, "unacked_mutex", CELERYS },
	{ &other, "nb:unacked", CELERYS },
	{ &plain, "0c2d.reply.celery.pidbox", CELERYS },
	{ &plain, "0c2d.reply.celery.pidbox" SEP "3", CELERYS },
	{ &plain, "w@h.celery.pidbox", CELERYS },
	{ &plain, "celeryev.0c2d", CELERYS },
	{ &plain, "celery-task-meta-0c2d", CELERYS },
	{ &plain, "celery-taskset-meta-0c2d.j", CELERYS },
	{ &plain, "chord-unlock-0c2d", CELERYS },
	{ &plain, "redbeat:nightly", CELERYS },
	{ &plain, "10ed84c9-9c64-3311-8c7e-55108406d78b", CELERYS },
	{ &other, "nb:10ed84c9-9C64-3311-8c7e-55108406d78b:1", CELERYS },
	{ &plain, "10ed84c9-9c64-3311-8c7e-55108406d78",
	    "10ed84c9-9c64-3311-8c7e-55108406d78", KOMBU_KEY_QUEUE },
	{ &plain, "10ed84c9-9c64-3311-8c7e055108406d78b",
	    "10ed84c9-9c64-3311-8c7e055108406d78b", KOMBU_KEY_QUEUE },
	{ &plain, "g0ed84c9-9c64-3311-8c7e-55108406d78b",
	    "g0ed84c9-9c64-3311-8c7e-55108406d78b", KOMBU_KEY_QUEUE },
	/* Results have a prefix of their own, or none. */
	{ &other, "celery-task-meta-0c2d", CELERYS },
	{ &other, "results:celery-task-meta-0c2d", CELERYS },
	{ &other, "q", FOREIGN },
	{ &other, "_kombu.binding.celery", FOREIGN },
	{ &other, "", FOREIGN },
};

START_TEST(key_kinds)
{
	const char *key = kinds[_i].key, *queue = "";
	size_t len = 0;

	ck_assert_int_eq(
	    kombu_key_kind(kinds[_i].options, key, strlen(key), &queue, &len),
	    kinds[_i].want);
	if (kinds[_i].want != KOMBU_KEY_QUEUE)
		return;
	ck_assert_uint_eq(len, strlen(kinds[_i].queue));
	ck_assert(memcmp(queue, kinds[_i].queue, len) == 0);
}
END_TEST

#define TAG	   "0f1e7a6c-6f0e-4d0b-9a53-3f0f4a1b2c3d"
#define PROPERTIES "\"properties\": {\"delivery_tag\": \"" TAG "\"}"
#define X32	   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
static const struct {
	const char *json, *want;
} messages[] = {
	{ "{" PROPERTIES "}", TAG },
	{ "{\"body\": \"W1tdXQ==\", \"content-encoding\": \"utf-8\", "
	  "\"headers\": {\"lang\": \"py\", \"eta\": null}, " PROPERTIES "}",
	    TAG },
	{ "{\"headers\": {\"big\": 123456789012345678901234567890}, " PROPERTIES
	  "}",
	    TAG },
	{ "{\"properties\": {\"delivery_tag\": \"" X32 X32 X32 "\"}}",
	    X32 X32 "xxxxxxx" },
	{ "{\"properties\": {\"delivery_tag\": \"\"}}", NULL },
	{ "{\"properties\": {\"delivery_tag\": 7}}", NULL },
	{ "{\"properties\": {}}", NULL },
	{ "{\"properties\": []}", NULL },
	{ "{\"delivery_tag\": \"" TAG "\"}", NULL },
	{ "[" PROPERTIES "]", NULL },
	{ "[1, 2]", NULL },
	{ "{" PROPERTIES, NULL },
	{ "{" PROPERTIES "} trailing", NULL },
	{ "", NULL },
	{ "not json", NULL },
};

START_TEST(delivery_tags)
{
	const char *json = messages[_i].json;
	char tag[DELIVERY_TAG_MAX] = "unset";
	bool ok = kombu_delivery_tag(json, strlen(json), tag);

	ck_assert_int_eq(ok, messages[_i].want != NULL);
	ck_assert_str_eq(tag, ok ? messages[_i].want : "unset");
}
END_TEST

START_TEST(truncated_message)
{
	const char *json = messages[1].json;
	char tag[DELIVERY_TAG_MAX];
	size_t cut;

	for (cut = 0; cut < strlen(json); cut++)
		ck_assert(!kombu_delivery_tag(json, cut, tag));
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("kombu");
	TCase *tc = tcase_create("kombu");

	tcase_add_loop_test(tc, queue_keys, 0, N(keys));
	tcase_add_test(tc, other_keys);
	tcase_add_loop_test(tc, scan_patterns, 0, N(patterns));
	tcase_add_loop_test(tc, binding_exchanges, 0, N(exchanges));
	tcase_add_loop_test(tc, binding_queues, 0, N(members));
	tcase_add_loop_test(tc, pidbox_workers, 0, N(pidboxes));
	tcase_add_test(tc, pidbox_keys);
	tcase_add_loop_test(tc, key_kinds, 0, N(kinds));
	tcase_add_loop_test(tc, delivery_tags, 0, N(messages));
	tcase_add_test(tc, truncated_message);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
