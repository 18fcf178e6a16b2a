#include "config/args.h"

#include <string.h>

#include "unit/unit.h"

#define WORDS_MAX 8

static struct settings settings;
static char *argv[WORDS_MAX + 2];
static int argc;

/* Arguments in memory that may be written to, as a process has them. */
static bool
read_words(
    const char *const *words, enum conf_command *command, struct err *err)
{
	argv[0] = xstrdup("sentinel-exporter");
	for (argc = 1; argc <= WORDS_MAX && words[argc - 1] != NULL; argc++)
		argv[argc] = xstrdup(words[argc - 1]);
	return args_read(&settings, argc, argv, command, err);
}

static void
clear(void)
{
	while (argc > 0)
		free(argv[--argc]);
	settings_fini(&settings);
}

static const struct value {
	const char *words[3];
	enum option_id id;
	const char *text;
} values[] = {
	{ { "--poll.interval=1s" }, OPTION_POLL_INTERVAL, "1s" },
	{ { "--poll.interval", "1s" }, OPTION_POLL_INTERVAL, "1s" },
	{ { "--poll.interval=1s", "--poll.interval=2s" }, OPTION_POLL_INTERVAL,
	    "2s" },
	{ { "--celery.scan" }, OPTION_CELERY_SCAN, "true" },
	{ { "--no-celery.scan" }, OPTION_CELERY_SCAN, "false" },
	{ { "--celery.scan=false" }, OPTION_CELERY_SCAN, "false" },
	{ { "--nautobot", "--no-nautobot" }, OPTION_NAUTOBOT, "false" },
	{ { "--celery.queue=a=b" }, OPTION_CELERY_QUEUE, "a=b" },
	{ { "--celery.queue=--a" }, OPTION_CELERY_QUEUE, "--a" },
	{ { "--celery.queue", "-a" }, OPTION_CELERY_QUEUE, "-a" },
	{ { "--celery.broker-url", "sentinel://:p@h" },
	    OPTION_CELERY_BROKER_URL, "sentinel://:p@h" },
};

START_TEST(takes_values)
{
	const struct value *v = &values[_i];
	enum conf_command command;
	struct err err;

	ck_assert_msg(read_words(v->words, &command, &err), "%s", err.text);
	ck_assert_int_eq(command, CONF_SERVE);
	ck_assert_str_eq(setting_text(&settings, v->id), v->text);
	ck_assert_int_eq(strncmp(setting_place(&settings, v->id), "--", 2), 0);
}
END_TEST

static const struct command {
	const char *words[3];
	enum conf_command command;
} known[] = {
	{ { NULL }, CONF_SERVE },
	{ { "--once" }, CONF_ONCE },
	{ { "--config.check", "--config.check" }, CONF_CHECK },
	{ { "--version" }, CONF_VERSION },
	{ { "-h", "--nonsense" }, CONF_HELP },
	{ { "--help", "nonsense" }, CONF_HELP },
	{ { "--once", "--help-metrics" }, CONF_HELP_METRICS },
	{ { "once" }, CONF_ONCE },
	{ { "once", "--once" }, CONF_ONCE },
	{ { "status", "--json" }, CONF_STATUS },
	{ { "report", "--epoch=3" }, CONF_REPORT },
	{ { "healthcheck" }, CONF_HEALTHCHECK },
	{ { "--healthcheck" }, CONF_HEALTHCHECK },
	{ { "help", "--nonsense" }, CONF_HELP },
	{ { "doctor", "--help" }, CONF_HELP },
};

START_TEST(takes_commands)
{
	enum conf_command command;
	struct err err;

	ck_assert(read_words(known[_i].words, &command, &err));
	ck_assert_int_eq(command, known[_i].command);
}
END_TEST

