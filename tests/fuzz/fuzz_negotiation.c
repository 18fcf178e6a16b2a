/* Accept, a newline, Accept-Encoding. */
#include "fuzz/fuzz.h"
#include "web/negotiation.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	char *accept = fuzz_text(&in, '\n'), *encoding = fuzz_text(&in, '\n');

	if (negotiation_format(accept) == RENDER_OPENMETRICS)
		ASSERT(strcasestr(accept, "openmetrics-text") != NULL);
	if (negotiation_gzip(encoding))
		ASSERT(strcasestr(encoding, "gzip") != NULL ||
		       strchr(encoding, '*') != NULL);
	free(accept);
	free(encoding);
	return 0;
}
