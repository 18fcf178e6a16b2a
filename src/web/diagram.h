/*
 * diagram - boxes in tiers with lines between them: a deployment as a drawing.
 * Pure.
 *
 * The caller adds boxes tier by tier and links them; layout places them in
 * rows that are as wide as the drawing; svg prints it.  The drawing is for the
 * eye alone: what it shows must stand on the page as text too.
 *
 *	struct diagram d;
 *
 *	diagram_init(&d, 3);
 *	s = diagram_add(&d, &sentinel);
 *	m = diagram_add(&d, &master);
 *	diagram_link(&d, s, m, DIAGRAM_GOOD, "");
 *	diagram_layout(&d);
 *	diagram_svg(&d, "id of the text twin", out);
 *	diagram_fini(&d);
 */
#ifndef WEB_DIAGRAM_H
#define WEB_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "base/vec.h"

/* Boxes of one tier that are drawn; the rest is told as a number. */
#define DIAGRAM_TIER_MAX	24
#define DIAGRAM_TIERS		8
#define DIAGRAM_TEXT_MAX	64
#define DIAGRAM_NONE		((size_t)-1)

enum diagram_status {
	DIAGRAM_GOOD,
	DIAGRAM_WARNING,
	DIAGRAM_BAD,
	DIAGRAM_UNKNOWN,
	DIAGRAM_STATUSES,
};

/* What a box shows; texts are any bytes, and copied. */
struct diagram_text {
	unsigned	tier;		/* 0 is the uppermost */
	const char	*label;		/* a name or an address */
	const char	*note;		/* a few words below it */
	enum diagram_status status;
	bool		marked;		/* drawn with a thick border */
};

struct diagram_box {
	char		label[DIAGRAM_TEXT_MAX], note[DIAGRAM_TEXT_MAX];
	enum diagram_status status;
	unsigned	tier;
	bool		marked;
	int		x, y;		/* of the upper left corner; by layout */
};

struct diagram_line {
	size_t		from, to;	/* boxes */
	enum diagram_status status;
	char		label[DIAGRAM_TEXT_MAX];
};

struct diagram {
	size_t		columns;	/* boxes in a row */
	size_t		left_out[DIAGRAM_TIERS];
	VEC(struct diagram_box) boxes;
	VEC(struct diagram_line) lines;
	int		width, height;	/* by layout */
};

void	diagram_init(struct diagram *, size_t columns);
void	diagram_fini(struct diagram *);

/* The box's number, or DIAGRAM_NONE when its tier is full: it is counted. */
size_t	diagram_add(struct diagram *, const struct diagram_text *);

/* A line, unless one of its ends is DIAGRAM_NONE.  UNKNOWN and BAD ones are
 * dashed. */
void	diagram_link(struct diagram *, size_t from, size_t to,
	    enum diagram_status, const char *label);

/* Place all boxes. */
void	diagram_layout(struct diagram *);

/* Append an <svg> element that scales to its container.  twin: id of the
 * element that says the same in text. */
void	diagram_svg(const struct diagram *, const char *twin, struct strbuf *);

#endif
