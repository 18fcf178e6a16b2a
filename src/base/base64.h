/*
 * base64 - bytes from their base64 text (RFC 4648).  Pure.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

/* Append what the text stands for; false, with nothing said of what was
 * appended, when it is no base64 with padding. */
bool	base64_decode(struct strbuf *, const char *text, size_t len);

#endif
