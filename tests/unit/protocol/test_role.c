#include "protocol/role.h"

#include "base/num.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

static const struct {
	const char *reply;
	bool known;
	enum role role;
	int64_t offset;
	const char *master;
	bool linked;
} table[] = {
	{ "*3\r\n$6\r\nmaster\r\n:3129\r\n*0\r\n", true, ROLE_MASTER, 3129,
	    NULL, false },
	{ "*5\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n:6379\r\n$9\r\nconnected\r\n"
	  ":3167\r\n",
	    true, ROLE_REPLICA, 3167, "127.0.0.1", true },
	{ "*5\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n:6379\r\n$7\r\nconnect\r\n"
	  ":-1\r\n",
	    true, ROLE_REPLICA, NUM_UNKNOWN, "127.0.0.1", false },
	/* A host that is no host: the role is known all the same. */
	{ "*5\r\n$5\r\nslave\r\n$0\r\n\r\n:0\r\n$7\r\nconnect\r\n:0\r\n", true,
	    ROLE_REPLICA, 0, NULL, false },
	{ "*2\r\n$8\r\nsentinel\r\n*1\r\n$8\r\nmymaster\r\n", true,
	    ROLE_SENTINEL, NUM_UNKNOWN, NULL, false },
	{ "*3\r\n$6\r\nmaster\r\n$3\r\nsix\r\n*0\r\n", false, 0, 0, NULL,
	    false },
	{ "*2\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n", false, 0, 0, NULL,
	    false },
	{ "*1\r\n$4\r\nking\r\n", false, 0, 0, NULL, false },
	{ "*0\r\n", false, 0, 0, NULL, false },
	{ "$6\r\nmaster\r\n", false, 0, 0, NULL, false },
	{ "-NOPERM no permissions to run the 'role' command\r\n", false, 0, 0,
	    NULL, false },
};

START_TEST(answers)
{
	struct reply *r = reply_from_text(table[_i].reply);
	struct role_answer a;

	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(role_parse(&a, r), table[_i].known);
	reply_free(r);
	if (!table[_i].known)
		return;
	ck_assert_int_eq(a.role, table[_i].role);
	ck_assert_int_eq(a.offset, table[_i].offset);
	ck_assert_int_eq(a.linked, table[_i].linked);
	ck_assert_int_eq(addr_known(&a.master), table[_i].master != NULL);
	if (table[_i].master != NULL)
		ck_assert_str_eq(a.master.host, table[_i].master);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("role");
	TCase *tc = tcase_create("role");

	tcase_add_loop_test(
	    tc, answers, 0, (int)(sizeof(table) / sizeof(table[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
