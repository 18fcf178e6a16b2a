/* Families in their order, each with its header. */
#include "metrics/render.h"

#include <string.h>

#include "metrics/samples.h"
#include "metrics/subject.h"

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
put_header(struct samples *s)
{
	const struct family *f = s->family;
	const char *type = family_type_name(f->type), *unit = family_unit(f);
	struct strbuf *out = s->out;
	size_t len = family_base_length(f);

	if (s->format == RENDER_TEXT) {
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

	s->labels = of->labels;
	if (s->family->value != NULL)
		samples_value(s, s->family->value(of));
	else
		s->family->emit(s, of);
}

static void
put_section(struct strbuf *out, enum render_format format,
    const struct family_section *section, const struct subject *base)
{
	struct samples s = {
		.out = out, .header = put_header, .format = (int)format
	};
	size_t i;

	for (i = 0; i < section->n; i++) {
		s.family = &section->families[i];
		s.name_len = strlen(s.family->name);
		s.any = false;
		subject_each(s.family->scope, base, add_subject, &s);
	}
}

void
render_snapshot(struct strbuf *out, enum render_format format,
    const struct snapshot *snapshot, int64_t now_ms)
{
	const struct subject base = { .snapshot = snapshot, .now_ms = now_ms };
	size_t i;

	for (i = 0; i < family_sections_count; i++)
		if (family_sections[i] != &family_section_process)
			put_section(out, format, family_sections[i], &base);
}

void
render_process(struct strbuf *out, enum render_format format,
    const struct self_stats *self)
{
	const struct subject base = { .self = self };

	put_section(out, format, &family_section_process, &base);
	if (format == RENDER_OPENMETRICS)
		strbuf_puts(out, "# EOF\n");
}

void
render_exposition(struct strbuf *out, enum render_format format,
    const struct snapshot *snapshot, const struct self_stats *self,
    int64_t now_ms)
{
	render_snapshot(out, format, snapshot, now_ms);
	render_process(out, format, self);
}
