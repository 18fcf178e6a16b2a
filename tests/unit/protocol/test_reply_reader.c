#include "protocol/reply_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "unit/protocol/fixture.h"
#include "unit/unit.h"

/* A reply as text: types by letter, arrays in brackets. */
static void
show(const struct reply *r, struct strbuf *out)
{
	size_t i;

	switch (r->type) {
	case REPLY_STATUS:
		strbuf_printf(out, "+%s", r->str);
		break;
	case REPLY_ERROR:
		strbuf_printf(out, "-%s", r->str);
		break;
	case REPLY_INTEGER:
		strbuf_printf(out, ":%" PRId64, r->integer);
		break;
	case REPLY_STRING:
		strbuf_printf(out, "$%zu=", r->len);
		strbuf_add(out, r->str, r->len);
		break;
	case REPLY_NIL:
		strbuf_puts(out, "nil");
		break;
	case REPLY_ARRAY:
		strbuf_putc(out, '[');
		for (i = 0; i < r->n; i++) {
			strbuf_puts(out, i == 0 ? "" : " ");
			show(r->elements[i], out);
		}
		strbuf_putc(out, ']');
		break;
	case REPLY_LONG:
		strbuf_printf(out, "long %zu", r->len);
		break;
	}
}

/* All replies in the bytes, fed step bytes at a time, and the error if any. */
static void
read_all(const struct reply_limits *limits, const char *bytes, size_t len,
    size_t step, struct strbuf *out)
{
	struct reply_reader *rd = reply_reader_new(limits);
	struct err err = { .text = "" };
	struct reply *r;
	size_t at, n;

	for (at = 0; at < len && err.text[0] == '\0'; at += n) {
		n = len - at < step ? len - at : step;
		reply_reader_feed(rd, bytes + at, n);
		while ((r = reply_reader_next(rd, &err)) != NULL) {
			show(r, out);
			strbuf_putc(out, ';');
			reply_free(r);
		}
	}
	if (err.text[0] != '\0')
		strbuf_printf(out, "error: %s", err.text);
	reply_reader_free(rd);
}

static const struct {
	const char *bytes, *want;
} good[] = {
	{ "+PONG\r\n", "+PONG;" },
	{ "+\r\n", "+;" },
	{ "-ERR No such master with that name\r\n",
	    "-ERR No such master with that name;" },
	{ ":0\r\n:-1\r\n:9223372036854775807\r\n",
	    ":0;:-1;:9223372036854775807;" },
	{ "$0\r\n\r\n", "$0=;" },
	{ "$5\r\na\r\nbc\r\n", "$5=a\r\nbc;" },
	{ "$-1\r\n", "nil;" },
	{ "*-1\r\n", "nil;" },
	{ "*0\r\n", "[];" },
	{ "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n21000\r\n",
	    "[$9=127.0.0.1 $5=21000];" },
	{ "*2\r\n*1\r\n:1\r\n*2\r\n$-1\r\n*0\r\n+x\r\n",
	    "[[:1] [nil []]];+x;" },
	{ "*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$6\r\n+sdown\r\n$3\r\na b\r\n",
	    "[$8=pmessage $1=* $6=+sdown $3=a b];" },
	{ "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:7\r\n",
	    "[[[[[[[:7]]]]]]];" },
};

/* However the bytes are cut, the replies are the same. */
START_TEST(whole_replies)
{
	size_t step, len = strlen(good[_i].bytes);

	for (step = 1; step <= len; step++) {
		struct strbuf out = { 0 };

		read_all(&wide, good[_i].bytes, len, step, &out);
		ck_assert_str_eq(strbuf_text(&out), good[_i].want);
		strbuf_fini(&out);
	}
}
END_TEST

static const char *const recorded[] = {
	"ckquorum",
	"info-sentinel",
	"is-master-down",
	"master",
	"master-addr",
	"master-addr-unknown",
	"master-unknown",
	"masters",
	"myid",
	"pending-scripts",
	"ping",
	"replicas",
	"role",
	"sentinels",
	"unknown-subcommand",
};

static char *
recorded_bytes(int i, size_t *len)
{
	char name[64];

	snprintf(name, sizeof(name), "replies/%s.resp", recorded[i]);
	return fixture_read(name, len);
}

