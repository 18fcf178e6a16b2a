/* strict - see strict.h. */
#include "fuzz/strict.h"

#include <ctype.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/num.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "base/xalloc.h"

/* What it compares teaches the fuzzer nothing, and slows it. */
#ifdef __clang__
#pragma clang attribute push( \
    __attribute__((no_sanitize("coverage"))), apply_to = function)
#endif

struct reading {
	enum render_format format;
	void *seen; /* tsearch(3): families and series */
	char family[256]; /* the one that the samples belong to */
	bool counter, histogram, info;
};

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
once(struct reading *r, const char *s, size_t len)
{
	char *copy = xmemdup0(s, len), **found;

	found = tsearch(copy, &r->seen, compare);
	ASSERT(found != NULL && *found == copy);
}

static size_t
name_length(struct slice s)
{
	size_t i = 0;

	while (i < s.len &&
	       (isalpha((unsigned char)s.s[i]) || s.s[i] == '_' ||
		   s.s[i] == ':' || (i > 0 && isdigit((unsigned char)s.s[i]))))
		i++;
	return i;
}

static void
skip(struct slice *s, size_t n)
{
	ASSERT(n <= s->len);
	s->s += n;
	s->len -= n;
}

/* "value", up to and with the quote that ends it. */
static void
read_value(struct slice *s)
{
	size_t n;

	ASSERT(slice_skip(s, "\""));
	while (s->len > 0 && s->s[0] != '"') {
		if (s->s[0] == '\\') {
			ASSERT(s->len > 1 && strchr("\\\"n", s->s[1]) != NULL &&
			       s->s[1] != '\0');
			skip(s, 2);
			continue;
		}
		n = utf8_sequence(s->s, s->len);
		ASSERT(n > 0 && s->s[0] != '\n');
		skip(s, n);
	}
	ASSERT(slice_skip(s, "\""));
}

static void
read_labels(struct slice *s)
{
	struct slice names[16];
	size_t n = 0, i, len;

	if (!slice_skip(s, "{"))
		return;
	do {
		len = name_length(*s);
		ASSERT(len > 0 && n < 16);
		names[n] = (struct slice){ s->s, len };
		for (i = 0; i < n; i++)
			ASSERT(names[i].len != len ||
			       memcmp(names[i].s, s->s, len) != 0);
		n++;
		skip(s, len);
		ASSERT(slice_skip(s, "="));
		read_value(s);
	} while (slice_skip(s, ","));
	ASSERT(slice_skip(s, "}"));
}

static void
read_number(struct slice s)
{
	double v;

	if (!slice_is(s, "+Inf") && !slice_is(s, "-Inf") && !slice_is(s, "NaN"))
		ASSERT(num_double(s.s, s.len, &v));
}

/* The family's name, and what its type allows behind it. */
static void
check_family(const struct reading *r, struct slice name)
{
	const bool text = r->format == RENDER_TEXT;

	ASSERT(r->family[0] != '\0' && slice_skip(&name, r->family));
	if (name.len == 0)
		ASSERT(text ? !r->histogram
			    : !r->counter && !r->info && !r->histogram);
	else if (r->histogram)
		ASSERT(slice_is(name, "_bucket") || slice_is(name, "_sum") ||
		       slice_is(name, "_count"));
	else
		ASSERT(!text && ((r->counter && slice_is(name, "_total")) ||
				    (r->info && slice_is(name, "_info"))));
}

static void
read_sample(struct reading *r, struct slice line)
{
	struct slice s = line;
	const size_t n = name_length(s);

	ASSERT(n > 0);
	check_family(r, (struct slice){ s.s, n });
	skip(&s, n);
	read_labels(&s);
	once(r, line.s, (size_t)(s.s - line.s));
	ASSERT(slice_skip(&s, " "));
	read_number(s);
}

static void
read_type(struct reading *r, struct slice s)
{
	struct slice name = slice_cut(&s, ' ');

	ASSERT(slice_copy(name, r->family, sizeof(r->family)));
	ASSERT(name_length(name) == name.len && name.len > 0);
	r->counter = slice_is(s, "counter");
	r->histogram = slice_is(s, "histogram");
	r->info = slice_is(s, "info");
	ASSERT(r->counter || r->histogram || slice_is(s, "gauge") ||
	       (r->info && r->format == RENDER_OPENMETRICS));
}

/* HELP and TYPE come side by side in either order, UNIT with them. */
static void
read_comment(struct reading *r, struct slice line)
{
	struct slice s = line, rest;

	if (slice_skip(&s, "# TYPE ")) {
		rest = s;
		once(r, line.s, 7 + slice_cut(&rest, ' ').len);
		read_type(r, s);
		return;
	}
	ASSERT(slice_skip(&s, "# HELP ") ||
	       (r->format == RENDER_OPENMETRICS && slice_skip(&s, "# UNIT ")));
	rest = s;
	once(r, line.s, (size_t)(s.s - line.s) + slice_cut(&rest, ' ').len);
}

void
strict_read(enum render_format format, const char *text, size_t len)
{
	struct slice rest = { text, len }, line;
	struct reading r = { .format = format };
	bool ended = false;

	ASSERT(strlen(text) == len && len > 0 && text[len - 1] == '\n');
	rest.len--;
	while (rest.s != NULL) {
		ASSERT(!ended);
		line = slice_cut(&rest, '\n');
		ASSERT(line.len > 0);
		if (format == RENDER_OPENMETRICS && slice_is(line, "# EOF"))
			ended = true;
		else if (line.s[0] == '#')
			read_comment(&r, line);
		else
			read_sample(&r, line);
	}
	ASSERT(ended == (format == RENDER_OPENMETRICS));
	tdestroy(r.seen, free);
}

int
strict_has(const char *text, const char *sample)
{
	const size_t len = strlen(sample);
	const char *at;

	for (at = text; (at = strstr(at, sample)) != NULL; at += len)
		if (at == text || at[-1] == '\n')
			return 1;
	return 0;
}

#ifdef __clang__
#pragma clang attribute pop
#endif
