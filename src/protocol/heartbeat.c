#include "protocol/heartbeat.h"

#include <jansson.h>
#include <string.h>

#include "base/base64.h"
#include "base/slice.h"
#include "protocol/kombu.h"

#define PAYLOAD_MAX (64 * 1024)

/* Behind the prefix.  The first hears nothing but workers and all forms of the
 * channel; the last stands in ACLs that allow all events. */
static const char *const patterns[] = {
	"*celeryev/worker.*",
	"/*.celeryev/worker.*",
	"/*.celeryev/*",
};

static const struct {
	const char *name;
	enum heartbeat_kind kind;
} channels[] = {
	{ "celeryev/worker.heartbeat", HEARTBEAT_ALIVE },
	{ "celeryev/worker.online", HEARTBEAT_ALIVE },
	{ "celeryev/worker.offline", HEARTBEAT_OFFLINE },
};

bool
heartbeat_pattern(
    const struct kombu_options *o, size_t i, struct strbuf *pattern)
{
	if (i >= sizeof(patterns) / sizeof(patterns[0]))
		return false;
	kombu_escape(o->global_keyprefix, pattern);
	strbuf_puts(pattern, patterns[i]);
	return true;
}

/* Take "/", anything but a '/', and "." off the front. */
static void
skip_fanout_prefix(struct slice *s)
{
	const char *slash;

	if (s->len == 0 || s->s[0] != '/')
		return;
	slash = memchr(s->s + 1, '/', s->len - 1);
	while (slash != NULL && slash > s->s && *slash != '.')
		slash--;
	if (slash == NULL || slash == s->s)
		return;
	s->len -= (size_t)(slash + 1 - s->s);
	s->s = slash + 1;
}

enum heartbeat_kind
heartbeat_channel(
    const struct kombu_options *o, const char *channel, size_t len)
{
	struct slice s = { channel, len };
	size_t i;

	if (!slice_skip(&s, o->global_keyprefix))
		return HEARTBEAT_NONE;
	skip_fanout_prefix(&s);
	for (i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
		if (slice_is(s, channels[i].name))
			return channels[i].kind;
	return HEARTBEAT_NONE;
}

/* The body as an object; NULL when it is none. */
static json_t *
load_body(const json_t *message)
{
	const json_t *body = json_object_get(message, "body"),
		     *encoding =
			 json_object_get(json_object_get(message, "properties"),
			     "body_encoding");
	const char *name = json_string_value(encoding);
	const char *text = json_string_value(body);
	size_t len = json_string_length(body);
	struct strbuf plain = { 0 };
	json_t *event = NULL;

	if (name == NULL || strcmp(name, "base64") != 0)
		return json_loadb(text, len, JSON_DECODE_INT_AS_REAL, NULL);
	if (base64_decode(&plain, text, len))
		event = json_loadb(strbuf_text(&plain), plain.len,
		    JSON_DECODE_INT_AS_REAL, NULL);
	strbuf_fini(&plain);
	return event;
}

static int64_t
take_period(const json_t *freq)
{
	double seconds = json_number_value(freq);

	if (!(seconds * 1000 >= 1))
		return HEARTBEAT_MS;
	if (seconds * 1000 > HEARTBEAT_PERIOD_MAX_MS)
		return HEARTBEAT_PERIOD_MAX_MS;
	return (int64_t)(seconds * 1000);
}

bool
heartbeat_parse(struct heartbeat *h, const char *payload, size_t len)
{
	json_t *message, *event;
	const json_t *name;
	bool ok;

	if (len > PAYLOAD_MAX)
		return false;
	message = json_loadb(payload, len, JSON_DECODE_INT_AS_REAL, NULL);
	event = load_body(message);
	name = json_object_get(event, "hostname");
	ok = json_string_length(name) > 0;
	if (ok) {
		strlcpy(h->worker, json_string_value(name), sizeof(h->worker));
		h->period_ms = take_period(json_object_get(event, "freq"));
	}
	json_decref(event);
	json_decref(message);
	return ok;
}
