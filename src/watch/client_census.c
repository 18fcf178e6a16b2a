#include "watch/client_census.h"

#include "base/num.h"

/* Workers come back to a new master one by one. */
#define PRESSING_MS 60000

void
client_census_fini(struct client_census *c)
{
	client_list_fini(&c->list);
}

void
client_census_restart(struct client_census *c, int64_t now_ms)
{
	c->asked_ms = c->at_ms = 0;
	c->pressing_until_ms = now_ms + PRESSING_MS;
}

void
client_census_press(struct client_census *c, int64_t now_ms)
{
	if (c->pressing_until_ms <= now_ms)
		c->pressing_until_ms = now_ms + 1;
}

bool
client_census_due(
    const struct client_census *c, int64_t clients, int64_t now_ms)
{
	if (clients == NUM_UNKNOWN || clients >= CENSUS_CLIENTS)
		return false;
	return c->asked_ms == 0 || now_ms - c->asked_ms >= CENSUS_MS ||
	       (c->at_ms > 0 && c->asked_ms < c->pressing_until_ms);
}

void
client_census_asked(struct client_census *c, int64_t now_ms)
{
	c->asked_ms = now_ms;
}

bool
client_census_take(
    struct client_census *c, const char *text, size_t len, int64_t now_ms)
{
	bool ok = client_list_parse(&c->list, text, len);

	c->at_ms = ok ? now_ms : 0;
	return ok;
}

void
client_census_denied(struct client_census *c)
{
	c->at_ms = 0;
}

bool
client_census_known(
    const struct client_census *c, int64_t now_ms, int64_t keep_ms)
{
	return c->at_ms > 0 && now_ms - c->at_ms <= CENSUS_MS + keep_ms;
}
