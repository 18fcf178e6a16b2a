#include "protocol/reason.h"

#include "unit/unit.h"

static const struct {
	const char *text;
	enum reason want;
} texts[] = {
	{ "NOAUTH Authentication required.", REASON_AUTH },
	{ "NOAUTH HELLO must be called with the client already authenticated, "
	  "otherwise the HELLO AUTH <user> <pass> option can be used",
	    REASON_AUTH },
	{ "WRONGPASS invalid username-password pair or user is disabled.",
	    REASON_AUTH },
	{ "WRONGPASS invalid username-password pair", REASON_AUTH },
	{ "ERR invalid password", REASON_AUTH },
	{ "ERR wrong number of arguments for 'auth' command", REASON_AUTH },
	{ "DENIED Redis is running in protected mode because protected mode "
	  "is enabled",
	    REASON_AUTH },
	{ "NOPERM this user has no permissions to run the 'get' command",
	    REASON_NOPERM },
	{ "NOPERM User exp has no permissions to run the 'get' command",
	    REASON_NOPERM },
	{ "NOPERM No permissions to access a key", REASON_NOPERM },
	{ "LOADING Redis is loading the dataset in memory", REASON_LOADING },
	{ "LOADING Valkey is loading the dataset in memory", REASON_LOADING },
	{ "BUSY Redis is busy running a script. You can only call SCRIPT KILL "
	  "or SHUTDOWN NOSAVE.",
	    REASON_BUSY },
	{ "BUSY Valkey is busy running a script.", REASON_BUSY },
	{ "ERR max number of clients reached", REASON_MAXCLIENTS },
	{ "ERR max number of clients + cluster connections reached",
	    REASON_MAXCLIENTS },
	{ "MASTERDOWN Link with MASTER is down and replica-serve-stale-data "
	  "is set to 'no'.",
	    REASON_OTHER },
	{ "READONLY You can't write against a read only replica.",
	    REASON_OTHER },
	{ "BUSYKEY Target key name already exists.", REASON_OTHER },
	{ "ERR DB index is out of range", REASON_OTHER },
	{ "ERR No such master with that name", REASON_OTHER },
	{ "ERR unknown command 'SENTINEL'", REASON_OTHER },
	{ "ERR wrong number of arguments for 'get' command", REASON_OTHER },
	{ "NOAUTH", REASON_OTHER },
	{ "", REASON_OTHER },
};

START_TEST(error_texts)
{
	ck_assert_int_eq(reason_of_error(texts[_i].text), texts[_i].want);
}
END_TEST

static const struct {
	const char *text;
	bool want;
} no_password[] = {
	{ "ERR AUTH <password> called without any password configured for the "
	  "default user. Are you sure your configuration is correct?",
	    true },
	{ "ERR Client sent AUTH, but no password is set", true },
	{ "WRONGPASS invalid username-password pair or user is disabled.",
	    false },
	{ "ERR invalid password", false },
	{ "", false },
};

START_TEST(no_password_is_set)
{
	ck_assert_int_eq(reason_is_no_password_set(no_password[_i].text),
	    no_password[_i].want);
}
END_TEST

START_TEST(every_reason_has_its_own_name)
{
	int a, b;

	ck_assert_str_eq(reason_name(REASON_NONE), "");
	ck_assert_str_eq(reason_name(REASON_MAXCLIENTS), "maxclients");
	for (a = 0; a < REASON_COUNT; a++)
		for (b = 0; b < a; b++)
			ck_assert_str_ne(reason_name((enum reason)a),
			    reason_name((enum reason)b));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reason");
	TCase *tc = tcase_create("reason");

	tcase_add_loop_test(
	    tc, error_texts, 0, (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_loop_test(tc, no_password_is_set, 0,
	    (int)(sizeof(no_password) / sizeof(no_password[0])));
	tcase_add_test(tc, every_reason_has_its_own_name);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
