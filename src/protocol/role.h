/*
 * role - ROLE of a data node, as a plain value.  Pure.
 *
 * The little that a node tells of itself where INFO is denied: ROLE is in
 * @fast @admin @dangerous, and a user may have it alone ("+role").  Source:
 * redis 5.0 .. 8.0 and valkey 8 ROLE.
 */
#ifndef PROTOCOL_ROLE_H
#define PROTOCOL_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "protocol/info.h"
#include "protocol/reply.h"

struct role_answer {
	enum role	role;
	int64_t		offset;		/* of the stream; NUM_UNKNOWN: none */
	struct addr	master;		/* of a replica; else unknown */
	bool		linked;		/* of a replica: state "connected" */
};

/* False when the reply is no answer to ROLE: an error, or another shape. */
bool	role_parse(struct role_answer *, const struct reply *);

#endif
