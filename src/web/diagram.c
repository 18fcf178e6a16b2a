/* diagram - where the boxes of a drawing stand. */
#include "web/diagram.h"

#include <string.h>

#include "base/assert.h"
#include "base/escape.h"
#include "web/diagram_parts.h"

void
diagram_init(struct diagram *d, size_t columns)
{
	ASSERT(columns > 0);
	*d = (struct diagram){ .columns = columns };
}

void
diagram_fini(struct diagram *d)
{
	vec_fini(&d->boxes);
	vec_fini(&d->lines);
}

static bool
starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static size_t
count_characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += starts_character(*s);
	return n;
}

/* Where character number n begins. */
static const char *
character(const char *s, size_t n)
{
	for (; *s != '\0'; s++)
		if (starts_character(*s) && n-- == 0)
			break;
	return s;
}

/* Text that is too wide loses its middle: both ends of a host name tell it
 * from its neighbours'. */
static void
fit(char out[DIAGRAM_TEXT_MAX], const char *text, size_t width)
{
	const size_t head = (width - 1) / 2, tail = width - 1 - head;
	struct strbuf clean = { 0 }, cut = { 0 };
	const char *s;
	size_t n;

	escape_text(&clean, ESCAPE_NONE, text);
	s = strbuf_text(&clean);
	n = count_characters(s);
	if (n > width) {
		strbuf_add(&cut, s, (size_t)(character(s, head) - s));
		strbuf_puts(&cut, "\xe2\x80\xa6");
		s = character(s, n - tail);
	}
	strbuf_puts(&cut, s);
	(void)strlcpy(out, strbuf_text(&cut), DIAGRAM_TEXT_MAX);
	strbuf_fini(&cut);
	strbuf_fini(&clean);
}

static size_t
count_tier(const struct diagram *d, unsigned tier)
{
	const struct diagram_box *b;
	size_t n = 0;

	vec_foreach(b, &d->boxes)
		n += b->tier == tier;
	return n;
}

size_t
diagram_add(struct diagram *d, const struct diagram_text *text)
{
	struct diagram_box *b;
	unsigned tier =
	    text->tier < DIAGRAM_TIERS ? text->tier : DIAGRAM_TIERS - 1;

	if (count_tier(d, tier) == DIAGRAM_TIER_MAX) {
		d->left_out[tier]++;
		return DIAGRAM_NONE;
	}
	b = vec_push(&d->boxes);
	b->tier = tier;
	b->status = text->status;
	b->marked = text->marked;
	fit(b->label, text->label, LABEL_CHARS);
	fit(b->note, text->note, NOTE_CHARS);
	return d->boxes.n - 1;
}

void
diagram_link(struct diagram *d, size_t from, size_t to,
    enum diagram_status status, const char *label)
{
	struct diagram_line *l;

	if (from == DIAGRAM_NONE || to == DIAGRAM_NONE)
		return;
	ASSERT(from < d->boxes.n && to < d->boxes.n);
	l = vec_push(&d->lines);
	l->from = from;
	l->to = to;
	l->status = status;
	fit(l->label, label, NOTE_CHARS);
}

static int
row_width(size_t boxes)
{
	return (int)boxes * (BOX_WIDTH + BOX_GAP) - BOX_GAP;
}

/* One tier from y on, in rows of equal length, each centred.  Returns where
 * the next one begins. */
static int
place_tier(struct diagram *d, unsigned tier, int y)
{
	const size_t n = count_tier(d, tier);
	const size_t rows = (n + d->columns - 1) / d->columns;
	size_t in_row, row, here, i = 0;
	struct diagram_box *b;

	if (n == 0)
		return y;
	in_row = (n + rows - 1) / rows;
	vec_foreach(b, &d->boxes) {
		if (b->tier != tier)
			continue;
		row = i / in_row;
		here = n - row * in_row < in_row ? n - row * in_row : in_row;
		b->x = (d->width - row_width(here)) / 2 +
		       (int)(i % in_row) * (BOX_WIDTH + BOX_GAP);
		b->y = y + (int)row * (BOX_HEIGHT + ROW_GAP);
		i++;
	}
	y += (int)rows * (BOX_HEIGHT + ROW_GAP) - ROW_GAP;
	if (d->left_out[tier] > 0)
		y += MORE_HEIGHT;
	return y + TIER_GAP;
}

void
diagram_layout(struct diagram *d)
{
	unsigned tier;
	int y = MARGIN;

	d->width = 2 * MARGIN + row_width(d->columns);
	for (tier = 0; tier < DIAGRAM_TIERS; tier++)
		y = place_tier(d, tier, y);
	d->height = d->boxes.n == 0 ? 2 * MARGIN : y - TIER_GAP + MARGIN;
}
