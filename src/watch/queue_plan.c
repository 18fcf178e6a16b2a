#include "watch/queue_plan.h"

#include <stdio.h>
#include <string.h>

#include "watch/key_sample.h"

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

/* "COMMAND key", or "COMMAND key argument" unless that is NULL. */
static void
add_key(struct queue_plan *p, const char *command, const struct strbuf *key,
    const char *argument)
{
	const char *words[] = { command, strbuf_text(key), argument };
	const size_t lens[] = { strlen(command), key->len,
		argument == NULL ? 0 : strlen(argument) };

	batch_add_words(&p->batch, argument == NULL ? 2 : 3, words, lens);
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

static void
format_cursor(char *text, size_t size, uint64_t cursor)
{
	(void)snprintf(text, size, "%llu", (unsigned long long)cursor);
}

void
queue_plan_scan(struct queue_plan *p, int db, uint64_t cursor)
{
	struct strbuf pattern = { 0 };
	char text[24];

	format_cursor(text, sizeof(text), cursor);
	kombu_binding_pattern(p->kombu, &pattern);
	note(p, ASK_SCAN, db);
	batch_add(&p->batch, "SCAN", text, "MATCH", strbuf_text(&pattern),
	    "COUNT", SCAN_COUNT, NULL);
	strbuf_fini(&pattern);
}

void
queue_plan_sample(struct queue_plan *p, int db, uint64_t cursor)
{
	char text[24];

	format_cursor(text, sizeof(text), cursor);
	note(p, ASK_SAMPLE, db);
	batch_add(&p->batch, "SCAN", text, "COUNT", SAMPLE_COUNT, NULL);
}

static void
ask_set(struct queue_plan *p, const char *command, const char *key)
{
	struct strbuf pidbox = { 0 };

	if (key != NULL)
		strbuf_puts(&pidbox, key);
	else
		kombu_pidbox_key(p->kombu, &pidbox);
	add_key(p, command, &pidbox, NULL);
	strbuf_fini(&pidbox);
}

void
queue_plan_size(struct queue_plan *p, int db, size_t item, const char *key)
{
	note(p, key == NULL ? ASK_PIDBOX_SIZE : ASK_SIZE, db)->item = item;
	ask_set(p, "SCARD", key);
}

void
queue_plan_members(struct queue_plan *p, int db, size_t item, const char *key)
{
	note(p, key == NULL ? ASK_PIDBOX_MEMBERS : ASK_MEMBERS, db)->item =
	    item;
	ask_set(p, "SMEMBERS", key);
}

static void
ask_step(struct queue_plan *p, const struct celery_db *d, struct ask at,
    const char *argument)
{
	const struct queue *q = &d->queues.v[at.item];
	struct strbuf key = { 0 };
	struct ask *a;

	kombu_queue_key(p->kombu, q->name, q->name_len, at.step, &key);
	a = note(p, at.kind, d->db);
	a->item = at.item;
	a->step = at.step;
	add_key(p, at.kind == ASK_HEAD ? "LINDEX" : "LLEN", &key, argument);
	strbuf_fini(&key);
}

void
queue_plan_lengths(struct queue_plan *p, const struct celery_db *d)
{
	struct ask at = { .kind = ASK_LENGTH };

	for (at.item = 0; at.item < d->queues.n; at.item++)
		for (at.step = 0; at.step < p->kombu->priority_steps.n;
		     at.step++)
			ask_step(p, d, at, NULL);
}

void
queue_plan_unacked(struct queue_plan *p, int db, int64_t now_wall_ms)
{
	int64_t before = now_wall_ms - p->kombu->visibility_timeout_ms;
	struct strbuf hash = { 0 }, index = { 0 };
	char text[32];

	/* Doubles hold milliseconds of our time exactly enough. */
	(void)snprintf(text, sizeof(text), "%.3f", (double)before / 1000);
	kombu_key(p->kombu, p->kombu->unacked_key, &hash);
	kombu_key(p->kombu, p->kombu->unacked_index_key, &index);
	note(p, ASK_UNACKED, db);
	add_key(p, "HLEN", &hash, NULL);
	note(p, ASK_OLDEST, db);
	batch_add(&p->batch, "ZRANGE", strbuf_text(&index), "0", "0",
	    "WITHSCORES", NULL);
	note(p, ASK_OVERDUE, db);
	batch_add(&p->batch, "ZCOUNT", strbuf_text(&index), "-inf", text, NULL);
	strbuf_fini(&hash);
	strbuf_fini(&index);
}

void
queue_plan_head(
    struct queue_plan *p, const struct celery_db *d, size_t queue, size_t step)
{
	const struct ask at = { .kind = ASK_HEAD, .item = queue, .step = step };

	ask_step(p, d, at, "-1");
}

void
queue_plan_clients(struct queue_plan *p)
{
	note(p, ASK_CLIENTS, 0);
	batch_add(&p->batch, "CLIENT", "LIST", "TYPE", "normal", NULL);
}
