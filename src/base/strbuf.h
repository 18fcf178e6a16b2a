/*
 * strbuf - text that grows as it is written.
 *
 * Owns its bytes; always NUL-terminated once something was added.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stddef.h>

struct strbuf {
	char	*s;	/* owned; NULL while empty */
	size_t	 len, cap;
};

void	strbuf_fini(struct strbuf *);
void	strbuf_add(struct strbuf *, const void *bytes, size_t len);
void	strbuf_puts(struct strbuf *, const char *s);
void	strbuf_putc(struct strbuf *, char c);
void	strbuf_printf(struct strbuf *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Room for so many bytes behind the text, to be written there; then say how
 * many they were. */
char	*strbuf_room(struct strbuf *, size_t len);
void	strbuf_grow(struct strbuf *, size_t len);

/* The text, "" while empty; valid until the next change. */
const char *strbuf_text(const struct strbuf *);

/* Hand the bytes over to the caller, who frees them; the strbuf is empty. */
char	*strbuf_take(struct strbuf *, size_t *len);

#endif
