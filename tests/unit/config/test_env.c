#include "config/env.h"

#include <string.h>

#include "unit/unit.h"

static struct settings settings;

static void
clear(void)
{
	settings_fini(&settings);
}

START_TEST(gets)
{
	char a[] = "AB=1", b[] = "A=", c[] = "C=x=y", d[] = "NOTHING";
	char *const env[] = { a, b, c, d, NULL };

	ck_assert_ptr_null(env_get(env, "A"));
	ck_assert_str_eq(env_get(env, "AB"), "1");
	ck_assert_str_eq(env_get(env, "C"), "x=y");
	ck_assert_ptr_null(env_get(env, "NOTHING"));
}
END_TEST

static bool
read_two(const char *first, const char *second, struct err *err)
{
	char *a = xstrdup(first), *b = xstrdup(second);
	char *const env[] = { a, b, NULL };
	bool ok;

	ok = env_read(&settings, env, err);
	free(a);
	free(b);
	return ok;
}

static const struct good {
	const char *first, *second;
	enum option_id id;
	const char *text, *place;
} goods[] = {
	{ "SENTINEL_EXPORTER_POLL_STALE_AFTER=9s", "A=1",
	    OPTION_POLL_STALE_AFTER, "9s",
	    "SENTINEL_EXPORTER_POLL_STALE_AFTER" },
	{ "NAUTOBOT_CELERY_BROKER_URL=n", "CELERY_BROKER_URL=c",
	    OPTION_CELERY_BROKER_URL, "c", "CELERY_BROKER_URL" },
	{ "NAUTOBOT_CELERY_BROKER_URL=n", "CELERY_BROKER_URL=",
	    OPTION_CELERY_BROKER_URL, "n", "NAUTOBOT_CELERY_BROKER_URL" },
	{ "CELERY_BROKER_URL=c", "SENTINEL_EXPORTER_CELERY_BROKER_URL=o",
	    OPTION_CELERY_BROKER_URL, "o",
	    "SENTINEL_EXPORTER_CELERY_BROKER_URL" },
	{ "CELERY_BROKER_TRANSPORT_OPTIONS={}",
	    "A=", OPTION_CELERY_TRANSPORT_OPTIONS, "{}",
	    "CELERY_BROKER_TRANSPORT_OPTIONS" },
	{ "SENTINEL_EXPORTER_REDIS_PASSWORD=a,b", "A=1", OPTION_REDIS_PASSWORD,
	    "a,b", "SENTINEL_EXPORTER_REDIS_PASSWORD" },
	{ "SENTINEL_EXPORTER_NAUTOBOT=1", "SENTINEL_EXPORTER_LOG_LEVEL=",
	    OPTION_NAUTOBOT, "1", "SENTINEL_EXPORTER_NAUTOBOT" },
};

START_TEST(reads)
{
	const struct good *g = &goods[_i];
	struct err err;

	ck_assert(read_two(g->first, g->second, &err));
	ck_assert_str_eq(setting_text(&settings, g->id), g->text);
	ck_assert_str_eq(setting_place(&settings, g->id), g->place);
}
END_TEST

START_TEST(splits_lists)
{
	const struct setting *set = &settings.of[OPTION_SENTINEL_ADDR];
	struct err err;

	ck_assert(read_two("SENTINEL_EXPORTER_SENTINEL_ADDR=,a:1 ,, b,",
	    "SENTINEL_EXPORTER_CELERY_QUEUE= , ", &err));
	ck_assert_uint_eq(set->texts.n, 2);
	ck_assert_str_eq(set->texts.v[0].text, "a:1");
	ck_assert_str_eq(set->texts.v[1].text, "b");
	ck_assert(!setting_given(&settings, OPTION_CELERY_QUEUE));
}
END_TEST

static const struct bad {
	const char *variable, *says;
} bads[] = {
	{ "SENTINEL_EXPORTER_SENTINEL_ADDRS=hunter2",
	    "SENTINEL_EXPORTER_SENTINEL_ADDRS: unknown variable; did you "
	    "mean SENTINEL_EXPORTER_SENTINEL_ADDR?" },
	{ "SENTINEL_EXPORTER_REDIS_PASSWD=hunter2",
	    "did you mean SENTINEL_EXPORTER_REDIS_PASSWORD?" },
	{ "SENTINEL_EXPORTER_ONCE=1", "unknown variable" },
	{ "SENTINEL_EXPORTER_=1", "unknown variable; --help" },
	{ "SENTINEL_EXPORTER_CELERY_SCANS_", "unknown variable" },
};

START_TEST(refuses_unknown)
{
	struct err err;

	ck_assert(!read_two("A=1", bads[_i].variable, &err));
	ck_assert_msg(strstr(err.text, bads[_i].says) != NULL, "%s", err.text);
	ck_assert_ptr_null(strstr(err.text, "hunter"));
}
END_TEST

static const char *const links[] = {
	"SENTINEL_EXPORTER_SERVICE_HOST=10.0.0.1",
	"SENTINEL_EXPORTER_SERVICE_PORT=10379",
	"SENTINEL_EXPORTER_SERVICE_PORT_METRICS=10379",
	"SENTINEL_EXPORTER_PORT=tcp://10.0.0.1:10379",
	"SENTINEL_EXPORTER_PORT_10379_TCP=tcp://10.0.0.1:10379",
	"SENTINEL_EXPORTER_PORT_10379_TCP_ADDR=10.0.0.1",
	"SENTINEL_EXPORTER_EU_PORT_10379_TCP_PROTO=tcp",
	"SENTINEL_EXPORTER_EU_SERVICE_HOST=10.0.0.1",
	"SENTINEL_EXPORTERS_X=1",
};

START_TEST(ignores_kubernetes_service_links)
{
	struct err err;

	ck_assert_msg(read_two(links[_i], "A=1", &err), "%s", err.text);
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

int
main(void)
{
	Suite *s = suite_create("env");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_test(tc, gets);
	tcase_add_loop_test(tc, reads, 0, COUNT(goods));
	tcase_add_test(tc, splits_lists);
	tcase_add_loop_test(tc, refuses_unknown, 0, COUNT(bads));
	tcase_add_loop_test(
	    tc, ignores_kubernetes_service_links, 0, COUNT(links));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
