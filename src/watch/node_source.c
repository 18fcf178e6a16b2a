#include "watch/node_source.h"

#include <string.h>

#include "base/log.h"
#include "watch/group.h"
#include "watch/sentinel_reply.h"

/* One poll on its way. */
struct node_poll {
	struct node_source *source; /* borrowed */
	struct now asked_at;
};

/* The source's node in each master: one process may be monitored under several
 * names. */
struct node_walk {
	size_t next;
};

static struct node *
walk_node(
    const struct node_source *ns, struct node_walk *w, struct master **master)
{
	struct master *m;
	struct node *n;

	while (w->next < ns->group->deployment.masters.n) {
		m = &ns->group->deployment.masters.v[w->next++];
		vec_foreach(n, &m->nodes)
			if (strcmp(n->label, ns->label) == 0) {
				*master = m;
				return n;
			}
	}
	return NULL;
}

bool
node_source_is_master(const struct node_source *ns)
{
	struct node_walk w = { 0 };
	struct master *m;
	const struct node *n;

	while ((n = walk_node(ns, &w, &m)) != NULL)
		if (m->agreement.known &&
		    addr_equal(&m->agreement.master, &n->addr))
			return true;
	return false;
}

bool
node_source_hopeful(const struct node_source *ns)
{
	struct node_walk w = { 0 };
	struct master *m;
	const struct node *n = walk_node(ns, &w, &m);

	return n != NULL && (n->source.up || !n->source.tried);
}

/* Sentinel cuts a demoted master's connections, and a killed one's end by
 * themselves: look again at once instead of waiting for the next round. */
static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct node_source *ns = arg;

	if (ns->closing || reason == REASON_NONE)
		return;
	log_debug("node connection down", "node", ns->label, "reason",
	    reason_name(reason), "detail", detail, NULL);
	if (reason == REASON_CLOSED)
		node_source_poll(ns, NULL);
}

struct node_source *
node_source_find(const struct group *g, const char *label)
{
	struct node_source *ns;

	TAILQ_FOREACH(ns, &g->nodes, link)
		if (strcmp(ns->label, label) == 0)
			return ns;
	return NULL;
}

static struct node_source *
add_source(struct group *g, const struct node *n)
{
	struct node_source *ns = xcalloc(1, sizeof(*ns));
	const struct conn_ops ops = { .on_state = on_state, .arg = ns };

	ns->group = g;
	memcpy(ns->label, n->label, sizeof(ns->label));
	ns->conn = conn_new(&g->node_conn, &n->addr, &ops, group_dial_delay(g));
	TAILQ_INSERT_TAIL(&g->nodes, ns, link);
	log_info("node found", "node", ns->label, NULL);
	return ns;
}

void
node_source_remove(struct node_source *ns)
{
	ns->closing = true;
	TAILQ_REMOVE(&ns->group->nodes, ns, link);
	conn_free(ns->conn);
	waitgroup_done(&ns->waitgroup);
	free(ns);
}

void
node_sources_follow(struct group *g)
{
	struct node_source *ns, *next;
	const struct master *m;
	const struct node *n;

	TAILQ_FOREACH(ns, &g->nodes, link)
		ns->wanted = false;
	vec_foreach(m, &g->deployment.masters)
		vec_foreach(n, &m->nodes) {
			ns = node_source_find(g, n->label);
			if (ns == NULL)
				ns = add_source(g, n);
			ns->wanted = true;
		}
	for (ns = TAILQ_FIRST(&g->nodes); ns != NULL; ns = next) {
		next = TAILQ_NEXT(ns, link);
		if (ns->wanted)
			continue;
		log_info("node is no longer known", "node", ns->label, NULL);
		node_source_remove(ns);
	}
}

static void
warn_once(const struct node *n, enum reason reason, const char *detail)
{
	if (n->source.up || !n->source.tried || n->source.reason != reason)
		log_warn("node does not answer", "node", n->label, "reason",
		    reason_name(reason), "detail", detail, NULL);
}

static void
take_info(struct node *n, const struct node_info *info, struct now asked_at,
    const struct addr *peer)
{
	node_info_fini(&n->info);
	node_info_copy(&n->info, info);
	n->asked_at = asked_at;
	n->info_at = clock_now();
	memcpy(n->run_id, info->run_id, sizeof(n->run_id));
	if (addr_known(peer))
		node_add_alias(n, peer);
}

/* The reply into every master; reason NONE and info NULL never meet. */
static void
apply(struct node_poll *p, enum reason reason, const char *detail,
    const struct node_info *info, bool answered)
{
	struct node_source *ns = p->source;
	struct node_walk w = { 0 };
	struct master *m;
	struct node *n;

	while ((n = walk_node(ns, &w, &m)) != NULL) {
		if (!answered) {
			warn_once(n, reason, detail);
			source_failed(&n->source, reason);
		} else {
			if (!n->source.up && n->source.tried)
				log_info(
				    "node answers", "node", n->label, NULL);
			source_answered(&n->source, clock_now());
		}
		if (info != NULL)
			take_info(n, info, p->asked_at, conn_peer(ns->conn));
		else if (answered)
			source_complain(&n->source, reason);
		group_refresh_master(ns->group, m->name);
	}
	group_changed(ns->group);
}

/* Busy or denied: somebody is there, but tells nothing. */
static bool
is_answer(enum reason reason)
{
	return reason == REASON_BUSY || reason == REASON_NOPERM ||
	       reason == REASON_LOADING;
}

static void
on_info(void *arg, const struct conn_result *res)
{
	struct node_poll *p = arg;
	struct node_source *ns = p->source;
	const struct reply *r;
	struct node_info info = { 0 };
	enum reason reason = res->reason;

	ns->polling = false;
	p->asked_at.mono_ms = res->sent_ms;
	if (ns->closing) {
		free(p);
		return;
	}
	if (reason != REASON_NONE) {
		apply(p, reason, res->detail, NULL, false);
	} else if (r = res->replies[0], reply_is_error(r)) {
		reason = reason_of_error(r->str);
		apply(p, reason, r->str, NULL, is_answer(reason));
	} else if (reply_text(r) == NULL ||
		   !node_info_parse(&info, reply_text(r), r->len)) {
		apply(
		    p, REASON_PROTOCOL, "no INFO of a data node", NULL, false);
	} else {
		apply(p, REASON_NONE, NULL, &info, true);
	}
	node_info_fini(&info);
	free(p);
	waitgroup_done(&ns->waitgroup);
	if (ns->again)
		node_source_poll(ns, NULL);
}

void
node_source_poll(struct node_source *ns, struct waitgroup *waiting)
{
	struct batch b = { 0 };
	struct node_poll *p;

	if (waiting != NULL && ns->waitgroup == NULL) {
		ns->waitgroup = waiting;
		waitgroup_add(waiting);
	}
	ns->again = ns->polling;
	if (ns->polling)
		return;
	ns->polling = true;
	p = xcalloc(1, sizeof(*p));
	p->source = ns;
	p->asked_at = clock_now();
	batch_add(&b, "INFO", NULL);
	conn_send(ns->conn, &b, ns->group->all->poll_timeout_ms, on_info, p);
}
