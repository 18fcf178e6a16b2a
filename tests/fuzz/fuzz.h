/*
 * fuzz - what the targets share.
 *
 * A target is LLVMFuzzerTestOneInput() in a file fuzz_NAME.c, with its seeds in
 * corpus/NAME/.  Whatever it says must hold, it says with ASSERT().
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/slice.h"
#include "base/xalloc.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct slice
fuzz_slice(const uint8_t *data, size_t size)
{
	return (struct slice){ (const char *)data, size };
}

/* The input up to the mark, in memory of exactly its size, so that a byte read
 * behind it is a finding; never NULL.  The caller frees it. */
static inline char *
fuzz_part(struct slice *rest, char mark, size_t *len)
{
	struct slice part = slice_cut(rest, mark);
	char *copy = xcalloc(part.len, 1);

	if (part.len > 0)
		memcpy(copy, part.s, part.len);
	*len = part.len;
	return copy;
}

/* The same as a C string, which ends at the first NUL. */
static inline char *
fuzz_text(struct slice *rest, char mark)
{
	struct slice part = slice_cut(rest, mark);

	return xmemdup0(part.s, part.len);
}

/* One byte off the front; 0 when there is none. */
static inline unsigned
fuzz_byte(struct slice *rest)
{
	if (rest->len == 0)
		return 0;
	rest->len--;
	return (unsigned char)*rest->s++;
}

/* Is part within [s, s+len)? */
static inline bool
fuzz_within(const char *part, size_t part_len, const char *s, size_t len)
{
	return part >= s && part_len <= len &&
	       (size_t)(part - s) <= len - part_len;
}

#endif
