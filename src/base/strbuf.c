#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static void
reserve(struct strbuf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->cap)
		return;
	b->cap = b->cap * 2 > need ? b->cap * 2 : need;
	b->s = xreallocarray(b->s, b->cap, 1);
}

void
strbuf_fini(struct strbuf *b)
{
	free(b->s);
	*b = (struct strbuf){ 0 };
}

void
strbuf_add(struct strbuf *b, const void *bytes, size_t len)
{
	reserve(b, len);
	if (len > 0)
		memcpy(b->s + b->len, bytes, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void
strbuf_puts(struct strbuf *b, const char *s)
{
	strbuf_add(b, s, strlen(s));
}

void
strbuf_putc(struct strbuf *b, char c)
{
	strbuf_add(b, &c, 1);
}

void
strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	reserve(b, (size_t)n);
	va_start(ap, fmt);
	(void)vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

char *
strbuf_room(struct strbuf *b, size_t len)
{
	reserve(b, len);
	return b->s + b->len;
}

void
strbuf_grow(struct strbuf *b, size_t len)
{
	b->len += len;
	b->s[b->len] = '\0';
}

const char *
strbuf_text(const struct strbuf *b)
{
	return b->s == NULL ? "" : b->s;
}

char *
strbuf_take(struct strbuf *b, size_t *len)
{
	char *s;

	reserve(b, 0);
	b->s[b->len] = '\0';
	s = b->s;
	*len = b->len;
	*b = (struct strbuf){ 0 };
	return s;
}
