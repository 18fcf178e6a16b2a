/*
 * field - named values of INFO and of Sentinel's field lists, put into structs
 * by table.  Pure.
 */
#ifndef PROTOCOL_FIELD_H
#define PROTOCOL_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "protocol/info.h"

enum field_kind {
	FIELD_TEXT,	/* char[size]; text that does not fit is not taken */
	FIELD_COUNT,	/* int64_t; a negative value means "none": unknown */
	FIELD_WORD,	/* int64_t: 1 when the value is the word, else 0 */
	FIELD_ROLE,	/* enum role */
};

/* One row: the name on the wire, and where in the struct its value goes. */
struct field {
	const char	*name;
	enum field_kind	kind;
	size_t		offset;
	size_t		size;	/* FIELD_TEXT */
	const char	*word;	/* FIELD_WORD */
};

/* clang-format off */
#define TEXT_FIELD(type, name, member)                                        \
	{ name, FIELD_TEXT, offsetof(struct type, member),                    \
	    sizeof(((struct type *)NULL)->member), NULL }
#define COUNT_FIELD(type, name, member)                                       \
	{ name, FIELD_COUNT, offsetof(struct type, member), 0, NULL }
#define WORD_FIELD(type, name, member, word)                                  \
	{ name, FIELD_WORD, offsetof(struct type, member), 0, word }
#define ROLE_FIELD(type, name, member)                                        \
	{ name, FIELD_ROLE, offsetof(struct type, member), 0, NULL }
/* clang-format on */

/* Make every member that the n rows name unknown: "", NUM_UNKNOWN,
 * ROLE_UNKNOWN. */
void	field_clear(const struct field *, size_t n, void *target);

/* Put a value where the table, whose rows are sorted by name, says.  A name it
 * does not know and a value that is not of its kind change nothing. */
void	field_set(const struct field *, size_t n, void *target,
	    struct slice name, struct slice value);

/* "master", "slave", "replica" or "sentinel". */
enum role field_role(struct slice);

#endif
