/*
 * json - JSON written as it comes, without a tree.  Pure.
 *
 *	struct json j = { .out = &body };
 *
 *	json_open(&j, NULL, '{');
 *	json_text(&j, "name", "x");
 *	json_open(&j, "list", '[');
 *	json_int(&j, NULL, 1);
 *	json_close(&j, ']');
 *	json_close(&j, '}');
 *
 * A key is NULL in a list.  What is not known (NUM_UNKNOWN, NULL) is left out,
 * key and all.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

struct json {
	struct strbuf	*out;	/* borrowed */
	bool		comma;	/* before the next value; private */
};

/* Begin and end an object ('{', '}') or a list ('[', ']'). */
void	json_open(struct json *, const char *key, char bracket);
void	json_close(struct json *, char bracket);

/* Any bytes, shown as escape.h says. */
void	json_bytes(struct json *, const char *key, const char *, size_t len);
void	json_text(struct json *, const char *key, const char *);

/* Text that escape.h has shown before: its \xNN stay as they are. */
void	json_shown(struct json *, const char *key, const char *);

void	json_int(struct json *, const char *key, int64_t);
void	json_bool(struct json *, const char *key, int64_t);	/* 1 or 0 */

/* Milliseconds as seconds. */
void	json_seconds(struct json *, const char *key, int64_t ms);

/* A wall time twice: KEY as RFC 3339 writes it and KEY_unix in seconds.
 * Nothing when it is not known, or 0. */
void	json_time(struct json *, const char *key, int64_t wall_ms);

#endif
