#include "config/conf_source.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/unit.h"

#define WORDS_MAX 8

static struct conf *conf;
static struct conf_source *source;
static enum conf_command command;
static struct err err;
static char *argv[WORDS_MAX + 2], *env[WORDS_MAX + 1];
static char *owned[WORDS_MAX]; /* what env held at the start */

/* What is started, as a shell would write it: variables, then flags. */
static bool
load(const char *const *words)
{
	int argc = 1;
	size_t n = 0;

	argv[0] = xstrdup("sentinel-exporter");
	for (; *words != NULL; words++) {
		if ((*words)[0] == '-')
			argv[argc++] = xstrdup(*words);
		else
			env[n] = owned[n] = xstrdup(*words), n++;
	}
	source = conf_source_new(argc, argv, env, &command, &err);
	if (source != NULL)
		conf = conf_source_load(source, &err);
	return conf != NULL;
}

#define LOAD(...)      load((const char *const[]){ __VA_ARGS__, NULL })
#define MUST_LOAD(...) ck_assert_msg(LOAD(__VA_ARGS__), "%s", err.text)

static void
clear(void)
{
	size_t i;

	conf_unref(conf);
	conf_source_free(source);
	conf = NULL;
	source = NULL;
	for (i = 0; i < WORDS_MAX; i++) {
		free(argv[i]);
		free(owned[i]);
		argv[i] = env[i] = owned[i] = NULL;
	}
}

static void
assert_sentinels(const char *want)
{
	const struct group_conf *g = conf->groups.v[0];
	char all[1024] = "", text[ADDR_TEXT_MAX];
	const struct endpoint *e;

	vec_foreach(e, &g->sentinels) {
		endpoint_format(e, text);
		strlcat(all, e == g->sentinels.v ? "" : " ", sizeof(all));
		strlcat(all, text, sizeof(all));
	}
	ck_assert_str_eq(all, want);
}

static void
assert_numbers(const int *dbs, size_t n, const char *want)
{
	char all[256] = "", text[16];
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(
		    text, sizeof(text), "%s%d", i == 0 ? "" : " ", dbs[i]);
		strlcat(all, text, sizeof(all));
	}
	ck_assert_str_eq(all, want);
}

static void
assert_dbs(const char *want)
{
	const struct celery_conf *c = &conf->groups.v[0]->brokers.v[0];

	assert_numbers(c->dbs.v, c->dbs.n, want);
}

START_TEST(defaults)
{
	const struct group_conf *g;

	ck_assert_msg(load((const char *const[]){ NULL }), "%s", err.text);
	ck_assert_uint_eq(conf->groups.n, 1);
	g = conf->groups.v[0];
	ck_assert_int_eq(conf->command, CONF_SERVE);
	ck_assert_ptr_null(g->name);
	assert_sentinels("127.0.0.1:26379");
	ck_assert_uint_eq(g->master_names.items.n, 0);
	ck_assert_ptr_null(g->sentinel_auth.password);
	ck_assert_ptr_null(g->redis_auth.password);
	ck_assert(g->brokers.v[0].enabled && g->brokers.v[0].scan &&
		  g->brokers.v[0].clients);
	ck_assert(!g->brokers.v[0].from_url && !g->brokers.v[0].url_conflict);
	assert_dbs("");
	ck_assert_str_eq(g->brokers.v[0].kombu.sep, "\x06\x16");
	ck_assert_int_eq(conf->poll.interval_ms, 5000);
	ck_assert_int_eq(conf->poll.timeout_ms, 2000);
	ck_assert_int_eq(conf->poll.stale_after_ms, 15000);
	ck_assert_ptr_null(conf->state_file);
	ck_assert_uint_eq(conf->web_listen_addresses.items.n, 1);
	ck_assert_str_eq(conf->web_listen_addresses.items.v[0], ":10379");
	ck_assert_str_eq(conf->web_telemetry_path, "/metrics");
	ck_assert_int_eq(conf->web_max_connections, 256);
	ck_assert_int_eq((int)conf->log_level, LOG_INFO);
	ck_assert_int_eq((int)conf->log_format, LOG_LOGFMT);
	ck_assert_uint_eq(conf->warnings.items.n, 0);
}
END_TEST

