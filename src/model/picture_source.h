/*
 * picture_source - how well one sentinel or node can be read, as it may be
 * shown.  Immutable, shared by counted reference.
 */
#ifndef MODEL_PICTURE_SOURCE_H
#define MODEL_PICTURE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/labels.h"
#include "model/source.h"

struct picture_source {
	int		refs;		/* private */
	const struct labels *labels;	/* source */
	bool		tried;
	int64_t		up_until_ms;	/* up, unless no answer comes until
					 * then; 0 = down */
	enum reason	reason;		/* of the last failure */
	int64_t		last_success_wall_ms;	/* 0 = never */
	uint64_t	errors[REASON_COUNT];
};

const struct picture_source *picture_source_ref(const struct picture_source *);
void	picture_source_unref(const struct picture_source *);

#endif
