/*
 * picture_master - one master, its nodes and its queues, as they may be shown.
 *
 * Immutable, shared by counted reference: a snapshot refers to the pictures
 * that did not change.  Times until which a part is good are monotonic; 0:
 * there is nothing to show.  What is not known is NUM_UNKNOWN or NULL.
 */
#ifndef MODEL_PICTURE_MASTER_H
#define MODEL_PICTURE_MASTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/vec.h"
#include "model/agreement.h"
#include "model/failover_list.h"
#include "model/labels.h"
#include "model/picture_celery.h"
#include "model/picture_node.h"
#include "model/picture_view.h"
#include "model/write_acceptance.h"

struct deployment;
struct failover_list;
struct master;
struct picture_time;

struct picture_master {
	int		refs;		/* private */
	const struct labels *labels;	/* master_name */
	struct now	made_at;
	int64_t		next_stale_ms;	/* PICTURE_NEVER: never */

	/* What all sentinels and nodes together show. */
	int64_t		until_ms;
	bool		known;		/* at least one sentinel has a voice */
	char		*address;	/* owned; of the agreed master */
	const struct picture_node *agreed;	/* one of nodes */
	int64_t	up, epoch, counted, agreeing, distinct, headroom,
	    reporting_nodes, unannounced, split_since_wall_ms;
	int64_t		drift[AGREEMENT_SETTING_COUNT];
	int64_t		accepts_writes;	/* the agreed master: 1, 0 */
	enum write_refusal refusal;	/* while that is 0 */
	int64_t		write_rate;	/* bytes of its stream a second */
	int64_t		expected_failover_ms;	/* how long one would take */
	int64_t		promotable, ghosts;	/* how many replicas are so */
	const struct picture_node *next;	/* who would be promoted */
	int64_t		loss_until_ms, loss_bytes;	/* if that happened */

	/* What was counted; always good.  An open outage is counted up to
	 * the moment at which the picture was made. */
	struct failover_stats failovers;
	const struct failover_list *failover_list;	/* counted */

	VEC(struct picture_view) views;	/* by sentinel */
	VEC(struct picture_node) nodes;	/* by name */
	struct picture_celery celery;
};

/* The master as it is now.  group: labels of its group, or NULL; before: the
 * picture made last, or NULL. */
const struct picture_master *picture_master_new(const struct deployment *,
	    const struct master *, const struct labels *group,
	    const struct picture_master *before, const struct picture_time *);

const struct picture_master *picture_master_ref(const struct picture_master *);
void	picture_master_unref(const struct picture_master *);

/* INFO of the agreed master while it answers as one, or NULL. */
const struct node_info *picture_master_info(const struct picture_master *,
	    int64_t now_ms);

/* The node of that name, or NULL. */
const struct picture_node *picture_master_node(const struct picture_master *,
	    const char *name);

#endif
