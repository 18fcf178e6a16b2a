/*
 * json_status - the deployment as it is, as JSON.
 *
 * The forms are deploy/schema/status.json and sd.json; what is not known is
 * left out.
 */
#ifndef WEB_JSON_STATUS_H
#define WEB_JSON_STATUS_H

#include "base/clock.h"

struct findings;
struct json;
struct snapshot;
struct strbuf;

/* /api/v1/status. */
void	json_status(struct strbuf *, const struct snapshot *, struct now);

/* {"version":1,"time":...,"findings":[...]}: what doctor --json prints. */
void	json_findings(struct strbuf *, const struct findings *, struct now);

/* /sd: targets for Prometheus' HTTP service discovery. */
void	json_targets(struct strbuf *, const struct snapshot *, struct now);

#endif
