#include "base/base64.h"

#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits that a character stands for. */
static bool
digit(char c, uint32_t *bits)
{
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL)
		return false;
	*bits = (uint32_t)(at - digits);
	return true;
}

/* Four characters, of which the last pad are '='. */
static bool
decode_group(struct strbuf *out, const char *s, size_t pad)
{
	uint32_t word = 0, bits;
	size_t i;

	for (i = 0; i < 4; i++) {
		bits = 0;
		if (i < 4 - pad && !digit(s[i], &bits))
			return false;
		word = word << 6 | bits;
	}
	for (i = 0; i < 3 - pad; i++)
		strbuf_putc(out, (char)(word >> (16 - 8 * i) & 0xff));
	return true;
}

bool
base64_decode(struct strbuf *out, const char *text, size_t len)
{
	size_t pad = 0, i;

	if (len % 4 != 0)
		return false;
	while (pad < 2 && len > 0 && text[len - 1 - pad] == '=')
		pad++;
	for (i = 0; i < len; i += 4)
		if (!decode_group(out, text + i, i + 4 == len ? pad : 0))
			return false;
	return true;
}
