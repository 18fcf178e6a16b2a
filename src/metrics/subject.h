/*
 * subject - what one sample speaks of: a sentinel, a view, a master ...  Pure.
 *
 * The walk gives each subject of a scope with its labels, and keeps back those
 * whose figures are too old at the time of printing: a watch that stalls
 * leaves gaps, never flat lines.
 */
#ifndef METRICS_SUBJECT_H
#define METRICS_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exposition;

enum scope {
	SCOPE_EXPORTER,		/* the exporter itself, once */
	SCOPE_SOURCE,		/* sentinels and nodes that were tried */
	SCOPE_SENTINEL,		/* sentinels that were tried */
	SCOPE_SENTINEL_INFO,	/* sentinels whose INFO is fresh */
	SCOPE_VIEW,		/* fresh views */
	SCOPE_MASTER,		/* known masters */
	SCOPE_AGREEMENT,	/* masters whose agreement is fresh */
	SCOPE_NODE,		/* nodes that were tried */
	SCOPE_NODE_INFO,	/* nodes whose INFO is fresh */
	SCOPE_REPLICA,		/* replicas, as freshly derived */
	SCOPE_DB,		/* DBs of Celery that were read freshly */
	SCOPE_QUEUE,		/* the queues in those */
	SCOPE_QUEUE_NAME,	/* the same, whatever the DB: they repeat */
	SCOPE_COUNT,
};

#define SUBJECT_LABELS_MAX	3

/* Pointers to what encloses the subject are set, others NULL. */
struct subject {
	const struct exposition	*x;
	const struct deployment	*deployment;
	const struct sentinel	*sentinel;
	const struct view	*view;
	const struct master	*master;
	const struct node	*node;
	const struct source	*source;
	const struct celery_db	*db;
	const struct queue	*queue;
	/* Values of scope_labels(), any bytes. */
	struct subject_label {
		const char	*s;
		size_t		 len;
	} labels[SUBJECT_LABELS_MAX];
	size_t	n_labels;
};

typedef void subject_fn(void *arg, const struct subject *);

/* Names of the labels of every subject of a scope, ended by NULL.  "group"
 * comes before them where the deployment has a name. */
const char *const *scope_labels(enum scope);

/* Call fn for each subject of that scope, in order of their labels. */
void	subject_each(enum scope, const struct exposition *, subject_fn *,
	    void *arg);

/* Is what was learnt at that monotonic time still to be shown? */
bool	subject_fresh(const struct subject *, int64_t at_ms);

#endif
