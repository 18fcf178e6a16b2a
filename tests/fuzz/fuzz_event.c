/* A message of a sentinel: the channel, a newline, the payload. */
#include "base/num.h"
#include "fuzz/fuzz.h"
#include "protocol/event.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = fuzz_slice(data, size);
	char *channel, *payload;
	size_t channel_len, len;
	struct event e;
	bool read;

	channel = fuzz_part(&in, '\n', &channel_len);
	payload = fuzz_part(&in, '\0', &len);
	read = event_parse(&e, channel, channel_len, payload, len);
	ASSERT(e.kind < EVENT_KIND_COUNT);
	if (e.kind != EVENT_OTHER)
		ASSERT(slice_is((struct slice){ channel, channel_len },
		    event_channel(e.kind)));
	ASSERT(memchr(e.master_name, '\0', sizeof(e.master_name)) != NULL);
	ASSERT(memchr(e.id, '\0', sizeof(e.id)) != NULL);
	ASSERT(e.epoch >= 0 || !num_known(e.epoch));
	if (read && e.type != ROLE_UNKNOWN)
		ASSERT(e.master_name[0] != '\0' && addr_known(&e.addr));
	free(channel);
	free(payload);
	return 0;
}
