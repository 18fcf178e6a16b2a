#include "net/batch.h"

#include <stdarg.h>
#include <string.h>

static void
open_command(struct batch *b, size_t words)
{
	strbuf_printf(&b->wire, "*%zu\r\n", words);
	b->n++;
}

static void
put_word(struct batch *b, const char *word, size_t len)
{
	strbuf_printf(&b->wire, "$%zu\r\n", len);
	strbuf_add(&b->wire, word, len);
	strbuf_puts(&b->wire, "\r\n");
}

void
batch_add(struct batch *b, const char *word, ...)
{
	const char *w;
	size_t n = 0;
	va_list ap;

	va_start(ap, word);
	for (w = word; w != NULL; w = va_arg(ap, const char *))
		n++;
	va_end(ap);
	open_command(b, n);
	va_start(ap, word);
	for (w = word; w != NULL; w = va_arg(ap, const char *))
		put_word(b, w, strlen(w));
	va_end(ap);
}

void
batch_add_words(
    struct batch *b, size_t n, const char *const words[], const size_t lens[])
{
	size_t i;

	open_command(b, n);
	for (i = 0; i < n; i++)
		put_word(b, words[i], lens[i]);
}

void
batch_fini(struct batch *b)
{
	strbuf_fini(&b->wire);
	*b = (struct batch){ 0 };
}
