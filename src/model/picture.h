/*
 * picture - one group of sentinels as it may be shown: the only place where
 * that is decided.  Pure.
 *
 * Pictures of sentinels and masters are made again where something changed, or
 * a figure went stale, and shared where not: freezing one change among a
 * thousand masters copies a thousand pointers.
 */
#ifndef MODEL_PICTURE_H
#define MODEL_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/labels.h"
#include "model/picture_master.h"
#include "model/picture_sentinel.h"
#include "model/picture_server.h"
#include "model/picture_source.h"
#include "model/picture_time.h"

struct deployment;

/* A configured master name that no sentinel knows, though some answer. */
struct picture_unknown {
	const struct labels *labels;	/* master_name */
	char		*nearest;	/* owned; a name that they know and that
					 * was probably meant, or NULL */
	char		*known;		/* owned; the names that they know, the
					 * first few, with commas */
};

struct picture {
	const struct labels *group;	/* counted; NULL = unnamed */
	int64_t		next_stale_ms;	/* PICTURE_NEVER: never */
	/* No password is configured, and none is asked for. */
	bool		sentinels_open, nodes_open;
	int64_t		unknown_until_ms;
	VEC(struct picture_unknown) unknown;
	/* Each counted, in the order of their names. */
	VEC(const struct picture_sentinel *) sentinels;
	VEC(const struct picture_master *) masters;
	/* Sentinels, then nodes, each once however many masters it serves. */
	VEC(const struct picture_source *) sources;
};

/* Fill in the picture of a deployment as it is now.  Keeps, in the live
 * objects, the pictures that the next one may share. */
void	picture_init(struct picture *, struct deployment *,
	    const struct picture_time *);
void	picture_fini(struct picture *);

/* The master of that name, or NULL. */
const struct picture_master *picture_find(const struct picture *,
	    const char *master_name);

#endif
