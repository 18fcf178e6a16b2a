#include "protocol/client_list.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

/* As redis 7.0.15 printed a kombu 5.2 worker's connections. */
#define LINE(db, flags, cmd)                                                 \
	"id=8 addr=127.0.0.1:41464 laddr=127.0.0.1:20533 fd=10 name= age=7 " \
	"idle=0 flags=" flags " db=" db " sub=0 psub=0 ssub=0 multi=-1 "     \
	"qbuf=0 qbuf-free=20474 argv-mem=31 multi-mem=0 rbs=1024 rbp=5 "     \
	"obl=0 oll=0 omem=0 tot-mem=22351 events=r cmd=" cmd                 \
	" user=default redir=-1 resp=2\n"
/* redis 5.0: nothing behind cmd. */
#define OLD(db, cmd)                                                    \
	"id=3 addr=[::1]:59040 fd=8 name= age=1 idle=1 flags=b db=" db  \
	" sub=0 psub=0 multi=-1 qbuf=0 qbuf-free=0 obl=0 oll=0 omem=0 " \
	"events=r cmd=" cmd "\n"
#define NAMED(name, cmd)                                                  \
	"id=8 addr=127.0.0.1:1 fd=10 name=" name " age=7 idle=0 flags=N " \
	"db=4 events=r cmd=" cmd " lib-name=redis-py lib-ver=6.1.0\n"

static const struct {
	const char *text, *want; /* "db:n" apart by spaces; NULL = refused */
} lists[] = {
	{ LINE("5", "b", "brpop"), "5:1" },
	/* Busy: the flag goes, the command stays. */
	{ LINE("5", "N", "brpop") LINE("5", "N", "ping")
		LINE("0", "N", "client|list"),
	    "5:1" },
	{ LINE("3", "b", "brpop") LINE("0", "b", "brpop")
		LINE("3", "b", "brpop"),
	    "0:1 3:2" },
	{ OLD("12", "brpop") OLD("1", "client"), "12:1" },
	{ LINE("0", "N", "psubscribe"), "" },
	{ LINE("0", "b", "blpop") LINE("0", "b", "brpoplpush"), "" },
	/* A client may call itself what it likes, but not with a space. */
	{ NAMED("cmd=brpop", "get") NAMED("db=7", "brpop"), "4:1" },
	{ NAMED("=", "brpop"), "4:1" },
	{ LINE("99999999999", "b", "brpop"), NULL },
	{ LINE("-1", "b", "brpop"), NULL },
	{ LINE("", "b", "brpop"), NULL },
	{ "cmd=brpop\n", NULL },
	{ "db=0\n", NULL },
	{ "no client list", NULL },
	{ "", NULL },
};

START_TEST(readers)
{
	const char *text = lists[_i].text, *want = lists[_i].want;
	struct client_list cl = { 0 };
	const struct db_readers *r;
	struct strbuf got = { 0 };

	vec_push(&cl.readers)->db = 9;
	ck_assert_int_eq(
	    client_list_parse(&cl, text, strlen(text)), want != NULL);
	if (want != NULL) {
		vec_foreach(r, &cl.readers)
			strbuf_printf(&got, "%s%d:%d", got.len > 0 ? " " : "",
			    r->db, (int)r->n);
		ck_assert_str_eq(strbuf_text(&got), want);
	}
	strbuf_fini(&got);
	client_list_fini(&cl);
}
END_TEST

START_TEST(asking)
{
	const char *text = lists[2].text;
	struct client_list cl = { 0 };

	ck_assert(client_list_parse(&cl, text, strlen(text)));
	ck_assert_int_eq(client_list_readers(&cl, 3), 2);
	ck_assert_int_eq(client_list_readers(&cl, 0), 1);
	ck_assert_int_eq(client_list_readers(&cl, 1), 0);
	client_list_fini(&cl);
}
END_TEST

/* A list cut off anywhere is refused or counts no more than the whole. */
START_TEST(truncated)
{
	const char *text = lists[2].text;
	struct client_list cl = { 0 };
	size_t len;

	for (len = 0; len < strlen(text); len++)
		if (client_list_parse(&cl, text, len))
			ck_assert_int_le(client_list_readers(&cl, 3), 2);
	client_list_fini(&cl);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client_list");
	TCase *tc = tcase_create("client_list");

	tcase_add_loop_test(
	    tc, readers, 0, (int)(sizeof(lists) / sizeof(lists[0])));
	tcase_add_test(tc, asking);
	tcase_add_test(tc, truncated);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
