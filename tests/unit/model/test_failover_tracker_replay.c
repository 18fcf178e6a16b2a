/*
 * The recorded failovers, told to a tracker in many ways: whole, without the
 * polls, without the events, by one sentinel alone, with late pairs, with a
 * restart at each line.  Each must count one failover and no other.
 */
#include "model/failover_tracker.h"

#include "unit/model/story.h"
#include "unit/unit.h"

#define LINES_MAX 400
#define POLL_S	  1.0 /* between two poll rounds of the replay */

static const struct trace {
	const char *file;
	enum failover_kind kind;
	unsigned attempts, aborts;
	/* What README's table and the lines themselves say. */
	const char *history;
} traces[] = {
	{ "kill-master", FAILOVER_AUTOMATIC, 1, 0,
	    "1 127.0.0.1:21000>127.0.0.1:21001 "
	    "automatic 127.0.0.1:21102 1162 "
	    "3057/101/949/1112 ?" },
	{ "pause-master", FAILOVER_AUTOMATIC, 1, 0,
	    "3 127.0.0.1:21002>127.0.0.1:21001 "
	    "automatic 127.0.0.1:21101 1316 "
	    "3156/91/976/1057 ?" },
	{ "aborted-twice", FAILOVER_AUTOMATIC, 3, 2,
	    "6 127.0.0.1:21001>127.0.0.1:21002 "
	    "automatic 127.0.0.1:21101 25193 "
	    "27415/58/615/1136 ?" },
	{ "forced", FAILOVER_FORCED, 1, 0,
	    "2 127.0.0.1:21001>127.0.0.1:21002 "
	    "forced 127.0.0.1:21100 1081 "
	    "?/4/1005/5260 ?" },
	{ "reconf-timeout", FAILOVER_FORCED, 1, 0,
	    "8 127.0.0.1:21000>127.0.0.1:21002 "
	    "forced 127.0.0.1:21100 1189 "
	    "?/57/1075/5084 ?" },
	{ "kill-master-redis8", FAILOVER_AUTOMATIC, 1, 0,
	    "1 127.0.0.1:22000>127.0.0.1:22002 "
	    "automatic 127.0.0.1:22101 1216 "
	    "3080/59/1018/1109 ?" },
	{ "kill-master-valkey8", FAILOVER_AUTOMATIC, 1, 0,
	    "1 127.0.0.1:22200>127.0.0.1:22201 "
	    "automatic 127.0.0.1:22302 1272 "
	    "3159/52/973/1100 ?" },
};

struct line {
	double s;
	char who[64];
	bool is_pair;
	struct event event;
	struct tracker_pair pair;
};

static struct line lines[LINES_MAX];
static size_t n_lines;
static int64_t down_after_ms, failover_timeout_ms;

static void
parse_pair(struct line *l, const char *rest)
{
	char host[64], flags[256];
	long epoch, port;

	ck_assert_int_eq(sscanf(rest, "%ld %63s %ld flags=%255s", &epoch, host,
			     &port, flags),
	    4);
	l->is_pair = true;
	l->pair = (struct tracker_pair){ .epoch = epoch,
		.flags = story_flags(flags),
		.down_after_ms = down_after_ms,
		.failover_timeout_ms = failover_timeout_ms };
	ck_assert(addr_set(&l->pair.addr, host, strlen(host), port));
}

static void
parse_line(const char *text)
{
	struct line *l = &lines[n_lines];
	char word[16], channel[64];
	int rest, payload = 0;

	memset(l, 0, sizeof(*l));
	ck_assert_int_eq(
	    sscanf(text, "%lf %63s %15s %n", &l->s, l->who, word, &rest), 3);
	if (strcmp(word, "NOTE") == 0)
		return;
	if (strcmp(word, "PAIR") == 0) {
		parse_pair(l, text + rest);
	} else {
		ck_assert_str_eq(word, "EVENT");
		ck_assert_int_eq(
		    sscanf(text + rest, "%63s %n", channel, &payload), 1);
		ck_assert_msg(
		    event_parse(&l->event, channel, strlen(channel),
			text + rest + payload, strlen(text + rest + payload)),
		    "%s", text);
	}
	n_lines++;
	ck_assert_uint_lt(n_lines, LINES_MAX);
}