START_TEST(recorded_replies_byte_by_byte)
{
	struct strbuf whole = { 0 }, bytewise = { 0 };
	size_t len;
	char *bytes = recorded_bytes(_i, &len);

	read_all(&wide, bytes, len, len, &whole);
	read_all(&wide, bytes, len, 1, &bytewise);
	ck_assert_str_eq(strbuf_text(&whole), strbuf_text(&bytewise));
	ck_assert(whole.len > 0 && whole.s[whole.len - 1] == ';');
	ck_assert_ptr_null(strstr(whole.s, "error:"));
	strbuf_fini(&whole);
	strbuf_fini(&bytewise);
	free(bytes);
}
END_TEST

/* A truncated reply is neither a reply nor an error. */
START_TEST(recorded_replies_truncated)
{
	size_t len, cut;
	char *bytes = recorded_bytes(_i, &len);

	for (cut = 0; cut < len; cut++) {
		struct strbuf out = { 0 };

		read_all(&wide, bytes, cut, 7, &out);
		ck_assert_str_eq(strbuf_text(&out), "");
		strbuf_fini(&out);
	}
	free(bytes);
}
END_TEST

/* Flipped bytes may read as anything, but are read safely. */
START_TEST(recorded_replies_damaged)
{
	size_t len, i;
	char *bytes = recorded_bytes(_i, &len);
	int bit;

	for (i = 0; i < len; i++)
		for (bit = 0; bit < 8; bit++) {
			struct strbuf out = { 0 };

			bytes[i] = (char)(bytes[i] ^ (1 << bit));
			read_all(&wide, bytes, len, 64, &out);
			bytes[i] = (char)(bytes[i] ^ (1 << bit));
			strbuf_fini(&out);
		}
	free(bytes);
}
END_TEST

/* Every text must end in an error, and none may take memory for it. */
static const char *const bad[] = {
	"PONG\r\n",
	"\r\n",
	"HTTP/1.1 400 Bad Request\r\n\r\n",
	"\x16\x03\x01\x02\x00\x01",
	":one\r\n",
	":\r\n",
	"$x\r\n",
	"$-2\r\n",
	"$3\r\nabcXX",
	"*x\r\n",
	"*-2\r\n",
	"*2\r\n:1\r\n!\r\n",
	"*99999999999999999999\r\n",
	"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
	/* RESP3 */
	"_\r\n",
	"#t\r\n",
	",1.5\r\n",
	"(12345678901234567890\r\n",
	"%1\r\n+a\r\n+b\r\n",
	"~1\r\n+a\r\n",
	">1\r\n+a\r\n",
	"=7\r\ntxt:abc\r\n",
	"*1\r\n_\r\n",
	"*2\r\n$1\r\na\r\n%1\r\n+a\r\n+b\r\n",
};

START_TEST(no_resp2)
{
	size_t step, len = strlen(bad[_i]);

	for (step = 1; step <= len; step++) {
		struct strbuf out = { 0 };

		read_all(&wide, bad[_i], len, step, &out);
		ck_assert_int_eq(strncmp(strbuf_text(&out), "error: ", 7), 0);
		strbuf_fini(&out);
	}
}
END_TEST

#define LIMIT_BYTES    "error: a reply of more than 64 bytes"
#define LIMIT_ELEMENTS "error: a reply of more than 6 elements"
#define LIMIT_DEPTH    "error: arrays nested deeper than 2"
static const struct reply_limits narrow = {
	.bytes = 64, .elements = 6, .depth = 2
};
#define TEN "0123456789"

