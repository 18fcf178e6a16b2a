/*
 * The configuration file from its text to the conf, and each way in which it
 * can be broken with the line and column that the reason names.
 */
#include "config/conf_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "config/conf_source.h"
#include "unit/unit.h"

static char folder[] = "/tmp/conf-file-test-XXXXXX";
static char file[64], flag[96], secret[64];
static struct conf *conf;
static struct conf_source *source;
static struct err err;
static char *argv[4], *env[4], *owned[4];

static void
put(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void
enter(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(file, sizeof(file), "%s/f.yml", folder);
	(void)snprintf(secret, sizeof(secret), "%s/secret", folder);
	(void)snprintf(flag, sizeof(flag), "--config.file=%s", file);
	put(secret, "hunter2\n", 0600);
}

static void
end(void)
{
	size_t i;

	conf_unref(conf);
	conf_source_free(source);
	conf = NULL;
	source = NULL;
	for (i = 0; i < 4; i++) {
		free(argv[i]);
		free(owned[i]);
		argv[i] = env[i] = owned[i] = NULL;
	}
}

static void
leave(void)
{
	end();
	(void)unlink(file);
	(void)unlink(secret);
	ck_assert_int_eq(rmdir(folder), 0);
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
}

/* Start with the file that is there; more is a flag or a variable, or NULL. */
static bool
load(const char *more)
{
	enum conf_command command;
	int argc = 2;

	argv[0] = xstrdup("sentinel-exporter");
	argv[1] = xstrdup(flag);
	env[0] = owned[0] = xstrdup("SECRET_VARIABLE=hunter3");
	if (more != NULL && more[0] == '-')
		argv[argc++] = xstrdup(more);
	else if (more != NULL)
		env[1] = owned[1] = xstrdup(more);
	source = conf_source_new(argc, argv, env, &command, &err);
	if (source != NULL)
		conf = conf_source_load(source, &err);
	return conf != NULL;
}

static void
must_load(const char *text)
{
	put(file, text, 0600);
	ck_assert_msg(load(NULL), "%s", err.text);
}

START_TEST(one_deployment)
{
	const struct group_conf *g;

	must_load("sentinel:\n"
		  "  addr: [s1:26379, s2]\n"
		  "  master-name: m\n"
		  "  password: {env: SECRET_VARIABLE}\n"
		  "redis:\n"
		  "  username: u\n"
		  "  password: 12345\n"
		  "celery:\n"
		  "  queue: [a, 'b,c']\n"
		  "  db: [0, 3]\n"
		  "  scan: false\n"
		  "  transport-options:\n"
		  "    sep: \"\\x06\\x16\"\n"
		  "    visibility_timeout: 7200\n"
		  "    priority_steps: [0, 5]\n"
		  "poll: {interval: 10s}\n"
		  "web:\n"
		  "  listen-address: ':1'\n"
		  "log: {format: json}\n");
	g = conf->groups.v[0];
	ck_assert_ptr_null(g->name);
	ck_assert_uint_eq(g->sentinels.n, 2);
	ck_assert_str_eq(g->master_names.items.v[0], "m");
	ck_assert_str_eq(g->sentinel_auth.password, "hunter3");
	ck_assert_str_eq(g->redis_auth.username, "u");
	ck_assert_str_eq(g->redis_auth.password, "12345");
	ck_assert_str_eq(g->brokers.v[0].queues.items.v[1], "b,c");
	ck_assert_int_eq(g->brokers.v[0].dbs.v[1], 3);
	ck_assert(!g->brokers.v[0].scan);
	ck_assert_int_eq(g->brokers.v[0].kombu.visibility_timeout_ms, 7200000);
	ck_assert_int_eq(g->brokers.v[0].kombu.priority_steps.v[1], 5);
	ck_assert_int_eq(conf->poll.interval_ms, 10000);
	ck_assert_str_eq(conf->web_listen_addresses.items.v[0], ":1");
	ck_assert_int_eq((int)conf->log_format, LOG_JSON);
	/* the variable is gone from the process' environment */
	ck_assert_ptr_null(env[0]);
	ck_assert_str_eq(owned[0], "");
}
END_TEST

START_TEST(an_empty_file_says_nothing)
{
	must_load("# nothing\n");
	ck_assert_uint_eq(conf->groups.n, 1);
	ck_assert_int_eq(conf->poll.interval_ms, 5000);
}
END_TEST

START_TEST(several_groups_inherit)
{
	char text[512];
	const struct group_conf *a, *b;

	(void)snprintf(text, sizeof(text),
	    "redis: {password-file: %s}\n"
	    "celery: {scan: false}\n"
	    "groups:\n"
	    "  - name: a\n"
	    "    sentinel: {addr: s1}\n"
	    "  - name: b\n"
	    "    sentinel: {addr: s2, master-name: [x, y]}\n"
	    "    redis: {password: own}\n"
	    "    celery: {queue: q, db: 2}\n",
	    secret);
	must_load(text);
	ck_assert_uint_eq(conf->groups.n, 2);
	a = conf->groups.v[0];
	b = conf->groups.v[1];
	ck_assert_str_eq(a->name, "a");
	ck_assert_str_eq(a->redis_auth.password, "hunter2");
	ck_assert_str_eq(a->redis_auth.password_file, secret);
	ck_assert(!a->brokers.v[0].enabled);
	ck_assert_str_eq(b->name, "b");
	ck_assert_str_eq(b->redis_auth.password, "own");
	ck_assert_ptr_null(b->redis_auth.password_file);
	ck_assert_uint_eq(b->master_names.items.n, 2);
	ck_assert(b->brokers.v[0].enabled && !b->brokers.v[0].scan);
	ck_assert_int_eq(b->brokers.v[0].dbs.v[0], 2);
}
END_TEST

START_TEST(a_group_is_polled_as_it_says)
{
	put(file,
	    "poll: {interval: 10s}\n"
	    "groups:\n"
	    "  - {name: a, sentinel: {addr: s1}}\n"
	    "  - {name: b, sentinel: {addr: s2}, poll: {interval: 1m}}\n",
	    0600);
	ck_assert_msg(load(NULL), "%s", err.text);
	ck_assert_int_eq(conf->groups.v[0]->poll.interval_ms, 10000);
	ck_assert_int_eq(conf->groups.v[0]->poll.stale_after_ms, 30000);
	ck_assert_int_eq(conf->groups.v[1]->poll.interval_ms, 60000);
	ck_assert_int_eq(conf->groups.v[1]->poll.stale_after_ms, 180000);
	end();
	/* a flag is for all of them */
	ck_assert_msg(load("--poll.interval=20s"), "%s", err.text);
	ck_assert_int_eq(conf->groups.v[0]->poll.interval_ms, 20000);
	ck_assert_int_eq(conf->groups.v[1]->poll.interval_ms, 20000);
}
END_TEST

START_TEST(several_brokers_of_one_deployment)
{
	const struct group_conf *g;

	must_load("celery:\n"
		  "  max-queues: 7\n"
		  "  brokers:\n"
		  "    - broker-url: sentinel://:p@s1/1;sentinel://:p@s2/1\n"
		  "      transport-options: {master_name: one}\n"
		  "    - broker-url: sentinel://:p@s1/4\n"
		  "      master-name: two\n"
		  "      queue: [q]\n");
	g = conf->groups.v[0];
	ck_assert_uint_eq(g->sentinels.n, 2);
	ck_assert_uint_eq(g->master_names.items.n, 2);
	ck_assert_str_eq(g->redis_auth.password, "p");
	ck_assert_int_eq(group_conf_celery(g, "one")->dbs.v[0], 1);
	ck_assert_int_eq(group_conf_celery(g, "two")->dbs.v[0], 4);
	ck_assert_uint_eq(group_conf_celery(g, "two")->queues.items.n, 1);
	ck_assert_int_eq(group_conf_celery(g, "two")->max_queues, 7);
	ck_assert_ptr_null(group_conf_celery(g, "three"));
}
END_TEST

START_TEST(flags_and_variables_win)
{
	put(file, "poll: {interval: 10s}\nsentinel: {addr: s1}\n", 0600);
	ck_assert_msg(load("--sentinel.addr=s2"), "%s", err.text);
	ck_assert_str_eq(conf->groups.v[0]->sentinels.v[0].addr.host, "s2");
	end();
	ck_assert(load("SENTINEL_EXPORTER_POLL_INTERVAL=20s"));
	ck_assert_int_eq(conf->poll.interval_ms, 20000);
}
END_TEST

/* Celery's own variables may stand there for somebody else. */
START_TEST(celerys_variables_are_left_aside_by_groups)
{
	put(file, "groups: [{name: a, sentinel: {addr: s1}}]\n", 0600);
	ck_assert_msg(
	    load("CELERY_BROKER_URL=sentinel://s9/9"), "%s", err.text);
	ck_assert_str_eq(conf->groups.v[0]->sentinels.v[0].addr.host, "s1");
	ck_assert_uint_eq(conf->groups.v[0]->brokers.v[0].dbs.n, 0);
	end();
	put(file, "celery: {brokers: [{broker-url: 'sentinel://s1/1'}]}\n",
	    0600);
	ck_assert_msg(
	    load("CELERY_BROKER_URL=sentinel://s9/9"), "%s", err.text);
	ck_assert_str_eq(conf->groups.v[0]->sentinels.v[0].addr.host, "s1");
}
END_TEST

START_TEST(flags_of_a_group_beside_groups)
{
	put(file, "groups:\n  - name: a\n    sentinel: {addr: s1}\n", 0600);
	ck_assert(!load("--sentinel.addr=s2"));
	ck_assert_ptr_nonnull(strstr(err.text, "--sentinel.addr: "));
	ck_assert_ptr_nonnull(strstr(err.text, "f.yml:2:11"));
	end();
	put(file, "celery: {brokers: [{broker-url: 'sentinel://s1/1'}]}\n",
	    0600);
	ck_assert(!load("--celery.broker-url=sentinel://s2"));
	ck_assert_ptr_nonnull(strstr(err.text, "--celery.broker-url: "));
}
END_TEST

START_TEST(secrets_by_reference)
{
	char text[256];

	(void)snprintf(text, sizeof(text),
	    "sentinel: {addr: s1, password: {file: %s}}\n"
	    "redis: {password: {env: SECRET_VARIABLE}}\n",
	    secret);
	put(file, text, 0644); /* no secret stands in it */
	ck_assert_msg(load(NULL), "%s", err.text);
	ck_assert_str_eq(conf->groups.v[0]->sentinel_auth.password, "hunter2");
	ck_assert_str_eq(
	    conf->groups.v[0]->sentinel_auth.password_file, secret);
	ck_assert_str_eq(conf->groups.v[0]->redis_auth.password, "hunter3");
	end();
	put(secret, "sentinel://:hunter4@s5/5\n", 0600);
	(void)snprintf(
	    text, sizeof(text), "celery: {broker-url: {file: %s}}\n", secret);
	must_load(text);
	ck_assert_str_eq(conf->groups.v[0]->redis_auth.password, "hunter4");
}
END_TEST

START_TEST(inline_secrets_want_a_private_file)
{
	static const char *const texts[] = {
		"redis:\n  password: hunter2\n",
		"celery:\n  broker-url: sentinel://:hunter2@s\n",
		"celery:\n  transport-options:\n"
		"    sentinel_kwargs: {password: hunter2}\n",
	};
	static const char *const places[] = { ":2:13: ", ":2:15: ", ":3:5: " };

	put(file, texts[_i], 0644);
	ck_assert(!load(NULL));
	ck_assert_msg(strstr(err.text, places[_i]) != NULL, "%s", err.text);
	ck_assert_ptr_nonnull(strstr(err.text, "chmod o-r"));
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
	end();
	put(file, texts[_i], 0640);
	ck_assert_msg(load(NULL), "%s", err.text);
}
END_TEST

START_TEST(a_reload_reads_the_file_again)
{
	struct conf *again;

	must_load("sentinel: {addr: s1}\nredis: {password: {env: "
		  "SECRET_VARIABLE}}\n");
	put(file,
	    "sentinel: {addr: s2}\nredis: {password: {env: "
	    "SECRET_VARIABLE}}\n",
	    0600);
	again = conf_source_load(source, &err);
	ck_assert_msg(again != NULL, "%s", err.text);
	ck_assert_str_eq(again->groups.v[0]->sentinels.v[0].addr.host, "s2");
	ck_assert_str_eq(again->groups.v[0]->redis_auth.password, "hunter3");
	conf_unref(again);
	put(file, "sentinel: [\n", 0600);
	ck_assert_ptr_null(conf_source_load(source, &err));
	ck_assert_str_eq(conf->groups.v[0]->sentinels.v[0].addr.host, "s1");
}
END_TEST

/* What --config.check prints is a configuration file, but for the secrets. */
START_TEST(what_is_printed_can_be_read)
{
	char *text, *place;
	size_t size;
	FILE *f;

	must_load("groups:\n"
		  "  - name: a\n"
		  "    sentinel: {addr: [s1, 's2:1'], username: u}\n"
		  "    celery: {queue: q}\n"
		  "  - name: b\n"
		  "    sentinel: {addr: s3}\n"
		  "    celery:\n"
		  "      brokers:\n"
		  "        - {master-name: x, db: [1, 2]}\n"
		  "        - {master-name: y, queue: [r], "
		  "transport-options: {sep: ':'}}\n"
		  "web: {listen-address: [':1', ':2']}\n");
	f = open_memstream(&text, &size);
	conf_print(conf, f);
	ck_assert_int_eq(fclose(f), 0);
	end();
	must_load(text);
	place = text;
	f = open_memstream(&text, &size);
	conf_print(conf, f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_str_eq(text, place);
	ck_assert_str_eq(
	    group_conf_celery(conf->groups.v[1], "y")->kombu.sep, ":");
	free(text);
	free(place);
}
END_TEST

/* Each with its line and column; "hunter" is a piece of a secret. */
static const struct broken {
	const char *text, *place, *says;
} broken[] = {
	/* no YAML, or more of it than is wanted */
	{ "sentinel: [\n", "2:1", "" },
	{ "sentinel: {addr: s1\n", "2:1", "" },
	{ "sentinel:\n\taddr: s1\n", "2:1", "indent with spaces" },
	{ "sentinel:\n  addr: s1\n master-name: m\n", "3:2", "" },
	{ "sentinel: addr: s1\n", "1:15", "':' where no key can stand" },
	{ "sentinel:\n  addr: \"s1\n", "3:1", "" },
	{ "sentinel:\n  addr \"s1\n", "2:3", "must be a map, not a value" },
	{ "sentinel: &a {addr: s1}\n", "1:11", "anchors" },
	{ "sentinel: {addr: *a}\n", "1:18", "aliases" },
	{ "redis: {password: !secret hunter2}\n", "1:19", "tags" },
	{ "redis: {password: *hunter}\n", "1:19", "aliases" },
	{ "poll: {interval: 5s}\n---\npoll: {interval: 6s}\n", "2:1",
	    "second document" },
	{ "poll: {interval: 5s}\npoll: {timeout: 1s}\n", "2:1",
	    "stands at line 1 already" },
	{ "poll:\n  interval: 5s\n  interval: 6s\n", "3:3", "at line 2" },
	{ "log: {level: \"\xff\"}\n", "1:15", "UTF-8" },
	{ "a: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n", "1:19", "nesting" },
	/* not a map */
	{ "sentinel\n", "1:1", "must be a map, not a value" },
	{ "- sentinel\n", "1:1", "must be a map, not a list" },
	{ "sentinel: s1:26379\n", "1:11", "sentinel must be a map" },
	{ "sentinel:\n", "1:10", "sentinel must be a map, not nothing" },
	{ "poll: [5s]\n", "1:7", "poll must be a map, not a list" },
	/* unknown keys */
	{ "sentinal: {addr: s1}\n", "1:1", "did you mean sentinel?" },
	{ "sentinel:\n  adr: s1\n", "2:3", "did you mean addr?" },
	{ "sentinel:\n  master_name: m\n", "2:3", "did you mean master-name?" },
	{ "poll:\n  intervall: 5s\n", "2:3", "did you mean interval?" },
	{ "group: []\n", "1:1", "did you mean groups?" },
	{ "xyzzy: 1\n", "1:1", "unknown key \"xyzzy\"; the keys are" },
	{ "sentinel.addr: s1\n", "1:1", "\"sentinel: addr: ...\"" },
	{ "addr: s1\n", "1:1", "\"sentinel: addr: ...\"" },
	{ "celery:\n  broker_url: sentinel://:hunter2@s\n", "2:3",
	    "did you mean broker-url?" },
	{ "once: true\n", "1:1", "unknown key" },
	{ "config: {file: x}\n", "1:1", "unknown key" },
	{ "'': 1\n", "1:1", "unknown key" },
	{ "json: true\n", "1:1", "unknown key" },
	{ "groups:\n  - name: a\n    sentinel: {addr: s}\n    nam: b\n", "4:5",
	    "did you mean name?" },
	{ "celery:\n  brokers:\n    - broker_url: sentinel://s\n", "3:7",
	    "did you mean broker-url?" },
	{ "celery:\n  broker: []\n", "2:3", "did you mean brokers?" },
	/* misplaced keys */
	{ "groups:\n  - name: a\n    web: {telemetry-path: /m}\n", "3:5",
	    "put it at the top of the file" },
	{ "groups:\n  - name: a\n    nautobot: true\n    state: {file: /x}\n",
	    "4:5", "at the top of the file" },
	{ "groups:\n  - name: a\n    groups: []\n", "3:5", "unknown key" },
	{ "celery:\n  brokers:\n    - scan: false\n", "3:7",
	    "into the group, or at the top" },
	{ "celery:\n  brokers:\n    - brokers: []\n", "3:7", "unknown key" },
	{ "name: a\n", "1:1", "unknown key" },
	/* groups */
	{ "groups: {name: a}\n", "1:9", "groups must be a list, not a map" },
	{ "groups: []\n", "1:9", "write 1 to 1000 groups" },
	{ "groups:\n  - a\n", "2:5", "must be a map, not a value" },
	{ "groups:\n  - sentinel: {addr: s}\n", "2:5", "has no name" },
	{ "groups:\n  - name:\n", "2:10", "name must be a value" },
	{ "groups:\n  - name: ''\n", "2:11", "1 to 64 bytes" },
	{ "groups:\n  - {name: a, sentinel: {addr: s}}\n"
	  "  - {name: a, sentinel: {addr: t}}\n",
	    "3:12", "stands at" },
	{ "groups:\n  - name: a\n", "2:11", "has no sentinels" },
	{ "celery:\n  brokers: {broker-url: x}\n", "2:12",
	    "must be a list, not a map" },
	{ "groups:\n  - name: a\n    sentinel: {addr: s}\n    celery:\n"
	  "      brokers: [{db: 1}, {db: 2}]\n",
	    "2:11", "two brokers are for any master" },
	/* values */
	{ "sentinel:\n  addr:\n    - s1\n    - s 2\n", "4:7",
	    "sentinel.addr: \"s 2\" is no address" },
	{ "sentinel:\n  addr: [s1, {a: b}]\n", "2:14",
	    "must be a value, not a map" },
	{ "sentinel:\n  addr: {}\n", "2:9", "must be a value, not a map" },
	{ "poll:\n  interval: 5\n", "2:13", "a duration such as 5s" },
	{ "poll:\n  interval: [5s]\n", "2:13", "must be a value, not a list" },
	{ "poll:\n  interval:\n", "2:12", "has no value" },
	{ "poll: {interval: ''}\n", "1:18", "has no value" },
	{ "poll:\n  interval: 1s\n  timeout: 2s\n", "3:12", "shorter than" },
	{ "celery:\n  scan: maybe\n", "2:9", "true or false" },
	{ "celery:\n  db: [0, x]\n", "2:11", "celery.db: \"x\" is no DB" },
	{ "celery:\n  max-queues: 0\n", "2:15", "from 1 to 100000" },
	{ "celery:\n  broker-url: amqp://:hunter2@s\n", "2:15", "URL 1" },
	{ "celery:\n  transport-options: [1]\n", "2:22", "must be a map" },
	{ "celery:\n  transport-options: {sep: 1}\n", "2:22",
	    "sep must be a non-empty string" },
	{ "celery:\n  broker-use-ssl:\n    keyfile: hunter2\n", "3:5",
	    "begin with ssl_" },
	{ "redis:\n  password: {hunter: 2}\n", "2:13", "{env: NAME}" },
	{ "redis:\n  password: {env: NO_SUCH}\n", "2:19", "is not set" },
	{ "redis:\n  password: {env: }\n", "2:19", "{env: NAME}" },
	{ "redis:\n  password: {file: /nowhere}\n", "2:20", "No such file" },
	{ "redis:\n  password: [hunter2]\n", "2:13", "not a list" },
	{ "redis:\n  password: hunter2\n  password-file: /x\n", "3:18",
	    "keep one of them" },
	{ "web:\n  listen-address: 10379\n", "2:19", "no address to listen" },
	{ "log:\n  level: loud\n", "2:10", "debug, info, warn" },
};

START_TEST(broken_files)
{
	const struct broken *b = &broken[_i];
	char place[128];

	put(file, b->text, 0600);
	ck_assert_msg(!load(NULL), "%s", b->text);
	(void)snprintf(place, sizeof(place), "%s:%s: ", file, b->place);
	ck_assert_msg(strncmp(err.text, place, strlen(place)) == 0, "%s\n%s",
	    b->text, err.text);
	ck_assert_msg(strstr(err.text, b->says) != NULL, "%s", err.text);
	ck_assert_msg(strstr(err.text, "hunter2") == NULL, "%s", err.text);
	ck_assert_ptr_null(strchr(err.text, '\n'));
}
END_TEST

START_TEST(a_missing_file_is_named)
{
	ck_assert(!load(NULL));
	ck_assert_ptr_nonnull(strstr(err.text, file));
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

int
main(void)
{
	Suite *s = suite_create("conf_file");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, one_deployment);
	tcase_add_test(tc, an_empty_file_says_nothing);
	tcase_add_test(tc, several_groups_inherit);
	tcase_add_test(tc, a_group_is_polled_as_it_says);
	tcase_add_test(tc, several_brokers_of_one_deployment);
	tcase_add_test(tc, flags_and_variables_win);
	tcase_add_test(tc, celerys_variables_are_left_aside_by_groups);
	tcase_add_test(tc, flags_of_a_group_beside_groups);
	tcase_add_test(tc, secrets_by_reference);
	tcase_add_loop_test(tc, inline_secrets_want_a_private_file, 0, 3);
	tcase_add_test(tc, a_reload_reads_the_file_again);
	tcase_add_test(tc, what_is_printed_can_be_read);
	tcase_add_loop_test(tc, broken_files, 0, COUNT(broken));
	tcase_add_test(tc, a_missing_file_is_named);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
