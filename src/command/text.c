/* text - columns, colour and wrapped lines for a terminal. */
#include "command/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/utf8.h"

/* Characters of valid UTF-8, each one column wide. */
static size_t
columns(const char *s, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xC0) != 0x80;
	return n;
}

/* The bytes of the first n characters. */
static size_t
prefix(const char *s, size_t len, size_t n)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char)s[i] & 0xC0) != 0x80 && n-- == 0)
			break;
	return i;
}

void
text_cell(
    struct strbuf *out, const char *bytes, size_t len, size_t width, bool pad)
{
	struct strbuf safe = { 0 };
	size_t n;

	escape(&safe, ESCAPE_TERMINAL, bytes, len);
	n = columns(strbuf_text(&safe), safe.len);
	if (n > width) {
		strbuf_add(out, safe.s, prefix(safe.s, safe.len, width - 1));
		strbuf_putc(out, '~');
		n = width;
	} else {
		strbuf_add(out, strbuf_text(&safe), safe.len);
	}
	for (; pad && n < width; n++)
		strbuf_putc(out, ' ');
	strbuf_fini(&safe);
}

static void
put_indent(struct strbuf *out, size_t indent)
{
	while (indent-- > 0)
		strbuf_putc(out, ' ');
}

void
text_wrap(struct strbuf *out, const char *s, size_t indent)
{
	size_t at = 0, len, wide;
	struct strbuf word = { 0 };

	while (*s != '\0') {
		len = strcspn(s, " \n");
		word.len = 0;
		escape(&word, ESCAPE_TERMINAL, s, len);
		wide = columns(strbuf_text(&word), word.len);
		if (at > 0 && at + 1 + wide > TEXT_COLUMNS) {
			strbuf_putc(out, '\n');
			at = 0;
		}
		if (at == 0)
			put_indent(out, indent);
		else
			strbuf_putc(out, ' ');
		at = (at == 0 ? indent : at + 1) + wide;
		strbuf_add(out, strbuf_text(&word), word.len);
		s += len;
		if (*s == '\n') {
			strbuf_putc(out, '\n');
			at = 0;
		}
		s += *s != '\0';
	}
	if (at > 0)
		strbuf_putc(out, '\n');
	strbuf_fini(&word);
}

void
text_lines(struct strbuf *out, const char *s, size_t indent)
{
	size_t len;

	while (*s != '\0') {
		len = strcspn(s, "\n");
		put_indent(out, indent);
		escape(out, ESCAPE_TERMINAL, s, len);
		strbuf_putc(out, '\n');
		s += len;
		s += *s == '\n';
	}
}

void
text_colour(struct strbuf *out, bool colours, enum text_colour c)
{
	static const char *const codes[] = {
		[TEXT_PLAIN] = "\033[0m",
		[TEXT_GOOD] = "\033[32m",
		[TEXT_WARNING] = "\033[33m",
		[TEXT_BAD] = "\033[31m",
		[TEXT_BOLD] = "\033[1m",
	};

	if (colours)
		strbuf_puts(out, codes[c]);
}

enum text_colour
text_severity(enum severity s)
{
	static const enum text_colour colours[SEVERITIES] = {
		[SEVERITY_CRITICAL] = TEXT_BAD,
		[SEVERITY_WARNING] = TEXT_WARNING,
		[SEVERITY_INFO] = TEXT_BOLD,
	};

	return colours[s];
}

bool
text_wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0');
}
