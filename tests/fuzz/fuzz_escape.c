/* Any bytes, for every sink: valid UTF-8, no character that acts there, and
 * nothing lost: ESCAPE_NONE can be undone. */
#include <ctype.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

/* Those that may not stand by themselves, but for the escapes of a sink. */
static const char *const acting[] = {
	[ESCAPE_NONE] = "",
	[ESCAPE_LABEL] = "\n",
	[ESCAPE_JSON] = "\n\r\t\x1b\x7f",
	[ESCAPE_HTML] = "<>\"'\n\x1b",
	[ESCAPE_TERMINAL] = "\n\r\t\x1b\x7f",
};

static void
check_quotes(const struct strbuf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++) {
		ASSERT(b->s[i] != '"');
		if (b->s[i] == '\\')
			ASSERT(
			    ++i < b->len && strchr("\\\"nu", b->s[i]) != NULL);
	}
}

static void
undo(struct strbuf *out, const struct strbuf *b)
{
	char hex[3] = "";
	size_t i;

	for (i = 0; i < b->len; i++)
		if (i + 3 < b->len && b->s[i] == '\\' && b->s[i + 1] == 'x' &&
		    isxdigit((unsigned char)b->s[i + 2]) &&
		    isxdigit((unsigned char)b->s[i + 3])) {
			memcpy(hex, b->s + i + 2, 2);
			strbuf_putc(out, (char)strtol(hex, NULL, 16));
			i += 3;
		} else {
			strbuf_putc(out, b->s[i]);
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf b = { 0 }, back = { 0 };
	enum escape sink;
	size_t i, n;

	for (sink = ESCAPE_NONE; sink <= ESCAPE_TERMINAL; sink++) {
		b.len = 0;
		escape(&b, sink, (const char *)data, size);
		ASSERT(strpbrk(strbuf_text(&b), acting[sink]) == NULL);
		for (i = 0; i < b.len; i += n) {
			n = utf8_sequence(b.s + i, b.len - i);
			ASSERT(n > 0);
		}
		if (sink == ESCAPE_LABEL || sink == ESCAPE_JSON)
			check_quotes(&b);
		if (sink != ESCAPE_NONE)
			continue;
		undo(&back, &b);
		ASSERT(back.len == size);
		ASSERT(size == 0 || memcmp(back.s, data, size) == 0);
	}
	strbuf_fini(&b);
	strbuf_fini(&back);
	return 0;
}