static void
load(const struct trace *tr)
{
	char path[128], text[1024];
	FILE *f;

	snprintf(
	    path, sizeof(path), "tests/fixtures/traces/%s.trace", tr->file);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "cannot open %s", path);
	n_lines = 0;
	while (fgets(text, sizeof(text), f) != NULL) {
		text[strcspn(text, "\n")] = '\0';
		sscanf(text, "# down-after-ms: %ld", &down_after_ms);
		sscanf(
		    text, "# failover-timeout-ms: %ld", &failover_timeout_ms);
		if (text[0] != '#')
			parse_line(text);
	}
	fclose(f);
	ck_assert_uint_gt(n_lines, 40);
}

/* How the trace is told. */
struct telling {
	bool events, polls; /* else only the pairs of the start */
	const char *only; /* this sentinel; NULL = all */
	double late; /* seconds until a pair is read */
	size_t restart_at; /* before this line; SIZE_MAX = never */
};

static const struct telling whole = { true, true, NULL, 0, SIZE_MAX };

/* What that sentinel shows at time s; a +switch-master's pair was recorded up
 * to a tenth of a second after it, though it was true before. */
static const struct tracker_pair *
pair_at(const char *who, double s)
{
	const struct tracker_pair *p = NULL;
	size_t i;

	for (i = 0; i < n_lines && (p == NULL || lines[i].s <= s); i++)
		if (lines[i].is_pair && strcmp(lines[i].who, who) == 0)
			p = &lines[i].pair;
	ck_assert_ptr_nonnull(p);
	return p;
}

static void
poll_all(struct failover_tracker *t, const struct telling *how, double s)
{
	char seen[8][64];
	size_t i, k, n = 0;

	for (i = 0; i < n_lines; i++) {
		for (k = 0; k < n && strcmp(seen[k], lines[i].who) != 0; k++)
			;
		if (k < n || n == 8)
			continue;
		memcpy(seen[n++], lines[i].who, sizeof(seen[0]));
		if (how->only == NULL || strcmp(lines[i].who, how->only) == 0)
			tracker_pair(t, lines[i].who, pair_at(lines[i].who, s),
			    story_now(s));
	}
	tracker_round(t, story_now(s));
}

static void
tell_line(
    struct failover_tracker *t, const struct line *l, const struct telling *how)
{
	if (l->is_pair || !how->events ||
	    (how->only != NULL && strcmp(l->who, how->only) != 0))
		return;
	tracker_event(t, l->who, &l->event, story_now(l->s));
	if (l->event.kind == EVENT_SWITCH_MASTER)
		tracker_switched(t, l->who, &l->event,
		    pair_at(l->who, l->s + 0.15 + how->late),
		    story_now(l->s + how->late));
}

static struct failover_tracker *
tell(const struct telling *how)
{
	struct failover_tracker *t = tracker_new("nautobot");
	double next = lines[0].s + POLL_S;
	size_t i;

	poll_all(t, how, lines[0].s);
	for (i = 0; i < n_lines; i++) {
		for (; how->polls && next < lines[i].s; next += POLL_S)
			poll_all(t, how, next);
		if (i == how->restart_at)
			story_restart(&t, true);
		tell_line(t, &lines[i], how);
	}
	for (i = 0; i < 5; i++)
		poll_all(t, how, lines[n_lines - 1].s + 1 + (double)i);
	return t;
}

static unsigned
aborts(const struct failover_tracker *t)
{
	const struct failover_stats *s = tracker_stats(t);

	return (unsigned)(s->aborts[ABORT_NOT_ELECTED] +
			  s->aborts[ABORT_NO_GOOD_REPLICA] +
			  s->aborts[ABORT_REPLICA_TIMEOUT]);
}

static uint64_t
failovers(const struct failover_tracker *t)
{
	const struct failover_stats *s = tracker_stats(t);

	return s->failovers[FAILOVER_AUTOMATIC] +
	       s->failovers[FAILOVER_FORCED] + s->failovers[FAILOVER_UNKNOWN];
}

