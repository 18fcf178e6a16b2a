#include "config/url.h"

#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

static const struct row {
	const char *text;
	const char *user, *password, *host, *port, *path, *query;
} rows[] = {
	{ "h", "", "", "h", "", "", "" },
	{ "h:1/2?a=b#c", "", "", "h", "1", "/2", "a=b" },
	{ "u@h", "u", "", "h", "", "", "" },
	{ ":p@h", "", "p", "h", "", "", "" },
	{ "u:p:q@r@h:5", "u", "p:q@r", "h", "5", "", "" },
	{ "u:p@[::1]:5/", "u", "p", "::1", "5", "/", "" },
	{ "[::1]", "", "", "::1", "", "", "" },
	{ "h#a?b", "", "", "h", "", "", "" },
	{ "h?a/b", "", "", "h", "", "", "a/b" },
	{ "", "", "", "", "", "", "" },
};

static bool
part_is(const struct url_part *p, const char *want)
{
	return p->len == strlen(want) &&
	       (p->len == 0 || memcmp(p->s, want, p->len) == 0);
}

START_TEST(divides)
{
	const struct row *r = &rows[_i];
	struct err err;
	struct url u;

	ck_assert(url_split(&u, r->text, strlen(r->text), &err));
	ck_assert(part_is(&u.user, r->user));
	ck_assert(part_is(&u.password, r->password));
	ck_assert(part_is(&u.host, r->host));
	ck_assert(part_is(&u.port, r->port));
	ck_assert(part_is(&u.path, r->path));
	ck_assert(part_is(&u.query, r->query));
}
END_TEST

static const char *const broken[] = { ":pa/ss@h", ":pa?ss@h", ":pa#ss@h",
	":[x@h", ":]x@h", "[::1]x:5", "[::1" };

START_TEST(refuses)
{
	struct err err;
	struct url u;

	ck_assert(!url_split(&u, broken[_i], strlen(broken[_i]), &err));
	ck_assert_ptr_nonnull(strchr(err.text, ';'));
}
END_TEST

static const struct scheme {
	const char *text;
	size_t len;
} schemes[] = { { "sentinel://h", 8 }, { "a+b-c.1://h", 7 }, { "://h", 0 },
	{ "1a://h", 0 }, { "sentinel:h", 0 }, { "", 0 }, { " s://h", 0 },
	{ "a b://h", 0 } };

START_TEST(finds_the_scheme)
{
	const struct scheme *s = &schemes[_i];

	ck_assert_uint_eq(url_scheme(s->text, strlen(s->text)).len, s->len);
}
END_TEST

static const struct code {
	const char *text, *decoded; /* NULL = refused */
} codes[] = {
	{ "a%40b%2fc", "a@b/c" },
	{ "%zz%4%", "%zz%4%" },
	{ "a+b", "a+b" },
	{ "%C3%BC", "\xc3\xbc" },
	{ "%E4", NULL },
	{ "a%00b", NULL },
	{ "", "" },
};

START_TEST(decodes)
{
	const struct code *c = &codes[_i];
	const struct url_part part = { c->text, strlen(c->text) };
	char *out = NULL;

	ck_assert_int_eq(url_decode(&part, &out), c->decoded != NULL);
	if (c->decoded != NULL)
		ck_assert_str_eq(out, c->decoded);
	free(out);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("url");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(
	    tc, divides, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_loop_test(
	    tc, refuses, 0, (int)(sizeof(broken) / sizeof(broken[0])));
	tcase_add_loop_test(tc, finds_the_scheme, 0,
	    (int)(sizeof(schemes) / sizeof(schemes[0])));
	tcase_add_loop_test(
	    tc, decodes, 0, (int)(sizeof(codes) / sizeof(codes[0])));
	suite_add_tcase(s, tc);
	return unit_run(s);
}
