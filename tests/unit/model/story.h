/*
 * story - what happened to a master, told in lines, and what the tracker made
 * of it, as text.
 *
 *	<seconds> <sentinel> <word> [arguments]
 *
 * separated by ';'.  A sentinel named "all" stands for s1, s2 and s3.  Nodes
 * are single letters.
 *
 *	pair E N [flags]	a poll showed epoch E and master N
 *	switch O N E P		+switch-master O N, and the pair (E, P) read
 *				right after it
 *	+word [N | epoch]	any other event, about node N
 *	lost | forget		the sentinel's stream broke; it is unwatched
 *	round			- says: a poll round is over
 *	yes | no		- says: does the agreed master answer?
 *	runid N ID		- says
 *	rename O N		- says: the node has another text
 *	restart			- says: saved, and restored by another process
 *	anew			- says: restarted without memory
 */
#ifndef UNIT_MODEL_STORY_H
#define UNIT_MODEL_STORY_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/failover_tracker.h"

/* A kill -9, in parts. */
#define START "0 all pair 0 A; 0 - round;"
#define DOWN                                                            \
	"3 s1 +sdown A; 3.05 s3 +sdown A; 3.1 s2 +sdown A;"             \
	"3.1 s3 +odown A; 3.1 s3 +new-epoch 1; 3.1 s3 +try-failover A;" \
	"3.12 s1 +new-epoch 1; 3.12 s2 +new-epoch 1; 3.2 s1 +odown A;"
#define PROMOTE	  "3.2 s3 +elected-leader A; 4.2 s3 +promoted-slave B;"
#define OBSERVERS "4.25 s1 switch A B 1 B; 4.26 s2 switch A B 1 B;"
#define END(at) \
	at " s3 -odown A;" at " s3 +failover-end A;" at " s3 switch A B 1 B;"
#define CRASH	   START DOWN PROMOTE OBSERVERS END("5.3")
#define SECOND(at) at " - round;" at " all pair 1 B;"

/* Monotonic clocks begin anywhere, and not at the wall's zero. */
#define STORY_MONO_MS 50000000
#define STORY_WALL_MS 1700000000000

static inline struct now
story_now(double s)
{
	int64_t ms = (int64_t)(s * 1000 + (s < 0 ? -0.5 : 0.5));

	return (struct now){ STORY_MONO_MS + ms, STORY_WALL_MS + ms };
}

static inline struct addr
story_node(const char *name)
{
	struct addr a = { .port = 6379 };

	/* ck_assert writes to a pipe: too slow for what runs millions of times. */
	if (strlen(name) >= sizeof(a.host))
		ck_abort_msg("too long: %s", name);
	memcpy(a.host, name, strlen(name));
	return a;
}

static inline unsigned
story_flags(const char *text)
{
	static const struct {
		const char *word;
		unsigned flag;
	} words[] = {
		{ "s_down", FLAG_S_DOWN },
		{ "o_down", FLAG_O_DOWN },
		{ "failover_in_progress", FLAG_FAILOVER_IN_PROGRESS },
		{ "force_failover", FLAG_FORCE_FAILOVER },
	};
	unsigned flags = 0;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i].word) != NULL)
			flags |= words[i].flag;
	return flags;
}

static inline struct tracker_pair
story_pair(const char *epoch, const char *node, const char *flags)
{
	return (struct tracker_pair){ .epoch = atol(epoch),
		.addr = story_node(node),
		.flags = story_flags(flags),
		.down_after_ms = 3000,
		.failover_timeout_ms = 20000 };
}

static inline enum event_kind
story_kind(const char *channel)
{
	int k;

	for (k = 0; k < EVENT_OTHER; k++)
		if (strcmp(event_channel((enum event_kind)k), channel) == 0)
			return (enum event_kind)k;
	ck_abort_msg("no event: %s", channel);
	return EVENT_OTHER;
}

