#include "web/places.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "unit/unit.h"

#define A 1
#define B 2
#define C 3

#define LATER (10 + PLACES_GRACE_MS)

static struct places places;
static struct place p[16];

static void
teardown(void)
{
	size_t i;

	for (i = 0; i < 16; i++)
		if (p[i].address != NULL)
			places_remove(&places, &p[i]);
	places_fini(&places);
}

static void
setup(void)
{
	places_init(&places, 8); /* 6 for one address */
}

static void
come(int i, uint64_t key, enum place_state state, int64_t now_ms)
{
	places_add(&places, &p[i], key, now_ms);
	if (state != PLACE_WAITING)
		places_enter(&places, &p[i], state, now_ms);
}

START_TEST(nobody_gives_way_while_there_is_room)
{
	int i;

	for (i = 0; i < 7; i++)
		come(i, (uint64_t)i / 4, PLACE_IDLE, i);
	ck_assert_ptr_null(places_victim(&places, C, LATER));
}
END_TEST

START_TEST(an_address_at_its_limit_gives_way_itself)
{
	int i;

	come(0, B, PLACE_IDLE, 0);
	for (i = 1; i <= 6; i++)
		come(i, A, PLACE_ANSWER, i);
	ck_assert_ptr_eq(places_victim(&places, A, LATER), &p[1]);
	ck_assert_ptr_null(places_victim(&places, B, LATER));
}
END_TEST

/* In the order of the states; within one, the oldest. */
START_TEST(the_least_deserving_gives_way_first)
{
	static const enum place_state states[] = { PLACE_ANSWER, PLACE_STREAM,
		PLACE_ASKING, PLACE_WAITING, PLACE_IDLE };
	int i;

	come(0, A, PLACE_ANSWER, 0);
	come(1, B, PLACE_ANSWER, 1);
	come(2, C, PLACE_ANSWER, 2);
	for (i = 0; i < 5; i++)
		come(3 + i, (uint64_t)(10 + i), states[i], 3 + i);
	for (i = 4; i > 0; i--) {
		ck_assert_ptr_eq(places_least(&places, LATER), &p[3 + i]);
		places_remove(&places, &p[3 + i]);
	}
	ck_assert_ptr_eq(places_least(&places, LATER), &p[0]);
}
END_TEST

START_TEST(who_holds_most_places_gives_way)
{
	int i;

	come(0, A, PLACE_WAITING, 0);
	come(1, B, PLACE_WAITING, 1);
	for (i = 2; i < 5; i++)
		come(i, C, PLACE_WAITING, i);
	for (i = 5; i < 8; i++)
		come(i, C + 1, PLACE_ANSWER, i);
	ck_assert_ptr_eq(places_victim(&places, A, LATER), &p[2]);
	/* One that holds none comes in all the same. */
	ck_assert_ptr_eq(places_victim(&places, 99, LATER), &p[2]);
}
END_TEST

/* Those who never read had all places, and the one who had just connected was
 * the only one still to ask: it gave way to the next. */
START_TEST(who_has_just_come_is_in_no_danger)
{
	int i;

	for (i = 0; i < 7; i++)
		come(i, (uint64_t)(10 + i), PLACE_ANSWER, i);
	come(7, A, PLACE_WAITING, LATER);
	ck_assert_ptr_eq(places_victim(&places, B, LATER + 1), &p[0]);
}
END_TEST

START_TEST(in_a_flood_it_is_the_first_of_the_greediest)
{
	int i;

	come(0, A, PLACE_ANSWER, 0);
	for (i = 1; i < 8; i++)
		come(i, (uint64_t)(10 + i / 2), PLACE_WAITING, i);
	ck_assert_ptr_eq(places_victim(&places, B, 8), &p[2]);
}
END_TEST

START_TEST(times_are_absolute)
{
	come(0, A, PLACE_WAITING, 1000);
	ck_assert_int_eq(places_next_ms(&places), 1000 + PLACES_ASK_MS);
	/* The server reads on; the client has no more time for that. */
	places_enter(&places, &p[0], PLACE_ASKING, 5000);
	ck_assert_int_eq(places_next_ms(&places), 1000 + PLACES_ASK_MS);
	ck_assert_ptr_null(places_overdue(&places, 999 + PLACES_ASK_MS));
	ck_assert_ptr_eq(places_overdue(&places, 1000 + PLACES_ASK_MS), &p[0]);
	places_enter(&places, &p[0], PLACE_ANSWER, 6000);
	ck_assert_int_eq(places_next_ms(&places), 6000 + PLACES_ANSWER_MS);
	places_enter(&places, &p[0], PLACE_IDLE, 7000);
	ck_assert_int_eq(places_next_ms(&places), 7000 + PLACES_IDLE_MS);
	/* A kept-alive client that begins to ask has the whole time. */
	places_enter(&places, &p[0], PLACE_ASKING, 8000);
	ck_assert_int_eq(places_next_ms(&places), 8000 + PLACES_ASK_MS);
	places_remove(&places, &p[0]);
	ck_assert_int_eq(places_next_ms(&places), PLACES_NEVER);
}
END_TEST

START_TEST(hurrying_only_shortens)
{
	come(0, A, PLACE_IDLE, 0);
	come(1, A, PLACE_IDLE, 1);
	places_hurry(&places, &p[1], 500);
	ck_assert_ptr_eq(places_overdue(&places, 500), &p[1]);
	places_hurry(&places, &p[1], 900);
	ck_assert_int_eq(places_next_ms(&places), 500);
}
END_TEST

START_TEST(addresses_are_forgotten)
{
	int i;

	for (i = 0; i < 1000; i++) {
		come(0, (uint64_t)i, PLACE_WAITING, i);
		places_remove(&places, &p[0]);
	}
	ck_assert_uint_eq(places.addresses.n, 0);
}
END_TEST

static uint64_t
key_of(const char *text)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return places_key((const struct sockaddr *)&v4);
	ck_assert_int_eq(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return places_key((const struct sockaddr *)&v6);
}

START_TEST(one_address_is_an_ipv4_address_or_an_ipv6_64)
{
	ck_assert(key_of("192.0.2.1") != key_of("192.0.2.2"));
	ck_assert(key_of("192.0.2.1") == key_of("::ffff:192.0.2.1"));
	ck_assert(key_of("2001:db8::1") == key_of("2001:db8::ffff:0:0:2"));
	ck_assert(key_of("2001:db8::1") != key_of("2001:db8:0:1::1"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("places");
	TCase *tc = tcase_create("places");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nobody_gives_way_while_there_is_room);
	tcase_add_test(tc, an_address_at_its_limit_gives_way_itself);
	tcase_add_test(tc, the_least_deserving_gives_way_first);
	tcase_add_test(tc, who_holds_most_places_gives_way);
	tcase_add_test(tc, who_has_just_come_is_in_no_danger);
	tcase_add_test(tc, in_a_flood_it_is_the_first_of_the_greediest);
	tcase_add_test(tc, times_are_absolute);
	tcase_add_test(tc, hurrying_only_shortens);
	tcase_add_test(tc, addresses_are_forgotten);
	tcase_add_test(tc, one_address_is_an_ipv4_address_or_an_ipv6_64);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
