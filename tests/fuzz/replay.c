/*
 * replay - feed a target the files of its corpus, as `make unit` does.
 *
 * Named like its target, it reads tests/fuzz/corpus/<name>; run from the top of
 * the tree.  With arguments it feeds those files instead.  Ends with a line as
 * Check writes it.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "fuzz/fuzz.h"

static unsigned fed;

static void
feed(const char *path)
{
	FILE *f = fopen(path, "r");
	uint8_t *exact = NULL;
	char *text = NULL;
	size_t size = 0;
	ssize_t n;

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	n = getdelim(&text, &size, EOF, f);
	fclose(f);
	if (n > 0) {
		exact = xcalloc((size_t)n, 1);
		memcpy(exact, text, (size_t)n);
	}
	/* What follows, if anything, tells which input it was. */
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(exact, n > 0 ? (size_t)n : 0);
	free(exact);
	free(text);
	fed++;
}

static void
feed_corpus(const char *name)
{
	struct strbuf path = { 0 };
	struct dirent **entries;
	int i, n;

	strbuf_printf(&path, "tests/fuzz/corpus/%s", name);
	n = scandir(strbuf_text(&path), &entries, NULL, alphasort);
	if (n < 0) {
		perror(strbuf_text(&path));
		exit(1);
	}
	for (i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.') {
			path.len = 0;
			strbuf_printf(&path, "tests/fuzz/corpus/%s/%s", name,
			    entries[i]->d_name);
			feed(strbuf_text(&path));
		}
		free(entries[i]);
	}
	free(entries);
	strbuf_fini(&path);
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int i;

	name = name == NULL ? argv[0] : name + 1;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	for (i = 1; i < argc; i++)
		feed(argv[i]);
	if (argc == 1)
		feed_corpus(name);
	printf("100%%: Checks: %u, Failures: 0, Errors: 0\n", fed);
	return fed > 0 ? 0 : 1;
}
