#include "web/door_request.h"

#include <string.h>

#include "unit/unit.h"
#include "web/door.h"

static const struct http_case {
	const char *text;
	enum door_request want;
} https[] = {
	{ "", DOOR_REQUEST_PART },
	{ "GET", DOOR_REQUEST_PART },
	{ "GET / HTTP/1.1\r\n", DOOR_REQUEST_PART },
	{ "GET / HTTP/1.1\r\nHost: x\r\n", DOOR_REQUEST_PART },
	{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", DOOR_REQUEST_WHOLE },
	{ "GET / HTTP/1.1\nHost: x\n\n", DOOR_REQUEST_WHOLE },
	{ "\r\n\r\nGET / HTTP/1.1\r\n", DOOR_REQUEST_PART },
	{ "\r\n\r\nGET / HTTP/1.1\r\n\r\n", DOOR_REQUEST_WHOLE },
	{ "GET\r\n\r\n", DOOR_REQUEST_BAD },
	{ "\x16\x03\x01\x02", DOOR_REQUEST_BAD },
	{ "*1\r\n$4\r\nPING\r\n", DOOR_REQUEST_BAD },
	{ "GET /?a=1&b&c HTTP/1.1\r\n\r\n", DOOR_REQUEST_WHOLE },
};

START_TEST(http)
{
	const struct http_case *c = &https[_i];

	ck_assert_int_eq(
	    door_request_http(c->text, strlen(c->text), 1000), c->want);
}
END_TEST

START_TEST(a_request_without_end_is_too_long)
{
	char text[200];

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(door_request_http(text, 199, 200), DOOR_REQUEST_PART);
	ck_assert_int_eq(door_request_http(text, 200, 200), DOOR_REQUEST_LONG);
}
END_TEST

START_TEST(arguments_are_counted)
{
	char text[2 * DOOR_ARGUMENTS_MAX + 100] = "GET /?a";
	int i;

	ck_assert_uint_eq(door_request_arguments("/a&b", 4), 0);
	ck_assert_uint_eq(door_request_arguments("/?a&b&", 6), 3);
	for (i = 0; i < DOOR_ARGUMENTS_MAX; i++)
		strcat(text, "&a");
	strcat(text, " HTTP/1.1\r\n");
	ck_assert_int_eq(
	    door_request_http(text, strlen(text), 10000), DOOR_REQUEST_URI);
	text[6] = 'a';
	ck_assert_int_eq(door_request_http(text, strlen(text) - 4, 10000),
	    DOOR_REQUEST_PART);
}
END_TEST

static const struct tls_case {
	const char *bytes;
	size_t len;
	enum door_request want;
} tls[] = {
	{ "", 0, DOOR_REQUEST_PART },
	{ "\x16", 1, DOOR_REQUEST_PART },
	{ "\x16\x03\x01\x00\x02", 5, DOOR_REQUEST_PART },
	{ "\x16\x03\x01\x00\x02\x01", 6, DOOR_REQUEST_PART },
	{ "\x16\x03\x01\x00\x02\x01\x00", 7, DOOR_REQUEST_WHOLE },
	{ "\x16\x03\x01\xff\xff", 5, DOOR_REQUEST_BAD },
	{ "GET / HTTP/1.1", 14, DOOR_REQUEST_PLAIN },
	{ "\x15\x03", 2, DOOR_REQUEST_BAD },
};

START_TEST(a_tls_hello)
{
	ck_assert_int_eq(
	    door_request_tls(tls[_i].bytes, tls[_i].len), tls[_i].want);
}
END_TEST

START_TEST(refusals_are_whole_answers)
{
	static const enum door_request all[] = { DOOR_REQUEST_BAD,
		DOOR_REQUEST_URI, DOOR_REQUEST_LONG, DOOR_REQUEST_PLAIN };
	const char *text = door_request_refusal(all[_i]);

	ck_assert_int_eq(strncmp(text, "HTTP/1.1 4", 10), 0);
	ck_assert_ptr_nonnull(strstr(text, "\r\nConnection: close\r\n\r\n"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("door_request");
	TCase *tc = tcase_create("door_request");

	tcase_add_loop_test(tc, http, 0, sizeof(https) / sizeof(https[0]));
	tcase_add_test(tc, a_request_without_end_is_too_long);
	tcase_add_test(tc, arguments_are_counted);
	tcase_add_loop_test(tc, a_tls_hello, 0, sizeof(tls) / sizeof(tls[0]));
	tcase_add_loop_test(tc, refusals_are_whole_answers, 0, 4);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
