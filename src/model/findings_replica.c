/* What can be wrong with the replicas. */
#include "model/findings_parts.h"

static int64_t
count_replicas(const struct finding_look *f)
{
	const struct picture_node *n;
	int64_t count = 0;

	vec_foreach(n, &f->m->nodes)
		count += finding_is_replica(f, n) && n->replica.ghost != 1;
	return count;
}

bool
finding_ghosts(struct finding_look *f)
{
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes)
		if (finding_is_replica(f, n) && n->replica.ghost == 1)
			finding_list(&f->seen, n->labels->name);
	if (f->seen.len == 0)
		return false;
	strbuf_puts(&f->remedy,
	    "# Only if they are gone for good; one sentinel after another, "
	    "30 s apart:");
	finding_on_sentinels(f, "RESET", "");
	return true;
}

bool
finding_address_shared(struct finding_look *f)
{
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes) {
		if (!finding_node_good(f, n) || n->shared_address == NULL)
			continue;
		finding_list(&f->seen, n->shared_address->name);
		strbuf_printf(&f->seen, ", attached to %s more than once",
		    n->labels->name);
		finding_command(f, n->shared_address->name,
		    "CONFIG SET replica-announce-port PORT");
	}
	return f->seen.len > 0;
}

bool
finding_no_replica(struct finding_look *f)
{
	if (!finding_good(f, f->m->until_ms) || !f->m->known ||
	    count_replicas(f) > 0 || f->m->unannounced > 0)
		return false;
	strbuf_puts(&f->seen, f->m->address);
	strbuf_puts(&f->remedy, "# On another host:\n"
				"redis-cli REPLICAOF HOST PORT   # of ");
	strbuf_puts(&f->remedy, f->m->address);
	return true;
}

bool
finding_one_replica(struct finding_look *f)
{
	if (!finding_good(f, f->m->until_ms) || !f->m->known ||
	    count_replicas(f) != 1 || f->m->unannounced > 0)
		return false;
	strbuf_printf(&f->seen, "%s has one", f->m->address);
	strbuf_puts(&f->remedy, "# On a third host:\n"
				"redis-cli REPLICAOF HOST PORT   # of ");
	strbuf_puts(&f->remedy, f->m->address);
	return true;
}

static bool
all_of_priority_zero(const struct finding_look *f)
{
	const struct picture_node *n;
	int64_t count = 0;

	vec_foreach(n, &f->m->nodes) {
		if (!finding_is_replica(f, n))
			continue;
		if (n->replica.priority != 0)
			return false;
		count++;
	}
	return count > 0;
}

bool
finding_priority_zero(struct finding_look *f)
{
	const struct picture_node *n;

	if (!all_of_priority_zero(f))
		return false;
	vec_foreach(n, &f->m->nodes) {
		if (!finding_is_replica(f, n))
			continue;
		finding_list(&f->seen, n->labels->name);
		finding_command(
		    f, n->labels->name, "CONFIG SET replica-priority 100");
	}
	return true;
}

bool
finding_none_promotable(struct finding_look *f)
{
	const struct picture_node *n;

	if (!finding_good(f, f->m->until_ms) || f->m->promotable != 0 ||
	    count_replicas(f) == 0 || all_of_priority_zero(f))
		return false;
	vec_foreach(n, &f->m->nodes)
		if (finding_is_replica(f, n) && n->replica.ghost != 1) {
			finding_list(&f->seen, n->labels->name);
			finding_command(f, n->labels->name, "INFO replication");
		}
	finding_on_sentinels(f, "REPLICAS", "");
	return true;
}

bool
finding_replica_refuses(struct finding_look *f)
{
	const struct failover_stats *s = &f->m->failovers;
	uint64_t done = 0;
	int i;

	for (i = 0; i < FAILOVER_KINDS; i++)
		done += s->failovers[i];
	if (done > 0 || s->aborts[ABORT_REPLICA_TIMEOUT] == 0)
		return false;
	strbuf_printf(&f->seen, "%llu failovers were given up, none completed",
	    (unsigned long long)s->aborts[ABORT_REPLICA_TIMEOUT]);
	strbuf_puts(&f->remedy,
	    "# On the data nodes, for the user that the sentinels log in as:\n"
	    "ACL SETUSER sentinel on >PASSWORD allchannels +multi +slaveof "
	    "+ping +exec +subscribe +config|rewrite +role +publish +info "
	    "+client|setname +client|kill +script|kill");
	return true;
}

bool
finding_writable_replica(struct finding_look *f)
{
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes) {
		if (!finding_node_good(f, n) ||
		    n->server->info.role != ROLE_REPLICA ||
		    n->server->info.read_only != 0)
			continue;
		finding_list(&f->seen, n->labels->name);
		finding_command(
		    f, n->labels->name, "CONFIG SET replica-read-only yes");
	}
	return f->seen.len > 0;
}

bool
finding_link_down(struct finding_look *f)
{
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes) {
		if (!finding_is_replica(f, n) || !finding_node_good(f, n) ||
		    n->replica.link_up != 0 || n->replica.sync_in_progress == 1)
			continue;
		finding_list(&f->seen, n->labels->name);
		if (n->replica.link_down_ms != NUM_UNKNOWN)
			strbuf_printf(&f->seen, ", for %lld s",
			    (long long)n->replica.link_down_ms / 1000);
		finding_command(f, n->labels->name, "INFO replication");
	}
	return f->seen.len > 0;
}

bool
finding_follows_other(struct finding_look *f)
{
	char text[ADDR_TEXT_MAX];
	const struct picture_node *n;

	vec_foreach(n, &f->m->nodes) {
		if (!finding_is_replica(f, n) || !finding_node_good(f, n) ||
		    n->replica.foreign_master != 1)
			continue;
		finding_list(&f->seen, n->labels->name);
		addr_format(&n->server->info.master, text);
		strbuf_printf(&f->seen, " follows %s", text);
		finding_command(
		    f, n->labels->name, "REPLICAOF HOST PORT   # of ");
		if (f->m->address != NULL)
			strbuf_puts(&f->remedy, f->m->address);
	}
	return f->seen.len > 0;
}
