/* What can be wrong with the data nodes. */
#include <stdlib.h>
#include <string.h>

#include "model/findings_parts.h"

#define BACKLOG_S 60 /* it should hold what so long a time writes */
#define UNSAVED_S 3600 /* uptime after which one save was due */

/* The host of "host:port". */
static bool
same_host(const char *a, const char *b)
{
	const char *ca = strrchr(a, ':'), *cb = strrchr(b, ':');

	return ca != NULL && cb != NULL && ca - a == cb - b &&
	       memcmp(a, b, (size_t)(ca - a)) == 0;
}

static bool
is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 ||
	       strncmp(address, "[::1]:", 6) == 0 ||
	       strncmp(address, "localhost:", 10) == 0;
}

bool
finding_nodes_open(struct finding_look *f)
{
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes) {
		if (!f->p->nodes_open || !finding_node_good(f, n))
			continue;
		finding_list(&f->seen, n->labels->name);
		finding_command(f, n->labels->name,
		    "CONFIG SET masterauth PASSWORD requirepass PASSWORD");
	}
	return f->seen.len > 0;
}

bool
finding_master_down(struct finding_look *f)
{
	const struct picture_node *n = f->m->agreed;

	if (!finding_good(f, f->m->until_ms) || f->m->up != 0)
		return false;
	strbuf_puts(&f->seen, f->m->address);
	if (n != NULL && n->server->source->reason != REASON_NONE)
		strbuf_printf(
		    &f->seen, " (%s)", reason_name(n->server->source->reason));
	finding_command(f, f->m->address, "PING");
	finding_on_sentinels(f, "CKQUORUM", "");
	return true;
}

bool
finding_writes_refused(struct finding_look *f)
{
	static const char *const commands[REFUSAL_COUNT] = {
		[REFUSAL_LOADING] = "INFO persistence",
		[REFUSAL_BUSY] = "SCRIPT KILL",
		[REFUSAL_NOREPLICAS] = "INFO replication",
		[REFUSAL_OOM] = "INFO memory",
		[REFUSAL_MISCONF] = "BGSAVE",
		[REFUSAL_READONLY] = "ROLE",
		[REFUSAL_NO_ANSWER] = "PING",
	};

	if (!finding_good(f, f->m->until_ms) || f->m->accepts_writes != 0 ||
	    f->m->refusal == REFUSAL_NONE || f->m->refusal == REFUSAL_NO_ANSWER)
		return false;
	strbuf_printf(&f->seen, "%s: %s", f->m->address,
	    write_refusal_name(f->m->refusal));
	finding_command(f, f->m->address, commands[f->m->refusal]);
	return true;
}

bool
finding_split_brain(struct finding_look *f)
{
	const struct picture_node *n;

	if (!finding_good(f, f->m->until_ms) || f->m->reporting_nodes < 2)
		return false;
	vec_foreach(n, &f->m->nodes) {
		if (!finding_node_good(f, n) ||
		    n->server->info.role != ROLE_MASTER)
			continue;
		finding_list(&f->seen, n->labels->name);
		if (n == f->m->agreed || f->m->address == NULL)
			continue;
		finding_cli(&f->remedy, n->labels->name);
		strbuf_puts(&f->remedy, "REPLICAOF HOST PORT   # of ");
		strbuf_puts(&f->remedy, f->m->address);
		strbuf_puts(&f->remedy, ", if the sentinels do not\n");
	}
	return true;
}

/* The sentinels take the node for alive. */
static bool
alive_for_sentinels(const struct finding_look *f, const struct picture_node *n)
{
	const struct picture_view *v;

	if (finding_is_replica(f, n))
		return n->replica.sdown == 0 && n->replica.ghost != 1;
	if (n != f->m->agreed)
		return false;
	vec_foreach(v, &f->m->views)
		if (finding_good(f, v->until_ms) &&
		    (v->flags & (FLAG_S_DOWN | FLAG_O_DOWN)) != 0)
			return false;
	return f->m->views.n > 0;
}

bool
finding_unreachable(struct finding_look *f)
{
	const struct picture_source *s;
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes) {
		s = n->server->source;
		if (!s->tried || s->up_until_ms > 0 ||
		    (s->reason != REASON_DNS && s->reason != REASON_REFUSED &&
			s->reason != REASON_TIMEOUT) ||
		    !alive_for_sentinels(f, n))
			continue;
		finding_list(&f->seen, n->labels->name);
		strbuf_printf(&f->seen, " (%s)", reason_name(s->reason));
		finding_command(f, n->labels->name,
		    "CONFIG SET replica-announce-ip ADDRESS");
	}
	return f->seen.len > 0;
}

/* On one host all of it is right. */
bool
finding_loopback(struct finding_look *f)
{
	const struct picture_view *v;

	vec_foreach(v, &f->m->views) {
		if (!finding_good(f, v->until_ms) || v->address == NULL ||
		    !is_loopback(v->address) || is_loopback(v->sentinel->name))
			continue;
		finding_list(&f->seen, v->sentinel->name);
		strbuf_printf(&f->seen, " names %s", v->address);
	}
	if (f->seen.len > 0)
		finding_on_sentinels(f, "REMOVE", "");
	if (f->seen.len > 0)
		strbuf_puts(&f->remedy,
		    "\n# then, on each: SENTINEL MONITOR with an address that "
		    "all can reach");
	return f->seen.len > 0;
}

