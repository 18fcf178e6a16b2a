/*
 * asset - style sheet and script of the pages, built into the program.
 *
 * Their URL holds a hash of what they are, so a browser may keep them for
 * ever: another build has other URLs.
 */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include <stddef.h>

#define ASSET_PATH	"/assets/"
#define ASSET_NAME_MAX	32

enum asset { ASSET_STYLE, ASSET_SCRIPT, ASSETS };

/* "0123456789abcdef.css": what follows ASSET_PATH. */
void	asset_name(enum asset, char name[ASSET_NAME_MAX]);

/* The asset of that name: its bytes, length and type; NULL when there is none
 * (any more). */
const char *asset_find(const char *name, size_t *len, const char **type);

#endif
