/*
 * instance - the field lists of SENTINEL MASTERS, REPLICAS and SENTINELS as
 * plain values.  Pure.
 *
 * Field names, order and units: redis sentinel.c addReplySentinelRedisInstance
 * (5.0 .. 8.0, valkey 8; all values are bulk strings).  Lists differ in length
 * with the state, so they are read by name.  What was not sent is NUM_UNKNOWN,
 * "" or an unknown addr.
 */
#ifndef PROTOCOL_INSTANCE_H
#define PROTOCOL_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "protocol/info.h"
#include "protocol/reply.h"

#define MASTER_NAME_MAX	256

/* The words of the field "flags". */
enum instance_flag {
	FLAG_S_DOWN = 1 << 0,
	FLAG_O_DOWN = 1 << 1,
	FLAG_DISCONNECTED = 1 << 2,
	FLAG_MASTER_DOWN = 1 << 3,
	FLAG_FAILOVER_IN_PROGRESS = 1 << 4,
	FLAG_PROMOTED = 1 << 5,
	FLAG_RECONF_SENT = 1 << 6,
	FLAG_RECONF_INPROG = 1 << 7,
	FLAG_RECONF_DONE = 1 << 8,
	FLAG_FORCE_FAILOVER = 1 << 9,	/* 6.2 on */
	FLAG_MASTER_REBOOT = 1 << 10,	/* 7.2 on */
};

struct master_fields {
	char		name[MASTER_NAME_MAX];
	struct addr	addr;	/* the configured one: old until +switch-master */
	char		run_id[RUN_ID_MAX];	/* "" until the first INFO */
	unsigned	flags;
	int64_t config_epoch, quorum, num_slaves, num_other_sentinels,
	    down_after_ms, failover_timeout_ms, parallel_syncs,
	    last_ok_ping_reply_ms, info_refresh_ms,
	    s_down_ms;			/* for how long; unknown when it is up */
};

struct replica_fields {
	struct addr	addr;
	char		run_id[RUN_ID_MAX];
	unsigned	flags;
	struct addr	master;		/* whom it follows; unknown when "?" */
	int64_t last_ping_sent_ms, last_ok_ping_reply_ms,
	    info_refresh_ms,		/* 0: never */
	    link_down_ms, link_ok, priority, repl_offset, announced,
	    down_after_ms, s_down_ms;
	enum role	role_reported;
};

struct peer_fields {
	char		id[RUN_ID_MAX];		/* the peer's myid */
	struct addr	addr;
	unsigned	flags;
	int64_t last_hello_ms, last_ok_ping_reply_ms;
};

/* Each takes one element of the reply's array (or SENTINEL MASTER's whole
 * reply); false when it is no field list or its name or address is missing. */
bool	master_fields_parse(struct master_fields *, const struct reply *);
bool	replica_fields_parse(struct replica_fields *, const struct reply *);
bool	peer_fields_parse(struct peer_fields *, const struct reply *);

/* SENTINEL GET-MASTER-ADDR-BY-NAME: [ip, port]; false for nil (unknown name)
 * and for anything else. */
bool	master_addr_parse(struct addr *, const struct reply *);

#endif
