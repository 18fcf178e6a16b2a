/*
 * quorum - could the sentinels fail over, and do they know one another?  Pure.
 */
#ifndef MODEL_QUORUM_H
#define MODEL_QUORUM_H

#include <stdbool.h>
#include <stdint.h>

struct deployment;
struct sentinel;
struct view;

/* How many sentinels may still be lost, whichever they are, before none that
 * is left could fail over that master; negative: how many are short now.
 * False when no view tells. */
bool	quorum_headroom(const struct deployment *, const char *master_name,
	    int64_t now_ms, int64_t stale_after_ms, int64_t *out);

/* How many of the sentinels that answer us and watch the view's master this
 * sentinel, whose view it is, does not list; NUM_UNKNOWN when it gave no
 * list. */
int64_t	quorum_unknown_peers(const struct deployment *, const struct sentinel *,
	    const struct view *, int64_t now_ms, int64_t stale_after_ms);

#endif
