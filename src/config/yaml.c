/* yaml - libyaml's events become a tree, everything unwanted is refused. */
#include "config/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "config/quote.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	bool held; /* event is to be deleted */
	const char *name, *text;
	size_t len, nodes;
	struct err *err;
};

static bool read_value(struct reader *, struct yaml *, unsigned depth);

/* The reason with its place, counted from 1, in front. */
__attribute__((format(printf, 5, 0))) static void
set_reason(struct err *err, const char *name, size_t line, size_t column,
    const char *fmt, va_list ap)
{
	char text[sizeof(err->text)];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	err_set(err, "%s", text);
	err_prefix(err, "%s:%zu:%zu", name, line, column);
}

__attribute__((format(printf, 4, 5))) static bool
refuse_at(struct reader *r, size_t line, size_t column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_reason(r->err, r->name, line + 1, column + 1, fmt, ap);
	va_end(ap);
	return false;
}

#define REFUSE(r, ...)                             \
	refuse_at((r), (r)->event.start_mark.line, \
	    (r)->event.start_mark.column, __VA_ARGS__)

/* libyaml gives the place of broken UTF-8 as an offset only. */
static bool
refuse_bytes(struct reader *r)
{
	size_t i, line = 0, column = 0;

	for (i = 0; i < r->parser.problem_offset && i < r->len; i++) {
		if (r->text[i] == '\n') {
			line++;
			column = 0;
		} else if (((unsigned char)r->text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	return refuse_at(
	    r, line, column, "is no UTF-8 text, or holds a control character");
}

static char
byte_at(const struct reader *r, const yaml_mark_t *mark)
{
	return mark->index < r->len ? r->text[mark->index] : '\0';
}

/* libyaml's own words are fixed texts and quote nothing. */
static bool
refuse_syntax(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *why = p->problem == NULL ? "broken YAML" : p->problem;

	if (p->error == YAML_READER_ERROR)
		return refuse_bytes(r);
	if (p->error == YAML_SCANNER_ERROR &&
	    byte_at(r, &p->problem_mark) == '\t')
		why = "a tab; indent with spaces";
	else if (strstr(why, "tag") != NULL)
		why = "tags are not supported; remove it";
	else if (strcmp(why,
		     "mapping values are not allowed in this context") == 0)
		why = "a ':' where no key can stand; put a value that holds "
		      "': ' in quotes, and check the indentation";
	else if (strcmp(why, "could not find expected ':'") == 0)
		why = "a ':' is missing behind the key above";
	return refuse_at(
	    r, p->problem_mark.line, p->problem_mark.column, "%s", why);
}

static bool
next(struct reader *r)
{
	if (r->held)
		yaml_event_delete(&r->event);
	r->held = yaml_parser_parse(&r->parser, &r->event) == 1;
	return r->held || refuse_syntax(r);
}

static bool
check_properties(
    struct reader *r, const unsigned char *anchor, const unsigned char *tag)
{
	if (anchor != NULL)
		return REFUSE(r, "anchors are not supported; remove the '&', "
				 "or put a value that begins with it in "
				 "quotes");
	if (tag != NULL)
		return REFUSE(r, "tags are not supported; remove the '!', or "
				 "put a value that begins with it in quotes");
	return true;
}

static bool
is_null(const char *text)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static bool
take_scalar(struct reader *r, char **text)
{
	const char *value = (const char *)r->event.data.scalar.value;
	const size_t len = r->event.data.scalar.length;

	if (!check_properties(
		r, r->event.data.scalar.anchor, r->event.data.scalar.tag))
		return false;
	if (memchr(value, '\0', len) != NULL)
		return REFUSE(r, "holds a NUL character");
	*text = xmemdup0(value, len);
	return true;
}

static bool
read_scalar(struct reader *r, struct yaml *y)
{
	xfree_secret(&y->text);
	if (!take_scalar(r, &y->text))
		return false;
	y->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	y->kind = !y->quoted && is_null(y->text) ? YAML_NULL : YAML_SCALAR;
	return true;
}

static bool
read_list(struct reader *r, struct yaml *y, unsigned depth)
{
	struct yaml *item;

	if (!check_properties(r, r->event.data.sequence_start.anchor,
		r->event.data.sequence_start.tag))
		return false;
	y->kind = YAML_LIST;
	for (;;) {
		if (!next(r))
			return false;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		item = vec_push(&y->children);
		if (!read_value(r, item, depth + 1))
			return false;
	}
}

static bool
read_key(struct reader *r, struct yaml *item)
{
	item->key_line = (uint32_t)r->event.start_mark.line + 1;
	item->key_column = (uint32_t)r->event.start_mark.column + 1;
	if (r->event.type == YAML_ALIAS_EVENT)
		return REFUSE(r, "aliases are not supported; write the key "
				 "itself");
	if (r->event.type != YAML_SCALAR_EVENT)
		return REFUSE(r, "a key must be a word, not a list or a map");
	return take_scalar(r, &item->key);
}

static int
by_key(const void *a, const void *b)
{
	const struct yaml *const *x = a, *const *y = b;
	int order = strcmp((*x)->key, (*y)->key);

	if (order != 0)
		return order;
	return *x < *y ? -1 : *x > *y;
}

/* Sorted, as a search for each key would cost the square of their number. */
static bool
check_twice(struct reader *r, const struct yaml *y)
{
	const size_t n = y->children.n;
	const struct yaml **keys, *first = NULL, *twice = NULL;
	char shown[QUOTE_MAX];
	size_t i;

	if (n < 2)
		return true;
	keys = xcalloc(n, sizeof(const struct yaml *));
	for (i = 0; i < n; i++)
		keys[i] = &y->children.v[i];
	qsort(keys, n, sizeof(const struct yaml *), by_key);
	for (i = 1; i < n; i++) {
		if (strcmp(keys[i - 1]->key, keys[i]->key) == 0 &&
		    (twice == NULL || keys[i] < twice)) {
			first = keys[i - 1];
			twice = keys[i];
		}
	}
	free(keys);
	if (twice == NULL)
		return true;
	return refuse_at(r, twice->key_line - 1, twice->key_column - 1,
	    "the key %s stands at line %u already; keep one of them",
	    quote(shown, twice->key, strlen(twice->key)), first->key_line);
}

static bool
read_map(struct reader *r, struct yaml *y, unsigned depth)
{
	struct yaml *item;

	if (!check_properties(r, r->event.data.mapping_start.anchor,
		r->event.data.mapping_start.tag))
		return false;
	y->kind = YAML_MAP;
	for (;;) {
		if (!next(r))
			return false;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return check_twice(r, y);
		item = vec_push(&y->children);
		if (!read_key(r, item) || !next(r) ||
		    !read_value(r, item, depth + 1))
			return false;
	}
}

/* The event at hand begins the value. */
static bool
read_value(struct reader *r, struct yaml *y, unsigned depth)
{
	y->line = (uint32_t)r->event.start_mark.line + 1;
	y->column = (uint32_t)r->event.start_mark.column + 1;
	y->text = xstrdup("");
	if (depth > YAML_DEPTH_MAX)
		return REFUSE(
		    r, "more than %d levels of nesting", YAML_DEPTH_MAX);
	if (++r->nodes > YAML_NODES_MAX)
		return REFUSE(r, "more than %d values", YAML_NODES_MAX);
	if (r->event.type == YAML_SCALAR_EVENT)
		return read_scalar(r, y);
	if (r->event.type == YAML_SEQUENCE_START_EVENT)
		return read_list(r, y, depth);
	if (r->event.type == YAML_MAPPING_START_EVENT)
		return read_map(r, y, depth);
	return REFUSE(r, "aliases are not supported; write the value itself, "
			 "or put a value that begins with '*' in quotes");
}

static bool
read_document(struct reader *r, struct yaml *root)
{
	if (!next(r) || !next(r)) /* the stream's start; the document's */
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		root->line = root->column = 1;
		root->text = xstrdup("");
		return true;
	}
	if (!next(r) || !read_value(r, root, 1) || !next(r) || !next(r))
		return false;
	if (r->event.type == YAML_DOCUMENT_START_EVENT)
		return REFUSE(r, "a second document begins; keep one");
	return true;
}

bool
yaml_parse(struct yaml *root, const char *name, const char *text, size_t len,
    struct err *err)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct reader r = {
		.name = name, .text = text, .len = len, .err = err
	};
	bool ok;

	*root = (struct yaml){ 0 };
	if (len >= sizeof(bom) - 1 && memcmp(text, bom, sizeof(bom) - 1) == 0) {
		r.text = text += sizeof(bom) - 1; /* it is in no column */
		r.len = len -= sizeof(bom) - 1;
	}
	if (len > YAML_SIZE_MAX) {
		err_set(
		    err, "%s: is longer than %d bytes", name, YAML_SIZE_MAX);
		return false;
	}
	if (yaml_parser_initialize(&r.parser) == 0)
		abort(); /* out of memory */
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &r.parser, (const unsigned char *)text, len);
	ok = read_document(&r, root);
	if (r.held)
		yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	if (!ok)
		yaml_fini(root);
	return ok;
}

/* As deep as YAML_DEPTH_MAX. */
void
yaml_fini(struct yaml *y)
{
	struct yaml *child;

	vec_foreach(child, &y->children)
		yaml_fini(child);
	vec_fini(&y->children);
	xfree_secret(&y->text);
	xfree_secret(&y->key);
	*y = (struct yaml){ 0 };
}

const struct yaml *
yaml_get(const struct yaml *map, const char *key)
{
	const struct yaml *child;

	vec_foreach(child, &map->children)
		if (child->key != NULL && strcmp(child->key, key) == 0)
			return child;
	return NULL;
}

const char *
yaml_kind_text(enum yaml_kind kind)
{
	static const char *const texts[] = {
		[YAML_NULL] = "nothing",
		[YAML_SCALAR] = "a value",
		[YAML_LIST] = "a list",
		[YAML_MAP] = "a map",
	};

	return texts[kind];
}

void
yaml_refuse(const struct yaml *y, const char *name, struct err *err,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_reason(err, name, y->line, y->column, fmt, ap);
	va_end(ap);
}

void
yaml_refuse_key(const struct yaml *y, const char *name, struct err *err,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_reason(err, name, y->key_line, y->key_column, fmt, ap);
	va_end(ap);
}