/* Would the majority go with the master's host? */
bool
finding_one_host(struct finding_look *f)
{
	int64_t here = 0, all = 0, known = 0;
	const struct picture_view *v;

	if (f->m->address == NULL)
		return false;
	vec_foreach(v, &f->m->views) {
		if (!finding_good(f, v->until_ms))
			continue;
		all++;
		here += same_host(v->sentinel->name, f->m->address);
		if (v->known_sentinels > known)
			known = v->known_sentinels;
	}
	if (all == 0 || here == 0 || known - here >= known / 2 + 1)
		return false;
	strbuf_printf(&f->seen, "%lld of %lld sentinels are on the host of %s",
	    (long long)here, (long long)known, f->m->address);
	strbuf_puts(&f->remedy,
	    "# Start sentinels on hosts of their own, then on each of these:");
	finding_on_sentinels(f, "CKQUORUM", "");
	return true;
}

static bool
node_evicts(const struct node_info *i)
{
	return i->maxmemory != NUM_UNKNOWN && i->maxmemory > 0 &&
	       i->policy[0] != '\0' && strcmp(i->policy, "noeviction") != 0;
}

bool
finding_eviction(struct finding_look *f)
{
	const struct node_info *i = picture_master_info(f->m, f->now_ms);

	if (i == NULL || f->m->celery.carries_broker != 1 || !node_evicts(i))
		return false;
	strbuf_printf(&f->seen,
	    "%s: maxmemory-policy %s, %lld of %lld bytes used", f->m->address,
	    i->policy, (long long)i->used_memory, (long long)i->maxmemory);
	if (i->evicted_keys > 0)
		strbuf_printf(&f->seen, ", %lld keys deleted so far",
		    (long long)i->evicted_keys);
	finding_command(
	    f, f->m->address, "CONFIG SET maxmemory-policy noeviction");
	return true;
}

/* What is written is never saved: after an hour of changes a default
 * configuration has saved once. */
bool
finding_persistence_off(struct finding_look *f)
{
	const struct node_info *i = picture_master_info(f->m, f->now_ms);
	int64_t started;

	if (i == NULL || i->aof_enabled != 0 ||
	    i->rdb_last_save_s == NUM_UNKNOWN || i->uptime_s < UNSAVED_S ||
	    i->rdb_changes == NUM_UNKNOWN || i->rdb_changes == 0)
		return false;
	started = f->m->agreed->server->start_wall_s;
	if (started == NUM_UNKNOWN || i->rdb_last_save_s > started + 2)
		return false;
	strbuf_printf(&f->seen,
	    "%s: no append-only file, and no snapshot since the start %lld h "
	    "ago; %lld changes are unsaved",
	    f->m->address, (long long)i->uptime_s / 3600,
	    (long long)i->rdb_changes);
	finding_command(f, f->m->address, "CONFIG SET appendonly yes");
	finding_command(f, f->m->address, "CONFIG REWRITE");
	return true;
}

bool
finding_persistence_fails(struct finding_look *f)
{
	const struct picture_node *n;
	const struct node_info *i;

	vec_foreach(n, &f->m->nodes) {
		i = &n->server->info;
		if (!finding_node_good(f, n) ||
		    (i->rdb_last_bgsave_ok != 0 &&
			(i->aof_enabled != 1 || i->aof_last_write_ok != 0)))
			continue;
		finding_list(&f->seen, n->labels->name);
		strbuf_puts(&f->seen, i->rdb_last_bgsave_ok == 0
					  ? ": the last snapshot failed"
					  : ": the append-only file failed");
		finding_command(f, n->labels->name, "BGSAVE");
		finding_command(f, n->labels->name, "INFO persistence");
	}
	return f->seen.len > 0;
}

bool
finding_min_replicas(struct finding_look *f)
{
	const struct node_info *i = picture_master_info(f->m, f->now_ms);

	if (i == NULL || i->min_slaves_good_slaves != 1)
		return false;
	strbuf_printf(&f->seen, "%s counts 1 good replica", f->m->address);
	finding_command(f, f->m->address, "CONFIG GET min-replicas-to-write");
	finding_command(f, f->m->address, "INFO replication");
	return true;
}

bool
finding_node_versions(struct finding_look *f)
{
	const struct picture_node *n, *first = NULL;
	bool differ = false;

	vec_foreach(n, &f->m->nodes) {
		if (!finding_node_good(f, n))
			continue;
		if (first == NULL)
			first = n;
		differ |= strcmp(n->server->info.version,
			      first->server->info.version) != 0;
		finding_list(&f->seen, n->labels->name);
		strbuf_printf(&f->seen, " %s", n->server->info.version);
	}
	return differ;
}

bool
finding_backlog(struct finding_look *f)
{
	const struct node_info *i = picture_master_info(f->m, f->now_ms);
	int64_t need;
	char command[80];

	if (i == NULL || f->m->write_rate == NUM_UNKNOWN ||
	    i->backlog_bytes == NUM_UNKNOWN)
		return false;
	need = f->m->write_rate * BACKLOG_S;
	if (i->backlog_bytes >= need)
		return false;
	strbuf_printf(&f->seen,
	    "%s writes %lld bytes/s; its backlog of %lld bytes lasts %lld s",
	    f->m->address, (long long)f->m->write_rate,
	    (long long)i->backlog_bytes,
	    (long long)(i->backlog_bytes / f->m->write_rate));
	(void)snprintf(command, sizeof(command),
	    "CONFIG SET repl-backlog-size %lld", (long long)need * 2);
	finding_command(f, f->m->address, command);
	return true;
}
