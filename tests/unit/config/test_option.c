#include "config/option.h"

#include <string.h>

#include "unit/unit.h"

START_TEST(table_is_whole)
{
	const struct option *o = &options[_i], *other;
	char env[OPTION_ENV_MAX];

	ck_assert_ptr_nonnull(o->name);
	ck_assert_ptr_nonnull(o->section);
	ck_assert_ptr_nonnull(o->help);
	ck_assert(o->kind == OPTION_BOOL || o->kind == OPTION_COMMAND ||
		  o->value != NULL);
	ck_assert((o->kind != OPTION_BOOL && o->kind != OPTION_WORD) ||
		  o->fallback != NULL);
	ck_assert((o->kind != OPTION_INT && o->kind != OPTION_DURATION) ||
		  o->max > o->min);
	ck_assert_uint_lt(strlen(option_env(o, env)), OPTION_ENV_MAX - 1);
	for (other = options; other < o; other++)
		ck_assert_str_ne(o->name, other->name);
	ck_assert_ptr_eq(option_find(o->name, strlen(o->name)), o);
}
END_TEST

START_TEST(names_the_variable)
{
	char env[OPTION_ENV_MAX];

	ck_assert_str_eq(option_env(&options[OPTION_SENTINEL_MASTER_NAME], env),
	    "SENTINEL_EXPORTER_SENTINEL_MASTER_NAME");
	ck_assert_ptr_null(option_find("sentinel", 8));
}
END_TEST

static const struct like {
	const char *name;
	int flag; /* -1 = none is alike */
} likes[] = {
	{ "sentinel.adr", OPTION_SENTINEL_ADDR },
	{ "celery.broker-ulr", OPTION_CELERY_BROKER_URL },
	{ "poll-interval", OPTION_POLL_INTERVAL },
	{ "redis.password-fil", OPTION_REDIS_PASSWORD_FILE },
	{ "xyzzy", -1 },
	{ "", -1 },
	{ "an-extremely-long-name-that-is-longer-than-any-name-of-an-option",
	    -1 },
};

START_TEST(suggests)
{
	const struct like *l = &likes[_i];

	ck_assert_ptr_eq(option_like_flag(l->name, strlen(l->name)),
	    l->flag < 0 ? NULL : &options[l->flag]);
}
END_TEST

START_TEST(suggests_no_flag_for_a_password)
{
	ck_assert_ptr_eq(option_like_env("REDIS_PASSWRD", 13),
	    &options[OPTION_REDIS_PASSWORD]);
	ck_assert_ptr_ne(option_like_flag("redis.passwrd", 13),
	    &options[OPTION_REDIS_PASSWORD]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("option");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, table_is_whole, 0, OPTION_COUNT);
	tcase_add_test(tc, names_the_variable);
	tcase_add_loop_test(
	    tc, suggests, 0, (int)(sizeof(likes) / sizeof(likes[0])));
	tcase_add_test(tc, suggests_no_flag_for_a_password);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
