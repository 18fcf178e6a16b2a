/*
 * sentinel_reply - a sentinel's replies into the model.
 *
 * No connection here: replies in, facts out.
 */
#ifndef WATCH_SENTINEL_REPLY_H
#define WATCH_SENTINEL_REPLY_H

#include "base/clock.h"
#include "model/deployment.h"
#include "net/conn.h"

/* Commands that read one master, and the replies they take in this order:
 * GET-MASTER-ADDR-BY-NAME, REPLICAS, SENTINELS, CKQUORUM. */
#define VIEW_REPLIES	4
void	sentinel_ask_view(struct batch *, const char *master_name);

/* INFO; REASON_NONE when it was understood. */
enum reason sentinel_take_info(struct sentinel *, const struct reply *,
	    struct now);

/* The four replies above for a view whose fields are already there.  Denied
 * parts are counted as complaints of the source. */
void	sentinel_take_view(struct sentinel *, struct view *,
	    struct reply *const replies[VIEW_REPLIES], struct now);

/* The reason that an error reply stands for, NONE for any other reply. */
enum reason reply_reason(const struct reply *);

#endif
