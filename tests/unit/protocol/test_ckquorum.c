#include "protocol/ckquorum.h"

#include "unit/protocol/fixture.h"
#include "unit/unit.h"

#define NO_QUORUM                                                            \
	" Not enough available Sentinels to reach the specified quorum for " \
	"this master"
#define NO_MAJORITY                                                            \
	" Not enough available Sentinels to reach the majority and authorize " \
	"a failover"

static const struct {
	const char *reply;
	bool known;
	int64_t usable;
	bool quorum_ok, majority_ok;
} table[] = {
	{ "+OK 3 usable Sentinels. Quorum and failover authorization can be "
	  "reached\r\n",
	    true, 3, true, true },
	{ "-NOQUORUM 3 usable Sentinels." NO_QUORUM "\r\n", true, 3, false,
	    true },
	{ "-NOQUORUM 1 usable Sentinels." NO_MAJORITY "\r\n", true, 1, true,
	    false },
	{ "-NOQUORUM 1 usable Sentinels." NO_QUORUM "." NO_MAJORITY "\r\n",
	    true, 1, false, false },
	{ "-NOQUORUM 1 usable Sentinels.\r\n", false, 0, false, false },
	{ "-ERR No such master with that name\r\n", false, 0, false, false },
	{ "-NOPERM this user has no permissions to run the "
	  "'sentinel|ckquorum' command\r\n",
	    false, 0, false, false },
	{ "+OK\r\n", false, 0, false, false },
	{ "+OK many usable Sentinels.\r\n", false, 0, false, false },
	{ "+PONG 3 usable\r\n", false, 0, false, false },
	{ "$4\r\nOK 3\r\n", false, 0, false, false },
	{ "*0\r\n", false, 0, false, false },
	{ "$-1\r\n", false, 0, false, false },
};

START_TEST(texts)
{
	struct reply *r = reply_from_text(table[_i].reply);
	struct ckquorum q;

	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(ckquorum_parse(&q, r), table[_i].known);
	ck_assert_int_eq(q.known, table[_i].known);
	if (table[_i].known)
		ck_assert_int_eq(q.usable, table[_i].usable);
	ck_assert_int_eq(q.quorum_ok, table[_i].quorum_ok);
	ck_assert_int_eq(q.majority_ok, table[_i].majority_ok);
	reply_free(r);
}
END_TEST

START_TEST(no_reply)
{
	struct ckquorum q;

	ck_assert(!ckquorum_parse(&q, NULL));
	ck_assert(!q.known);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ckquorum");
	TCase *tc = tcase_create("ckquorum");

	tcase_add_loop_test(
	    tc, texts, 0, (int)(sizeof(table) / sizeof(table[0])));
	tcase_add_test(tc, no_reply);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
