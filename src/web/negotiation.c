#include "web/negotiation.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/slice.h"

/* One element of a list header: "value;version=1.0.0;q=0.5". */
struct element {
	struct slice value, version;
	double q;
};

static struct slice
trimmed(struct slice s)
{
	while (s.len > 0 && (s.s[0] == ' ' || s.s[0] == '\t')) {
		s.s++;
		s.len--;
	}
	while (s.len > 0 && (s.s[s.len - 1] == ' ' || s.s[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static struct slice
unquoted(struct slice s)
{
	if (s.len >= 2 && s.s[0] == '"' && s.s[s.len - 1] == '"')
		return (struct slice){ s.s + 1, s.len - 2 };
	return s;
}

static bool
same(struct slice s, const char *text)
{
	return s.len == strlen(text) && strncasecmp(s.s, text, s.len) == 0;
}

/* A q that is no number from 0 to 1 counts as if it were not there. */
static void
read_parameter(struct element *e, struct slice parameter)
{
	struct slice value = parameter, name = slice_cut(&value, '=');
	double q;

	if (value.s == NULL)
		return;
	name = trimmed(name);
	value = unquoted(trimmed(value));
	if (same(name, "version"))
		e->version = value;
	else if (same(name, "q") && num_double(value.s, value.len, &q) &&
		 q >= 0 && q <= 1)
		e->q = q;
}

/* Take the next element off the list; false at its end. */
static bool
next_element(struct slice *list, struct element *e)
{
	struct slice parts;

	if (list->s == NULL)
		return false;
	*e = (struct element){ .q = 1 };
	parts = slice_cut(list, ',');
	e->value = trimmed(slice_cut(&parts, ';'));
	while (parts.s != NULL)
		read_parameter(e, slice_cut(&parts, ';'));
	return true;
}

static struct slice
header(const char *text)
{
	size_t len = text == NULL ? 0 : strnlen(text, NEGOTIATION_MAX + 1);

	if (len == 0 || len > NEGOTIATION_MAX)
		return (struct slice){ NULL, 0 };
	return (struct slice){ text, len };
}

/* Is it a range that one of the formats is in? */
static bool
offered(const struct element *e, enum render_format *format)
{
	*format = RENDER_TEXT;
	if (same(e->value, "text/plain") || same(e->value, "text/*") ||
	    same(e->value, "*/*"))
		return true;
	*format = RENDER_OPENMETRICS;
	return same(e->value, "application/openmetrics-text") &&
	       same(e->version, "1.0.0");
}

enum render_format
negotiation_format(const char *accept)
{
	enum render_format format, best = RENDER_TEXT;
	struct slice list = header(accept);
	struct element e;
	double q = 0;

	while (next_element(&list, &e)) {
		if (e.q <= q || !offered(&e, &format))
			continue;
		q = e.q;
		best = format;
	}
	return best;
}

bool
negotiation_gzip(const char *accept_encoding)
{
	struct slice list = header(accept_encoding);
	bool named = false, by_name = false, by_star = false;
	struct element e;

	while (next_element(&list, &e)) {
		if (same(e.value, "gzip") || same(e.value, "x-gzip")) {
			named = true;
			by_name = e.q > 0;
		} else if (same(e.value, "*")) {
			by_star = e.q > 0;
		}
	}
	return named ? by_name : by_star;
}
