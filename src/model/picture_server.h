/*
 * picture_server - one data server as it may be shown.  Immutable, shared by
 * counted reference by all masters that it belongs to.
 */
#ifndef MODEL_PICTURE_SERVER_H
#define MODEL_PICTURE_SERVER_H

#include <stdint.h>

#include "model/labels.h"
#include "model/picture_source.h"
#include "protocol/info.h"

struct picture_time;
struct server;

struct picture_server {
	int		refs;		/* private */
	const struct picture_source *source;
	int64_t		next_stale_ms;	/* PICTURE_NEVER: never */
	int64_t		info_until_ms;	/* monotonic; 0: there is no INFO */
	struct node_info info;		/* shown until then */
	int64_t		start_wall_s;
	int64_t		clock_ms;	/* its clock less ours */
};

/* The server as it is now.  group: labels of its group, or NULL; before: the
 * picture made last, or NULL. */
const struct picture_server *picture_server_new(const struct server *,
	    const struct labels *group, const struct picture_server *before,
	    const struct picture_time *);

const struct picture_server *picture_server_ref(const struct picture_server *);
void	picture_server_unref(const struct picture_server *);

#endif
