/* Celery on the agreed master. */
#include "metrics/families.h"

static double
bound_dbs(const struct subject *s)
{
	const struct queue *q = s->queue;

	return when(q->bound_known,
	    known(celery_queue_dbs(&s->master->celery, q->name, q->name_len)));
}

static double
url_conflict(const struct subject *s)
{
	const struct celery *c = &s->master->celery;

	return when(c->url_conflict_known, c->url_conflict);
}

VALUE(length, known(queue_length(s->queue)));
VALUE(unacked, known(s->db->unacked));
VALUE(bound, when(s->queue->bound_known, s->queue->bound));

static void
emit_priorities(struct samples *out, const struct subject *s)
{
	const struct celery *c = &s->master->celery;
	char text[24];
	size_t i;

	for (i = 0; i < s->queue->lengths.n && i < c->steps.n; i++) {
		(void)snprintf(
		    text, sizeof(text), "%lld", (long long)c->steps.v[i]);
		samples_add(out, known(s->queue->lengths.v[i]), text, NULL);
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
	{ .name = "sentinel_celery_unacked",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_DB,
	    .value = unacked,
	    .help = "Messages delivered and not acknowledged: prefetched "
		    "ones, and those of ETA and acks-late tasks (HLEN "
		    "unacked)." },
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
		    "their use, so more than 1 is a hint, no proof." },
	{ .name = "sentinel_celery_broker_url_conflict",
	    .type = FAMILY_GAUGE,
	    .scope = SCOPE_MASTER,
	    .value = url_conflict,
	    .help = "Whether the URLs in the broker URL name different "
		    "databases, of which Celery uses the first." },
};

SECTION(celery, "Celery on the agreed master", celery);