static const struct bad {
	const char *words[3];
	const char *says;
} bads[] = {
	{ { "--sentinel.adr=x" }, "did you mean --sentinel.addr?" },
	{ { "--zzz" }, "\"--zzz\": unknown flag; --help" },
	{ { "-sentinel.addr=x" }, "did you mean --sentinel.addr?" },
	{ { "--sentinel" }, "unknown flag" },
	{ { "--no-poll.interval" }, "unknown flag" },
	{ { "--no-celery.scan=true" }, "unknown flag" },
	{ { "--poll.interval" }, "--poll.interval: needs a value" },
	{ { "--poll.interval=" }, "--poll.interval: needs a value" },
	{ { "--poll.interval", "--once" }, "--poll.interval: needs a value" },
	{ { "--celery.scan=" }, "--celery.scan=true" },
	{ { "--once=true" }, "--once: takes no value" },
	{ { "--once", "--config.check" }, "--config.check: given with" },
	{ { "status", "--once" }, "--once: given with another command" },
	{ { "status", "doctor" }, "argument 2: is no flag" },
	{ { "docter" }, "argument 1: is no command; did you mean doctor?" },
	{ { "--json" }, "--json: is a flag of status doctor only" },
	{ { "report", "--watch" }, "--watch: is a flag of status only" },
	{ { "--once", "hunter2" }, "argument 2: is no flag" },
	{ { "--" }, "argument 1: is no flag" },
	{ { "-" }, "argument 1: is no flag" },
	{ { "" }, "argument 1: is no flag" },
	{ { "--sentinel.password=hunter2" }, "--sentinel.password-file" },
	{ { "--redis.password", "hunter2" }, "--redis.password-file" },
	{ { "--celery.broker-ulr=sentinel://:hunter2@h" },
	    "did you mean --celery.broker-url?" },
	{ { "--sentinel://:hunter2@h" }, "unknown flag" },
};

START_TEST(refuses)
{
	enum conf_command command;
	struct err err;

	ck_assert(!read_words(bads[_i].words, &command, &err));
	ck_assert_msg(strstr(err.text, bads[_i].says) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "hunter"));
}
END_TEST

static const char *const secrets[][4] = {
	{ "--celery.broker-url=sentinel://u:hunter2@h" },
	{ "--celery.broker-url", "sentinel://u:hunter2@h" },
	{ "--celery.broker-url", "redis://hunter2" },
	{ "--celery.broker-url=hunter2", "--nonsense" },
	{ "--nonsense", "--celery.broker-url=:hunter2" },
	{ "stray", "--celery.broker-url=hunter2" },
	{ "--help", "--celery.broker-url=hunter2" },
	{ "--celery.transport-options={\"sentinel_kwargs\": \"hunter2\"}" },
	{ "--celery.transport-options", "hunter2" },
	{ "--celery.brokr-url=sentinel://u:hunter2@h" },
	{ "--celery.brokr-url", "sentinel://u:hunter2@h" },
	{ "--sentinel.addr=sentinel://:hunter2@h" },
	{ "--sentinel.addr", "sentinel://:hunter2@h" },
	{ "--sentinel.password=hunter2" },
	{ "--sentinel.password", "hunter2" },
	{ "--sentinel.pasword=hunter2" },
	{ "{\"password\": \"hunter2\"}" },
};

START_TEST(wipes_secrets_from_argv)
{
	enum conf_command command;
	struct err err;
	size_t len = 0;
	int i;

	for (i = 0; secrets[_i][i] != NULL; i++)
		len += strlen(secrets[_i][i]);
	(void)read_words(secrets[_i], &command, &err);
	for (i = 1; i < argc; i++) {
		ck_assert_msg(strstr(argv[i], "hunter") == NULL, "%s", argv[i]);
		len -= strlen(argv[i]);
	}
	ck_assert_uint_eq(len, 0); /* nor a hole for others to read on */
}
END_TEST

START_TEST(leaves_the_rest_of_argv)
{
	static const char *const words[] = { "--poll.interval=1s",
		"--redis.password-file", "/run/password", NULL };
	enum conf_command command;
	struct err err;
	int i;

	ck_assert(read_words(words, &command, &err));
	for (i = 1; i < argc; i++)
		ck_assert_str_eq(argv[i], words[i - 1]);
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

int
main(void)
{
	Suite *s = suite_create("args");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_loop_test(tc, takes_values, 0, COUNT(values));
	tcase_add_loop_test(tc, takes_commands, 0, COUNT(known));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bads));
	tcase_add_loop_test(tc, wipes_secrets_from_argv, 0, COUNT(secrets));
	tcase_add_test(tc, leaves_the_rest_of_argv);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
