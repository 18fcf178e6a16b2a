/*
 * quote - a value of the operator's as an error message may show it.  Pure.
 *
 * Messages are one line and never hold a secret: control characters become
 * '?', long text is cut, and text that looks as if it held a password is
 * replaced whole, wherever it was typed.
 */
#ifndef CONFIG_QUOTE_H
#define CONFIG_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

#define QUOTE_MAX	96

/* Write the quoted text to buf, which holds QUOTE_MAX bytes, and return it. */
const char *quote(char *buf, const char *s, size_t len);

/* Does it hold an '@', as URLs with credentials do, or "password" in a form
 * that a value may follow? */
bool	quote_hides(const char *s, size_t len);

#endif
