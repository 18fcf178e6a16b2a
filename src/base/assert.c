/* assert - the last line a process writes. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
assert_failed(const char *file, int line, const char *expression)
{
	char text[512];
	ssize_t written;

	(void)snprintf(text, sizeof(text) - 1,
	    "sentinel-exporter: assertion failed: %s:%d: %s", file, line,
	    expression);
	strlcat(text, "\n", sizeof(text));
	written = write(STDERR_FILENO, text, strlen(text));
	(void)written; /* abort() tells too */
	abort();
}
