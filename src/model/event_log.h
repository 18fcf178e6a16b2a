/*
 * event_log - the last events that the sentinels published, as they came.  Pure.
 *
 * The watch appends; the web reads views.  Entries are written once and never
 * changed, on pages that the event_log and its views share by counted reference:
 * a view is a list of pages and the range on them that it may read, so making
 * one copies no entry, whatever is appended meanwhile.
 */
#ifndef MODEL_EVENT_LOG_H
#define MODEL_EVENT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define EVENT_LOG_EVENTS		1000	/* kept */
#define EVENT_LOG_CHANNEL_MAX	64	/* bytes as sent; the rest is cut off */
#define EVENT_LOG_PAYLOAD_MAX	512

/* All text is valid UTF-8 without NUL. */
struct event_log_entry {
	int64_t		wall_ms;	/* when it arrived */
	const char	*group;		/* NULL: the only one, unnamed */
	const char	*sentinel;	/* its label */
	const char	*channel;
	const char	*master_name;	/* NULL: it names none */
	const char	*payload;
};

/* What is to be entered; bytes from outside, which are made safe and cut. */
struct event_log_note {
	int64_t		wall_ms;
	const char	*group, *sentinel, *master_name;
	struct slice	channel, payload;
};

struct event_log;
struct event_log_view;

struct event_log *event_log_new(void);
void	event_log_free(struct event_log *);
void	event_log_add(struct event_log *, const struct event_log_note *);

/* What the event_log holds now, with one reference.  Two calls with nothing
 * added in between give the same view. */
const struct event_log_view *event_log_freeze(struct event_log *);

/* Let go, on any thread; NULL is fine. */
void	event_log_view_unref(const struct event_log_view *);

/* Entries, oldest first; NULL holds none. */
size_t	event_log_view_count(const struct event_log_view *);
const struct event_log_entry *event_log_view_at(const struct event_log_view *,
	    size_t i);

#endif
