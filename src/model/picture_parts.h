/*
 * picture_parts - what the files of the picture share; for picture*.c only.
 */
#ifndef MODEL_PICTURE_PARTS_H
#define MODEL_PICTURE_PARTS_H

#include <string.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "model/deployment.h"
#include "model/picture.h"

/* From what a master's picture is made. */
struct picture_frame {
	const struct deployment *d;
	const struct master *m;
	const struct labels *group;		/* may be NULL */
	const struct picture_master *before;	/* may be NULL */
	const struct picture_time *t;
};

/* picture.c.  The labels of the object of that name: before, when they are its
 * own, else new ones. */
const struct labels *picture_labels_of(const struct labels *before,
	    const struct labels *outer, const char *label, const char *name);

/* picture_source.c.  Takes over the reference to the labels. */
const struct picture_source *picture_source_new(const struct source *,
	    const struct labels *, const struct picture_time *,
	    int64_t *next_stale_ms);

/* picture_view.c, picture_node.c, picture_celery.c: fill in a part of p. */
void	picture_views_init(struct picture_master *p,
	    const struct picture_frame *);
void	picture_nodes_init(struct picture_master *p,
	    const struct picture_frame *);
void	picture_celery_init(struct picture_master *p,
	    const struct picture_frame *);

/* picture_forecast.c.  How long a failover would take now; NUM_UNKNOWN. */
int64_t	picture_forecast_ms(const struct picture_master *);

/* When a process that was up for uptime_s at that moment began, in seconds. */
static inline int64_t
picture_started(struct now at, int64_t uptime_s)
{
	return uptime_s == NUM_UNKNOWN ? NUM_UNKNOWN
				       : at.wall_ms / 1000 - uptime_s;
}

/* How far its clock, which stood so at that moment, is ahead of ours. */
static inline int64_t
picture_clock(struct now at, int64_t server_time_us)
{
	return server_time_us == NUM_UNKNOWN || server_time_us == 0
		   ? NUM_UNKNOWN
		   : server_time_us / 1000 - at.wall_ms;
}

/* A list of the picture made last, in the order of names; its elements begin
 * with their labels. */
struct picture_labels {
	const void	*v;
	size_t		n, size, next;
};

#define PICTURE_LABELS(vec)                                                   \
	((struct picture_labels){ (vec)->v, (vec)->n, sizeof(*(vec)->v), 0 })

/* picture.c.  The labels of the object of that name: those that the list has
 * for it, else new ones.  Asked for in the order of names. */
const struct labels *picture_labels(struct picture_labels *,
	    const struct labels *outer, const char *label, const char *value,
	    size_t len);

#endif
