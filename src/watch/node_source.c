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

bool
node_source_is_master(const struct node_source *ns)
{
	const struct agreement *a;
	const struct node *n;

	vec_each(n, &ns->server->nodes)
	{
		a = &n->master->agreement;
		if (a->known && addr_equal(&a->master, &n->addr))
			return true;
	}
	return false;
}

bool
node_source_hopeful(const struct node_source *ns)
{
	return ns->server->source.up || !ns->server->source.tried;
}

/* Sentinel cuts a demoted master's connections, and a killed one's end by
 * themselves: look again at once instead of waiting for the next round. */
static void
on_state(void *arg, enum reason reason, const char *detail)
{
	struct node_source *ns = arg;

	if (ns->closing || reason == REASON_NONE)
		return;
	log_debug("node connection down", "node", ns->server->label, "reason",
	    reason_name(reason), "detail", detail, NULL);
	if (reason == REASON_CLOSED)
		node_source_poll(ns, NULL);
}

struct node_source *
node_source_find(const struct group *g, const char *label)
{
	struct server *server = deployment_server(&g->deployment, label);

	return server == NULL ? NULL : server->reader;
}

static void
add_source(struct group *g, struct server *server)
{
	struct node_source *ns = xcalloc(1, sizeof(*ns));
	const struct conn_ops ops = { .on_state = on_state, .arg = ns };

	ns->group = g;
	ns->server = server;
	server->reader = ns;
	ns->conn =
	    conn_new(&g->node_conn, &server->addr, &ops, group_dial_delay(g));
	TAILQ_INSERT_TAIL(&g->nodes, ns, link);
	log_info("node found", "node", server->label, NULL);
}

void
node_source_remove(struct node_source *ns)
{
	ns->closing = true;
	ns->server->reader = NULL;
	TAILQ_REMOVE(&ns->group->nodes, ns, link);
	conn_free(ns->conn);
	waitgroup_done(&ns->waitgroup);
	free(ns);
}

static void
drop(struct server *server)
{
	if (server->reader == NULL)
		return;
	log_info("node is no longer known", "node", server->label, NULL);
	node_source_remove(server->reader);
}

void
node_sources_follow(struct group *g)
{
	struct server *server;

	deployment_drop_servers(&g->deployment, drop);
	vec_each(server, &g->deployment.servers) if (server->reader == NULL)
	    add_source(g, server);
}

static void
warn_once(const struct server *s, enum reason reason, const char *detail)
{
	if (s->source.up || !s->source.tried || s->source.reason != reason)
		log_warn("node does not answer", "node", s->label, "reason",
		    reason_name(reason), "detail", detail, NULL);
}

static void
take_info(struct server *s, const struct node_info *info, struct now asked_at,
    const struct addr *peer)
{
	struct node *n;

	node_info_fini(&s->info);
	node_info_copy(&s->info, info);
	s->asked_at = asked_at;
	s->info_at = clock_now();
	vec_each(n, &s->nodes)
	{
		memcpy(n->run_id, info->run_id, sizeof(n->run_id));
		if (addr_known(peer))
			node_add_alias(n, peer);
	}
}

/* The reply into the model; reason NONE and info NULL never meet. */
static void
apply(struct node_poll *p, enum reason reason, const char *detail,
    const struct node_info *info, bool answered)
{
	struct node_source *ns = p->source;
	struct server *s = ns->server;
	size_t i;

	if (!answered) {
		warn_once(s, reason, detail);
		source_failed(&s->source, reason);
	} else {
		if (!s->source.up && s->source.tried)
			log_info("node answers", "node", s->label, NULL);
		source_answered(&s->source, clock_now());
	}
	if (info != NULL)
		take_info(s, info, p->asked_at, conn_peer(ns->conn));
	else if (answered)
		source_complain(&s->source, reason);
	for (i = 0; i < s->nodes.n; i++)
		group_refresh_master(ns->group, s->nodes.v[i]->master->name);
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
