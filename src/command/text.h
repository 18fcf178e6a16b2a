/*
 * text - columns, colour and wrapped lines for a terminal of 80 columns.
 *
 * All text from outside goes through here: nothing of it can steer a terminal.
 */
#ifndef COMMAND_TEXT_H
#define COMMAND_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "model/findings.h"

#define TEXT_COLUMNS	80

/* Append the bytes, made safe, cut to width characters with "~" at the cut;
 * padded with blanks to that width when pad is set. */
void	text_cell(struct strbuf *, const char *bytes, size_t len, size_t width,
	    bool pad);

/* Append the words of a text (any bytes), each line indented and no longer than
 * TEXT_COLUMNS unless a word is.  Line feeds begin a line. */
void	text_wrap(struct strbuf *, const char *s, size_t indent);

/* Append it as it is, line by line, indented: commands to paste. */
void	text_lines(struct strbuf *, const char *s, size_t indent);

enum text_colour { TEXT_PLAIN, TEXT_GOOD, TEXT_WARNING, TEXT_BAD, TEXT_BOLD };

/* Switch the colour, when colours are wanted. */
void	text_colour(struct strbuf *, bool colours, enum text_colour);

enum text_colour text_severity(enum severity);

/* Are colours wanted on standard output: a terminal, and not NO_COLOR? */
bool	text_wants_colours(void);

#endif