/* Which DBs are one broker's is for its URL to tell. */
START_TEST(dbs_of_the_url_stay_apart)
{
	const struct celery_conf *c;

	MUST_LOAD("--celery.broker-url=sentinel://s1;sentinel://s2/3",
	    "--celery.db=7", "--celery.max-queues=20");
	c = &conf->groups.v[0]->brokers.v[0];
	assert_dbs("0 3 7");
	assert_numbers(c->url_dbs.v, c->url_dbs.n, "0 3");
	ck_assert(c->url_conflict);
	ck_assert_int_eq(c->max_queues, 20);
}
END_TEST

START_TEST(a_broker_url_is_a_whole_configuration)
{
	const struct group_conf *g;

	MUST_LOAD(
	    "CELERY_BROKER_URL=sentinel://u:p%40@s1/2;sentinel://u:p%40@s2/2",
	    "CELERY_BROKER_TRANSPORT_OPTIONS={\"master_name\": \"m\", "
	    "\"sentinel_kwargs\": {\"username\": \"su\", "
	    "\"password\": \"sp\"}}");
	g = conf->groups.v[0];
	assert_sentinels("s1:26379 s2:26379");
	assert_dbs("2");
	ck_assert_str_eq(g->master_names.items.v[0], "m");
	ck_assert_str_eq(g->sentinel_auth.username, "su");
	ck_assert_str_eq(g->sentinel_auth.password, "sp");
	ck_assert_str_eq(g->redis_auth.username, "u");
	ck_assert_str_eq(g->redis_auth.password, "p@");
	ck_assert(g->brokers.v[0].from_url && !g->brokers.v[0].url_conflict);
	ck_assert_uint_eq(conf->warnings.items.n, 0);
}
END_TEST

/* Celery's settings turn TLS on where kombu would. */
START_TEST(tls_as_celery_is_told)
{
	MUST_LOAD(
	    "--sentinel.addr=s", "--celery.broker-url=rediss://:hunter2@h");
	ck_assert_ptr_nonnull(conf->groups.v[0]->redis_tls);
	ck_assert_ptr_null(conf->groups.v[0]->sentinel_tls);
	clear();
	MUST_LOAD("--celery.broker-url=sentinel://h",
	    "--celery.transport-options={\"sentinel_kwargs\": "
	    "{\"ssl\": true, \"password\": \"hunter2\"}}");
	ck_assert_ptr_null(conf->groups.v[0]->redis_tls);
	ck_assert_ptr_nonnull(conf->groups.v[0]->sentinel_tls);
}
END_TEST

START_TEST(own_options_win_field_by_field)
{
	const struct group_conf *g;

	MUST_LOAD("CELERY_BROKER_URL=sentinel://u:p@s1/2",
	    "CELERY_BROKER_TRANSPORT_OPTIONS={\"master_name\": \"m\", "
	    "\"sentinel_kwargs\": {\"password\": \"sp\"}}",
	    "SENTINEL_EXPORTER_REDIS_PASSWORD=own", "--sentinel.addr=o:1",
	    "--sentinel.addr=o:1", "--sentinel.master-name=n",
	    "--sentinel.username=su", "--celery.db=0");
	g = conf->groups.v[0];
	assert_sentinels("o:1");
	assert_dbs("0 2");
	ck_assert_uint_eq(g->master_names.items.n, 1);
	ck_assert_str_eq(g->master_names.items.v[0], "n");
	ck_assert_str_eq(g->sentinel_auth.username, "su");
	ck_assert_str_eq(g->sentinel_auth.password, "sp");
	ck_assert_str_eq(g->redis_auth.username, "u");
	ck_assert_str_eq(g->redis_auth.password, "own");
	ck_assert(!g->brokers.v[0].url_conflict);
}
END_TEST

