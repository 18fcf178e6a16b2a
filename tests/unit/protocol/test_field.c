#include "protocol/field.h"

#include <string.h>

#include "base/num.h"
#include "unit/unit.h"

struct target {
	char text[6];
	int64_t count, word;
	enum role role;
};

static const struct field fields[] = {
	COUNT_FIELD(target, "count", count),
	ROLE_FIELD(target, "role", role),
	TEXT_FIELD(target, "text", text),
	WORD_FIELD(target, "word", word, "up"),
};
#define NFIELDS (sizeof(fields) / sizeof(fields[0]))

static void
set(struct target *t, const char *name, const char *value)
{
	field_set(fields, NFIELDS, t, (struct slice){ name, strlen(name) },
	    (struct slice){ value, strlen(value) });
}

static const struct {
	const char *name, *value, *text;
	int64_t count, word;
	enum role role;
} table[] = {
	{ "count", "12", "", 12, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "count", "-1", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "count", "1.5", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "count", "", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "word", "up", "", NUM_UNKNOWN, 1, ROLE_UNKNOWN },
	{ "word", "down", "", NUM_UNKNOWN, 0, ROLE_UNKNOWN },
	{ "role", "master", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_MASTER },
	{ "role", "slave", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_REPLICA },
	{ "role", "replica", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_REPLICA },
	{ "role", "sentinel", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_SENTINEL },
	{ "role", "masters", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "text", "12345", "12345", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "text", "123456", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "coun", "12", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "counts", "12", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "", "12", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
	{ "zz", "12", "", NUM_UNKNOWN, NUM_UNKNOWN, ROLE_UNKNOWN },
};

START_TEST(one_value)
{
	struct target t = { .text = "old", .count = 1, .word = 1 };

	field_clear(fields, NFIELDS, &t);
	set(&t, table[_i].name, table[_i].value);
	ck_assert_str_eq(t.text, table[_i].text);
	ck_assert_int_eq(t.count, table[_i].count);
	ck_assert_int_eq(t.word, table[_i].word);
	ck_assert_int_eq(t.role, table[_i].role);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("field");
	TCase *tc = tcase_create("field");

	tcase_add_loop_test(
	    tc, one_value, 0, (int)(sizeof(table) / sizeof(table[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
