/*
 * facts - what a reply told goes into the model here, and nowhere else.
 *
 * One verb for each kind of reply, with the time at which it came.  A verb
 * takes what was told and marks the masters that it is about; it derives
 * nothing, and nobody outside the model hears of it.  What follows from it all
 * is worked out later, once for all that came together (derive.h).  Pure.
 */
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/strlist.h"
#include "model/deployment.h"
#include "protocol/reply.h"
#include "protocol/role.h"

/* The replies that make one view, in this order: MASTER,
 * GET-MASTER-ADDR-BY-NAME, REPLICAS, SENTINELS, CKQUORUM. */
#define VIEW_REPLIES	5

/* The reason that an error reply stands for, NONE for any other reply. */
enum reason reply_reason(const struct reply *);

/*
 * Of a sentinel.
 */

/* It answered, or did not: all that is said of its masters may change. */
void	sentinel_take_answer(struct sentinel *, struct now);
void	sentinel_take_failure(struct sentinel *, enum reason);

/* It answered, but one thing that was asked was denied or broken. */
void	sentinel_take_complaint(struct sentinel *, enum reason);

/* SENTINEL MYID. */
void	sentinel_take_id(struct sentinel *, const struct reply *);

/* INFO; REASON_NONE when it was understood. */
enum reason sentinel_take_info(struct sentinel *, const struct reply *,
	    struct now);

/* SENTINEL MASTERS.  Views of masters that it names no more go; names gets the
 * ones it names and that are watched. */
enum reason sentinel_take_masters(struct sentinel *, const struct reply *,
	    struct strlist *names);

/* One view: replies that were read side by side.  switched is the
 * +switch-master on whose account they were read, or NULL.  What was denied is
 * counted as a complaint of the source. */
void	sentinel_take_view(struct sentinel *, const char *master_name,
	    struct reply *const replies[VIEW_REPLIES],
	    const struct event *switched, struct now);

/* An event that it published. */
void	sentinel_take_event(struct sentinel *, const struct event *,
	    struct now);

/* The same, as far as it is only counted. */
void	sentinel_count_event(struct sentinel *, enum event_kind);

/* It is announced by another name; its label changes, and nothing else. */
void	sentinel_take_name(struct sentinel *, const char *label);

/* It is watched no more: it goes, with its views. */
void	sentinel_take_leave(struct sentinel *);

/* Its event stream is heard or not; lost: what it published since is missed. */
void	sentinel_take_stream(struct sentinel *, bool up, bool lost);

/*
 * Of a data server.
 */

/* It told INFO: the struct is taken over.  peer is the address that the
 * connection reached; it may be unknown. */
void	server_take_info(struct server *, struct node_info *,
	    struct now asked_at, const struct addr *peer, struct now);

/* Somebody is there, but does not tell INFO.  role is its answer to ROLE, or
 * NULL. */
void	server_take_denial(struct server *, enum reason,
	    const struct role_answer *role, struct now);

/* Its answer to PING, which came with either. */
void	server_take_ping(struct server *, const struct reply *);

void	server_take_failure(struct server *, enum reason);

/* It answered, but one thing that was asked was denied or broken. */
void	server_take_complaint(struct server *, enum reason);

/* What is kept in master.celery has changed. */
void	master_take_queues(struct master *);

#endif
