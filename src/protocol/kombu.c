#include "protocol/kombu.h"

#include <jansson.h>
#include <inttypes.h>
#include <string.h>

#include "protocol/slice.h"

#define BINDING "_kombu.binding."

/* Exchanges of remote control and of events (kombu pidbox, celery events). */
static const char *const control_exchanges[] = {
	"celery.pidbox",
	"reply.celery.pidbox",
	"celeryev",
};

void
kombu_queue_key(const struct kombu_options *o, const char *queue, size_t len,
    size_t i, struct strbuf *key)
{
	strbuf_puts(key, o->global_keyprefix);
	strbuf_add(key, queue, len);
	if (o->priority_steps.v[i] != 0)
		strbuf_printf(
		    key, "%s%" PRId64, o->sep, o->priority_steps.v[i]);
}

void
kombu_key(const struct kombu_options *o, const char *name, struct strbuf *key)
{
	strbuf_puts(key, o->global_keyprefix);
	strbuf_puts(key, name);
}

void
kombu_binding_pattern(const struct kombu_options *o, struct strbuf *pattern)
{
	const char *s;

	for (s = o->global_keyprefix; *s != '\0'; s++) {
		if (strchr("*?[]\\", *s) != NULL)
			strbuf_putc(pattern, '\\');
		strbuf_putc(pattern, *s);
	}
	strbuf_puts(pattern, BINDING "*");
}

/* Take text off the front of s. */
static bool
skip(struct slice *s, const char *text)
{
	size_t len = strlen(text);

	if (s->len < len || (len > 0 && memcmp(s->s, text, len) != 0))
		return false;
	s->s += len;
	s->len -= len;
	return true;
}

bool
kombu_binding_exchange(const struct kombu_options *o, const char *key,
    size_t len, const char **exchange, size_t *exchange_len)
{
	struct slice s = { key, len };
	size_t i;

	if (!skip(&s, o->global_keyprefix) || !skip(&s, BINDING) || s.len == 0)
		return false;
	for (i = 0;
	     i < sizeof(control_exchanges) / sizeof(control_exchanges[0]); i++)
		if (slice_is(s, control_exchanges[i]))
			return false;
	*exchange = s.s;
	*exchange_len = s.len;
	return true;
}

/* "w1@host.celery.pidbox", "<oid>.reply.celery.pidbox", "celeryev.<uuid>". */
static bool
is_control_queue(struct slice queue)
{
	static const char pidbox[] = ".celery.pidbox";
	size_t len = sizeof(pidbox) - 1;
	struct slice front = queue;

	if (skip(&front, "celeryev."))
		return true;
	return queue.len >= len &&
	       memcmp(queue.s + queue.len - len, pidbox, len) == 0;
}

bool
kombu_binding_queue(const struct kombu_options *o, const char *member,
    size_t len, const char **queue, size_t *queue_len)
{
	struct slice rest = { member, len };
	size_t seplen = strlen(o->sep);
	const char *at;
	int i;

	if (seplen == 0)
		return false;
	for (i = 0; i < 2; i++) {
		at = memmem(rest.s, rest.len, o->sep, seplen);
		if (at == NULL)
			return false;
		rest.len -= (size_t)(at - rest.s) + seplen;
		rest.s = at + seplen;
	}
	if (rest.len == 0 || is_control_queue(rest))
		return false;
	*queue = rest.s;
	*queue_len = rest.len;
	return true;
}

bool
kombu_delivery_tag(const char *json, size_t len, char tag[DELIVERY_TAG_MAX])
{
	const json_t *value;
	json_t *message;
	size_t n;

	/* Task arguments may hold integers of any size; jansson refuses those
	 * beyond 64 bits unless they may become reals. */
	message = json_loadb(json, len, JSON_DECODE_INT_AS_REAL, NULL);
	value = json_object_get(
	    json_object_get(message, "properties"), "delivery_tag");
	n = json_string_length(value);
	if (n >= DELIVERY_TAG_MAX)
		n = DELIVERY_TAG_MAX - 1;
	if (n > 0) {
		memcpy(tag, json_string_value(value), n);
		tag[n] = '\0';
	}
	json_decref(message);
	return n > 0;
}
