#include "config/yaml.h"

#include <string.h>

#include "base/strbuf.h"
#include "unit/unit.h"

static struct yaml root;
static struct err err;

static bool
parse(const char *text)
{
	return yaml_parse(&root, "f", text, strlen(text), &err);
}

static void
clear(void)
{
	yaml_fini(&root);
}

/* The tree in one line, each value with its place. */
static void
show(struct strbuf *out, const struct yaml *y)
{
	const struct yaml *c;

	if (y->key != NULL)
		strbuf_printf(
		    out, "%s@%u:%u=", y->key, y->key_line, y->key_column);
	switch (y->kind) {
	case YAML_NULL:
		strbuf_puts(out, "null");
		break;
	case YAML_SCALAR:
		strbuf_printf(out, y->quoted ? "'%s'" : "%s", y->text);
		break;
	case YAML_LIST:
	case YAML_MAP:
		strbuf_puts(out, y->kind == YAML_LIST ? "[" : "{");
		vec_foreach(c, &y->children) {
			strbuf_puts(out, c == y->children.v ? "" : " ");
			show(out, c);
		}
		strbuf_puts(out, y->kind == YAML_LIST ? "]" : "}");
		break;
	}
	strbuf_printf(out, "@%u:%u", y->line, y->column);
}

static const struct {
	const char *text, *tree;
} good[] = {
	{ "", "null@1:1" },
	{ "# nothing\n", "null@1:1" },
	{ "a: b\n", "{a@1:1=b@1:4}@1:1" },
	{ "---\na: b\n...\n", "{a@2:1=b@2:4}@2:1" },
	{ "%YAML 1.1\n---\na: b\n", "{a@3:1=b@3:4}@3:1" },
	{ "a:\n  - x\n  - 'y'\n", "{a@1:1=[x@2:5 'y'@3:5]@2:3}@1:1" },
	{ "a: {b: 1, c: [2]}", "{a@1:1={b@1:5=1@1:8 c@1:11=[2@1:15]@1:14}"
			       "@1:4}@1:1" },
	{ "a:\nb: ~\nc: null\nd: 'null'\ne: ''\n",
	    "{a@1:1=null@1:3 b@2:1=null@2:4 c@3:1=null@3:4 "
	    "d@4:1='null'@4:4 e@5:1=''@5:4}@1:1" },
	{ "a: |\n  x\n  y\n", "{a@1:1='x\ny\n'@1:4}@1:1" },
	{ "\xc3\xa4: \xc3\xb6\n", "{\xc3\xa4@1:1=\xc3\xb6@1:4}@1:1" },
	{ "a: 1\n  - 2\n", "{a@1:1=1 - 2@1:4}@1:1" },
	{ "a.b-c: d:e\n", "{a.b-c@1:1=d:e@1:8}@1:1" },
	{ "\xef\xbb\xbf"
	  "a: 1\n",
	    "{a@1:1=1@1:4}@1:1" },
};

START_TEST(reads)
{
	struct strbuf out = { 0 };

	ck_assert_msg(parse(good[_i].text), "%s", err.text);
	show(&out, &root);
	ck_assert_str_eq(strbuf_text(&out), good[_i].tree);
	strbuf_fini(&out);
}
END_TEST

static const struct {
	const char *text, *reason;
} bad[] = {
	{ "a: &x 1\n", "f:1:4: anchors are not supported" },
	{ "a: &x [1]\n", "f:1:4: anchors are not supported" },
	{ "a: &x {b: 1}\n", "f:1:4: anchors are not supported" },
	{ "&x a: 1\n", "f:1:1: anchors are not supported" },
	{ "a: *x\n", "f:1:4: aliases are not supported" },
	{ "*x : 1\n", "f:1:1: aliases are not supported" },
	{ "a: !!str 1\n", "f:1:4: tags are not supported" },
	{ "a: ! 1\n", "f:1:4: tags are not supported" },
	{ "a: !x! 1\n", "f:1:7: tags are not supported" },
	{ "a: !!seq [1]\n", "f:1:4: tags are not supported" },
	{ "a: !!map {b: 1}\n", "f:1:4: tags are not supported" },
	{ "a: 1\n---\nb: 2\n", "f:2:1: a second document begins" },
	{ "a: 1\nb: 2\na: 3\n",
	    "f:3:1: the key \"a\" stands at line 1 already; keep one" },
	{ "x: {a: 1, b: 2, a: 3}", "f:1:17: the key \"a\" stands at line 1" },
	{ "d: 1\nc: 1\nb: 1\nd: 2\nb: 2\n",
	    "f:4:1: the key \"d\" stands at line 1 already" },
	{ "? [a]\n: 1\n", "f:1:3: a key must be a word" },
	{ "{{a: b}: 1}", "f:1:2: a key must be a word" },
	{ "a:\n\tb: 1\n", "f:2:1: a tab; indent with spaces" },
	{ "a: b: c\n", "f:1:5: a ':' where no key can stand" },
	{ "a: 1\n b: 2\n", "f:2:3: a ':' where no key can stand" },
	{ "a: 1\nb\nc: 2\n", "f:3:1: a ':' is missing behind the key above" },
	{ "a: [1, 2\n", "f:2:1: " },
	{ "a: {b: 1\n", "f:2:1: " },
	{ "a: \"x\n", "f:2:1: " },
	{ "a: \"\\0\"\n", "f:1:4: holds a NUL character" },
	{ "\"\\0\": 1\n", "f:1:1: holds a NUL character" },
	{ "a: 1\nb: \xff\n", "f:2:4: is no UTF-8 text" },
	{ "a: \x01\n", "f:1:4: is no UTF-8 text, or holds a control" },
	{ "a: @x\n", "f:1:4: " },
	{ "%TAG ! x:\n---\na: !b 1\n", "f:3:4: tags are not supported" },
};

