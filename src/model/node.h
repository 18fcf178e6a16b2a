/*
 * node - one data node of a master, and how announcements become nodes.  Pure.
 */
#ifndef MODEL_NODE_H
#define MODEL_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/vec.h"
#include "model/replication.h"
#include "model/server.h"
#include "protocol/info.h"

struct deployment;
struct master;
struct view;

/* Finds a node by one of its aliases. */
struct node_key {
	uint64_t	hash;
	struct node	*node;
};

struct node {
	struct master	*master;	/* that it belongs to */
	struct server	*server;	/* that it is, and others may be too */
	char		label[ADDR_TEXT_MAX];
	struct addr	addr;		/* as it was first announced */
	VEC(struct addr) aliases;	/* every text it is announced by */
	char		run_id[RUN_ID_MAX];	/* "" unknown */
	int64_t		announced_ms;	/* last seen in a fresh view, monotonic */
	struct replication replication;	/* derived */
	size_t		index;		/* scratch of a derivation */
	const struct info_replica *line; /* the same: its line in the INFO of
					 * the node that it is attached to */
};

/* The node that an address stands for, by any of its aliases; NULL unknown. */
struct node *master_node(const struct master *, const struct addr *);

/* The canonical form of an announced address: the node's own, or addr itself
 * when no node is known by it. */
struct addr master_canonical(const struct master *, const struct addr *);

/* A node of the master at that address, which was not there. */
struct node *master_add_node(struct master *, const struct addr *);

/* Take the node from its master and its server, and free it. */
void	node_remove(struct node *);

/* Note that an address (a literal that a dial reached, say) is this node. */
void	node_add_alias(struct node *, const struct addr *);

/* Take the nodes that one view announces. */
bool	master_announce(struct master *, const struct view *, int64_t now_ms);

/* Work out nodes from what the sentinels announce (joined by run id), then
 * forget nodes that no fresh view has named for stale_after, and 15 s at
 * least: a sentinel knows no replicas for up to 10 s after a RESET.  True when
 * a node came or went. */
bool	master_update_nodes(struct deployment *, struct master *, int64_t now_ms,
	    int64_t stale_after_ms);

/* Two entries whose INFO showed the same run id were one node all the time:
 * make the first such pair one.  False when there is none; else from is the
 * canonical address that is no more, to the one that stands for both. */
bool	master_merge_twins(struct master *, struct addr *from,
	    struct addr *to);

/* Did the node answer its last poll, with INFO that is fresh? */
bool	node_answers(const struct node *, int64_t now_ms,
	    int64_t stale_after_ms);

#endif
