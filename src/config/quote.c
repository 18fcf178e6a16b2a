#include "config/quote.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

bool
quote_hides(const char *s, size_t len)
{
	static const char word[] = "password";
	const size_t wlen = sizeof(word) - 1;
	size_t i;

	if (memchr(s, '@', len) != NULL)
		return true;
	if (memchr(s, ':', len) == NULL && memchr(s, '=', len) == NULL)
		return false;
	for (i = 0; i + wlen <= len; i++)
		if (strncasecmp(s + i, word, wlen) == 0)
			return true;
	return false;
}

const char *
quote(char *buf, const char *s, size_t len)
{
	/* a sequence of four bytes may begin at the last free place */
	const size_t room = QUOTE_MAX - sizeof("\"...\"") - 3;
	size_t i, k, n, out = 0;

	if (quote_hides(s, len)) {
		(void)snprintf(buf, QUOTE_MAX, "(value not shown)");
		return buf;
	}
	buf[out++] = '"';
	for (i = 0; i < len && out < room; i += n) {
		n = utf8_sequence(s + i, len - i);
		if (n == 0 || (unsigned char)s[i] < ' ' || s[i] == 0x7f) {
			buf[out++] = '?';
			n = 1;
			continue;
		}
		for (k = 0; k < n; k++)
			buf[out++] = s[i + k];
	}
	(void)snprintf(
	    buf + out, QUOTE_MAX - out, "%s\"", i < len ? "..." : "");
	return buf;
}
