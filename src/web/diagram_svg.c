/* diagram_svg - a diagram that was laid out, as an SVG element. */
#include <stdio.h>

#include "base/escape.h"
#include "web/diagram.h"
#include "web/diagram_parts.h"

static const char *const classes[DIAGRAM_STATUSES] = {
	[DIAGRAM_GOOD] = "good",
	[DIAGRAM_WARNING] = "warning",
	[DIAGRAM_BAD] = "bad",
	[DIAGRAM_UNKNOWN] = "unknown",
};

static void
put_text(struct strbuf *out, const char *class, int x, int y, const char *text)
{
	if (text[0] == '\0')
		return;
	strbuf_printf(
	    out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	escape_text(out, ESCAPE_HTML, text);
	strbuf_puts(out, "</text>");
}

/* From the lower edge of the upper box to the upper edge of the lower one;
 * boxes of one row are joined by a bow below them. */
static void
put_line(
    struct strbuf *out, const struct diagram *d, const struct diagram_line *l)
{
	const struct diagram_box *a = &d->boxes.v[l->from],
				 *b = &d->boxes.v[l->to], *up = a, *low = b;
	int x1, y1, x2, y2, middle;

	if (a->y > b->y) {
		up = b;
		low = a;
	}
	x1 = up->x + BOX_WIDTH / 2;
	y1 = up->y + BOX_HEIGHT;
	x2 = low->x + BOX_WIDTH / 2;
	y2 = up->y == low->y ? y1 : low->y;
	middle = up->y == low->y ? y1 + TIER_GAP / 2 : (y1 + y2) / 2;
	strbuf_printf(out,
	    "<path class=\"line %s\" d=\"M%d %dC%d %d %d %d %d %d\"/>",
	    classes[l->status], x1, y1, x1, middle, x2, middle, x2, y2);
	put_text(out, "lag", (x1 + x2) / 2 + 4, middle + 4, l->label);
}

static void
put_box(struct strbuf *out, const struct diagram_box *b)
{
	const int x = b->x + BOX_WIDTH / 2;

	strbuf_printf(out,
	    "<rect class=\"box %s%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
	    "height=\"%d\" rx=\"6\"/>",
	    classes[b->status], b->marked ? " marked" : "", b->x, b->y,
	    BOX_WIDTH, BOX_HEIGHT);
	put_text(out, "label", x, b->y + 19, b->label);
	put_text(out, "note", x, b->y + 36, b->note);
}

static int
lower_edge(const struct diagram *d, unsigned tier)
{
	const struct diagram_box *b;
	int y = 0;

	vec_foreach(b, &d->boxes)
		if (b->tier == tier && b->y + BOX_HEIGHT > y)
			y = b->y + BOX_HEIGHT;
	return y;
}

static void
put_left_out(struct strbuf *out, const struct diagram *d)
{
	char text[40];
	unsigned tier;

	for (tier = 0; tier < DIAGRAM_TIERS; tier++) {
		if (d->left_out[tier] == 0)
			continue;
		(void)snprintf(
		    text, sizeof(text), "and %zu more", d->left_out[tier]);
		put_text(out, "more", d->width / 2,
		    lower_edge(d, tier) + MORE_HEIGHT - 4, text);
	}
}

void
diagram_svg(const struct diagram *d, const char *twin, struct strbuf *out)
{
	const struct diagram_line *l;
	const struct diagram_box *b;

	strbuf_printf(out,
	    "<svg class=\"diagram\" role=\"img\" aria-labelledby=\"%s\" "
	    "viewBox=\"0 0 %d %d\">",
	    twin, d->width, d->height);
	vec_foreach(l, &d->lines)
		put_line(out, d, l);
	vec_foreach(b, &d->boxes)
		put_box(out, b);
	put_left_out(out, d);
	strbuf_puts(out, "</svg>\n");
}
