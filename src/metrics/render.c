#include "metrics/render.h"

#include <string.h>

#include "metrics/samples.h"

const char *
render_content_type(enum render_format format)
{
	return format == RENDER_OPENMETRICS
		   ? "application/openmetrics-text; version=1.0.0; "
		     "charset=utf-8"
		   : "text/plain; version=0.0.4; charset=utf-8";
}

static void
put_meta(struct strbuf *out, const char *keyword, const char *name, size_t len,
    const char *text)
{
	strbuf_printf(out, "# %s %.*s %s\n", keyword, (int)len, name, text);
}

/* Text 0.0.4 knows no info, and calls a counter by the name of its sample. */
static void
put_header(
    struct strbuf *out, enum render_format format, const struct family *f)
{
	const char *type = family_type_name(f->type), *unit = family_unit(f);
	size_t len = family_base_length(f);

	if (format == RENDER_TEXT) {
		len = strlen(f->name);
		if (f->type == FAMILY_INFO)
			type = family_type_name(FAMILY_GAUGE);
		put_meta(out, "HELP", f->name, len, f->help);
		put_meta(out, "TYPE", f->name, len, type);
		return;
	}
	put_meta(out, "TYPE", f->name, len, type);
	if (unit != NULL)
		put_meta(out, "UNIT", f->name, len, unit);
	put_meta(out, "HELP", f->name, len, f->help);
}

static void
add_subject(void *arg, const struct subject *of)
{
	struct samples *s = arg;

	samples_subject(s, of);
	if (s->family->value != NULL)
		samples_add(s, s->family->value(of), NULL);
	else
		s->family->emit(s, of);
}

/* A family without samples is left out, header and all. */
static void
put_family(struct strbuf *out, enum render_format format,
    const struct family *f, const struct exposition *x)
{
	struct samples s;

	samples_init(&s, f);
	subject_each(f->scope, x, add_subject, &s);
	if (s.text.len > 0) {
		put_header(out, format, f);
		strbuf_add(out, s.text.s, s.text.len);
	}
	samples_fini(&s);
}

void
render_exposition(
    struct strbuf *out, enum render_format format, const struct exposition *x)
{
	const struct family_section *section;
	size_t i, k;

	for (i = 0; i < family_sections_count; i++) {
		section = family_sections[i];
		for (k = 0; k < section->n; k++)
			put_family(out, format, &section->families[k], x);
	}
	if (format == RENDER_OPENMETRICS)
		strbuf_puts(out, "# EOF\n");
}