START_TEST(flags_win_over_the_environment)
{
	MUST_LOAD("SENTINEL_EXPORTER_SENTINEL_ADDR=a,b",
	    "SENTINEL_EXPORTER_POLL_INTERVAL=nonsense",
	    "SENTINEL_EXPORTER_LOG_LEVEL=error",
	    "CELERY_BROKER_URL=amqp://nonsense", "--sentinel.addr=c",
	    "--poll.interval=20s", "--celery.broker-url=sentinel://d/4");
	assert_sentinels("c:26379");
	assert_dbs("4");
	ck_assert_int_eq(conf->poll.interval_ms, 20000);
	ck_assert_int_eq(conf->poll.stale_after_ms, 60000);
	ck_assert_int_eq((int)conf->log_level, LOG_ERROR);
}
END_TEST

START_TEST(nautobot_fills_in)
{
	const struct group_conf *g;

	MUST_LOAD("NAUTOBOT_REDIS_SENTINEL_1=s1", "NAUTOBOT_REDIS_PASSWORD=p",
	    "NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX=3", "--nautobot");
	g = conf->groups.v[0];
	assert_sentinels("s1:26379");
	assert_dbs("0 3");
	ck_assert_str_eq(g->master_names.items.v[0], "nautobot");
	ck_assert_str_eq(g->sentinel_auth.password, "p");
	ck_assert_str_eq(g->redis_auth.password, "p");
	ck_assert(g->brokers.v[0].from_url && g->brokers.v[0].url_conflict);
	ck_assert_uint_eq(conf->warnings.items.n, 1);
}
END_TEST

START_TEST(nautobot_yields_to_a_broker_url)
{
	const struct group_conf *g;

	MUST_LOAD("NAUTOBOT_REDIS_SENTINEL_1=s1", "NAUTOBOT_REDIS_PASSWORD=p",
	    "NAUTOBOT_CELERY_BROKER_URL=sentinel://:q@s2/5",
	    "CELERY_BROKER_TRANSPORT_OPTIONS={\"master_name\": \"m\"}",
	    "--nautobot");
	g = conf->groups.v[0];
	assert_sentinels("s2:26379");
	assert_dbs("5");
	ck_assert_str_eq(g->master_names.items.v[0], "m");
	ck_assert_str_eq(g->sentinel_auth.password, "p");
	ck_assert_str_eq(g->redis_auth.password, "q");
	ck_assert_uint_eq(conf->warnings.items.n, 0);
}
END_TEST

START_TEST(nautobot_is_read_only_when_asked)
{
	MUST_LOAD("NAUTOBOT_REDIS_SENTINEL_1=s1", "NAUTOBOT_REDIS_PASSWORD=p");
	assert_sentinels("127.0.0.1:26379");
	ck_assert_ptr_null(conf->groups.v[0]->redis_auth.password);
}
END_TEST

static const struct celery {
	const char *words[4];
	bool enabled;
	const char *dbs;
} celeries[] = {
	{ { "--no-celery.scan" }, false, "" },
	{ { "--no-celery.scan", "--celery.db=7" }, true, "7" },
	{ { "--no-celery.scan", "--celery.queue=q" }, true, "0" },
	{ { "--celery.queue=q" }, true, "" },
	{ { "--no-celery.scan", "--celery.queue=q", "--celery.db=2" }, true,
	    "2" },
	{ { "--celery.db=9", "--celery.db=1", "--celery.db=9" }, true, "1 9" },
	{ { "CELERY_BROKER_URL=sentinel://s", "--no-celery.scan" }, true, "0" },
};

START_TEST(knows_whether_celery_is_wanted)
{
	ck_assert_msg(load(celeries[_i].words), "%s", err.text);
	ck_assert_int_eq(
	    conf->groups.v[0]->brokers.v[0].enabled, celeries[_i].enabled);
	assert_dbs(celeries[_i].dbs);
}
END_TEST