static const struct {
	const char *bytes, *want;
} limits[] = {
	/* 64 bytes on the wire, and one more. */
	{ "$57\r\n" TEN TEN TEN TEN TEN "0123456\r\n",
	    "$57=" TEN TEN TEN TEN TEN "0123456;" },
	{ "$58\r\n" TEN TEN TEN TEN TEN "01234567\r\n", LIMIT_BYTES },
	{ "$58\r\n", LIMIT_BYTES },
	{ "$57\r\n", "" },
	{ "$2147483647\r\n", LIMIT_BYTES },
	{ "$9223372036854775807\r\n", LIMIT_BYTES },
	{ "+" TEN TEN TEN TEN TEN TEN "0\r\n",
	    "+" TEN TEN TEN TEN TEN TEN "0;" },
	{ "+" TEN TEN TEN TEN TEN TEN "01\r\n", LIMIT_BYTES },
	{ "+" TEN TEN TEN TEN TEN TEN "0123", LIMIT_BYTES },
	{ "*2\r\n$20\r\n" TEN TEN "\r\n$26\r\n", "" },
	{ "*2\r\n$20\r\n" TEN TEN "\r\n$27\r\n", LIMIT_BYTES },
	/* Each reply is counted from its own start. */
	{ "$40\r\n" TEN TEN TEN TEN "\r\n$57\r\n", "$40=" TEN TEN TEN TEN ";" },
	{ "*6\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n",
	    "[:1 :2 :3 :4 :5 :6];" },
	{ "*7\r\n", LIMIT_ELEMENTS },
	{ "*2147483647\r\n", LIMIT_ELEMENTS },
	{ "*3\r\n*3\r\n:1\r\n:1\r\n:1\r\n*1\r\n", LIMIT_ELEMENTS },
	{ "*3\r\n*3\r\n:1\r\n:1\r\n:1\r\n*0\r\n*0\r\n", "[[:1 :1 :1] [] []];" },
	{ "*6\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n*6\r\n",
	    "[:1 :1 :1 :1 :1 :1];" },
	{ "*1\r\n*1\r\n:1\r\n", "[[:1]];" },
	{ "*1\r\n*1\r\n*1\r\n", LIMIT_DEPTH },
	{ "*1\r\n*1\r\n*0\r\n", LIMIT_DEPTH },
};

START_TEST(limits_are_kept)
{
	size_t step, len = strlen(limits[_i].bytes);

	for (step = 1; step <= len; step++) {
		struct strbuf out = { 0 };

		read_all(&narrow, limits[_i].bytes, len, step, &out);
		ck_assert_str_eq(strbuf_text(&out), limits[_i].want);
		strbuf_fini(&out);
	}
}
END_TEST

/* Long replies: hiredis drops what it has read in between. */
START_TEST(limit_of_bytes_over_many_elements)
{
	const struct reply_limits l = {
		.bytes = 8000, .elements = 4000, .depth = 1
	};
	struct strbuf bytes = { 0 }, out = { 0 };
	int i;

	strbuf_puts(&bytes, "*2000\r\n");
	for (i = 0; i < 2000; i++)
		strbuf_puts(&bytes, ":1\r\n");
	read_all(&l, bytes.s, bytes.len, 100, &out);
	ck_assert_str_eq(out.s, "error: a reply of more than 8000 bytes");
	strbuf_fini(&out);
	read_all(&l, bytes.s, bytes.len, bytes.len, &out);
	ck_assert_str_eq(out.s, "error: a reply of more than 8000 bytes");
	strbuf_fini(&out);
	strbuf_fini(&bytes);
}
END_TEST

/* The limit is per reply: any number of them may come over one connection. */
static const struct reply_limits short_strings = {
	.bytes = 100, .string = 5, .elements = 10, .depth = 2
};

static const struct {
	const char *bytes, *want;
} strings[] = {
	{ "$5\r\nabcde\r\n$6\r\nabcdef\r\n:7\r\n", "$5=abcde;long 6;:7;" },
	{ "$6\r\nab\r\n$f\r\n$8\r\n$7\r\n:1:1\r\n+OK\r\n",
	    "long 6;long 8;+OK;" },
	/* Within an array a string is part of the whole. */
	{ "*2\r\n$6\r\nabcdef\r\n$-1\r\n$-1\r\n", "[$6=abcdef nil];nil;" },
	{ "$0\r\n\r\n$007\r\nabcdefg\r\n", "$0=;long 7;" },
	{ "-$9\r\n", "-$9;" },
	{ "$7x\r\nabcdefg\r\n", "error: Bad bulk string length" },
	{ "$99999999999\r\nabc", "error: a reply of more than 100 bytes" },
};

START_TEST(long_strings_are_thrown_away)
{
	struct strbuf out = { 0 };
	size_t step, len = strlen(strings[_i].bytes);

	for (step = 1; step <= len; step++) {
		out.len = 0;
		read_all(&short_strings, strings[_i].bytes, len, step, &out);
		ck_assert_str_eq(strbuf_text(&out), strings[_i].want);
	}
	strbuf_fini(&out);
}
END_TEST

