#include "watch/key_sample.h"

#include "base/num.h"
#include "model/celery.h"
#include "protocol/kombu.h"

static bool
is_foreign(const struct kombu_options *kombu, const struct celery_db *d,
    const struct reply *key)
{
	const char *queue;
	size_t len;

	switch (kombu_key_kind(kombu, key->str, key->len, &queue, &len)) {
	case KOMBU_KEY_CELERYS:
		return false;
	case KOMBU_KEY_QUEUE:
		return celery_db_queue(d, queue, len) == NULL;
	case KOMBU_KEY_FOREIGN:
		break;
	}
	return true;
}

static void
end_round(struct key_sample *s)
{
	s->shared = s->found;
	s->looked = 0;
	s->found = false;
}

bool
key_sample_take(struct key_sample *s, const struct kombu_options *kombu,
    const struct celery_db *d, const struct reply *r)
{
	const struct reply *keys = reply_at(r, 1), *key;
	int64_t cursor;
	size_t i;

	if (keys == NULL || !reply_int(reply_at(r, 0), &cursor)) {
		*s = (struct key_sample){ .shared = NUM_UNKNOWN };
		return false;
	}
	for (i = 0; i < keys->n; i++) {
		key = reply_at(keys, i);
		if (reply_text(key) != NULL && is_foreign(kombu, d, key))
			s->found = true;
	}
	s->looked += (int64_t)keys->n;
	if (s->found)
		s->shared = 1;
	else if (s->shared == NUM_UNKNOWN && s->looked >= SAMPLE_ENOUGH)
		s->shared = 0;
	s->cursor = (uint64_t)cursor;
	if (cursor == 0)
		end_round(s);
	return true;
}
