/* asset - files of the source tree as bytes of the program. */
#include "web/asset.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The assembler reads the file: no copy of it is kept as C.  The build starts
 * at the top of the tree. */
#define ASSET_FILE(name, path)                               \
	extern const char name##_begin[], name##_end[];      \
	__asm__(".pushsection .rodata\n"                     \
		".globl " #name "_begin\n" #name "_begin:\n" \
		".incbin \"" path "\"\n"                     \
		".globl " #name "_end\n" #name "_end:\n"     \
		".byte 0\n"                                  \
		".popsection\n")

ASSET_FILE(asset_style, "src/web/assets/page.css");
ASSET_FILE(asset_script, "src/web/assets/page.js");

static const struct asset_file {
	const char *begin, *end, *suffix, *type;
} files[ASSETS] = {
	[ASSET_STYLE] = { asset_style_begin, asset_style_end, "css",
	    "text/css; charset=utf-8" },
	[ASSET_SCRIPT] = { asset_script_begin, asset_script_end, "js",
	    "text/javascript; charset=utf-8" },
};

static uint64_t
hash(const struct asset_file *f)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
	const char *p;

	for (p = f->begin; p < f->end; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return h;
}

void
asset_name(enum asset a, char name[ASSET_NAME_MAX])
{
	(void)snprintf(name, ASSET_NAME_MAX, "%016llx.%s",
	    (unsigned long long)hash(&files[a]), files[a].suffix);
}

const char *
asset_find(const char *name, size_t *len, const char **type)
{
	char own[ASSET_NAME_MAX];
	enum asset a;

	for (a = 0; a < ASSETS; a++) {
		asset_name(a, own);
		if (strcmp(name, own) != 0)
			continue;
		*len = (size_t)(files[a].end - files[a].begin);
		*type = files[a].type;
		return files[a].begin;
	}
	return NULL;
}
