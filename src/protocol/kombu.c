#include "protocol/kombu.h"

#include <jansson.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/slice.h"

#define BINDING	      "_kombu.binding."
#define PIDBOX	      "celery.pidbox"
#define PIDBOX_REPLY  "reply." PIDBOX
#define PIDBOX_SUFFIX "." PIDBOX

/* Exchanges of remote control and of events (kombu pidbox, celery events). */
static const char *const control_exchanges[] = {
	PIDBOX,
	PIDBOX_REPLY,
	"celeryev",
};

/* What names of results and chords hold, whatever stands before it
 * (celery/backends). */
static const char *const result_marks[] = {
	"celery-task-meta-",
	"celery-taskset-meta-",
	"chord-unlock-",
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
kombu_escape(const char *text, struct strbuf *pattern)
{
	const char *s;

	for (s = text; *s != '\0'; s++) {
		if (strchr("*?[]\\", *s) != NULL)
			strbuf_putc(pattern, '\\');
		strbuf_putc(pattern, *s);
	}
}

void
kombu_binding_pattern(const struct kombu_options *o, struct strbuf *pattern)
{
	kombu_escape(o->global_keyprefix, pattern);
	strbuf_puts(pattern, BINDING "*");
}

bool
kombu_binding_exchange(const struct kombu_options *o, const char *key,
    size_t len, const char **exchange, size_t *exchange_len)
{
	struct slice s = { key, len };
	size_t i;

	if (!slice_skip(&s, o->global_keyprefix) || !slice_skip(&s, BINDING) ||
	    s.len == 0)
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
	return slice_skip(&queue, "celeryev.") ||
	       slice_trim(&queue, PIDBOX_SUFFIX);
}

/* The third field of a binding member. */
static bool
member_queue(const struct kombu_options *o, const char *member, size_t len,
    struct slice *queue)
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
	*queue = rest;
	return rest.len > 0;
}

bool
kombu_binding_queue(const struct kombu_options *o, const char *member,
    size_t len, const char **queue, size_t *queue_len)
{
	struct slice s;

	if (!member_queue(o, member, len, &s) || is_control_queue(s))
		return false;
	*queue = s.s;
	*queue_len = s.len;
	return true;
}

void
kombu_pidbox_key(const struct kombu_options *o, struct strbuf *key)
{
	kombu_key(o, BINDING PIDBOX, key);
}

bool
kombu_pidbox_worker(const struct kombu_options *o, const char *member,
    size_t len, const char **worker, size_t *worker_len)
{
	struct slice s;

	if (!member_queue(o, member, len, &s) ||
	    !slice_trim(&s, PIDBOX_SUFFIX) || s.len == 0)
		return false;
	*worker = s.s;
	*worker_len = s.len;
	return true;
}

/* Digits to the end, behind the last sep: a priority step. */
static void
drop_step(const struct kombu_options *o, struct slice *name)
{
	size_t seplen = strlen(o->sep), i = name->len;

	while (i > 0 && name->s[i - 1] >= '0' && name->s[i - 1] <= '9')
		i--;
	if (i < name->len && i > seplen &&
	    memcmp(name->s + i - seplen, o->sep, seplen) == 0)
		name->len = i - seplen;
}

/* Queues of the rpc:// result backend have no other name, and no binding. */
static bool
is_uuid(struct slice s)
{
	size_t i;

	if (s.len != 36)
		return false;
	for (i = 0; i < s.len; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23
			? s.s[i] != '-'
			: !isxdigit((unsigned char)s.s[i]))
			return false;
	return true;
}

enum kombu_key_kind
kombu_key_kind(const struct kombu_options *o, const char *key, size_t len,
    const char **queue, size_t *queue_len)
{
	struct slice s = { key, len };
	size_t i;

	for (i = 0; i < sizeof(result_marks) / sizeof(result_marks[0]); i++)
		if (memmem(key, len, result_marks[i],
			strlen(result_marks[i])) != NULL)
			return KOMBU_KEY_CELERYS;
	if (!slice_skip(&s, o->global_keyprefix))
		return KOMBU_KEY_FOREIGN;
	drop_step(o, &s);
	*queue = s.s;
	*queue_len = s.len;
	if (is_control_queue(s) || is_uuid(s) || slice_skip(&s, "_kombu.") ||
	    slice_skip(&s, o->unacked_key) ||
	    slice_skip(&s, o->unacked_index_key) || slice_skip(&s, "redbeat:"))
		return KOMBU_KEY_CELERYS;
	return KOMBU_KEY_QUEUE;
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
