/*
 * picture_node - one data node as it may be shown, also as a replica.
 *
 * A plain part of a picture_master.  Times until which a part is good are
 * monotonic; 0: there is nothing to show.  What is not known is NUM_UNKNOWN.
 */
#ifndef MODEL_PICTURE_NODE_H
#define MODEL_PICTURE_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/labels.h"
#include "model/picture_server.h"
#include "protocol/info.h"

/* A replica of this very node, whether or not sentinels announce it. */
struct picture_attached {
	const struct labels *labels;	/* master_name, node, replica */
	bool		online;
	int64_t		ack_age_s, ack_lag_bytes;
};

/* The node as a replica of the agreed master.  What it says of itself goes
 * with its INFO. */
struct picture_replica {
	const struct labels *labels;	/* master_name, replica; NULL: it is
					 * none */
	int64_t		until_ms;
	int64_t		lag_until_ms;
	int64_t		lag_bytes;	/* while the link is up */
	int64_t		missing_bytes;	/* the same, whether or not it is up */
	int64_t		ack_age_s, priority, sdown, promotable, next_master,
	    ghost;
	/* While INFO is good. */
	int64_t		link_up, link_down_ms, sync_in_progress, depth,
	    foreign_master;
};

struct picture_node {
	const struct labels *labels;	/* master_name, node */
	const struct picture_server *server;	/* counted; its source, INFO */
	char		run_id[RUN_ID_MAX];	/* also while INFO is stale */
	int64_t		diverged_bytes;
	struct picture_replica replica;
	VEC(struct picture_attached) attached;
	const struct labels *shared_address;	/* of one of those: two replicas
						 * announce it; NULL: none */
};

void	picture_node_fini(struct picture_node *);

#endif
