/*
 * utf8 - which bytes are valid UTF-8.  Pure.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Length in bytes of the valid sequence that s begins with; 0 when there is
 * none, and for a NUL. */
size_t	utf8_sequence(const char *s, size_t len);

#endif
