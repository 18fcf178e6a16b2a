/*
 * write_acceptance - would a client's write be accepted by a master?  Pure.
 *
 * Told without writing.  PING answers MISCONF whenever the server refuses
 * writes because it could not save (redis 5.0 .. 8.0: server.c processCommand);
 * INFO tells loading, memory over its limit, and good replicas missing; error
 * counters that rose tell of a write that was refused meanwhile (redis 6.2 on).
 */
#ifndef MODEL_WRITE_ACCEPTANCE_H
#define MODEL_WRITE_ACCEPTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/info.h"
#include "protocol/reason.h"

enum write_refusal {
	REFUSAL_NONE,
	REFUSAL_LOADING,	/* reads its data from disk, or a sync */
	REFUSAL_BUSY,		/* a script holds the server */
	REFUSAL_NOREPLICAS,	/* fewer good ones than min-replicas-to-write */
	REFUSAL_OOM,		/* over maxmemory, and nothing may be evicted */
	REFUSAL_MISCONF,	/* RDB or AOF could not be written */
	REFUSAL_READONLY,	/* it is a replica */
	REFUSAL_NO_ANSWER,
	REFUSAL_COUNT,
};

/* "loading", "busy" ...: the label "reason"; "" for REFUSAL_NONE. */
const char *write_refusal_name(enum write_refusal);

/* What is known of the agreed master after its last poll.  Borrowed. */
struct write_evidence {
	bool		asked;		/* one poll is over */
	bool		answered;	/* the last one got replies, of any kind */
	enum reason	failure;	/* why there was no answer, or what INFO's
					 * error reply stands for; else NONE */
	enum role	role;		/* by INFO, else by ROLE */
	const struct node_info *info;	/* NULL: denied, or none */
	/* An earlier INFO of the same process (run id), or NULL. */
	const struct node_info *earlier;
	bool		ping_known;	/* PING was answered, and not denied */
	enum write_refusal ping;	/* refusal_of_ping() of its answer */
};

struct write_acceptance {
	int64_t		accepts;	/* 1, 0, or NUM_UNKNOWN */
	enum write_refusal refusal;	/* while accepts is 0 */
	int64_t		good_replicas;	/* min_slaves_good_slaves when writes
					 * were seen refused for it */
};

/* What an error reply to PING says of writes; NONE when it says nothing. */
enum write_refusal refusal_of_ping(const char *error);

/* before: what was worked out last, of the same process; a zeroed one at
 * first. */
struct write_acceptance write_acceptance(const struct write_evidence *,
	    const struct write_acceptance *before);

/* Are writes refused for all that is known: 1, 0, or NUM_UNKNOWN, when nothing
 * was learnt?  A master that answers as one and is not known to refuse ends
 * an outage. */
int64_t	write_outage(const struct write_evidence *,
	    const struct write_acceptance *);

#endif