static const struct warning {
	const char *words[4];
	bool conflict;
	const char *says[3];
} warnings[] = {
	{ { "--celery.broker-url=sentinel://u:hunter2@s1;"
	    "sentinel://u:hunter2@s2/3" },
	    true,
	    { "--celery.broker-url: ", "(0, 3)",
		"sentinel://<secret>@s1:26379/3;"
		"sentinel://<secret>@s2:26379/3" } },
	{ { "CELERY_BROKER_URL=sentinel://s1/4;sentinel://s2/1" }, true,
	    { "CELERY_BROKER_URL: ", "(1, 4)",
		"example sentinel://s1:26379/4;" } },
	{ { "--celery.broker-url=sentinel://s1;sentinel://s2/None" }, true,
	    { "--celery.broker-url: ", "/None", "not set" } },
	{ { "--celery.broker-url=sentinel://s1;sentinel://None" }, false,
	    { "--celery.broker-url: ", "called None", "not set" } },
	{ { "--celery.broker-url=sentinel://:hunter2@s1;sentinel://s2" }, false,
	    { "--celery.broker-url: ", "URL 2 has another user or password",
		"the same on every URL" } },
	{ { "--celery.broker-url=sentinel://s1;s2:26379/3" }, false,
	    { "--celery.broker-url: ", "URL 2 has no scheme",
		"sentinel:// before it" } },
	{ { "--celery.broker-url=sentinel://hunter2@s1" }, false,
	    { "--celery.broker-url: ", "a user but no password",
		"sentinel://:PASSWORD@HOST" } },
	{ { "--celery.broker-use-ssl=true" }, false,
	    { "--celery.broker-use-ssl: ", "taken for no TLS",
		"ssl_cert_reqs" } },
	{ { "--celery.transport-options={\"sentinel_kwargs\": "
	    "{\"ssl_ca_certs\": \"/ca\"}}" },
	    false,
	    { "--celery.transport-options: ", "not \"ssl\": true",
		"plain text" } },
	{ { "NAUTOBOT_REDIS_SENTINEL_1=s1", "--nautobot" }, false,
	    { "--nautobot: ", "/None",
		"NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX" } },
};

START_TEST(warns)
{
	const struct warning *w = &warnings[_i];
	const char *text;
	size_t i;

	ck_assert_msg(load(w->words), "%s", err.text);
	ck_assert_uint_eq(conf->warnings.items.n, 1);
	text = conf->warnings.items.v[0];
	for (i = 0; i < 3; i++)
		ck_assert_msg(strstr(text, w->says[i]) != NULL, "%s", text);
	ck_assert_ptr_null(strstr(text, "hunter"));
	ck_assert_int_eq(
	    conf->groups.v[0]->brokers.v[0].url_conflict, w->conflict);
}
END_TEST

