/*
 * escape - text from outside, made safe for where it goes.  Pure.
 *
 * Whatever the sink, the result is valid UTF-8 and different texts stay
 * different: each byte that is no part of valid UTF-8, and each NUL, is shown
 * as \xNN, and a backslash that would look like the start of one as \x5c.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stddef.h>

struct strbuf;

enum escape {
	ESCAPE_NONE,		/* valid UTF-8 only: the sink escapes itself */
	ESCAPE_LABEL,		/* between the quotes of a label value */
	ESCAPE_JSON,		/* between the quotes of a string; logs too */
	ESCAPE_HTML,		/* text, and attribute values in quotes */
	ESCAPE_TERMINAL,	/* one line that changes no terminal */
};

/* Append the bytes.  Control characters and those that turn the direction of
 * text, which could disguise what follows: \uNNNN in JSON and logs, \xNN for
 * each byte in HTML and on a terminal; a label keeps all but the newline. */
void	escape(struct strbuf *, enum escape, const char *bytes, size_t len);

/* The same for a NUL-terminated text. */
void	escape_text(struct strbuf *, enum escape, const char *text);

#endif
