/*
 * info - INFO of a data node or a sentinel, as a plain value.  Pure.
 *
 * A field the server did not print is NUM_UNKNOWN or "".  Sources: redis
 * 5.0 .. 8.0 and valkey 8 INFO; the field names stand in info.c's table.
 */
#ifndef PROTOCOL_INFO_H
#define PROTOCOL_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/vec.h"

#define RUN_ID_MAX	41	/* 40 hex digits and the NUL */
#define VERSION_MAX	32

enum role {
	ROLE_UNKNOWN,
	ROLE_MASTER,
	ROLE_REPLICA,
	ROLE_SENTINEL,
};

/* One "slaveN:ip=..,port=..,state=..,offset=..,lag=.." line of a master. */
struct info_replica {
	struct addr	addr;
	bool		online;		/* state=online: offset means something */
	int64_t		offset, lag_s;	/* lag: age of the last ACK */
};

/* One "dbN:keys=..,expires=..,avg_ttl=.." line. */
struct info_db {
	int		db;
	int64_t		keys, expires;
};

struct node_info {
	char		run_id[RUN_ID_MAX];
	char		version[VERSION_MAX];	/* valkey_version, else redis_version */
	char		product[16];		/* "redis", "valkey" */
	enum role	role;
	char		replid[RUN_ID_MAX];	/* master_replid */
	char		replid2[RUN_ID_MAX];	/* what it was before, or zeros */
	char		policy[24];		/* maxmemory_policy */
	struct addr	master;			/* of a replica: who it follows */
	int64_t uptime_s, loading, connected_clients, rejected_connections,
	    used_memory, maxmemory, evicted_keys,
	    mem_not_counted,		/* buffers outside maxmemory */
	    rdb_last_bgsave_ok, aof_enabled, aof_last_write_ok,	/* 1, 0 */
	    master_repl_offset, min_slaves_good_slaves,
	    link_up, master_last_io_s, sync_in_progress, slave_repl_offset,
	    link_down_since_s,		/* never linked, or senseless: unknown */
	    sync_total_bytes, sync_read_bytes,	/* only while known */
	    rdb_changes, rdb_last_save_s,	/* unix time; at first the start */
	    backlog_bytes,
	    server_time_us,		/* its clock, unix time */
	    priority, read_only, announced,
	    second_repl_offset,		/* replid2 holds before this; or none */
	    error_replies;		/* redis 6.2 on, as are the next four */
	/* Errors replied, by the word they begin with; 0 when there was none
	 * and the server counts them. */
	int64_t	errors_misconf, errors_noreplicas, errors_oom, errors_readonly;
	VEC(struct info_replica) replicas;	/* owned */
	VEC(struct info_db) dbs;		/* owned; keyspace */
};

/* One "masterN:name=..,status=..,address=..,slaves=..,sentinels=.." line is
 * not kept: SENTINEL MASTERS says the same and more. */
struct sentinel_info {
	char	run_id[RUN_ID_MAX];
	char	version[VERSION_MAX];
	char	product[16];
	int64_t	server_time_us, uptime_s, tilt, scripts_running, scripts_queue_length, masters;
};

/* False when the text is no INFO of a data node (or of a sentinel). */
bool	node_info_parse(struct node_info *, const char *text, size_t len);
bool	sentinel_info_parse(struct sentinel_info *, const char *text,
	    size_t len);

void	node_info_fini(struct node_info *);

/* dst becomes a copy with arrays of its own; what dst held is not freed. */
void	node_info_copy(struct node_info *dst, const struct node_info *src);

#endif
