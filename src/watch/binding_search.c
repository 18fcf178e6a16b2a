#include "watch/binding_search.h"

#include <string.h>

#include "protocol/kombu.h"

#define KEYS_MAX 1000 /* per DB */

void
binding_search_fini(struct binding_search *b)
{
	struct search *s;

	vec_foreach(s, &b->dbs)
		strlist_fini(&s->keys);
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
	return s;
}

void
binding_search_resume(struct binding_search *b, bool enabled)
{
	struct search *s;

	vec_foreach(s, &b->dbs)
		s->paused = !enabled;
}

static void
add_key(struct search *s, const char *key, size_t len)
{
	if (strlen(key) == len && s->keys.items.n < KEYS_MAX &&
	    !strlist_has(&s->keys, key))
		strlist_add(&s->keys, key, len);
}

void
binding_search_guess(struct binding_search *b, int db, const char *queue)
{
	struct strbuf name = { 0 }, key = { 0 };

	strbuf_printf(&name, "_kombu.binding.%s", queue);
	kombu_key(b->kombu, strbuf_text(&name), &key);
	add_key(binding_search_db(b, db), strbuf_text(&key), key.len);
	strbuf_fini(&name);
	strbuf_fini(&key);
}

bool
binding_search_take(struct binding_search *b, int db, const struct reply *r)
{
	struct search *s = binding_search_db(b, db);
	const struct reply *keys = reply_at(r, 1), *key;
	const char *exchange;
	int64_t cursor;
	size_t i, len;

	if (keys == NULL || !reply_int(reply_at(r, 0), &cursor)) {
		s->paused = true;
		return false;
	}
	s->cursor = (uint64_t)cursor;
	for (i = 0; i < keys->n; i++) {
		key = reply_at(keys, i);
		if (reply_text(key) != NULL &&
		    kombu_binding_exchange(
			b->kombu, key->str, key->len, &exchange, &len))
			add_key(s, key->str, key->len);
	}
	if (cursor == 0)
		s->paused = s->scanned = true;
	return true;
}