/* A long string of any length takes no more room than a piece of it. */
START_TEST(long_string_is_not_kept)
{
	static const char header[] = "$100000000\r\n";
	struct reply_reader *rd = reply_reader_new(&short_strings);
	char *piece = xcalloc(1, 100000);
	struct reply *r = NULL;
	struct err err;
	int i;

	reply_reader_feed(rd, header, strlen(header));
	for (i = 0; i < 1000; i++) {
		ck_assert_ptr_null(reply_reader_next(rd, &err));
		ck_assert_str_eq(err.text, "");
		reply_reader_feed(rd, piece, 100000);
	}
	reply_reader_feed(rd, "\r\n:5\r\n", 6);
	r = reply_reader_next(rd, &err);
	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(r->type, REPLY_LONG);
	ck_assert_uint_eq(r->len, 100000000);
	ck_assert_ptr_null(r->str);
	reply_free(r);
	r = reply_reader_next(rd, &err);
	ck_assert_int_eq(r->integer, 5);
	reply_free(r);
	/* One that was begun is freed with its reader. */
	reply_reader_feed(rd, header, strlen(header));
	ck_assert_ptr_null(reply_reader_next(rd, &err));
	reply_reader_free(rd);
	free(piece);
}
END_TEST

/* 190,000 empty arrays are 0.95 MB on the wire and were 15 MB in memory. */
START_TEST(memory_has_a_limit_of_its_own)
{
	const struct reply_limits l = { .bytes = 1 << 20,
		.elements = 200000,
		.memory = 100000,
		.depth = 2 };
	struct strbuf bytes = { 0 }, out = { 0 };
	int i;

	strbuf_puts(&bytes, "*2000\r\n");
	for (i = 0; i < 2000; i++)
		strbuf_puts(&bytes, "*0\r\n");
	read_all(&l, bytes.s, bytes.len, 1000, &out);
	ck_assert_str_eq(out.s,
	    "error: a reply that takes more than 100000 bytes of memory");
	out.len = 0;
	/* Before any memory is taken for it. */
	read_all(&l, "*200000\r\n", 9, 9, &out);
	ck_assert_str_eq(out.s,
	    "error: a reply that takes more than 100000 bytes of memory");
	out.len = bytes.len = 0;
	strbuf_puts(&bytes, "*3\r\n$5\r\nabcde\r\n$100000\r\n");
	for (i = 0; i < 10000; i++)
		strbuf_puts(&bytes, "0123456789");
	strbuf_puts(&bytes, "\r\n:1\r\n");
	read_all(&l, bytes.s, bytes.len, 1000, &out);
	ck_assert_str_eq(out.s,
	    "error: a reply that takes more than 100000 bytes of memory");
	out.len = 0;
	bytes.len = 0;
	strbuf_puts(&bytes, "*1000\r\n");
	for (i = 0; i < 1000; i++)
		strbuf_puts(&bytes, "*0\r\n");
	read_all(&l, bytes.s, bytes.len, 1000, &out);
	ck_assert_int_eq(strncmp(out.s, "[[] []", 6), 0);
	strbuf_fini(&bytes);
	strbuf_fini(&out);
}
END_TEST

START_TEST(memory_is_told)
{
	struct reply *small = reply_from_text(":1\r\n");
	struct reply *large = reply_from_text("*2\r\n$3\r\nabc\r\n*0\r\n");

	ck_assert_uint_ge(reply_memory(small), sizeof(struct reply));
	ck_assert_uint_ge(reply_memory(large),
	    reply_memory(small) + 2 * sizeof(struct reply) +
		2 * sizeof(struct reply *) + 4);
	reply_free(small);
	reply_free(large);
}
END_TEST

/* Looked through from its start with each piece, 15 MB took 8.4 s of CPU. */
START_TEST(a_line_without_end_is_refused_early)
{
	static const char *const begins[] = { "+", "-", ":", "$", "*",
		"*1\r\n+" };
	const struct reply_limits l = {
		.bytes = 16 << 20, .elements = 10, .depth = 2
	};
	struct reply_reader *rd = reply_reader_new(&l);
	char piece[1000];
	struct err err = { .text = "" };
	size_t fed = 0;

	memset(piece, '1', sizeof(piece));
	reply_reader_feed(rd, begins[_i], strlen(begins[_i]));
	while (err.text[0] == '\0') {
		ck_assert_ptr_null(reply_reader_next(rd, &err));
		reply_reader_feed(rd, piece, sizeof(piece));
		fed += sizeof(piece);
		ck_assert_uint_le(fed, REPLY_LINE_MAX + 2 * sizeof(piece));
	}
	ck_assert_str_eq(err.text, "a line of more than 65536 bytes");
	reply_reader_free(rd);
}
END_TEST

