/*
 * utf8 - make bytes from outside safe to show.  Pure.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

struct strbuf;

/* Append the bytes as valid UTF-8: each byte that is no part of a valid
 * sequence, and each NUL, becomes U+FFFD.  Invalid UTF-8 in a label makes
 * Prometheus refuse the whole scrape. */
void	utf8_append(struct strbuf *, const char *bytes, size_t len);

/* Length in bytes of the valid sequence that s begins with, 0 when none. */
size_t	utf8_sequence(const char *s, size_t len);

#endif
