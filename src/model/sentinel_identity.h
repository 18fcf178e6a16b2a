/*
 * sentinel_identity - which sentinel is which.  Pure.
 *
 * A sentinel is known by its myid, and its label is how its peers announce it.
 * Servers too old to tell their id (before 6.2) are known by their address.
 * Processes that were copied with their configuration share one id: their run
 * ids tell them apart.
 */
#ifndef MODEL_SENTINEL_IDENTITY_H
#define MODEL_SENTINEL_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/instance.h"

struct deployment;
struct sentinel;

/* Are both one process, reached by two addresses? */
bool	sentinel_is_same(const struct sentinel *, const struct sentinel *);

/* Are they two processes with one id? */
bool	sentinel_is_copy(const struct sentinel *, const struct sentinel *);

/* Both are one process: keep one, which peers know by its name, with all
 * addresses; the other one is returned, to be freed. */
struct sentinel *sentinel_join(struct sentinel *, struct sentinel *);

/* The sentinel that is dialled at that address, or led to by it, or called so;
 * NULL when there is none. */
struct sentinel *deployment_sentinel_at(const struct deployment *,
	    const struct addr *);

/* The address leads to another sentinel than it did. */
void	deployment_split_sentinel(struct deployment *, const struct addr *);

/* The sentinel that a peer announces, or NULL. */

struct sentinel *deployment_peer(const struct deployment *,
	    const struct peer_fields *);

enum sentinel_renaming {
	SENTINEL_KEEPS,		/* its label, and is announced by it */
	SENTINEL_IS_OLD,	/* it keeps its label, which is not this one */
	SENTINEL_TAKES,		/* the label by which it is announced now */
};

/* What an announcement under that label means for the sentinel: it takes that
 * name when its own was not announced for stale_after, unless another one has
 * it. */
enum sentinel_renaming sentinel_renaming(const struct sentinel *,
	    const char *label, int64_t now_ms);

/* Is it to be forgotten?  Nobody names it, it does not answer, and somebody
 * else does.  (Sentinel never forgets a peer by itself, but by SENTINEL
 * RESET.) */
bool	sentinel_is_forgotten(const struct sentinel *, int64_t now_ms);

#endif
