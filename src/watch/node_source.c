/* One data server, asked for INFO. */
#include "watch/node_source.h"

#include "base/log.h"
#include "model/facts.h"
#include "watch/group.h"

bool
node_source_is_master(const struct node_source *ns)
{
	const struct agreement *a;
	const struct node *n;

	vec_each(n, &ns->server->nodes) {
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

	if (ns->conn == NULL || reason == REASON_NONE)
		return;
	log_debug("node connection down", "node", ns->server->label, "reason",
	    reason_name(reason), "detail", detail, NULL);
	if (reason == REASON_CLOSED)
		node_source_poll(ns, NULL);
}

static void
dial(struct node_source *ns)
{
	const struct conn_ops ops = { .on_state = on_state, .arg = ns };

	ns->conn = conn_new(&ns->group->node_conn, &ns->server->addr, &ops,
	    group_dial_delay(ns->group));
}

/* What is on its way ends without an answer. */
static void
hang_up(struct node_source *ns)
{
	struct conn *conn = ns->conn;

	ns->conn = NULL;
	conn_free(conn);
}

static void
add_source(struct group *g, struct server *server)
{
	struct node_source *ns = xcalloc(1, sizeof(*ns));

	ns->group = g;
	ns->server = server;
	server->reader = ns;
	dial(ns);
	TAILQ_INSERT_TAIL(&g->nodes, ns, link);
	log_info("node found", "node", server->label, NULL);
}

void
node_source_free(struct node_source *ns)
{
	ns->server->reader = NULL;
	TAILQ_REMOVE(&ns->group->nodes, ns, link);
	hang_up(ns);
	waitgroup_done(&ns->waitgroup);
	free(ns);
}

void
node_source_redial(struct node_source *ns)
{
	hang_up(ns);
	waitgroup_done(&ns->waitgroup);
	dial(ns);
}

static void
drop(struct server *server)
{
	if (server->reader == NULL)
		return;
	log_info("node is no longer known", "node", server->label, NULL);
	node_source_free(server->reader);
}

void
node_sources_follow(struct group *g)
{
	struct server *server;

	deployment_drop_servers(&g->deployment, drop);
	vec_each(server, &g->deployment.servers)
		if (server->reader == NULL)
			add_source(g, server);
}

static void
take_failure(struct server *s, enum reason reason, const char *detail)
{
	if (s->source.up || !s->source.tried || s->source.reason != reason)
		log_warn("node does not answer", "node", s->label, "reason",
		    reason_name(reason), "detail", detail, NULL);
	server_take_failure(s, reason);
}

static void
report_answer(const struct server *s)
{
	if (!s->source.up && s->source.tried)
		log_info("node answers", "node", s->label, NULL);
}

/* Busy or denied: somebody is there, but tells nothing. */
static bool
is_answer(enum reason reason)
{
	return reason == REASON_BUSY || reason == REASON_NOPERM ||
	       reason == REASON_LOADING;
}

static void
take_error(struct server *s, const char *text)
{
	enum reason reason = reason_of_error(text);

	if (!is_answer(reason)) {
		take_failure(s, reason, text);
		return;
	}
	report_answer(s);
	server_take_denial(s, reason, clock_now());
}

static void
take_reply(struct node_source *ns, const struct reply *r)
{
	struct server *s = ns->server;
	struct node_info info = { 0 };

	if (reply_is_error(r)) {
		take_error(s, r->str);
	} else if (reply_text(r) == NULL ||
		   !node_info_parse(&info, reply_text(r), r->len)) {
		take_failure(s, REASON_PROTOCOL, "no INFO of a data node");
	} else {
		report_answer(s);
		server_take_info(
		    s, &info, ns->asked_at, conn_peer(ns->conn), clock_now());
	}
	node_info_fini(&info);
}

static void
on_info(void *arg, const struct conn_result *res)
{
	struct node_source *ns = arg;

	ns->polling = false;
	if (ns->conn == NULL)
		return;
	ns->asked_at.mono_ms = res->sent_ms;
	if (res->reason != REASON_NONE)
		take_failure(ns->server, res->reason, res->detail);
	else
		take_reply(ns, res->replies[0]);
	group_told(ns->group, GROUP_SOON);
	waitgroup_done(&ns->waitgroup);
	if (ns->again)
		node_source_poll(ns, NULL);
}

void
node_source_poll(struct node_source *ns, struct waitgroup *waiting)
{
	struct batch b = { 0 };

	if (waiting != NULL && ns->waitgroup == NULL) {
		ns->waitgroup = waiting;
		waitgroup_add(waiting);
	}
	ns->again = ns->polling;
	if (ns->polling)
		return;
	ns->polling = true;
	ns->asked_at = clock_now();
	batch_add(&b, "INFO", NULL);
	conn_send(ns->conn, &b, group_timeout_ms(ns->group), on_info, ns);
}

void
node_source_look(struct node_source *ns)
{
	conn_hurry(ns->conn);
	node_source_poll(ns, NULL);
}
