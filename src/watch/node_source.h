/*
 * node_source - one data server: reads INFO into the model.
 */
#ifndef WATCH_NODE_SOURCE_H
#define WATCH_NODE_SOURCE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "watch/waitgroup.h"

struct conn;
struct group;
struct server;

struct node_source {
	TAILQ_ENTRY(node_source) link;	/* group.nodes */
	struct group	*group;		/* borrowed */
	struct server	*server;	/* that it reads; the model's */
	struct conn	*conn;		/* owned; NULL while it is freed */
	struct waitgroup *waitgroup;
	struct now	asked_at;	/* of the poll on its way */
	bool		polling, again;
	bool		ask_role;	/* INFO was denied */
	bool		denial_reported;
};

/* Make the sources those that the model's servers want.  From group_settle
 * alone. */
void	node_sources_follow(struct group *);
void	node_source_free(struct node_source *);

/* Hang up and dial again. */
void	node_source_redial(struct node_source *);

/* Read INFO.  waiting may be NULL. */
void	node_source_poll(struct node_source *, struct waitgroup *waiting);

/* The same without waiting for the back-off of a dial to end. */
void	node_source_look(struct node_source *);

/* Is it the agreed master of any master of the group? */
bool	node_source_is_master(const struct node_source *);

/* Did it answer last time, or was it never tried? */
bool	node_source_hopeful(const struct node_source *);

#endif
