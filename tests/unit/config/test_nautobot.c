#include "config/nautobot.h"

#include <string.h>

#include "unit/unit.h"

#define VARIABLES_MAX 5

static struct broker_url broker;

static bool
read_env(const char *const *variables, struct err *err)
{
	char *env[VARIABLES_MAX + 1] = { NULL };
	size_t n;
	bool ok;

	for (n = 0; n < VARIABLES_MAX && variables[n] != NULL; n++)
		env[n] = xstrdup(variables[n]);
	ok = nautobot_read(&broker, env, err);
	while (n > 0)
		free(env[--n]);
	return ok;
}

static void
clear(void)
{
	broker_url_fini(&broker);
}

START_TEST(reads_what_the_chart_documents)
{
	static const char *const env[] = { "NAUTOBOT_REDIS_SENTINEL_3=s3",
		"NAUTOBOT_REDIS_SENTINEL_1=s1",
		"NAUTOBOT_REDIS_SENTINEL_2=s2:26380",
		"NAUTOBOT_REDIS_PASSWORD=p@/%41",
		"NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX=3" };
	char text[ADDR_TEXT_MAX];
	struct err err;

	ck_assert(read_env(env, &err));
	ck_assert_uint_eq(broker.sentinels.n, 3);
	endpoint_format(&broker.sentinels.v[0], text);
	ck_assert_str_eq(text, "s1:26379");
	endpoint_format(&broker.sentinels.v[1], text);
	ck_assert_str_eq(text, "s2:26380");
	ck_assert_ptr_null(broker.username);
	ck_assert_str_eq(broker.password, "p@/%41");
	ck_assert_uint_eq(broker.dbs.n, 2);
	ck_assert_int_eq(broker.dbs.v[0], 0);
	ck_assert_int_eq(broker.dbs.v[1], 3);
	ck_assert(broker.db_conflict);
	ck_assert(!broker.db_none);
}
END_TEST

START_TEST(an_index_of_0_is_no_conflict)
{
	static const char *const env[] = {
		"NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX=0", NULL
	};
	struct err err;

	ck_assert(read_env(env, &err));
	ck_assert_uint_eq(broker.dbs.n, 1);
	ck_assert(!broker.db_conflict);
	ck_assert(!broker.db_none);
	ck_assert_uint_eq(broker.sentinels.n, 0);
	ck_assert_ptr_null(broker.password);
}
END_TEST

START_TEST(no_index_is_none)
{
	static const char *const env[] = { "NAUTOBOT_REDIS_SENTINEL_1=s1",
		NULL };
	struct err err;

	ck_assert(read_env(env, &err));
	ck_assert(broker.db_none);
	ck_assert_uint_eq(broker.dbs.n, 1);
}
END_TEST

static const struct bad {
	const char *variable, *says;
} bads[] = {
	{ "NAUTOBOT_REDIS_SENTINEL_2=s2:x", "NAUTOBOT_REDIS_SENTINEL_2: " },
	{ "NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX=x",
	    "NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX: " },
	{ "NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX=-1",
	    "NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX: " },
};

START_TEST(refuses)
{
	const char *const env[] = { bads[_i].variable, NULL };
	struct err err;

	ck_assert(!read_env(env, &err));
	ck_assert_msg(strstr(err.text, bads[_i].says) != NULL, "%s", err.text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nautobot");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_test(tc, reads_what_the_chart_documents);
	tcase_add_test(tc, an_index_of_0_is_no_conflict);
	tcase_add_test(tc, no_index_is_none);
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(bads) / sizeof(bads[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
