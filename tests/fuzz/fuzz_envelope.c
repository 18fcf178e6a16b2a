/* A message of a queue, as kombu writes it. */
#include "fuzz/fuzz.h"
#include "protocol/kombu.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char tag[DELIVERY_TAG_MAX];

	if (kombu_delivery_tag((const char *)data, size, tag)) {
		ASSERT(memchr(tag, '\0', sizeof(tag)) != NULL);
		ASSERT(tag[0] != '\0');
	}
	return 0;
}
