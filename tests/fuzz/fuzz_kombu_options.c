/* broker_transport_options as JSON. */
#include "config/kombu_options.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *json = xmemdup0(data, size);
	struct kombu_options o;
	struct err err = { "" };
	size_t i;

	kombu_options_init(&o);
	if (kombu_options_parse(&o, json, &err)) {
		ASSERT(o.global_keyprefix != NULL && o.sep != NULL);
		ASSERT(o.unacked_key != NULL && o.unacked_index_key != NULL);
		ASSERT(o.visibility_timeout_ms >= 0);
		for (i = 1; i < o.priority_steps.n; i++)
			ASSERT(
			    o.priority_steps.v[i - 1] <= o.priority_steps.v[i]);
	} else {
		ASSERT(err.text[0] != '\0' && strchr(err.text, '\n') == NULL);
	}
	kombu_options_fini(&o);
	free(json);
	return 0;
}
