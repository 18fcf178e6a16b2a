/*
 * diagram_parts - the measures that layout and SVG of a diagram share.
 *
 * Units are those of the drawing's own coordinates, in which a character of
 * the label is 6.7 wide.
 */
#ifndef WEB_DIAGRAM_PARTS_H
#define WEB_DIAGRAM_PARTS_H

#define MARGIN		4
#define BOX_WIDTH	168
#define BOX_HEIGHT	46
#define BOX_GAP		12
#define ROW_GAP		14
#define TIER_GAP	58
#define MORE_HEIGHT	18
#define LABEL_CHARS	23
#define NOTE_CHARS	26

#endif