static const struct bad {
	const char *words[4];
	const char *place, *mend;
} bads[] = {
	{ { "--sentinel.addr=a b" }, "--sentinel.addr: ", "host:port" },
	{ { "SENTINEL_EXPORTER_SENTINEL_ADDR=a,:1" },
	    "SENTINEL_EXPORTER_SENTINEL_ADDR: ", "host:port" },
	{ { "--celery.broker-url=amqp://:hunter2@h" },
	    "--celery.broker-url: URL 1: ", "sentinel://HOST" },
	{ { "--celery.broker-url=redis://:hunter2@h" },
	    "--celery.broker-url: is redis://", "--sentinel.addr" },
	{ { "NAUTOBOT_CELERY_BROKER_URL=sentinel://:hunter/2@h" },
	    "NAUTOBOT_CELERY_BROKER_URL: URL 1: ", "%2F" },
	{ { "CELERY_BROKER_TRANSPORT_OPTIONS={hunter2}" },
	    "CELERY_BROKER_TRANSPORT_OPTIONS: ", "write an object" },
	{ { "--celery.transport-options={\"sep\": 1}" },
	    "--celery.transport-options: ", "sep must be" },
	{ { "--celery.db=-1" }, "--celery.db: ", "for example 0" },
	{ { "--celery.db=x" }, "--celery.db: ", "for example 0" },
	{ { "--celery.db=0,3" },
	    "--celery.db: ", "--celery.db=0 --celery.db=3" },
	{ { "--sentinel.addr=a:1,b:2" }, "--sentinel.addr: ",
	    "--sentinel.addr=HOST1:PORT --sentinel.addr=HOST2:PORT" },
	{ { "--sentinel.addr=::1:26379" },
	    "--sentinel.addr: ", "IPv6 address in brackets" },
	{ { "--sentinel.addr=\"a:1\"" },
	    "--sentinel.addr: ", "quotation marks" },
	{ { "--redis.tls-ca-file=/x" },
	    "--redis.tls-ca-file: ", "no effect without --redis.tls" },
	{ { "--sentinel.tls-insecure-skip-verify" },
	    "--sentinel.tls-insecure-skip-verify: ",
	    "no effect without --sentinel.tls" },
	{ { "--celery.broker-use-ssl={\"keyfile\": \"hunter2\"}" },
	    "--celery.broker-use-ssl: keyfile ", "begin with ssl_" },
	{ { "--celery.broker-use-ssl={\"ssl_cert_reqs\": \"hunter\"}" },
	    "--celery.broker-use-ssl: ", "none, optional or required" },
	{ { "SENTINEL_EXPORTER_CELERY_SCAN=maybe" },
	    "SENTINEL_EXPORTER_CELERY_SCAN: ", "true or false" },
	{ { "--celery.max-queues=0" }, "--celery.max-queues: ", "from 1 to" },
	{ { "--celery.clients=2" }, "--celery.clients: ", "true or false" },
	{ { "--nautobot=2" }, "--nautobot: ", "true or false" },
	{ { "--nautobot" }, "--nautobot: ", "NAUTOBOT_REDIS_SENTINEL_1" },
	{ { "NAUTOBOT_REDIS_SENTINEL_1=a b", "--nautobot" },
	    "NAUTOBOT_REDIS_SENTINEL_1: ", "host:port" },
	{ { "--poll.interval=99ms" }, "--poll.interval: ", "from 100ms" },
	{ { "--poll.timeout=5s" }, "--poll.timeout: ", "--poll.interval" },
	{ { "--poll.interval=1s", "--poll.timeout=2s" },
	    "--poll.timeout: ", "shorten it" },
	{ { "--poll.stale-after=5s" }, "--poll.stale-after: ", "longer" },
	{ { "--web.listen-address=10379" }, "--web.listen-address: ", ":port" },
	{ { "--web.listen-address=:0" }, "--web.listen-address: ", ":port" },
	{ { "--web.listen-address=::1:80" },
	    "--web.listen-address: ", "[v6]:port" },
	{ { "--web.listen-address=localhost" },
	    "--web.listen-address: ", "host:port" },
	{ { "--web.telemetry-path=metrics" },
	    "--web.telemetry-path: ", "/metrics" },
	{ { "--web.telemetry-path=/" }, "--web.telemetry-path: ", "/metrics" },
	{ { "--web.telemetry-path=/a?b" },
	    "--web.telemetry-path: ", "/metrics" },
	{ { "--web.telemetry-path=/sd" },
	    "--web.telemetry-path: ", "another endpoint" },
	{ { "--web.telemetry-path=/-/healthy" },
	    "--web.telemetry-path: ", "another endpoint" },
	{ { "--web.telemetry-path=/api/v1/status" },
	    "--web.telemetry-path: ", "another endpoint" },
	{ { "--web.max-connections=0" }, "--web.max-connections: ", "from 1" },
	{ { "--log.level=loud" }, "--log.level: ", "debug, info, warn" },
	{ { "--log.format=xml" }, "--log.format: ", "logfmt, json" },
	{ { "--redis.password-file=/nowhere/at/all" },
	    "--redis.password-file: ", "No such file" },
	{ { "SENTINEL_EXPORTER_REDIS_PASSWORD=hunter2",
	      "SENTINEL_EXPORTER_REDIS_PASSWORD_FILE=/dev/null" },
	    "SENTINEL_EXPORTER_REDIS_PASSWORD_FILE: ", "keep one" },
	{ { "SENTINEL_EXPORTER_REDIS_PASS=hunter2" },
	    "SENTINEL_EXPORTER_REDIS_PASS: ", "did you mean" },
	{ { "--sentinel.password=hunter2" },
	    "--sentinel.password: ", "--sentinel.password-file" },
};

START_TEST(refuses_with_place_and_mend)
{
	const struct bad *b = &bads[_i];
	int i;

	ck_assert_msg(!load(b->words), "%s", b->words[0]);
	ck_assert_msg(
	    strncmp(err.text, b->place, strlen(b->place)) == 0, "%s", err.text);
	ck_assert_msg(strstr(err.text, b->mend) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "hunter"));
	ck_assert_ptr_null(strchr(err.text, '\n'));
	for (i = 0; argv[i] != NULL; i++)
		ck_assert_ptr_null(strstr(argv[i], "hunter"));
	ck_assert_ptr_null(conf);
}
END_TEST

