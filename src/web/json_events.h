/*
 * json_events - what happened: the last events and failovers as JSON.
 *
 * The form is deploy/schema/events.json; what is not known is left out.
 */
#ifndef WEB_JSON_EVENTS_H
#define WEB_JSON_EVENTS_H

#include <stdint.h>

struct snapshot;
struct strbuf;

void	json_events(struct strbuf *, const struct snapshot *,
	    int64_t wall_ms);

#endif
