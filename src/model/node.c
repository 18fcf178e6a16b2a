/*
 * Which nodes a master has, joined over all sentinels.
 *
 * One sentinel may print names and another addresses for the same node
 * (announce-hostnames is a setting of each), so text is never compared across
 * sentinels: announcements with the same run id are one node.
 */
#include <string.h>

#include "model/deployment.h"

#define ALIASES_MAX 16

/* Sentinel finds replicas by the master's INFO, which it reads every 10 s. */
#define KEEP_MS 15000

struct announcement {
	const struct addr *addr;
	const char *run_id;
};

static bool
node_has_alias(const struct node *n, const struct addr *a)
{
	const struct addr *alias;

	vec_foreach(alias, &n->aliases)
		if (addr_equal(alias, a))
			return true;
	return false;
}

static uint64_t
hash_of(const struct addr *a)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	const char *c;

	for (c = a->host; *c != '\0'; c++)
		h = (h ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
	return (h ^ a->port) * UINT64_C(0x100000001b3);
}

/* The first key that is not before that hash. */
static size_t
key_bound(const struct master *m, uint64_t hash)
{
	size_t low = 0, n = m->node_keys.n, half;

	while (n > 0) {
		half = n / 2;
		if (m->node_keys.v[low + half].hash < hash) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

static void
remove_key(struct node *n, const struct addr *a)
{
	struct master *m = n->master;
	uint64_t hash = hash_of(a);
	size_t i;

	for (i = key_bound(m, hash);
	     i < m->node_keys.n && m->node_keys.v[i].hash == hash; i++)
		if (m->node_keys.v[i].node == n) {
			vec_remove(&m->node_keys, i);
			return;
		}
}

void
node_add_alias(struct node *n, const struct addr *a)
{
	uint64_t hash = hash_of(a);

	if (node_has_alias(n, a) || n->aliases.n >= ALIASES_MAX)
		return;
	*vec_push(&n->aliases) = *a;
	vec_fit(&n->aliases);
	*vec_insert(&n->master->node_keys, key_bound(n->master, hash)) =
	    (struct node_key){ hash, n };
}

/* Of several that were called so, the first by label. */
struct node *
master_node(const struct master *m, const struct addr *a)
{
	uint64_t hash = hash_of(a);
	struct node *n, *found = NULL;
	size_t i;

	for (i = key_bound(m, hash);
	     i < m->node_keys.n && m->node_keys.v[i].hash == hash; i++) {
		n = m->node_keys.v[i].node;
		if (node_has_alias(n, a) &&
		    (found == NULL || strcmp(n->label, found->label) < 0))
			found = n;
	}
	return found;
}

struct addr
master_canonical(const struct master *m, const struct addr *a)
{
	const struct node *n = master_node(m, a);

	return n == NULL ? *a : n->addr;
}

static struct node *
node_of_run_id(const struct master *m, const char *run_id)
{
	struct node *n;

	if (run_id[0] == '\0')
		return NULL;
	vec_each(n, &m->nodes)
		if (strcmp(n->run_id, run_id) == 0)
			return n;
	return NULL;
}

struct node *
master_add_node(struct master *m, const struct addr *a)
{
	struct node *n = xcalloc(1, sizeof(*n));
	size_t i;

	n->master = m;
	n->server = deployment_add_server(m->deployment, a);
	*vec_push(&n->server->nodes) = n;
	memcpy(n->label, n->server->label, sizeof(n->label));
	n->addr = *a;
	node_add_alias(n, a);
	for (i = 0; i < m->nodes.n; i++)
		if (strcmp(m->nodes.v[i]->label, n->label) > 0)
			break;
	*vec_insert(&m->nodes, i) = n;
	return n;
}

/* Take n out of a list of nodes. */
#define forget_in(list, n)                                   \
	do {                                                 \
		size_t at = 0;                               \
		while (at < (list)->n && (list)->v[at] != n) \
			at++;                                \
		if (at < (list)->n)                          \
			vec_remove(list, at);                \
	} while (0)

void
node_remove(struct node *n)
{
	const struct addr *a;

	vec_foreach(a, &n->aliases)
		remove_key(n, a);
	forget_in(&n->master->nodes, n);
	forget_in(&n->server->nodes, n);
	vec_fini(&n->aliases);
	free(n);
}

static void
drop_alias(struct node *n, const struct addr *a)
{
	size_t i;

	for (i = 0; i < n->aliases.n; i++)
		if (addr_equal(&n->aliases.v[i], a)) {
			remove_key(n, a);
			vec_remove(&n->aliases, i);
			return;
		}
}

/* The node that is announced, or NULL.  Addresses move on to other nodes (a
 * pod gets the address of one that went), run ids do not: where the two
 * disagree an alias goes with the run id. */
static struct node *
announced_node(struct master *m, const struct announcement *an)
{
	struct node *by_addr = master_node(m, an->addr), *by_run_id;

	if (by_addr != NULL && strcmp(by_addr->run_id, an->run_id) == 0)
		return by_addr;
	by_run_id = node_of_run_id(m, an->run_id);
	if (by_addr == NULL)
		return by_run_id;
	if (by_run_id == NULL || by_run_id == by_addr ||
	    addr_equal(&by_addr->addr, an->addr))
		return by_addr;
	drop_alias(by_addr, an->addr);
	return by_run_id;
}

/* Returns whether a node came that was not there. */
static bool
announce(struct master *m, const struct announcement *an, int64_t now_ms)
{
	struct node *n = announced_node(m, an);
	bool came = n == NULL;

	if (came)
		n = master_add_node(m, an->addr);
	node_add_alias(n, an->addr);
	if (n->run_id[0] == '\0' && an->run_id[0] != '\0') {
		strlcpy(n->run_id, an->run_id, sizeof(n->run_id));
		m->run_ids_changed = true;
	}
	n->announced_ms = now_ms;
	return came;
}

bool
master_announce(struct master *m, const struct view *v, int64_t now_ms)
{
	const struct replica_fields *r;
	struct announcement an = { &v->addr, "" };
	bool came = false;

	/* The run id goes with the configured address, which is the old one
	 * while a failover is on its way. */
	if (addr_equal(&v->addr, &v->fields.addr))
		an.run_id = v->fields.run_id;
	if (addr_known(&v->addr))
		came |= announce(m, &an, now_ms);
	vec_foreach(r, &v->replicas) {
		an = (struct announcement){ &r->addr, r->run_id };
		came |= announce(m, &an, now_ms);
	}
	return came;
}

bool
master_merge_twins(struct master *m, struct addr *from, struct addr *to)
{
	struct node *keep, *twin;
	const struct addr *a;
	size_t i;

	for (i = 0; i < m->nodes.n; i++) {
		twin = m->nodes.v[i];
		keep = node_of_run_id(m, twin->run_id);
		if (keep == NULL || keep == twin)
			continue;
		vec_foreach(a, &twin->aliases)
			node_add_alias(keep, a);
		*from = twin->addr;
		*to = keep->addr;
		node_remove(twin);
		return true;
	}
	return false;
}

static bool
forget_unannounced(struct master *m, int64_t now_ms, int64_t stale_after_ms)
{
	bool went = false;
	size_t i;

	if (stale_after_ms < KEEP_MS)
		stale_after_ms = KEEP_MS;
	for (i = m->nodes.n; i-- > 0;) {
		if (now_ms - m->nodes.v[i]->announced_ms <= stale_after_ms)
			continue;
		node_remove(m->nodes.v[i]);
		went = true;
	}
	return went;
}

bool
node_answers(const struct node *n, int64_t now_ms, int64_t stale_after_ms)
{
	return server_answers(n->server, now_ms, stale_after_ms);
}

bool
master_update_nodes(struct deployment *d, struct master *m, int64_t now_ms,
    int64_t stale_after_ms)
{
	const struct sentinel *s;
	const struct view *v;
	bool heard = false, changed = false;

	vec_each(s, &d->sentinels) {
		v = sentinel_view(s, m->name);
		if (v == NULL || !fresh(v->at_ms, now_ms, stale_after_ms))
			continue;
		heard |= v->lists_known;
		changed |= master_announce(m, v, now_ms);
	}
	/* With no sentinel to ask, the last known nodes are still the best
	 * place to look. */
	if (heard)
		changed |= forget_unannounced(m, now_ms, stale_after_ms);
	return changed;
}