START_TEST(refuses)
{
	ck_assert(!parse(bad[_i].text));
	ck_assert_msg(
	    strncmp(err.text, bad[_i].reason, strlen(bad[_i].reason)) == 0,
	    "%s", err.text);
	ck_assert_ptr_null(root.children.v);
}
END_TEST

static char *
repeated(const char *text, size_t n, const char *between, const char *end)
{
	struct strbuf all = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		strbuf_puts(&all, text);
	strbuf_puts(&all, between);
	for (i = 0; i < n; i++)
		strbuf_puts(&all, end);
	return strbuf_take(&all, &i);
}

START_TEST(nesting_is_capped)
{
	char *text = repeated("[", YAML_DEPTH_MAX, "", "]");

	ck_assert_msg(parse(text), "%s", err.text);
	free(text);
	yaml_fini(&root);
	text = repeated("[", YAML_DEPTH_MAX + 1, "", "]");
	ck_assert(!parse(text));
	ck_assert_str_eq(err.text, "f:1:17: more than 16 levels of nesting");
	free(text);
	text = repeated("[", YAML_SIZE_MAX, "", "");
	ck_assert(!parse(text));
	free(text);
	text = repeated("- ", YAML_SIZE_MAX / 2, "", "");
	ck_assert(!parse(text));
	free(text);
	text = repeated("{a: ", 1000, "", "}");
	ck_assert(!parse(text));
	free(text);
}
END_TEST

START_TEST(the_number_of_values_is_capped)
{
	char *text = repeated("- a\n", YAML_NODES_MAX - 1, "", "");

	ck_assert_msg(parse(text), "%s", err.text);
	ck_assert_uint_eq(root.children.n, YAML_NODES_MAX - 1);
	free(text);
	yaml_fini(&root);
	text = repeated("- a\n", YAML_NODES_MAX, "", "");
	ck_assert(!parse(text));
	ck_assert_str_eq(err.text, "f:20000:3: more than 20000 values");
	free(text);
}
END_TEST

START_TEST(the_size_is_capped)
{
	char *text = repeated("#", YAML_SIZE_MAX + 1, "", "");

	ck_assert(yaml_parse(&root, "f", text, YAML_SIZE_MAX, &err));
	yaml_fini(&root);
	ck_assert(!yaml_parse(&root, "f", text, YAML_SIZE_MAX + 1, &err));
	ck_assert_str_eq(err.text, "f: is longer than 1048576 bytes");
	free(text);
}
END_TEST

START_TEST(a_value_is_found_by_its_key)
{
	const struct yaml *y;

	ck_assert(parse("a: 1\nb:\n  c: 2\n"));
	y = yaml_get(&root, "b");
	ck_assert_ptr_nonnull(y);
	ck_assert_str_eq(yaml_get(y, "c")->text, "2");
	ck_assert_ptr_null(yaml_get(&root, "c"));
	ck_assert_ptr_null(yaml_get(yaml_get(y, "c"), "d"));
}
END_TEST

START_TEST(a_refusal_names_the_place)
{
	const struct yaml *y;

	ck_assert(parse("a:\n  bcd: 1\n"));
	y = yaml_get(yaml_get(&root, "a"), "bcd");
	yaml_refuse(y, "file", &err, "is %s", "wrong");
	ck_assert_str_eq(err.text, "file:2:8: is wrong");
	yaml_refuse_key(y, "file", &err, "is %s", "unknown");
	ck_assert_str_eq(err.text, "file:2:3: is unknown");
	ck_assert_str_eq(yaml_kind_text(root.kind), "a map");
}
END_TEST

/* Values may be passwords. */
START_TEST(no_value_is_quoted)
{
	static const char *const texts[] = { "a: 's3cret\n", "a: s3cret: b\n",
		"a: &s3cret\n", "a: *s3cret\n", "a: !s3cret x\n",
		"a: [s3cret\n", "a: \"s3cret\\0\"\n", "a: \"\\q s3cret\"\n",
		"a: s3cret\n\tb: 1\n", "a: @s3cret\n", "a: %s3cret\n" };

	ck_assert(!parse(texts[_i]));
	ck_assert_msg(strstr(err.text, "s3cret") == NULL, "%s", err.text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("yaml");
	TCase *tc = tcase_create("yaml");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_loop_test(tc, reads, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, refuses, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, nesting_is_capped);
	tcase_add_test(tc, the_number_of_values_is_capped);
	tcase_add_test(tc, the_size_is_capped);
	tcase_add_test(tc, a_value_is_found_by_its_key);
	tcase_add_test(tc, a_refusal_names_the_place);
	tcase_add_loop_test(tc, no_value_is_quoted, 0, 11);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
