/*
 * fleet - a deployment put together by hand, all of it well: a test changes
 * what it is about.  Nodes and sentinels have names of one word; a node's
 * address is its name and the port 6379, its run id its name in capitals.
 */
#ifndef UNIT_MODEL_FLEET_H
#define UNIT_MODEL_FLEET_H

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "model/deployment.h"

#define FLEET_NOW_MS	INT64_C(1000000)
#define FLEET_STALE_MS	INT64_C(15000)
#define FLEET_MASTER	"m"

static const struct now fleet_now = { FLEET_NOW_MS, 1700000000000 };

static inline struct addr
fleet_addr(const char *name)
{
	struct addr a = { .port = 6379 };

	ck_assert(addr_set(&a, name, strlen(name), 6379));
	return a;
}

static inline void
fleet_run_id(char *run_id, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		run_id[i] = (char)toupper((unsigned char)name[i]);
	run_id[i] = '\0';
}

static inline struct sentinel *
fleet_sentinel(struct deployment *d, const char *name)
{
	struct sentinel *s = deployment_add_sentinel(d, name);

	fleet_run_id(s->id, name);
	s->source.tried = s->source.up = true;
	s->info.tilt = 0;
	s->info_at = fleet_now;
	return s;
}

static inline struct view *
fleet_view(struct sentinel *s, const char *node, int64_t epoch)
{
	struct view *v = sentinel_add_view(s, FLEET_MASTER);

	v->addr = v->fields.addr = fleet_addr(node);
	fleet_run_id(v->fields.run_id, node);
	v->fields.config_epoch = epoch;
	v->fields.quorum = 2;
	v->fields.down_after_ms = 3000;
	v->fields.failover_timeout_ms = 60000;
	v->fields.parallel_syncs = 1;
	v->fields.num_slaves = v->fields.num_other_sentinels = 0;
	v->fields.s_down_ms = NUM_UNKNOWN;
	v->lists_known = true;
	v->at_ms = FLEET_NOW_MS;
	return v;
}

static inline struct replica_fields *
fleet_replica(struct view *v, const char *node)
{
	struct replica_fields *r = vec_push(&v->replicas);

	r->addr = fleet_addr(node);
	fleet_run_id(r->run_id, node);
	r->last_ok_ping_reply_ms = 100;
	r->info_refresh_ms = 2000;
	r->priority = 100;
	r->repl_offset = 1000;
	r->role_reported = ROLE_REPLICA;
	v->fields.num_slaves++;
	return r;
}

static inline struct peer_fields *
fleet_peer(struct view *v, const char *name)
{
	struct peer_fields *p = vec_push(&v->peers);

	p->addr = fleet_addr(name);
	fleet_run_id(p->id, name);
	v->fields.num_other_sentinels++;
	return p;
}

/* A node that answered at_ms after FLEET_NOW_MS, in no time. */
static inline struct node *
fleet_node(struct master *m, const char *name, enum role role, int64_t at_ms)
{
	struct addr addr = fleet_addr(name);
	struct node *n = master_add_node(m, &addr);

	fleet_run_id(n->run_id, name);
	n->server->source.tried = n->server->source.up = true;
	n->server->asked_at.mono_ms = n->server->info_at.mono_ms = FLEET_NOW_MS + at_ms;
	n->server->info.role = role;
	strcpy(n->server->info.replid, "stream");
	n->server->info.master_repl_offset = n->server->info.slave_repl_offset = 1000;
	n->server->info.second_repl_offset = NUM_UNKNOWN;
	n->server->info.priority = NUM_UNKNOWN;
	n->server->info.link_up = n->server->info.sync_in_progress = NUM_UNKNOWN;
	n->server->info.link_down_since_s = NUM_UNKNOWN;
	if (role == ROLE_REPLICA) {
		n->server->info.priority = 100;
		n->server->info.link_up = 1;
		n->server->info.sync_in_progress = 0;
	}
	n->announced_ms = FLEET_NOW_MS;
	return n;
}

static inline struct node *
fleet_follows(struct node *n, const char *master)
{
	n->server->info.master = fleet_addr(master);
	return n;
}

/* A line "slaveN" in the INFO of a node. */
static inline struct info_replica *
fleet_attach(struct node *to, const char *name)
{
	struct info_replica *line = vec_push(&to->server->info.replicas);

	line->addr = fleet_addr(name);
	line->online = true;
	line->offset = 1000;
	line->lag_s = 1;
	return line;
}

static inline struct node *
fleet_at(const struct master *m, const char *name)
{
	struct addr a = fleet_addr(name);
	struct node *n = master_node(m, &a);

	ck_assert_msg(n != NULL, "no node %s", name);
	return n;
}

/* Is the word among those of a text? */
static inline bool
fleet_has(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *p;

	for (p = text; (p = strstr(p, word)) != NULL; p++)
		if ((p == text || p[-1] == ' ') &&
		    (p[len] == '\0' || p[len] == ' '))
			return true;
	return false;
}

#endif
