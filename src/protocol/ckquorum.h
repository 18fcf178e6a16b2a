/*
 * ckquorum - the answer of SENTINEL CKQUORUM.  Pure.
 *
 * Texts (5.0 .. 8.0, valkey 8, identical): "OK 3 usable Sentinels. ..." or
 * "NOQUORUM n usable Sentinels. ..." naming "specified quorum" and/or
 * "majority".
 */
#ifndef PROTOCOL_CKQUORUM_H
#define PROTOCOL_CKQUORUM_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/reply.h"

struct ckquorum {
	bool	known;		/* false: denied, or not asked yet */
	int64_t	usable;		/* sentinels, itself included */
	bool	quorum_ok;	/* enough to agree that the master is down */
	bool	majority_ok;	/* enough to elect a leader */
};

/* False (and known false) when the reply is another error or text. */
bool	ckquorum_parse(struct ckquorum *, const struct reply *);

#endif
