/*
 * node_source - one data node: INFO into every master that it belongs to.
 */
#ifndef WATCH_NODE_SOURCE_H
#define WATCH_NODE_SOURCE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/addr.h"
#include "watch/waitgroup.h"

struct conn;
struct group;

struct node_source {
	TAILQ_ENTRY(node_source) link;	/* group.nodes */
	struct group	*group;		/* borrowed */
	struct server	*server;	/* that it reads; in the model */
	struct conn	*conn;		/* owned */
	struct waitgroup	*waitgroup;
	bool		polling, again, closing;
};

/* The source of that label, or NULL. */
struct node_source *node_source_find(const struct group *, const char *label);

/* Make the sources those that the model's masters name. */
void	node_sources_follow(struct group *);
void	node_source_remove(struct node_source *);

/* Read INFO.  waiting may be NULL. */
void	node_source_poll(struct node_source *, struct waitgroup *waiting);

/* Is it the agreed master of any master of the group? */
bool	node_source_is_master(const struct node_source *);

/* Did it answer last time, or was it never tried? */
bool	node_source_hopeful(const struct node_source *);

#endif