START_TEST(many_replies)
{
	struct reply_reader *rd = reply_reader_new(&narrow);
	struct reply *r;
	struct err err;
	int i, n = 0;

	for (i = 0; i < 1000; i++) {
		reply_reader_feed(rd, "*2\r\n:1\r\n$3\r\nabc\r\n:", 18);
		reply_reader_feed(rd, "2\r\n", 3);
		while ((r = reply_reader_next(rd, &err)) != NULL) {
			reply_free(r);
			n++;
		}
		ck_assert_str_eq(err.text, "");
	}
	ck_assert_int_eq(n, 2000);
	reply_reader_free(rd);
}
END_TEST

START_TEST(refuses_for_good)
{
	struct reply_reader *rd = reply_reader_new(&narrow);
	struct err err;
	int i;

	reply_reader_feed(rd, "*7\r\n", 4);
	for (i = 0; i < 3; i++) {
		ck_assert_ptr_null(reply_reader_next(rd, &err));
		ck_assert_str_eq(err.text, "a reply of more than 6 elements");
		reply_reader_feed(rd, "+OK\r\n", 5);
	}
	reply_reader_free(rd);
}
END_TEST

START_TEST(accessors)
{
	struct reply *r = reply_from_text("*5\r\n$2\r\n42\r\n:7\r\n+OK\r\n"
					  "$2\r\n4x\r\n-ERR no\r\n");
	int64_t v = 0;

	ck_assert(reply_int(reply_at(r, 0), &v) && v == 42);
	ck_assert(reply_int(reply_at(r, 1), &v) && v == 7);
	ck_assert(!reply_int(reply_at(r, 2), &v));
	ck_assert(!reply_int(reply_at(r, 3), &v));
	ck_assert(!reply_int(NULL, &v) && !reply_int(r, &v));
	ck_assert_str_eq(reply_text(reply_at(r, 0)), "42");
	ck_assert_str_eq(reply_text(reply_at(r, 2)), "OK");
	ck_assert_ptr_null(reply_text(reply_at(r, 1)));
	ck_assert_ptr_null(reply_text(reply_at(r, 4)));
	ck_assert_ptr_null(reply_text(NULL));
	ck_assert_ptr_null(reply_at(r, 5));
	ck_assert_ptr_null(reply_at(reply_at(r, 0), 0));
	ck_assert_ptr_null(reply_at(NULL, 0));
	ck_assert(reply_is_error(reply_at(r, 4)));
	ck_assert(!reply_is_error(r) && !reply_is_error(NULL));
	reply_free(r);
	reply_free(NULL);
	reply_reader_free(NULL);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	Suite *s = suite_create("reply_reader");
	TCase *tc = tcase_create("reader");

	tcase_add_loop_test(tc, whole_replies, 0, N(good));
	tcase_add_loop_test(tc, recorded_replies_byte_by_byte, 0, N(recorded));
	tcase_add_loop_test(tc, recorded_replies_truncated, 0, N(recorded));
	tcase_add_loop_test(tc, recorded_replies_damaged, 0, N(recorded));
	tcase_add_loop_test(tc, no_resp2, 0, N(bad));
	tcase_add_loop_test(tc, limits_are_kept, 0, N(limits));
	tcase_add_test(tc, limit_of_bytes_over_many_elements);
	tcase_add_loop_test(tc, long_strings_are_thrown_away, 0, N(strings));
	tcase_add_test(tc, long_string_is_not_kept);
	tcase_add_test(tc, memory_has_a_limit_of_its_own);
	tcase_add_test(tc, memory_is_told);
	tcase_add_loop_test(tc, a_line_without_end_is_refused_early, 0, 6);
	tcase_add_test(tc, many_replies);
	tcase_add_test(tc, refuses_for_good);
	tcase_add_test(tc, accessors);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
