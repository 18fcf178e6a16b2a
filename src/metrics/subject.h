/*
 * subject - what one sample speaks of: a sentinel, a view, a master ...  Pure.
 *
 * The walk gives each subject of a scope that the picture shows, and keeps
 * back those that are too old at the time of printing: a watch that stalls
 * leaves gaps, never flat lines.
 */
#ifndef METRICS_SUBJECT_H
#define METRICS_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/labels.h"

struct self_stats;
struct snapshot;

enum scope {
	SCOPE_EXPORTER,		/* the exporter itself, once */
	SCOPE_SOURCE,		/* sentinels and nodes that were tried */
	SCOPE_SENTINEL,		/* sentinels that were tried */
	SCOPE_SENTINEL_INFO,	/* sentinels whose INFO is good */
	SCOPE_VIEW,		/* views */
	SCOPE_FORCED,		/* the replicas in those */
	SCOPE_GROUP,		/* the deployments */
	SCOPE_MASTER_NAME,	/* those, and configured ones that are not */
	SCOPE_MASTER,		/* known masters */
	SCOPE_AGREEMENT,	/* masters whose agreement is good */
	SCOPE_NODE,		/* nodes that were tried */
	SCOPE_NODE_INFO,	/* nodes whose INFO is good */
	SCOPE_ATTACHED,		/* the replicas attached to those */
	SCOPE_REPLICA,		/* replicas of agreed masters */
	SCOPE_DB,		/* DBs of Celery */
	SCOPE_QUEUE,		/* the queues in those */
	SCOPE_QUEUE_NAME,	/* each queue once, whatever the DB */
	SCOPE_COUNT,
};

/* Pointers to what encloses the subject are set, others NULL. */
struct subject {
	const struct snapshot	*snapshot;
	const struct self_stats	*self;
	int64_t			now_ms;
	const struct picture		*picture;
	const struct picture_source	*source;
	const struct picture_sentinel	*sentinel;
	const struct picture_view	*view;
	const struct picture_forced	*forced;
	const struct picture_master	*master;
	const struct picture_node	*node;
	const struct picture_attached	*attached;
	const struct picture_db		*db;
	const struct picture_queue	*queue;
	const struct picture_queue_name	*queue_name;
	const struct labels	*labels;	/* NULL: none */
};

typedef void subject_fn(void *arg, const struct subject *);

#define SUBJECT_LABELS_MAX	3

/* Names of the labels of every subject of a scope, ended by NULL.  "group"
 * comes before them where the deployment has a name. */
const char *const *scope_labels(enum scope);

/* Call fn for each subject of that scope; base tells what they are taken from,
 * and when. */
void	subject_each(enum scope, const struct subject *base, subject_fn *fn,
	    void *arg);

#endif