/* One failover and nothing that looks like another change. */
static void
check_one(const struct failover_tracker *t, const char *how)
{
	const struct failover_stats *s = tracker_stats(t);

	ck_assert_msg(failovers(t) == 1, "%s: %lu failovers", how,
	    (unsigned long)failovers(t));
	ck_assert_msg(s->address_changes + s->epoch_moves + s->reboots == 0,
	    "%s: changed otherwise", how);
}

START_TEST(told_whole)
{
	const struct trace *tr = &traces[_i];
	struct failover_tracker *t;
	char *history;

	load(tr);
	t = tell(&whole);
	check_one(t, tr->file);
	history = story_history(t);
	ck_assert_str_eq(history, tr->history);
	ck_assert_uint_eq(tracker_stats(t)->failovers[tr->kind], 1);
	ck_assert_uint_eq(tracker_stats(t)->attempts, tr->attempts);
	ck_assert_uint_eq(aborts(t), tr->aborts);
	/* Three sentinels announce it; a poll may come before the first. */
	ck_assert_uint_ge(tracker_stats(t)->duplicates, 2);
	ck_assert_uint_le(tracker_stats(t)->duplicates, 3);
	free(history);
	tracker_free(t);
}
END_TEST

START_TEST(told_by_events_alone)
{
	struct telling how = whole;
	struct failover_tracker *t;
	char *history;

	load(&traces[_i]);
	how.polls = false;
	t = tell(&how);
	check_one(t, "events alone");
	history = story_history(t);
	ck_assert_str_eq(history, traces[_i].history);
	ck_assert_uint_eq(tracker_stats(t)->duplicates, 2);
	free(history);
	tracker_free(t);
}
END_TEST

/* The flags of what is polled tell the kind. */
START_TEST(told_by_polls_alone)
{
	struct telling how = whole;
	struct failover_tracker *t;

	load(&traces[_i]);
	how.events = false;
	t = tell(&how);
	check_one(t, "polls alone");
	ck_assert_uint_eq(tracker_stats(t)->failovers[traces[_i].kind], 1);
	ck_assert_uint_eq(tracker_stats(t)->buckets[0], 0);
	tracker_free(t);
}
END_TEST

START_TEST(told_by_one_sentinel)
{
	struct telling how = whole;
	struct failover_tracker *t;
	size_t i;

	load(&traces[_i]);
	for (i = 0; i < 3; i++) { /* the first lines are one of each */
		how.only = lines[i].who;
		how.polls = true;
		t = tell(&how);
		check_one(t, how.only);
		tracker_free(t);
		how.polls = false;
		t = tell(&how);
		check_one(t, how.only);
		tracker_free(t);
	}
}
END_TEST

START_TEST(told_with_late_pairs)
{
	struct telling how = whole;
	struct failover_tracker *t;
	int ms;

	load(&traces[_i]);
	for (ms = 0; ms < 4000; ms += 100) {
		how.late = ms / 1000.0;
		t = tell(&how);
		check_one(t, "late pairs");
		ck_assert_uint_eq(
		    tracker_stats(t)->failovers[traces[_i].kind], 1);
		tracker_free(t);
	}
}
END_TEST

START_TEST(restarted_at_each_line)
{
	struct telling how = whole;
	struct failover_tracker *t;
	size_t i;

	load(&traces[_i]);
	for (i = 0; i < n_lines; i++) {
		how.restart_at = i;
		how.polls = true;
		t = tell(&how);
		check_one(t, "restarted");
		tracker_free(t);
		how.polls = false;
		t = tell(&how);
		check_one(t, "restarted, events alone");
		tracker_free(t);
	}
}
END_TEST

int
main(void)
{
	const int n = (int)(sizeof(traces) / sizeof(traces[0]));
	Suite *s = suite_create("tracker_replay");
	TCase *tc = tcase_create("tracker_replay");

	tcase_add_loop_test(tc, told_whole, 0, n);
	tcase_add_loop_test(tc, told_by_events_alone, 0, n);
	tcase_add_loop_test(tc, told_by_polls_alone, 0, n);
	tcase_add_loop_test(tc, told_by_one_sentinel, 0, n);
	tcase_add_loop_test(tc, told_with_late_pairs, 0, n);
	tcase_add_loop_test(tc, restarted_at_each_line, 0, n);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
