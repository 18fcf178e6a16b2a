/* A worker's event: prefix, newline, channel, newline, message. */
#include "fuzz/fuzz.h"
#include "protocol/heartbeat.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	struct strbuf pattern = { 0 };
	struct kombu_options o;
	struct heartbeat h;
	size_t len, i;
	char *channel;

	kombu_options_init(&o);
	free(o.global_keyprefix);
	o.global_keyprefix = fuzz_text(&in, '\n');
	channel = fuzz_part(&in, '\n', &len);
	(void)heartbeat_channel(&o, channel, len);
	for (i = 0; heartbeat_pattern(&o, i, &pattern); i++)
		ASSERT(i < 100);
	if (heartbeat_parse(&h, in.s == NULL ? "" : in.s, in.len)) {
		ASSERT(h.worker[0] != '\0');
		ASSERT(memchr(h.worker, '\0', sizeof(h.worker)) != NULL);
		ASSERT(
		    h.period_ms > 0 && h.period_ms <= HEARTBEAT_PERIOD_MAX_MS);
	}
	strbuf_fini(&pattern);
	kombu_options_fini(&o);
	free(channel);
	return 0;
}
