/*
 * journal - the last events that the sentinels published, as they came.  Pure.
 *
 * The watch appends; the web reads views.  Entries are written once and never
 * changed, on pages that the journal and its views share by counted reference:
 * a view is a list of pages and the range on them that it may read, so making
 * one copies no entry, whatever is appended meanwhile.
 */
#ifndef MODEL_JOURNAL_H
#define MODEL_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/slice.h"

#define JOURNAL_EVENTS		1000	/* kept */
#define JOURNAL_CHANNEL_MAX	64	/* bytes as sent; the rest is cut off */
#define JOURNAL_PAYLOAD_MAX	512

/* All text is valid UTF-8 without NUL. */
struct journal_event {
	int64_t		wall_ms;	/* when it arrived */
	const char	*group;		/* NULL: the only one, unnamed */
	const char	*sentinel;	/* its label */
	const char	*channel;
	const char	*master_name;	/* NULL: it names none */
	const char	*payload;
};

/* What is to be entered; bytes from outside, which are made safe and cut. */
struct journal_note {
	int64_t		wall_ms;
	const char	*group, *sentinel, *master_name;
	struct slice	channel, payload;
};

struct journal;
struct journal_view;

struct journal *journal_new(void);
void	journal_free(struct journal *);
void	journal_add(struct journal *, const struct journal_note *);

/* What the journal holds now, with one reference.  Two calls with nothing
 * added in between give the same view. */
const struct journal_view *journal_freeze(struct journal *);

/* Let go, on any thread; NULL is fine. */
void	journal_view_unref(const struct journal_view *);

/* Entries, oldest first; NULL holds none. */
size_t	journal_view_count(const struct journal_view *);
const struct journal_event *journal_view_at(const struct journal_view *,
	    size_t i);

#endif
