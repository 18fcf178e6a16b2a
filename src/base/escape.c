/* escape - runs of plain bytes are copied, the rest is looked at. */
#include "base/escape.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

/* Bytes that stand for themselves in every sink. */
static bool
plain(unsigned char c)
{
	static const char special[] = "\\\"'&<>";

	return c >= ' ' && c < 0x7f && memchr(special, c, 6) == NULL;
}

static void
put_bytes(struct strbuf *b, enum escape sink, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		strbuf_printf(b, "%sx%02x",
		    sink == ESCAPE_LABEL || sink == ESCAPE_JSON ? "\\\\" : "\\",
		    (unsigned char)s[i]);
}

/* Would it be read as one of our own \xNN? */
static bool
looks_escaped(const char *s, size_t len)
{
	return len >= 4 && s[0] == '\\' && s[1] == 'x' &&
	       isxdigit((unsigned char)s[2]) && isxdigit((unsigned char)s[3]);
}

static void
put_ascii(struct strbuf *b, enum escape sink, char c)
{
	static const char special[] = "&<>\"'";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;",
		"&quot;", "&#39;" };
	const char *at;

	if (sink == ESCAPE_HTML && (at = strchr(special, c)) != NULL) {
		strbuf_puts(b, entities[at - special]);
		return;
	}
	if ((sink == ESCAPE_LABEL || sink == ESCAPE_JSON) &&
	    (c == '\\' || c == '"'))
		strbuf_putc(b, '\\');
	strbuf_putc(b, c);
}

static uint32_t
code_point(const char *s, size_t n)
{
	static const unsigned char lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)s[0] & lead_bits[n];
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

/* Controls, line separators and directions; all within four hex digits. */
static bool
unseen(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x061c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void
put_unseen(struct strbuf *b, enum escape sink, const char *s, size_t n)
{
	const uint32_t c = code_point(s, n);

	if (sink == ESCAPE_NONE || (sink == ESCAPE_LABEL && c != '\n'))
		strbuf_add(b, s, n);
	else if (c == '\n' && (sink == ESCAPE_LABEL || sink == ESCAPE_JSON))
		strbuf_puts(b, "\\n");
	else if (sink == ESCAPE_JSON)
		strbuf_printf(b, "\\u%04x", c);
	else
		put_bytes(b, sink, s, n);
}

/* One character, or one byte that is none; its length. */
static size_t
put_one(struct strbuf *b, enum escape sink, const char *s, size_t len)
{
	const size_t n = utf8_sequence(s, len);

	if (n == 0 || looks_escaped(s, len)) {
		put_bytes(b, sink, s, 1);
		return 1;
	}
	if (unseen(code_point(s, n)))
		put_unseen(b, sink, s, n);
	else if (n == 1)
		put_ascii(b, sink, s[0]);
	else
		strbuf_add(b, s, n);
	return n;
}

void
escape(struct strbuf *b, enum escape sink, const char *bytes, size_t len)
{
	size_t i = 0, from;

	while (i < len) {
		from = i;
		while (i < len && plain((unsigned char)bytes[i]))
			i++;
		strbuf_add(b, bytes + from, i - from);
		if (i < len)
			i += put_one(b, sink, bytes + i, len - i);
	}
}

void
escape_text(struct strbuf *b, enum escape sink, const char *text)
{
	escape(b, sink, text, strlen(text));
}
