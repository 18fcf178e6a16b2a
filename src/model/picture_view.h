/*
 * picture_view - one sentinel's view of one master, as it may be shown.
 *
 * A plain part of a picture_master.
 */
#ifndef MODEL_PICTURE_VIEW_H
#define MODEL_PICTURE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/labels.h"
#include "protocol/info.h"

struct view;

/* The replica that SENTINEL FAILOVER, said to this sentinel, would promote:
 * each of those that it lists, and whether it is the one. */
struct picture_forced {
	const struct labels *labels;	/* sentinel, master_name, replica */
	bool		next;
};

struct picture_view {
	const struct labels *labels;	/* sentinel, master_name */
	const struct labels *sentinel;	/* sentinel */
	char		*address;	/* owned; of the master; NULL unknown */
	int64_t		until_ms;
	bool		counts;		/* not while the sentinel is in TILT */
	unsigned	flags;		/* enum instance_flag */
	int64_t	config_epoch, quorum, known_sentinels, known_replicas,
	    down_after_ms, failover_timeout_ms, parallel_syncs,
	    last_ok_ping_ms;
	int64_t		usable, quorum_ok, majority_ok;	/* CKQUORUM */
	int64_t		peers_unknown, peers_down;
	VEC(struct picture_forced) forced;
};

void	picture_view_fini(struct picture_view *);

#endif