START_TEST(a_short_interval_shortens_the_default_timeout)
{
	MUST_LOAD("--poll.interval=200ms");
	ck_assert_int_eq(conf->poll.timeout_ms, 160);
	ck_assert_int_eq(conf->poll.stale_after_ms, 600);
}
END_TEST

START_TEST(help_needs_no_right_configuration)
{
	MUST_LOAD("SENTINEL_EXPORTER_NONSENSE=1", "--version");
	ck_assert_int_eq(conf->command, CONF_VERSION);
}
END_TEST

/* The text that print writes, in memory that the caller frees. */
static char *
printed(const char *const *words)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	ck_assert_msg(load(words), "%s", err.text);
	if (conf->command == CONF_HELP)
		conf_print_help(f);
	else
		conf_print(conf, f);
	ck_assert_int_eq(fclose(f), 0);
	return text;
}

START_TEST(prints_without_secrets)
{
	static const char *const words[] = {
		"CELERY_BROKER_URL=sentinel://u:hunter2@[::1]/1;sentinel://b/2",
		"CELERY_BROKER_TRANSPORT_OPTIONS={\"master_name\": \"a\\\"b\","
		"\"sentinel_kwargs\": {\"password\": \"hunter3\"},"
		"\"visibility_timeout\": 0.5}",
		"--celery.queue=q", "--state.file=/x", NULL
	};
	char *text = printed(words);

	ck_assert_str_eq(text, "sentinel:\n"
			       "  addr:\n"
			       "    - \"[::1]:26379\"\n"
			       "    - \"b:26379\"\n"
			       "  master-name:\n"
			       "    - \"a\\\"b\"\n"
			       "  password: <secret>\n"
			       "  tls: false\n"
			       "redis:\n"
			       "  username: \"u\"\n"
			       "  password: <secret>\n"
			       "  tls: false\n"
			       "celery:\n"
			       "  scan: true\n"
			       "  clients: true\n"
			       "  max-queues: 1000\n"
			       "  master-name: \"a\\\"b\"\n"
			       "  transport-options:\n"
			       "    global_keyprefix: \"\"\n"
			       "    sep: \"\\u0006\\u0016\"\n"
			       "    priority_steps: [0, 3, 6, 9]\n"
			       "    unacked_key: \"unacked\"\n"
			       "    unacked_index_key: \"unacked_index\"\n"
			       "    visibility_timeout: 0.5\n"
			       "  queue:\n"
			       "    - \"q\"\n"
			       "  db: [1, 2]\n"
			       "poll:\n"
			       "  interval: 5s\n"
			       "  timeout: 2s\n"
			       "  stale-after: 15s\n"
			       "state:\n"
			       "  file: \"/x\"\n"
			       "web:\n"
			       "  listen-address:\n"
			       "    - \":10379\"\n"
			       "  telemetry-path: \"/metrics\"\n"
			       "  systemd-socket: false\n"
			       "  max-connections: 256\n"
			       "  enable-lifecycle: false\n"
			       "log:\n"
			       "  level: \"info\"\n"
			       "  format: \"logfmt\"\n");
	free(text);
}
END_TEST

/* In a URL without a password the user is often the password. */
START_TEST(prints_no_user_without_a_password)
{
	static const char *const words[] = {
		"--celery.broker-url=sentinel://hunter2@s1", NULL
	};
	char *text = printed(words);

	ck_assert_ptr_null(strstr(text, "hunter2"));
	ck_assert_ptr_nonnull(strstr(text, "  username: <secret>\n"));
	ck_assert_str_eq(
	    credentials_shown_user(&conf->groups.v[0]->redis_auth), "<secret>");
	free(text);
}
END_TEST

START_TEST(prints_an_own_user_without_a_password)
{
	static const char *const words[] = { "--redis.username=exporter",
		NULL };
	char *text = printed(words);

	ck_assert_ptr_nonnull(strstr(text, "  username: \"exporter\"\n"));
	free(text);
}
END_TEST

