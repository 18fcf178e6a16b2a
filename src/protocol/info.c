#include "protocol/info.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "protocol/field.h"

/* Of what one text may hold; the rest of it is not read. */
#define LINES_MAX    20000
#define REPLICAS_MAX 1000
#define DBS_MAX	     10000

/* A master down for longer than three years is redis 5.0 and 6.0 printing the
 * unix time for a link that never was. */
#define DOWN_MAX_S 100000000

/* What a text says, before fields that belong together are joined. */
struct draft {
	struct node_info node;
	struct sentinel_info sentinel;
	char run_id[RUN_ID_MAX];
	char redis_version[VERSION_MAX], valkey_version[VERSION_MAX];
	char server_name[sizeof(((struct node_info *)NULL)->product)];
	char master_host[ADDR_HOST_MAX];
	int64_t uptime_s, server_time_us, master_port, redis_sentinel,
	    server_sentinel;
};

#define NODE(name, member)	      COUNT_FIELD(draft, name, node.member)
#define SENTINEL(name, member)	      COUNT_FIELD(draft, name, sentinel.member)
#define NODE_TEXT(name, member)	      TEXT_FIELD(draft, name, node.member)
#define NODE_WORD(name, member, word) WORD_FIELD(draft, name, node.member, word)

/* Sorted by name (field_set searches). */
static const struct field fields[] = {
	NODE("aof_enabled", aof_enabled),
	NODE_WORD("aof_last_write_status", aof_last_write_ok, "ok"),
	NODE("connected_clients", connected_clients),
	NODE("errorstat_MISCONF", errors_misconf),
	NODE("errorstat_NOREPLICAS", errors_noreplicas),
	NODE("errorstat_OOM", errors_oom),
	NODE("errorstat_READONLY", errors_readonly),
	NODE("evicted_keys", evicted_keys),
	NODE("loading", loading),
	TEXT_FIELD(draft, "master_host", master_host),
	NODE("master_last_io_seconds_ago", master_last_io_s),
	NODE("master_link_down_since_seconds", link_down_since_s),
	NODE_WORD("master_link_status", link_up, "up"),
	COUNT_FIELD(draft, "master_port", master_port),
	NODE("master_repl_offset", master_repl_offset),
	NODE_TEXT("master_replid", replid),
	NODE_TEXT("master_replid2", replid2),
	NODE("master_sync_in_progress", sync_in_progress),
	NODE("master_sync_read_bytes", sync_read_bytes),
	NODE("master_sync_total_bytes", sync_total_bytes),
	NODE("maxmemory", maxmemory),
	NODE_TEXT("maxmemory_policy", policy),
	NODE("mem_not_counted_for_evict", mem_not_counted),
	NODE("min_slaves_good_slaves", min_slaves_good_slaves),
	NODE("rdb_changes_since_last_save", rdb_changes),
	NODE_WORD("rdb_last_bgsave_status", rdb_last_bgsave_ok, "ok"),
	NODE("rdb_last_save_time", rdb_last_save_s),
	WORD_FIELD(draft, "redis_mode", redis_sentinel, "sentinel"),
	TEXT_FIELD(draft, "redis_version", redis_version),
	NODE("rejected_connections", rejected_connections),
	NODE("repl_backlog_size", backlog_bytes),
	NODE("replica_announced", announced),
	ROLE_FIELD(draft, "role", node.role),
	TEXT_FIELD(draft, "run_id", run_id),
	NODE("second_repl_offset", second_repl_offset),
	SENTINEL("sentinel_masters", masters),
	SENTINEL("sentinel_running_scripts", scripts_running),
	SENTINEL("sentinel_scripts_queue_length", scripts_queue_length),
	SENTINEL("sentinel_tilt", tilt),
	WORD_FIELD(draft, "server_mode", server_sentinel, "sentinel"),
	TEXT_FIELD(draft, "server_name", server_name),
	COUNT_FIELD(draft, "server_time_usec", server_time_us),
	NODE("slave_priority", priority),
	NODE("slave_read_only", read_only),
	NODE("slave_repl_offset", slave_repl_offset),
	NODE("total_error_replies", error_replies),
	COUNT_FIELD(draft, "uptime_in_seconds", uptime_s),
	NODE("used_memory", used_memory),
	TEXT_FIELD(draft, "valkey_version", valkey_version),
};
#define NFIELDS (sizeof(fields) / sizeof(fields[0]))

/* One "slaveN" or "dbN" line: a list of key=value. */
struct item {
	char ip[ADDR_HOST_MAX], type[24];
	int64_t port, online, offset, lag_s, keys, expires;
};

static const struct field item_fields[] = {
	COUNT_FIELD(item, "expires", expires),
	TEXT_FIELD(item, "ip", ip),
	COUNT_FIELD(item, "keys", keys),
	COUNT_FIELD(item, "lag", lag_s),
	COUNT_FIELD(item, "offset", offset),
	COUNT_FIELD(item, "port", port),
	WORD_FIELD(item, "state", online, "online"),
	TEXT_FIELD(item, "type", type),
};
#define NITEM_FIELDS (sizeof(item_fields) / sizeof(item_fields[0]))

static void
item_parse(struct item *item, struct slice list)
{
	struct slice name, value;

	field_clear(item_fields, NITEM_FIELDS, item);
	while (list.s != NULL) {
		value = slice_cut(&list, ',');
		name = slice_cut(&value, '=');
		if (value.s != NULL)
			field_set(item_fields, NITEM_FIELDS, item, name, value);
	}
}

