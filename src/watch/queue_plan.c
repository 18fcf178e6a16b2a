#include "watch/queue_plan.h"

#include <stdio.h>
#include <string.h>

/* How many keys SCAN looks at per step; the server answers in well under a
 * millisecond. */
#define SCAN_COUNT "1000"

void
queue_plan_fini(struct queue_plan *p)
{
	batch_fini(&p->batch);
	vec_fini(&p->asks);
}

static struct ask *
note(struct queue_plan *p, enum ask_kind kind, int db)
{
	struct ask *a = vec_push(&p->asks);

	a->kind = kind;
	a->db = db;
	return a;
}

static void
add_key(struct queue_plan *p, const char *command, const struct strbuf *key)
{
	const char *words[] = { command, strbuf_text(key) };
	const size_t lens[] = { strlen(command), key->len };

	batch_add_words(&p->batch, 2, words, lens);
}

void
queue_plan_open(struct queue_plan *p, int db)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%d", db);
	note(p, ASK_SELECT, db);
	batch_add(&p->batch, "SELECT", text, NULL);
	note(p, ASK_ROLE, db);
	batch_add(&p->batch, "ROLE", NULL);
}

void
queue_plan_close(struct queue_plan *p, int db)
{
	note(p, ASK_ROLE, db);
	batch_add(&p->batch, "ROLE", NULL);
}

static bool
says_master(const struct reply *r)
{
	const char *role = reply_text(reply_at(r, 0));

	return role != NULL && strcmp(role, "master") == 0;
}

const struct reply *
queue_plan_denial(const struct queue_plan *p, const struct conn_result *res)
{
	size_t i;

	for (i = 0; i < res->n; i++)
		if (p->asks.v[i].kind == ASK_ROLE &&
		    !says_master(res->replies[i]))
			return res->replies[i];
	return NULL;
}

void
queue_plan_scan(struct queue_plan *p, int db, uint64_t cursor)
{
	struct strbuf pattern = { 0 };
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)cursor);
	kombu_binding_pattern(p->kombu, &pattern);
	note(p, ASK_SCAN, db);
	batch_add(&p->batch, "SCAN", text, "MATCH", strbuf_text(&pattern),
	    "COUNT", SCAN_COUNT, NULL);
	strbuf_fini(&pattern);
}

void
queue_plan_binding(struct queue_plan *p, int db, const char *key)
{
	note(p, ASK_BINDING, db);
	batch_add(&p->batch, "SMEMBERS", key, NULL);
}

void
queue_plan_lengths(struct queue_plan *p, const struct celery_db *d)
{
	struct strbuf key = { 0 };
	const struct queue *q;
	struct ask *a;
	size_t i;

	vec_foreach(q, &d->queues)
		for (i = 0; i < p->kombu->priority_steps.n; i++) {
			key.len = 0;
			kombu_queue_key(
			    p->kombu, q->name, q->name_len, i, &key);
			a = note(p, ASK_LENGTH, d->db);
			a->queue = (size_t)(q - d->queues.v);
			a->step = i;
			add_key(p, "LLEN", &key);
		}
	key.len = 0;
	kombu_key(p->kombu, p->kombu->unacked_key, &key);
	note(p, ASK_UNACKED, d->db);
	add_key(p, "HLEN", &key);
	strbuf_fini(&key);
}
