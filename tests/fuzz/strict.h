/*
 * strict - an exposition, read as its two specifications say, and no looser.
 *
 * Each function aborts (assert.h) at the first thing that a strict parser would
 * refuse: broken lines, labels or escapes, invalid UTF-8, a family that comes
 * twice or without its type, a series that comes twice.
 */
#ifndef FUZZ_STRICT_H
#define FUZZ_STRICT_H

#include <stddef.h>

#include "metrics/render.h"

void	strict_read(enum render_format, const char *text, size_t len);

/* Is there a sample that begins with this text? */
int	strict_has(const char *text, const char *sample);

#endif
