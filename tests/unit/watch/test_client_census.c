#include "watch/client_census.h"

#include <string.h>

#include "base/num.h"
#include "unit/unit.h"

#define READER "id=1 db=3 cmd=brpop\n"

static struct client_census census;

static void
setup(void)
{
	census = (struct client_census){ 0 };
}

static void
teardown(void)
{
	client_census_fini(&census);
}

static void
answer(int64_t now_ms)
{
	client_census_asked(&census, now_ms);
	ck_assert(client_census_take(&census, READER, strlen(READER), now_ms));
}

START_TEST(now_and_then)
{
	ck_assert(client_census_due(&census, 10, 1000));
	answer(1000);
	ck_assert(!client_census_due(&census, 10, 1000 + CENSUS_MS - 1));
	ck_assert(client_census_due(&census, 10, 1000 + CENSUS_MS));
}
END_TEST

START_TEST(not_among_too_many)
{
	ck_assert(client_census_due(&census, CENSUS_CLIENTS - 1, 1000));
	ck_assert(!client_census_due(&census, CENSUS_CLIENTS, 1000));
	ck_assert(!client_census_due(&census, NUM_UNKNOWN, 1000));
}
END_TEST

START_TEST(pressed)
{
	answer(1000);
	client_census_press(&census, 1000);
	ck_assert(client_census_due(&census, 10, 1100));
	answer(1100);
	ck_assert(!client_census_due(&census, 10, 1200));
}
END_TEST

START_TEST(another_master)
{
	answer(1000);
	client_census_restart(&census, 2000);
	ck_assert(!client_census_known(&census, 2000, 5000));
	ck_assert(client_census_due(&census, 10, 2000));
	answer(2000);
	/* For a while with every reading, as workers come back one by one. */
	ck_assert(client_census_due(&census, 10, 2100));
	answer(61999);
	ck_assert(client_census_due(&census, 10, 62100));
	answer(62100);
	ck_assert(!client_census_due(&census, 10, 62200));
}
END_TEST

START_TEST(how_long_it_holds)
{
	ck_assert(!client_census_known(&census, 1000, 5000));
	answer(1000);
	ck_assert_int_eq(client_list_readers(&census.list, 3), 1);
	ck_assert(client_census_known(&census, 1000 + CENSUS_MS + 5000, 5000));
	ck_assert(!client_census_known(&census, 1001 + CENSUS_MS + 5000, 5000));
}
END_TEST

START_TEST(denied)
{
	answer(1000);
	client_census_asked(&census, 40000);
	client_census_denied(&census);
	ck_assert(!client_census_known(&census, 40000, 5000));
	/* Pressing or not: a right that is missing is missing. */
	client_census_press(&census, 40000);
	ck_assert(!client_census_due(&census, 10, 40000 + CENSUS_MS - 1));
	ck_assert(client_census_due(&census, 10, 40000 + CENSUS_MS));
	ck_assert(!client_census_take(&census, "what", 4, 40000));
	ck_assert(!client_census_known(&census, 40000, 5000));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("client_census");
	TCase *tc = tcase_create("client_census");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, now_and_then);
	tcase_add_test(tc, not_among_too_many);
	tcase_add_test(tc, pressed);
	tcase_add_test(tc, another_master);
	tcase_add_test(tc, how_long_it_holds);
	tcase_add_test(tc, denied);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
