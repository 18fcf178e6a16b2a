/* Celery on the agreed master. */
#include "metrics/families.h"

VALUE(length, known(s->queue->length));
VALUE(head_seen,
    until(s, s->queue->head_until_ms, known_ms(s->queue->head_since_wall_ms)));
VALUE(bound, known(s->queue->bound));
VALUE(stranded, known(s->queue->stranded));
VALUE(bound_dbs, known(s->queue_name->bound_dbs));
VALUE(unacked, known(s->db->unacked));
VALUE(unacked_oldest, known_ms(s->db->unacked_oldest_wall_ms));
VALUE(unacked_overdue, known(s->db->unacked_overdue));
VALUE(unacked_stranded, known(s->db->unacked_stranded));
VALUE(shared, known(s->db->shared));
VALUE(left_out, known(s->db->left_out));
VALUE(url_conflict, known(s->master->celery.url_conflict));
VALUE(workers, until(s, s->master->celery.workers_until_ms,
		   known(s->master->celery.workers)));

static void
emit_readers(struct samples *out, const struct subject *s)
{
	if (s->db->readers_sign != READERS_UNKNOWN)
		samples_add(out, known(s->db->readers),
		    readers_sign_name(s->db->readers_sign), NULL);
}

static void
emit_priorities(struct samples *out, const struct subject *s)
{
	const struct picture_celery *c = &s->master->celery;
	char text[24];
	size_t i;

	for (i = 0; i < s->db->n_lengths && i < c->steps.n; i++) {
		(void)snprintf(
		    text, sizeof(text), "%lld", (long long)c->steps.v[i]);
		samples_add(out, known(s->queue->lengths[i]), text, NULL);
	}
}

static const struct family celery[] = {
	{ .name = "sentinel_celery_queue_length",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_QUEUE,
	    .value = length,
	    .help = "Messages waiting in the queue, all priorities together "
		    "(LLEN); absent while no agreed master answers." },
	{ .name = "sentinel_celery_queue_priority_length",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_QUEUE,
	    .labels = { "priority" },
	    .emit = emit_priorities,
	    .help = "Messages waiting in the queue's list of one priority "
		    "step (LLEN)." },
	{ .name = "sentinel_celery_queue_head_seen_timestamp_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_QUEUE,
	    .value = head_seen,
	    .help = "Unix time since when the message that is now next out "
		    "has been next out, as far as it was seen: a lower bound "
		    "of its age (delivery_tag at LINDEX -1); absent when the "
		    "queue is empty." },
	{ .name = "sentinel_celery_stranded",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_QUEUE,
	    .value = stranded,
	    .help = "Whether messages wait, untouched, in a DB that nobody "
		    "reads while a worker of the same broker lives "
		    "elsewhere; 0 for queues whose workers are busy or all "
		    "down; absent where it cannot be told." },
	{ .name = "sentinel_celery_unacked",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = unacked,
	    .help = "Messages delivered and not acknowledged: prefetched "
		    "ones, and those of ETA and acks-late tasks (HLEN "
		    "unacked)." },
	{ .name = "sentinel_celery_unacked_oldest_timestamp_seconds",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = unacked_oldest,
	    .help = "Unix time, by the worker's clock, at which the oldest of "
		    "them was delivered (unacked_index); absent when there is "
		    "none." },
	{ .name = "sentinel_celery_unacked_overdue",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = unacked_overdue,
	    .help = "Unacknowledged messages past the visibility timeout: "
		    "nobody restores them, or tasks that take longer will "
		    "run twice (unacked_index)." },
	{ .name = "sentinel_celery_unacked_stranded",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = unacked_stranded,
	    .help = "Whether unacknowledged messages were left behind in a DB "
		    "that nobody reads while a worker of the same broker "
		    "lives elsewhere." },
	{ .name = "sentinel_celery_db_readers",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .labels = { "source" },
	    .emit = emit_readers,
	    .help = "Workers that read in the DB: exact by clients (CLIENT "
		    "LIST, every 30 s or more often), an upper bound by "
		    "pidbox (bindings outlive workers that died) where the "
		    "client list is denied, switched off or too long." },
	{ .name = "sentinel_celery_db_shared",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = shared,
	    .help = "Whether the DB holds keys that are not Celery's, a "
		    "cache's for example, whose flush deletes the queues; "
		    "from samples of key names (SCAN)." },
	{ .name = "sentinel_celery_queue_bound",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_QUEUE,
	    .value = bound,
	    .help = "Whether the queue's binding exists (_kombu.binding.*); "
		    "without it messages to the queue are dropped silently." },
	{ .name = "sentinel_celery_queue_dbs",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_QUEUE_NAME,
	    .value = bound_dbs,
	    .help = "Databases in which the queue is bound; bindings outlive "
		    "their use, so more than 1 is a hint, not proof." },
	{ .name = "sentinel_celery_workers",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_MASTER,
	    .value = workers,
	    .help = "Workers heard by their heartbeats on the agreed master, "
		    "whatever DB they read; absent while nobody listens, and "
		    "for the first 6 s." },
	{ .name = "sentinel_celery_broker_url_conflict",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_MASTER,
	    .value = url_conflict,
	    .help = "Whether the URLs in the broker URL name different "
		    "databases, of which Celery uses the first." },
	{ .name = "sentinel_exporter_celery_queues_left_out",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = left_out,
	    .help = "Queues, or exchanges, of the DB beyond "
		    "--celery.max-queues, that are not exported." },
};

SECTION(families_celery, "Celery on the agreed master", celery);
