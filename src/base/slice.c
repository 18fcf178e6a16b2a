/* slice - cutting at marks, and taking text off either end. */
#include "base/slice.h"

#include <string.h>

struct slice
slice_cut(struct slice *rest, char mark)
{
	struct slice part = *rest;
	const char *at;

	at = rest->s == NULL ? NULL : memchr(rest->s, mark, rest->len);
	if (at == NULL) {
		*rest = (struct slice){ NULL, 0 };
		return part;
	}
	part.len = (size_t)(at - part.s);
	rest->s = at + 1;
	rest->len -= part.len + 1;
	return part;
}

bool
slice_is(struct slice part, const char *text)
{
	return part.len == strlen(text) &&
	       (part.len == 0 || memcmp(part.s, text, part.len) == 0);
}

bool
slice_skip(struct slice *s, const char *text)
{
	size_t len = strlen(text);

	if (s->len < len || (len > 0 && memcmp(s->s, text, len) != 0))
		return false;
	s->s += len;
	s->len -= len;
	return true;
}

bool
slice_trim(struct slice *s, const char *text)
{
	size_t len = strlen(text);

	if (s->len < len ||
	    (len > 0 && memcmp(s->s + s->len - len, text, len) != 0))
		return false;
	s->len -= len;
	return true;
}

bool
slice_copy(struct slice part, char *buf, size_t size)
{
	if (part.len >= size)
		return false;
	if (part.len > 0)
		memcpy(buf, part.s, part.len);
	buf[part.len] = '\0';
	return true;
}
