#include "protocol/event.h"

#include <string.h>

#include "base/num.h"
#include "base/slice.h"
#include "protocol/field.h"

/* How the payload of a channel is read. */
enum grammar {
	GRAMMAR_INSTANCE, /* type name ip port[ @ master ip port][ ...] */
	GRAMMAR_SWITCH, /* master oldip oldport newip newport */
	GRAMMAR_EPOCH, /* epoch */
	GRAMMAR_VOTE, /* id epoch */
	GRAMMAR_NONE, /* nothing that we want */
};

static const char *const channels[EVENT_KIND_COUNT] = {
#define EVENT_NAME(kind, channel) [EVENT_##kind] = channel,
	EVENT_KINDS(EVENT_NAME)
#undef EVENT_NAME
	    [EVENT_OTHER] = "other",
};

/* Those that do not speak of an instance. */
static const enum grammar grammars[EVENT_KIND_COUNT] = {
	[EVENT_NEW_EPOCH] = GRAMMAR_EPOCH,
	[EVENT_VOTE_FOR_LEADER] = GRAMMAR_VOTE,
	[EVENT_SWITCH_MASTER] = GRAMMAR_SWITCH,
	[EVENT_TILT] = GRAMMAR_NONE,
	[EVENT_TILT_CLEARED] = GRAMMAR_NONE,
	[EVENT_SCRIPT_ERROR] = GRAMMAR_NONE,
	[EVENT_SCRIPT_TIMEOUT] = GRAMMAR_NONE,
	[EVENT_OTHER] = GRAMMAR_NONE,
};

const char *
event_channel(enum event_kind kind)
{
	return channels[kind];
}

static enum event_kind
kind_of(struct slice channel)
{
	enum event_kind kind;

	for (kind = 0; kind < EVENT_OTHER; kind++)
		if (slice_is(channel, channels[kind]))
			break;
	return kind;
}

/* The next word, not empty, as text in buf. */
static bool
cut_text(struct slice *rest, char *buf, size_t size)
{
	struct slice word = slice_cut(rest, ' ');

	return word.len > 0 && slice_copy(word, buf, size);
}

/* The next two words as host and port.  Port 0 is how Sentinel marks the
 * address of a peer as invalid. */
static bool
cut_addr(struct slice *rest, struct addr *addr)
{
	struct slice host = slice_cut(rest, ' ');
	struct slice port = slice_cut(rest, ' ');
	int64_t v;

	return port.len > 0 && num_int(port.s, port.len, 0, UINT16_MAX, &v) &&
	       addr_set(addr, host.s, host.len, v);
}

static bool
cut_int(struct slice *rest, int64_t *v)
{
	struct slice word = slice_cut(rest, ' ');

	return word.len > 0 && num_int(word.s, word.len, 0, INT64_MAX, v);
}

static bool
parse_instance(struct event *e, struct slice rest)
{
	char name[MASTER_NAME_MAX];

	e->type = field_role(slice_cut(&rest, ' '));
	if (e->type == ROLE_UNKNOWN || !cut_text(&rest, name, sizeof(name)) ||
	    !cut_addr(&rest, &e->addr))
		return false;
	if (e->type == ROLE_MASTER) {
		memcpy(e->master_name, name, sizeof(name));
		e->master = e->addr;
		return true;
	}
	/* A replica's name is its address again, a sentinel's is its id. */
	if (e->type == ROLE_SENTINEL)
		slice_copy(
		    (struct slice){ name, strlen(name) }, e->id, sizeof(e->id));
	return slice_is(slice_cut(&rest, ' '), "@") &&
	       cut_text(&rest, e->master_name, sizeof(e->master_name)) &&
	       cut_addr(&rest, &e->master);
}

static bool
parse_switch(struct event *e, struct slice rest)
{
	e->type = ROLE_MASTER;
	return cut_text(&rest, e->master_name, sizeof(e->master_name)) &&
	       cut_addr(&rest, &e->master) && cut_addr(&rest, &e->addr);
}

static bool
parse_payload(struct event *e, struct slice payload)
{
	switch (grammars[e->kind]) {
	case GRAMMAR_INSTANCE:
		return parse_instance(e, payload);
	case GRAMMAR_SWITCH:
		return parse_switch(e, payload);
	case GRAMMAR_EPOCH:
		return cut_int(&payload, &e->epoch);
	case GRAMMAR_VOTE:
		return cut_text(&payload, e->id, sizeof(e->id)) &&
		       cut_int(&payload, &e->epoch);
	case GRAMMAR_NONE:
		return true;
	}
	return false;
}

bool
event_parse(struct event *e, const char *channel, size_t channel_len,
    const char *payload, size_t payload_len)
{
	enum event_kind kind;

	kind = kind_of((struct slice){ channel, channel_len });
	*e = (struct event){ .kind = kind, .epoch = NUM_UNKNOWN };
	if (parse_payload(e, (struct slice){ payload, payload_len }))
		return true;
	*e = (struct event){ .kind = kind, .epoch = NUM_UNKNOWN };
	return false;
}
