/*
 * failover - one completed failover, and what is counted of them all.  Plain
 * values; the tracker makes them.
 */
#ifndef MODEL_FAILOVER_H
#define MODEL_FAILOVER_H

#include <stdint.h>

#include "base/addr.h"

enum failover_kind { FAILOVER_AUTOMATIC, FAILOVER_FORCED, FAILOVER_UNKNOWN,
	FAILOVER_KINDS };
enum failover_abort { ABORT_NOT_ELECTED, ABORT_NO_GOOD_REPLICA,
	ABORT_REPLICA_TIMEOUT, FAILOVER_ABORTS };
enum failover_phase { PHASE_DETECTION, PHASE_ELECTION, PHASE_PROMOTION,
	PHASE_RECONFIGURATION, FAILOVER_PHASES };

#define FAILOVER_BUCKETS	11
#define FAILOVER_HISTORY	64

/* As metrics, log and JSON spell them. */
extern const char *const failover_kind_names[FAILOVER_KINDS];
extern const char *const failover_abort_names[FAILOVER_ABORTS];
extern const char *const failover_phase_names[FAILOVER_PHASES];

/* Upper bounds in seconds of the duration histogram, ascending, without +Inf. */
extern const double failover_bucket_le[FAILOVER_BUCKETS];

/* One completed failover.  Times and durations in ms; NUM_UNKNOWN where the
 * messages that tell it were not heard. */
struct failover {
	int64_t		epoch;	/* unknown: over before its pair was read, and
				 * its leader was not heard */
	enum failover_kind kind;
	struct addr	from, to;
	int64_t		started_wall_ms;  /* first +sdown or +try-failover */
	int64_t		switched_wall_ms; /* first sign of the new master */
	int64_t		duration_ms;
	int64_t		phase_ms[FAILOVER_PHASES];
	int64_t		outage_ms;	/* until the new master answered us */
	char		leader[ADDR_TEXT_MAX];	/* sentinel label; "" unknown */
};

struct failover_stats {
	uint64_t failovers[FAILOVER_KINDS];
	uint64_t attempts, aborts[FAILOVER_ABORTS];
	uint64_t buckets[FAILOVER_BUCKETS + 1];	/* not cumulative; last: +Inf */
	double	 duration_sum_s;
	int64_t	 last_phase_ms[FAILOVER_PHASES];	/* or NUM_UNKNOWN */
	int64_t	 last_wall_ms;		/* of the last failover; 0 = none */
	uint64_t address_changes;	/* without a new epoch */
	uint64_t reboots;
	uint64_t epoch_moves;		/* new epoch, same master */
	uint64_t duplicates;		/* switch messages of counted epochs */
	int64_t	 outage_ms;		/* settled part of all outages */
	int64_t	 outage_since_mono_ms;	/* an open one goes on since then;
					 * NUM_UNKNOWN = none is open */
};

#endif
