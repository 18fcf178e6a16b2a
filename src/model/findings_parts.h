/*
 * findings_parts - what rules are written with; for findings*.c only.
 *
 * A rule looks at the picture and says what it sees, and the remedy as
 * commands to paste; true when there is something to say.
 */
#ifndef MODEL_FINDINGS_PARTS_H
#define MODEL_FINDINGS_PARTS_H

#include <stdbool.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "model/findings.h"
#include "model/picture.h"

struct finding_look {
	const struct picture *p;
	const struct picture_master *m;	/* NULL: a rule of the whole group */
	int64_t		now_ms;
	struct strbuf	seen, remedy;
};

typedef bool finding_rule_fn(struct finding_look *);

struct finding_rule {
	const char	*id;
	enum severity	severity;
	bool		of_group;
	finding_rule_fn	*look;
	const char	*title, *why;
};

/* Append "redis-cli -h HOST -p PORT " for an address "host:port". */
void	finding_cli(struct strbuf *, const char *address);

/* Append a name, quoted for a shell. */
void	finding_quote(struct strbuf *, const char *name);

/* Append the address, after a comma unless it is the first. */
void	finding_list(struct strbuf *, const char *address);

/* Append a line "redis-cli -h HOST -p PORT COMMAND" to the remedy; nothing for
 * an address that is NULL. */
void	finding_command(struct finding_look *, const char *address,
	    const char *command);

/* "redis-cli ... SENTINEL WORD 'master' REST" for each sentinel that answers
 * and watches the master, a line each. */
void	finding_on_sentinels(struct finding_look *, const char *word,
	    const char *rest);

static inline bool
finding_good(const struct finding_look *f, int64_t until_ms)
{
	return picture_good(until_ms, f->now_ms);
}

static inline bool
finding_node_good(const struct finding_look *f, const struct picture_node *n)
{
	return finding_good(f, n->server->info_until_ms);
}

/* A replica that may be shown. */
static inline bool
finding_is_replica(const struct finding_look *f, const struct picture_node *n)
{
	return n->replica.labels != NULL &&
	       finding_good(f, n->replica.until_ms);
}

/* findings_sentinel.c */
finding_rule_fn finding_name_unknown, finding_tilt, finding_ids_shared,
    finding_sentinel_down, finding_sentinel_versions, finding_clocks,
    finding_rights, finding_sentinels_open, finding_quorum_unreachable,
    finding_no_spare, finding_quorum_of_one, finding_quorum_too_large,
    finding_too_few_sentinels, finding_even_sentinels, finding_disagree,
    finding_settings_differ, finding_dead_peers, finding_peers_unknown,
    finding_down_after, finding_failover_timeout;

/* findings_node.c */
finding_rule_fn finding_nodes_open, finding_master_down,
    finding_writes_refused, finding_split_brain, finding_unreachable,
    finding_loopback, finding_one_host, finding_eviction,
    finding_persistence_off, finding_persistence_fails, finding_min_replicas,
    finding_node_versions, finding_backlog;

/* findings_replica.c */
finding_rule_fn finding_ghosts, finding_address_shared, finding_no_replica,
    finding_one_replica, finding_none_promotable, finding_priority_zero,
    finding_replica_refuses, finding_writable_replica, finding_link_down,
    finding_follows_other;

/* findings_celery.c */
finding_rule_fn finding_url_conflict, finding_bound_twice, finding_stranded,
    finding_unacked_stranded, finding_db_shared, finding_unbound;

#endif
