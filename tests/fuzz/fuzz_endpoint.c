/* Addresses: what was read is read the same from what is printed. */
#include "config/endpoint.h"
#include "fuzz/fuzz.h"

static void
read_endpoint(const char *s, size_t len)
{
	struct endpoint e, again;
	char text[ADDR_TEXT_MAX];
	struct err err = { "" };
	size_t n;

	if (!endpoint_parse(&e, s, len, &err)) {
		ASSERT(err.text[0] != '\0' && strchr(err.text, '\n') == NULL);
		return;
	}
	n = endpoint_format(&e, text);
	ASSERT(n == strlen(text) && n < sizeof(text));
	ASSERT(endpoint_parse(&again, text, n, &err));
	ASSERT(addr_equal(&e.addr, &again.addr));
}

static void
read_addr(const char *s, size_t len)
{
	struct addr a, again;
	char text[ADDR_TEXT_MAX];

	if (!addr_parse(&a, s, len, 0))
		return;
	ASSERT(addr_known(&a) && a.port > 0);
	ASSERT(addr_parse(&again, text, addr_format(&a, text), 0));
	ASSERT(addr_equal(&a, &again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct addr a;

	read_endpoint((const char *)data, size);
	read_addr((const char *)data, size);
	if (addr_parse_info(&a, (const char *)data, size))
		ASSERT(addr_known(&a) && a.port > 0);
	return 0;
}
