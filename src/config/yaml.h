/*
 * yaml - a YAML text as a tree in which every value knows its place.  Pure.
 *
 * As much of YAML as a configuration needs: maps, lists and scalars.  Anchors,
 * aliases, tags, several documents, keys that are no scalars and keys given
 * twice are refused; size, depth and number of values are capped.  What a
 * scalar means is the reader's question: here it is text.  The texts may be
 * secret, so all of them are wiped at the end.
 */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

#define YAML_SIZE_MAX	(1 << 20)
#define YAML_DEPTH_MAX	16
#define YAML_NODES_MAX	20000

enum yaml_kind {
	YAML_NULL,	/* nothing, "~" or "null" without quotes */
	YAML_SCALAR,
	YAML_LIST,
	YAML_MAP,
};

struct yaml {
	enum yaml_kind	kind;
	bool		quoted;		/* a scalar in quotes, or a block */
	uint32_t	line, column;	/* of the value, from 1 */
	char		*text;		/* owned; a scalar's, "" of others */
	char		*key;		/* owned; NULL unless in a map */
	uint32_t	key_line, key_column;
	VEC(struct yaml) children;	/* of a list or a map, in order */
};

/* Read the text.  False with a reason that begins with "name:line:column: "
 * and never quotes a value.  The tree holds nothing of the text. */
bool	yaml_parse(struct yaml *root, const char *name, const char *text,
	    size_t len, struct err *);
void	yaml_fini(struct yaml *root);

/* The value under a key; NULL when map is no map or has no such key. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);

/* "a map", "a list", "a value" or "nothing", for messages. */
const char *yaml_kind_text(enum yaml_kind);

/* Set the reason, with the place of the value, or of its key, in front. */
void	yaml_refuse(const struct yaml *, const char *name, struct err *,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void	yaml_refuse_key(const struct yaml *, const char *name, struct err *,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
