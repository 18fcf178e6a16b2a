#include "metrics/samples.h"

#include <math.h>
#include <search.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "metrics/family.h"
#include "model/deployment.h"

void
samples_init(struct samples *s, const struct family *f)
{
	*s = (struct samples){ .family = f };
}

void
samples_fini(struct samples *s)
{
	strbuf_fini(&s->text);
	strbuf_fini(&s->subject);
	tdestroy(s->seen, free);
	s->seen = NULL;
}

static void
put_label(struct strbuf *b, const char *name, const char *value, size_t len)
{
	if (b->len > 0)
		strbuf_putc(b, ',');
	strbuf_puts(b, name);
	strbuf_puts(b, "=\"");
	escape(b, ESCAPE_LABEL, value, len);
	strbuf_putc(b, '"');
}

void
samples_subject(struct samples *s, const struct subject *of)
{
	const char *const *names = scope_labels(s->family->scope);
	size_t i;

	strbuf_fini(&s->subject);
	if (of->deployment != NULL && of->deployment->group != NULL)
		put_label(&s->subject, "group", of->deployment->group,
		    strlen(of->deployment->group));
	for (i = 0; i < of->n_labels; i++)
		put_label(
		    &s->subject, names[i], of->labels[i].s, of->labels[i].len);
}

static int
compare_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Is this the first time that name and labels come?  Remembers them. */
static bool
first_time(struct samples *s, const char *key)
{
	char *copy = xstrdup(key);
	char **found = tsearch(copy, &s->seen, compare_text);

	if (found == NULL)
		abort(); /* out of memory */
	if (*found == copy)
		return true;
	free(copy);
	return false;
}

static void
put_line(struct samples *s, const char *suffix, const struct strbuf *labels,
    double value)
{
	struct strbuf line = { 0 };
	char number[NUM_TEXT_MAX];

	if (isnan(value))
		return;
	strbuf_puts(&line, s->family->name);
	strbuf_puts(&line, suffix);
	if (labels->len > 0) {
		strbuf_putc(&line, '{');
		strbuf_add(&line, labels->s, labels->len);
		strbuf_putc(&line, '}');
	}
	if (first_time(s, strbuf_text(&line))) {
		strbuf_add(&s->text, line.s, line.len);
		strbuf_putc(&s->text, ' ');
		strbuf_add(&s->text, number, num_format(value, number));
		strbuf_putc(&s->text, '\n');
	}
	strbuf_fini(&line);
}

void
samples_add(struct samples *s, double value, ...)
{
	const char *const *name = s->family->labels;
	struct strbuf labels = { 0 };
	const char *label;
	va_list ap;

	strbuf_add(&labels, s->subject.s, s->subject.len);
	va_start(ap, value);
	while ((label = va_arg(ap, const char *)) != NULL && *name != NULL)
		put_label(&labels, *name++, label, strlen(label));
	va_end(ap);
	put_line(s, "", &labels, value);
	strbuf_fini(&labels);
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
	struct strbuf labels = { 0 };
	uint64_t total = 0;
	size_t i;

	for (i = 0; i <= n; i++) {
		total += counts[i];
		labels.len = 0;
		strbuf_add(&labels, s->subject.s, s->subject.len);
		format_bound(i < n ? le[i] : (double)INFINITY, bound);
		put_label(&labels, "le", bound, strlen(bound));
		put_line(s, "_bucket", &labels, (double)total);
	}
	put_line(s, "_sum", &s->subject, sum);
	put_line(s, "_count", &s->subject, (double)total);
	strbuf_fini(&labels);
}
