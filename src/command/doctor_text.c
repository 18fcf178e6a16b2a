/* doctor_text - findings for a terminal of 80 columns. */
#include "command/doctor_text.h"

#include <ctype.h>

#include "command/text.h"
#include "model/labels.h"

static void
put_severity(struct strbuf *out, enum severity s)
{
	const char *p;

	for (p = severity_name(s); *p != '\0'; p++)
		strbuf_putc(out, (char)toupper((unsigned char)*p));
}

static void
put_finding(struct strbuf *out, const struct finding *f, bool colours)
{
	text_colour(out, colours, text_severity(f->severity));
	put_severity(out, f->severity);
	text_colour(out, colours, TEXT_PLAIN);
	strbuf_putc(out, ' ');
	if (f->master != NULL) {
		text_cell(out, f->master->name, f->master->name_len, 40, false);
		strbuf_puts(out, ": ");
	}
	text_colour(out, colours, TEXT_BOLD);
	strbuf_puts(out, f->title);
	text_colour(out, colours, TEXT_PLAIN);
	strbuf_printf(out, " [%s]\n", f->id);
	text_wrap(out, f->seen, 2);
	text_wrap(out, f->why, 2);
	if (f->remedy[0] != '\0')
		text_lines(out, f->remedy, 4);
	strbuf_putc(out, '\n');
}

void
doctor_text(struct strbuf *out, const struct findings *found, bool colours)
{
	const struct finding *f;

	vec_foreach(f, &found->all)
		put_finding(out, f, colours);
	if (found->all.n == 0)
		strbuf_puts(out, "Nothing found.\n");
	else
		strbuf_printf(out, "%zu finding%s.\n", found->all.n,
		    found->all.n == 1 ? "" : "s");
}