static inline void
story_event(struct failover_tracker *t, const char *who, char (*w)[64], struct now now)
{
	struct event e = { .kind = story_kind(w[0]),
		.type = ROLE_MASTER,
		.epoch = NUM_UNKNOWN };

	if (e.kind == EVENT_NEW_EPOCH)
		e.epoch = atol(w[1]);
	else
		e.addr = e.master = story_node(w[1]);
	if (e.kind == EVENT_PROMOTED_SLAVE)
		e.type = ROLE_REPLICA;
	tracker_event(t, who, &e, now);
}

static inline void
story_switch(struct failover_tracker *t, const char *who, char (*w)[64], struct now now)
{
	struct tracker_pair p = story_pair(w[3], w[4], w[5]);
	struct event e = { .kind = EVENT_SWITCH_MASTER,
		.type = ROLE_MASTER,
		.master = story_node(w[1]),
		.addr = story_node(w[2]),
		.epoch = NUM_UNKNOWN };

	tracker_event(t, who, &e, now);
	now.mono_ms += 2; /* the pair is read */
	now.wall_ms += 2;
	tracker_switched(t, who, &e, &p, now);
}

static inline void
story_restart(struct failover_tracker **t, bool remember)
{
	struct tracker_memory *m = malloc(sizeof(*m));

	tracker_save(*t, m);
	tracker_free(*t);
	*t = tracker_new("m");
	if (remember)
		tracker_restore(*t, m);
	free(m);
}

/* What a sentinel said; false when the word is none of theirs. */
static inline bool
story_told(struct failover_tracker *t, const char *who, char (*w)[64], struct now now)
{
	struct tracker_pair p;

	if (strcmp(w[0], "pair") == 0) {
		p = story_pair(w[1], w[2], w[3]);
		tracker_pair(t, who, &p, now);
	} else if (strcmp(w[0], "switch") == 0) {
		story_switch(t, who, w, now);
	} else if (strcmp(w[0], "lost") == 0) {
		tracker_lost(t, who);
	} else if (strcmp(w[0], "forget") == 0) {
		tracker_forget(t, who);
	} else if (w[0][0] == '+' || w[0][0] == '-') {
		story_event(t, who, w, now);
	} else {
		return false;
	}
	return true;
}

static inline void
story_line(struct failover_tracker **t, const char *who, char (*w)[64], struct now now)
{
	struct addr a = story_node(w[1]), b = story_node(w[2]);

	if (strcmp(who, "all") == 0) {
		story_line(t, "s1", w, now);
		story_line(t, "s2", w, now);
		story_line(t, "s3", w, now);
	} else if (story_told(*t, who, w, now)) {
		return;
	} else if (strcmp(w[0], "round") == 0) {
		tracker_round(*t, now);
	} else if (strcmp(w[0], "yes") == 0 || strcmp(w[0], "no") == 0) {
		tracker_answers(*t, w[0][0] == 'y', now);
	} else if (strcmp(w[0], "runid") == 0) {
		tracker_run_id(*t, &a, w[2]);
	} else if (strcmp(w[0], "rename") == 0) {
		tracker_rename(*t, &a, &b);
	} else if (strcmp(w[0], "restart") == 0 || strcmp(w[0], "anew") == 0) {
		story_restart(t, w[0][0] == 'r');
	} else {
		ck_abort_msg("no word: %s", w[0]);
	}
}

/* Go on with *t. */
static inline void
story_tell(struct failover_tracker **t, const char *text)
{
	char line[256], who[64], w[6][64];
	const char *end;
	double s;

	for (; *text != '\0'; text = end + (*end == ';')) {
		end = strchrnul(text, ';');
		ck_assert_uint_lt((size_t)(end - text), sizeof(line));
		memcpy(line, text, (size_t)(end - text));
		line[end - text] = '\0';
		memset(w, 0, sizeof(w));
		ck_assert_msg(
		    sscanf(line, " %lf %63s %63s %63s %63s %63s %63s %63s", &s,
			who, w[0], w[1], w[2], w[3], w[4], w[5]) >= 3,
		    "line: %s", line);
		story_line(t, who, w, story_now(s));
	}
}