/* Nothing of them stays where /proc/PID/environ shows it. */
START_TEST(wipes_secrets_from_the_environment)
{
	size_t i, n = 0;

	MUST_LOAD("SENTINEL_EXPORTER_REDIS_PASSWORD=hunter2",
	    "CELERY_BROKER_URL=sentinel://:hunter3@s1",
	    "SENTINEL_EXPORTER_POLL_INTERVAL=1s",
	    "NAUTOBOT_REDIS_PASSWORD=hunter4", "HOME=/");
	for (i = 0; i < 5; i++) {
		ck_assert(strstr(owned[i], "hunter") == NULL);
		n += owned[i][0] == '\0';
	}
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(env[0], "SENTINEL_EXPORTER_POLL_INTERVAL=1s");
	ck_assert_str_eq(env[1], "HOME=/");
	ck_assert_ptr_null(env[2]);
	ck_assert_str_eq(conf->groups.v[0]->redis_auth.password, "hunter2");
	/* a reload knows them still */
	conf_unref(conf);
	conf = conf_source_load(source, &err);
	ck_assert_ptr_nonnull(conf);
	ck_assert_str_eq(conf->groups.v[0]->redis_auth.password, "hunter2");
}
END_TEST

static const char *const helps[] = { "\nSentinel and Redis:\n",
	"  --sentinel.addr=ADDR ...\n", "  --[no-]celery.scan\n",
	"SENTINEL_EXPORTER_SENTINEL_PASSWORD=SECRET",
	"SENTINEL_EXPORTER_CELERY_BROKER_URL, then", "Default: :10379.",
	"  --help-metrics\n" };

START_TEST(helps_within_80_columns)
{
	static const char *const words[] = { "--help", NULL };
	char *text = printed(words), *line;

	ck_assert_ptr_nonnull(strstr(text, helps[_i]));
	for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 80, "%s", line);
	free(text);
}
END_TEST

START_TEST(takes_password_files)
{
	char path[] = "/tmp/conf-test-XXXXXX", flag[64];
	int fd = mkstemp(path);

	ck_assert_int_eq((int)write(fd, "hunter2\n", 8), 8);
	ck_assert_int_eq(fchmod(fd, 0644), 0);
	close(fd);
	(void)snprintf(flag, sizeof(flag), "--redis.password-file=%s", path);
	MUST_LOAD("SENTINEL_EXPORTER_REDIS_PASSWORD=env",
	    "CELERY_BROKER_URL=sentinel://:url@s", flag);
	unlink(path);
	ck_assert_str_eq(conf->groups.v[0]->redis_auth.password, "hunter2");
	ck_assert_uint_eq(conf->warnings.items.n, 1);
	ck_assert_ptr_nonnull(
	    strstr(conf->warnings.items.v[0], "--redis.password-file: "));
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

int
main(void)
{
	Suite *s = suite_create("conf");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_test(tc, defaults);
	tcase_add_test(tc, dbs_of_the_url_stay_apart);
	tcase_add_test(tc, a_broker_url_is_a_whole_configuration);
	tcase_add_test(tc, tls_as_celery_is_told);
	tcase_add_test(tc, own_options_win_field_by_field);
	tcase_add_test(tc, flags_win_over_the_environment);
	tcase_add_test(tc, nautobot_fills_in);
	tcase_add_test(tc, nautobot_yields_to_a_broker_url);
	tcase_add_test(tc, nautobot_is_read_only_when_asked);
	tcase_add_loop_test(
	    tc, knows_whether_celery_is_wanted, 0, COUNT(celeries));
	tcase_add_loop_test(tc, warns, 0, COUNT(warnings));
	tcase_add_loop_test(tc, refuses_with_place_and_mend, 0, COUNT(bads));
	tcase_add_test(tc, a_short_interval_shortens_the_default_timeout);
	tcase_add_test(tc, help_needs_no_right_configuration);
	tcase_add_test(tc, prints_without_secrets);
	tcase_add_test(tc, prints_no_user_without_a_password);
	tcase_add_test(tc, prints_an_own_user_without_a_password);
	tcase_add_test(tc, wipes_secrets_from_the_environment);
	tcase_add_loop_test(tc, helps_within_80_columns, 0, COUNT(helps));
	tcase_add_test(tc, takes_password_files);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
