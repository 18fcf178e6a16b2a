#include "model/stall.h"

#include "base/num.h"

void
stall_note(struct stall *s, int64_t length, bool taken, int64_t now_ms)
{
	bool waits = length != NUM_UNKNOWN && length > 0;

	if (!waits) {
		s->rounds = 0;
	} else if (taken || s->rounds == 0) {
		s->rounds = 1;
		s->since_ms = now_ms;
	} else {
		s->rounds++;
	}
	s->length = length;
}

bool
stall_holds(const struct stall *s, int64_t now_ms)
{
	return s->rounds >= STALL_ROUNDS && now_ms - s->since_ms >= STALL_MS;
}
