/*
 * json_events - what happened, as JSON: events and failovers.
 *
 * The forms are deploy/schema/events.json and failovers.json; what is not
 * known is left out.
 */
#ifndef WEB_JSON_EVENTS_H
#define WEB_JSON_EVENTS_H

#include <stdint.h>

struct failover;
struct json;
struct snapshot;
struct strbuf;

/* /api/v1/events: the last events, and the last failovers. */
void	json_events(struct strbuf *, const struct snapshot *,
	    int64_t wall_ms);

/* /api/v1/failovers: the last failovers of each master. */
void	json_failovers(struct strbuf *, const struct snapshot *,
	    int64_t wall_ms);

/* The fields of one failover, in an object that is open. */
void	json_failover_fields(struct json *, const struct failover *);

#endif
