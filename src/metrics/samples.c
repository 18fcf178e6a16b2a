/* Sample lines. */
#include "metrics/samples.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/escape.h"
#include "base/num.h"
#include "metrics/family.h"
#include "model/labels.h"

static void
put_name(struct samples *s, const char *suffix)
{
	if (!s->any && s->header != NULL)
		s->header(s);
	s->any = true;
	strbuf_add(s->out, s->family->name, s->name_len);
	strbuf_puts(s->out, suffix);
}

/* Is there a set of labels open now? */
static bool
put_subject(struct samples *s)
{
	if (s->labels == NULL)
		return false;
	strbuf_add(s->out, s->labels->set, s->labels->len);
	return true;
}

static void
put_label(struct samples *s, bool *open, const char *name, const char *value)
{
	strbuf_putc(s->out, *open ? ',' : '{');
	*open = true;
	strbuf_puts(s->out, name);
	strbuf_add(s->out, "=\"", 2);
	escape_text(s->out, ESCAPE_LABEL, value);
	strbuf_putc(s->out, '"');
}

static void
put_value(struct samples *s, bool open, double value)
{
	char *p = strbuf_room(s->out, NUM_TEXT_MAX + 3), *end = p;

	if (open)
		*end++ = '}';
	*end++ = ' ';
	end += num_format(value, end);
	*end++ = '\n';
	strbuf_grow(s->out, (size_t)(end - p));
}

void
samples_value(struct samples *s, double value)
{
	if (isnan(value))
		return;
	put_name(s, "");
	put_value(s, put_subject(s), value);
}

void
samples_add(struct samples *s, double value, ...)
{
	const char *const *name = s->family->labels;
	const char *label;
	va_list ap;
	bool open;

	if (isnan(value))
		return;
	put_name(s, "");
	open = put_subject(s);
	va_start(ap, value);
	while ((label = va_arg(ap, const char *)) != NULL && *name != NULL)
		put_label(s, &open, *name++, label);
	va_end(ap);
	put_value(s, open, value);
}

/* OpenMetrics wants bounds as floating point numbers: "1.0", not "1". */
static void
format_bound(double le, char *buf)
{
	size_t len = num_format(le, buf);

	if (strpbrk(buf, ".eInf") == NULL)
		memcpy(buf + len, ".0", sizeof(".0"));
}

void
samples_histogram(struct samples *s, const double *le, const uint64_t *counts,
    size_t n, double sum)
{
	char bound[NUM_TEXT_MAX + sizeof(".0")];
	uint64_t total = 0;
	bool open;
	size_t i;

	for (i = 0; i <= n; i++) {
		total += counts[i];
		format_bound(i < n ? le[i] : (double)INFINITY, bound);
		put_name(s, "_bucket");
		open = put_subject(s);
		put_label(s, &open, "le", bound);
		put_value(s, open, (double)total);
	}
	put_name(s, "_sum");
	put_value(s, put_subject(s), sum);
	put_name(s, "_count");
	put_value(s, put_subject(s), (double)total);
}