static inline struct failover_tracker *
story_of(const char *text)
{
	struct failover_tracker *t = tracker_new("m");

	story_tell(&t, text);
	return t;
}

static inline void
story_add(struct strbuf *b, const char *name, uint64_t n)
{
	if (n > 0)
		strbuf_printf(b, "%s%s %lu", b->len > 0 ? ", " : "", name,
		    (unsigned long)n);
}

static inline void
story_ms(struct strbuf *b, const char *lead, int64_t ms)
{
	if (ms == NUM_UNKNOWN)
		strbuf_printf(b, "%s?", lead);
	else
		strbuf_printf(b, "%s%ld", lead, (long)ms);
}

/* The counters that are not 0.  The caller frees the text. */
static inline char *
story_counters(const struct failover_tracker *t)
{
	const struct failover_stats *s = tracker_stats(t);
	struct strbuf b = { 0 };
	char *text;

	story_add(&b, "automatic", s->failovers[FAILOVER_AUTOMATIC]);
	story_add(&b, "forced", s->failovers[FAILOVER_FORCED]);
	story_add(&b, "unknown", s->failovers[FAILOVER_UNKNOWN]);
	story_add(&b, "attempts", s->attempts);
	story_add(&b, "not_elected", s->aborts[ABORT_NOT_ELECTED]);
	story_add(&b, "no_good", s->aborts[ABORT_NO_GOOD_REPLICA]);
	story_add(&b, "timeout", s->aborts[ABORT_REPLICA_TIMEOUT]);
	story_add(&b, "changes", s->address_changes);
	story_add(&b, "reboots", s->reboots);
	story_add(&b, "moves", s->epoch_moves);
	story_add(&b, "duplicates", s->duplicates);
	text = xstrdup(strbuf_text(&b));
	strbuf_fini(&b);
	return text;
}

/* A letter, or the whole address if it is more. */
static inline const char *
story_text(const struct addr *a, char *buf)
{
	addr_format(a, buf);
	return a->port == 6379 ? a->host : buf;
}

/* The failovers: "epoch from>to kind leader duration
 * detection/election/promotion/reconfiguration outage", unknown is "?". */
static inline char *
story_history(const struct failover_tracker *t)
{
	static const char *kinds[] = { "automatic", "forced", "unknown" };
	char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];
	const struct failover *f;
	struct strbuf b = { 0 };
	char *text;
	size_t n, i;
	int p;

	f = tracker_history(t, &n);
	for (i = 0; i < n; i++, f++) {
		story_ms(&b, i > 0 ? "; " : "", f->epoch);
		strbuf_printf(&b, " %s>%s %s %s", story_text(&f->from, from),
		    story_text(&f->to, to), kinds[f->kind],
		    f->leader[0] ? f->leader : "?");
		story_ms(&b, " ", f->duration_ms);
		for (p = 0; p < FAILOVER_PHASES; p++)
			story_ms(&b, p == 0 ? " " : "/", f->phase_ms[p]);
		story_ms(&b, " ", f->outage_ms);
	}
	text = xstrdup(strbuf_text(&b));
	strbuf_fini(&b);
	return text;
}

/* A story, the counters that it must leave and, where given, the failovers. */
struct story {
	const char *name, *text, *counters, *history;
};

static inline void
story_check(const struct story *s)
{
	struct failover_tracker *t = story_of(s->text);
	char *counters = story_counters(t), *history = story_history(t);

	ck_assert_msg(strcmp(counters, s->counters) == 0,
	    "%s:\n  got  %s\n  want %s", s->name, counters, s->counters);
	ck_assert_msg(s->history == NULL || strcmp(history, s->history) == 0,
	    "%s:\n  got  %s\n  want %s", s->name, history, s->history);
	free(counters);
	free(history);
	tracker_free(t);
}

#endif
