/* One data server, asked for INFO. */
#include "watch/node_source.h"

#include "base/log.h"
#include "base/strbuf.h"
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

/* The user whom the ACLs are about. */
static const char *
user_of(const struct node_source *ns)
{
	return credentials_shown_user(&ns->group->base->redis_auth);
}

static void
report_denial(struct node_source *ns, bool role_known)
{
	struct strbuf grant = { 0 };

	if (ns->denial_reported)
		return;
	ns->denial_reported = true;
	strbuf_printf(&grant, "ACL SETUSER %s %s", user_of(ns),
	    role_known ? "+info" : "+info +role");
	log_warn(role_known ? "INFO is denied: of this node only its role is "
			      "known"
			    : "INFO and ROLE are denied: whether this node is "
			      "a master is not known",
	    "node", ns->server->label, "user", user_of(ns), "grant",
	    strbuf_text(&grant), NULL);
	strbuf_fini(&grant);
}

/* INFO was refused; role is the answer to ROLE, if it was asked. */
static void
take_error(struct node_source *ns, const char *text, const struct reply *role)
{
	enum reason reason = reason_of_error(text);
	struct server *s = ns->server;
	struct role_answer answer;
	bool known;

	if (!is_answer(reason)) {
		take_failure(s, reason, text);
		return;
	}
	report_answer(s);
	known = role != NULL && role_parse(&answer, role);
	server_take_denial(s, reason, known ? &answer : NULL, clock_now());
	if (role == NULL) {
		ns->again = true;
	} else if (reason == REASON_NOPERM) {
		report_denial(ns, known);
	}
	ns->ask_role = true;
}

static void
take_info(struct node_source *ns, const struct reply *r)
{
	struct server *s = ns->server;
	struct node_info info = { 0 };

	if (reply_text(r) == NULL ||
	    !node_info_parse(&info, reply_text(r), r->len)) {
		take_failure(s, REASON_PROTOCOL, "no INFO of a data node");
	} else {
		report_answer(s);
		server_take_info(
		    s, &info, ns->asked_at, conn_peer(ns->conn), clock_now());
		ns->ask_role = ns->denial_reported = false;
	}
	node_info_fini(&info);
}

/* INFO, PING and, where INFO was denied before, ROLE. */
static void
take_replies(struct node_source *ns, const struct conn_result *res)
{
	const struct reply *info = res->replies[0];

	server_take_ping(ns->server, res->replies[1]);
	if (reply_is_error(info))
		take_error(ns, info->str, res->n > 2 ? res->replies[2] : NULL);
	else
		take_info(ns, info);
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
		take_replies(ns, res);
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
	batch_add(&b, "PING", NULL);
	if (ns->ask_role)
		batch_add(&b, "ROLE", NULL);
	conn_send(ns->conn, &b, group_timeout_ms(ns->group), on_info, ns);
}

void
node_source_look(struct node_source *ns)
{
	conn_hurry(ns->conn);
	node_source_poll(ns, NULL);
}
