#include "watch/binding_search.h"

#include <string.h>

#include "base/num.h"
#include "protocol/kombu.h"

void
binding_search_fini(struct binding_search *b)
{
	struct binding *binding;
	struct search *s;

	vec_foreach(s, &b->dbs) {
		vec_foreach(binding, &s->bindings)
			free(binding->key);
		vec_fini(&s->bindings);
	}
	vec_fini(&b->dbs);
}

struct search *
binding_search_db(struct binding_search *b, int db)
{
	struct search *s;

	vec_foreach(s, &b->dbs)
		if (s->db == db)
			return s;
	s = vec_push(&b->dbs);
	s->db = db;
	s->pidbox = NUM_UNKNOWN;
	s->sample.shared = NUM_UNKNOWN;
	return s;
}

void
binding_search_restart(struct binding_search *b)
{
	struct search *s;

	vec_foreach(s, &b->dbs) {
		s->cursor = s->sample.cursor = 0;
		s->scanned = false;
		s->over = 0;
	}
}

void
binding_search_resume(struct binding_search *b, bool enabled)
{
	struct binding *binding;
	struct search *s;

	vec_foreach(s, &b->dbs) {
		s->paused = !enabled;
		s->denied = false;
		s->pidbox = NUM_UNKNOWN;
		s->queues_over = 0;
		vec_foreach(binding, &s->bindings)
			binding->members = NUM_UNKNOWN;
	}
}

struct search *
binding_search_next(struct binding_search *b)
{
	struct search *s;
	size_t i;

	for (i = 0; i < b->dbs.n; i++) {
		s = &b->dbs.v[b->turn++ % b->dbs.n];
		if (!s->paused)
			return s;
	}
	return NULL;
}

static void
add_key(const struct binding_search *b, struct search *s, const char *key,
    size_t len)
{
	struct binding *binding;

	if (strlen(key) != len)
		return;
	vec_foreach(binding, &s->bindings)
		if (strcmp(binding->key, key) == 0)
			return;
	if (s->bindings.n >= b->max) {
		s->over++;
		return;
	}
	binding = vec_push(&s->bindings);
	binding->key = xmemdup0(key, len);
	binding->members = NUM_UNKNOWN;
}

void
binding_search_guess(struct binding_search *b, int db, const char *queue)
{
	struct strbuf name = { 0 }, key = { 0 };

	strbuf_printf(&name, "_kombu.binding.%s", queue);
	kombu_key(b->kombu, strbuf_text(&name), &key);
	add_key(b, binding_search_db(b, db), strbuf_text(&key), key.len);
	strbuf_fini(&name);
	strbuf_fini(&key);
}

static void
take_keys(
    const struct binding_search *b, struct search *s, const struct reply *keys)
{
	const struct reply *key;
	const char *exchange;
	size_t i, len;

	for (i = 0; i < keys->n; i++) {
		key = reply_at(keys, i);
		if (reply_text(key) != NULL &&
		    kombu_binding_exchange(
			b->kombu, key->str, key->len, &exchange, &len))
			add_key(b, s, key->str, key->len);
	}
}

bool
binding_search_take(struct binding_search *b, int db, const struct reply *r)
{
	struct search *s = binding_search_db(b, db);
	const struct reply *keys = reply_at(r, 1);
	int64_t cursor;

	if (keys == NULL || !reply_int(reply_at(r, 0), &cursor)) {
		s->paused = true;
		return false;
	}
	s->cursor = (uint64_t)cursor;
	take_keys(b, s, keys);
	if (cursor == 0) {
		s->paused = s->scanned = true;
		s->left_out = s->over;
		s->over = 0;
	}
	return true;
}

int64_t
binding_search_left_out(const struct search *s)
{
	return s->over > s->left_out ? s->over : s->left_out;
}
