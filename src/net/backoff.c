#include "net/backoff.h"

void
backoff_init(struct backoff *b, uint32_t floor_ms, uint32_t ceil_ms)
{
	*b = (struct backoff){
		.floor_ms = floor_ms,
		.ceil_ms = ceil_ms > floor_ms ? ceil_ms : floor_ms,
	};
}

uint32_t
backoff_fail(struct backoff *b, uint32_t random)
{
	uint32_t step = b->next_ms == 0 ? b->floor_ms : b->next_ms;

	b->next_ms = step > b->ceil_ms / 2 ? b->ceil_ms : step * 2;
	return step - random % (step / 2 + 1);
}

void
backoff_ok(struct backoff *b)
{
	b->next_ms = 0;
}