/* "slave0" -> 0; "slave_priority" is not numbered. */
static bool
numbered(struct slice name, const char *word, int64_t *number)
{
	size_t len = strlen(word);

	return name.len > len && memcmp(name.s, word, len) == 0 &&
	       num_int(name.s + len, name.len - len, 0, INT32_MAX, number);
}

static void
add_replica(struct node_info *info, struct slice list)
{
	struct info_replica *r;
	struct item item;
	struct addr addr;

	item_parse(&item, list);
	/* While valkey 8 syncs over two channels it has two lines for one
	 * replica; the other one, "main-channel", tells the state. */
	if (strcmp(item.type, "rdb-channel") == 0 ||
	    info->replicas.n >= REPLICAS_MAX || item.port < 1 ||
	    !addr_set(&addr, item.ip, strlen(item.ip), item.port))
		return;
	r = vec_push(&info->replicas);
	r->addr = addr;
	r->online = item.online == 1;
	r->offset = item.offset;
	r->lag_s = item.lag_s;
}

static void
add_db(struct node_info *info, int64_t number, struct slice list)
{
	struct info_db *db;
	struct item item;

	item_parse(&item, list);
	if (item.keys == NUM_UNKNOWN || info->dbs.n >= DBS_MAX)
		return;
	db = vec_push(&info->dbs);
	db->db = (int)number;
	db->keys = item.keys;
	db->expires = item.expires;
}

/* "errorstat_OOM:count=3" -> 3; other values stay as they are. */
static struct slice
plain_count(struct slice value)
{
	static const char prefix[] = "count=";
	const size_t len = sizeof(prefix) - 1;

	if (value.len <= len || memcmp(value.s, prefix, len) != 0)
		return value;
	return (struct slice){ value.s + len, value.len - len };
}

static void
add_line(struct draft *d, struct slice line)
{
	struct slice name, value = line;
	int64_t number;

	if (value.len > 0 && value.s[value.len - 1] == '\r')
		value.len--;
	/* The first colon: a value may be an IPv6 address. */
	name = slice_cut(&value, ':');
	if (value.s == NULL)
		return;
	if (numbered(name, "slave", &number))
		add_replica(&d->node, value);
	else if (numbered(name, "db", &number))
		add_db(&d->node, number, value);
	else
		field_set(fields, NFIELDS, d, name, plain_count(value));
}

static void
draft_parse(struct draft *d, const char *text, size_t len)
{
	struct slice rest = { text, len };
	int i;

	memset(d, 0, sizeof(*d));
	field_clear(fields, NFIELDS, d);
	for (i = 0; i < LINES_MAX && rest.s != NULL; i++)
		add_line(d, slice_cut(&rest, '\n'));
}

/* Who it is.  Valkey prints as redis_version the redis it can stand in for. */
static void
identify(const struct draft *d, char *run_id, char *version, char *product)
{
	snprintf(run_id, sizeof(d->run_id), "%s", d->run_id);
	snprintf(version, VERSION_MAX, "%s",
	    d->valkey_version[0] != '\0' ? d->valkey_version
					 : d->redis_version);
	snprintf(product, sizeof(d->server_name), "%s",
	    d->server_name[0] != '\0' ? d->server_name : "redis");
}

static bool
is_sentinel(const struct draft *d)
{
	return d->sentinel.masters != NUM_UNKNOWN || d->redis_sentinel == 1 ||
	       d->server_sentinel == 1;
}

/* A server that counts errors prints no line for those it never replied. */
static void
settle_errors(struct node_info *info)
{
	int64_t *const counts[] = { &info->errors_misconf,
		&info->errors_noreplicas, &info->errors_oom,
		&info->errors_readonly };
	size_t i;

	if (info->error_replies == NUM_UNKNOWN)
		return;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (*counts[i] == NUM_UNKNOWN)
			*counts[i] = 0;
}

/* Join and check what stands on several lines. */
static void
settle(struct draft *d)
{
	struct node_info *info = &d->node;

	identify(d, info->run_id, info->version, info->product);
	info->uptime_s = d->uptime_s;
	info->server_time_us = d->server_time_us;
	if (d->master_port >= 1 && !addr_set(&info->master, d->master_host,
				       strlen(d->master_host), d->master_port))
		info->master = (struct addr){ .port = 0 };
	if (info->link_down_since_s > DOWN_MAX_S)
		info->link_down_since_s = NUM_UNKNOWN;
	settle_errors(info);
	/* A diskless sync has no known size: 0, or -1 (redis 7.0 on). */
	if (info->sync_total_bytes <= 0) {
		info->sync_total_bytes = NUM_UNKNOWN;
		info->sync_read_bytes = NUM_UNKNOWN;
	}
}

bool
node_info_parse(struct node_info *info, const char *text, size_t len)
{
	struct draft d;

	draft_parse(&d, text, len);
	settle(&d);
	*info = d.node;
	if (info->role != ROLE_UNKNOWN && !is_sentinel(&d))
		return true;
	node_info_fini(info);
	return false;
}

bool
sentinel_info_parse(struct sentinel_info *info, const char *text, size_t len)
{
	struct draft d;

	draft_parse(&d, text, len);
	node_info_fini(&d.node);
	*info = d.sentinel;
	identify(&d, info->run_id, info->version, info->product);
	info->uptime_s = d.uptime_s;
	info->server_time_us = d.server_time_us;
	return is_sentinel(&d);
}

void
node_info_fini(struct node_info *info)
{
	vec_fini(&info->replicas);
	vec_fini(&info->dbs);
}

void
node_info_copy(struct node_info *dst, const struct node_info *src)
{
	*dst = *src;
	vec_copy(&dst->replicas, &src->replicas);
	vec_copy(&dst->dbs, &src->dbs);
}
