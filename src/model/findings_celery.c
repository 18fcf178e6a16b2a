/* What can be wrong with Celery's queues. */
#include <string.h>

#include "model/findings_parts.h"

static void
put_db(struct finding_look *f, const char *command, int db)
{
	if (f->m->address == NULL)
		return;
	finding_cli(&f->remedy, f->m->address);
	strbuf_printf(&f->remedy, "-n %d %s\n", db, command);
}

bool
finding_url_conflict(struct finding_look *f)
{
	const struct picture_celery *c = &f->m->celery;
	const int *db;

	if (c->url_conflict != 1)
		return false;
	strbuf_puts(&f->seen, "databases ");
	vec_foreach(db, &c->url_dbs)
		strbuf_printf(
		    &f->seen, "%s%d", db == c->url_dbs.v ? "" : ", ", *db);
	strbuf_puts(&f->remedy,
	    "# In the broker URL of every worker and publisher, the same "
	    "database in each part:\n"
	    "sentinel://host1:26379/0;sentinel://host2:26379/0;"
	    "sentinel://host3:26379/0");
	return true;
}

bool
finding_bound_twice(struct finding_look *f)
{
	const struct picture_queue_name *n;
	const struct picture_db *db;
	const struct picture_queue *q;

	vec_foreach(n, &f->m->celery.names) {
		if (!finding_good(f, n->until_ms) ||
		    n->bound_dbs == NUM_UNKNOWN || n->bound_dbs < 2)
			continue;
		finding_list(&f->seen, n->labels->name);
		strbuf_puts(&f->seen, " in databases");
		vec_foreach(db, &f->m->celery.dbs)
			vec_foreach(q, &db->queues)
				if (q->bound == 1 &&
				    labels_named(q->labels, n->labels->name,
					n->labels->name_len))
					strbuf_printf(&f->seen, " %d", db->db);
	}
	if (f->seen.len > 0)
		vec_foreach(db, &f->m->celery.dbs)
			put_db(
			    f, "--scan --pattern '_kombu.binding.*'", db->db);
	return f->seen.len > 0;
}

bool
finding_stranded(struct finding_look *f)
{
	const struct picture_db *db;
	const struct picture_queue *q;

	vec_foreach(db, &f->m->celery.dbs) {
		if (!finding_good(f, db->until_ms))
			continue;
		vec_foreach(q, &db->queues) {
			if (q->stranded != 1)
				continue;
			finding_list(&f->seen, q->labels->name);
			strbuf_printf(&f->seen, ": %lld tasks in database %d",
			    (long long)q->length, db->db);
			strbuf_printf(&f->remedy, "celery -A APP worker -Q ");
			finding_quote(&f->remedy, q->labels->name);
			strbuf_printf(&f->remedy,
			    "   # with database %d in its broker URL\n",
			    db->db);
		}
	}
	return f->seen.len > 0;
}

bool
finding_unacked_stranded(struct finding_look *f)
{
	const struct picture_db *db;

	vec_foreach(db, &f->m->celery.dbs) {
		if (!finding_good(f, db->until_ms) || db->unacked_stranded != 1)
			continue;
		finding_list(&f->seen, "");
		strbuf_printf(&f->seen, "%lld in database %d",
		    (long long)db->unacked, db->db);
		strbuf_printf(&f->remedy,
		    "celery -A APP worker   # with database %d in its broker "
		    "URL\n",
		    db->db);
	}
	return f->seen.len > 0;
}

bool
finding_db_shared(struct finding_look *f)
{
	const struct picture_db *db;

	vec_foreach(db, &f->m->celery.dbs) {
		if (!finding_good(f, db->until_ms) || db->shared != 1 ||
		    db->queues.n == 0)
			continue;
		strbuf_printf(&f->seen, "%sdatabase %d",
		    f->seen.len > 0 ? ", " : "", db->db);
		put_db(f, "--scan | head -50", db->db);
	}
	return f->seen.len > 0;
}

/* Unbound wherever it was looked for. */
bool
finding_unbound(struct finding_look *f)
{
	const struct picture_queue_name *n;
	const struct picture_db *db;
	const struct picture_queue *q;
	bool configured;

	vec_foreach(n, &f->m->celery.names) {
		configured = false;
		vec_foreach(db, &f->m->celery.dbs)
			vec_foreach(q, &db->queues)
				configured |=
				    q->configured &&
				    labels_named(q->labels, n->labels->name,
					n->labels->name_len);
		if (configured && finding_good(f, n->until_ms) &&
		    n->bound_dbs == 0)
			finding_list(&f->seen, n->labels->name);
	}
	if (f->seen.len > 0)
		strbuf_puts(&f->remedy,
		    "# A worker that consumes the queue creates the binding:\n"
		    "celery -A APP worker -Q QUEUE");
	return f->seen.len > 0;
}
