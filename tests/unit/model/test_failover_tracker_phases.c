/*
 * What is told of a failover beyond its number: cause, leader, phases,
 * duration, outage; and of attempts.
 */
#include "model/failover_tracker.h"

#include "unit/model/story.h"
#include "unit/unit.h"

static const struct story stories[] = {
	{ "one observer alone is heard",
	    START "3 s1 +sdown A; 3.1 s1 +new-epoch 1; 4.2 s1 switch A B 1 B;"
		  "5 s1 pair 1 B; 5 - round;",
	    "automatic 1", "1 A>B automatic ? 1200 ?/?/?/? ?" },
	{ "the leader alone is heard: its switch is not the first",
	    START "3 s3 +sdown A; 3.1 s3 +odown A; 3.1 s3 +new-epoch 1;"
		  "3.1 s3 +try-failover A; 3.2 s3 +elected-leader A;"
		  "4.2 s3 +promoted-slave B; 20 s3 +failover-end A;"
		  "20 s3 switch A B 1 B;",
	    "automatic 1, attempts 1",
	    "1 A>B automatic s3 ? 3100/100/1000/15800 ?" },
	{ "nobody is heard, the poll shows it",
	    START "5 all pair 1 B; 5 - round;", "unknown 1",
	    "1 A>B unknown ? ? ?/?/?/? ?" },
	{ "nobody is heard, flags told that it was down",
	    START
	    "4 s1 pair 0 A s_down; 5 s2 pair 1 B; 5 s1 pair 1 B; 5 - round;",
	    "automatic 1", "1 A>B automatic ? ? ?/?/?/? ?" },
	{ "nobody is heard, flags told long ago that it was down",
	    START "4 s1 pair 0 A s_down; 4 - round; 5 all pair 0 A; 5 - round;"
		  "6 all pair 0 A; 6 - round; 7 s2 pair 1 B;",
	    "unknown 1", NULL },
	{ "nobody is heard, the leader is met at it",
	    START "5 s1 pair 0 A; 5 s3 pair 1 B s_down,failover_in_progress;",
	    "automatic 1", NULL },
	{ "nobody is heard, the leader is met at a forced one",
	    START "5 s3 pair 1 B s_down,failover_in_progress,force_failover;",
	    "forced 1", NULL },
	{ "an observer's +odown after the promotion is not the leader's",
	    START "1 s1 +new-epoch 1; 1 s1 +try-failover A;"
		  "1 s1 +elected-leader A; 2 s1 +promoted-slave B;"
		  "2 s2 +odown A; 2.1 s2 switch A B 1 B;",
	    "forced 1, attempts 1", NULL },
	{ "the leader is late, its messages tell no times",
	    START "3 s1 +sdown A; 4.2 s1 switch A B 1 B; 9 s3 +sdown A;"
		  "9 s3 +odown A; 9 s3 +new-epoch 1; 9 s3 +try-failover A;"
		  "9 s3 +elected-leader A; 9 s3 +promoted-slave B;"
		  "9 s3 +failover-end A; 9 s3 switch A B 1 B;",
	    "automatic 1, attempts 1, duplicates 1",
	    "1 A>B automatic s3 1200 ?/?/?/? ?" },
	{ "two candidates try the same epoch",
	    START "3 s1 +sdown A; 3 s2 +sdown A; 3.1 s1 +odown A;"
		  "3.1 s1 +new-epoch 1; 3.1 s1 +try-failover A;"
		  "3.1 s2 +odown A; 3.1 s2 +new-epoch 1;"
		  "3.1 s2 +try-failover A; 3.2 s2 +elected-leader A;"
		  "4.2 s2 +promoted-slave B; 4.3 s1 switch A B 1 B;"
		  "5 s2 +failover-end A; 5 s2 switch A B 1 B;",
	    "automatic 1, attempts 2, duplicates 1",
	    "1 A>B automatic s2 1300 3100/100/1000/800 ?" },
	{ "an attempt is one for each sentinel and epoch",
	    START "1 s1 +new-epoch 1; 1 s1 +try-failover A;"
		  "1 s1 +try-failover A; 1 s2 +new-epoch 1;"
		  "1 s2 +try-failover A; 2 s1 -failover-abort-slave-timeout A;"
		  "2 s2 -failover-abort-not-elected A;"
		  "3 s1 +new-epoch 2; 3 s1 +try-failover A;"
		  "3 s1 -failover-abort-no-good-slave A;",
	    "attempts 3, not_elected 1, no_good 1, timeout 1", NULL },
	{ "an abort takes its phases with it",
	    START "3 s1 +sdown A; 3.1 s1 +odown A; 3.1 s1 +new-epoch 1;"
		  "3.1 s1 +try-failover A; 3.2 s1 +elected-leader A;"
		  "9 s1 -failover-abort-slave-timeout A;"
		  "9.5 s2 switch A B 1 B;",
	    "automatic 1, attempts 1, timeout 1",
	    "1 A>B automatic ? 6500 ?/?/?/? ?" },
	{ "a forced attempt that was aborted is not of the next failover",
	    START "1 s1 +new-epoch 1; 1 s1 +try-failover A;"
		  "1 s1 pair 0 A failover_in_progress,force_failover;"
		  "2 s1 -failover-abort-no-good-slave A; 3 s2 +sdown A;"
		  "5 s2 switch A B 2 B;",
	    "automatic 1, attempts 1, no_good 1", NULL },
	{ "a candidate that was not elected is not the leader",
	    START "3 s1 +sdown A; 3 s1 +odown A; 3 s1 +new-epoch 1;"
		  "3 s1 +try-failover A; 4 s2 switch A B 1 B;",
	    "automatic 1, attempts 1", "1 A>B automatic ? 1000 ?/?/?/? ?" },
	{ "the leader's stream breaks",
	    START DOWN PROMOTE "4.21 s3 lost;" OBSERVERS END("5.3"),
	    "automatic 1, attempts 1, duplicates 2",
	    "1 A>B automatic s3 1250 3100/100/1000/? ?" },
	{ "the leader's stream breaks before the promotion",
	    START DOWN "3.2 s3 +elected-leader A; 3.5 s3 lost;"
		       "4.2 s3 +promoted-slave B;" OBSERVERS END("5.3"),
	    "automatic 1, attempts 1, duplicates 2",
	    "1 A>B automatic s3 1250 3100/100/?/? ?" },
	{ "a stream that begins in the middle",
	    START "3.1 s3 pair 0 A s_down,o_down,failover_in_progress;"
		  "3.2 s3 +elected-leader A; 4.2 s3 +promoted-slave B;"
		  "4.3 s1 switch A B 1 B; 5 s3 +failover-end A;",
	    "automatic 1", "1 A>B automatic s3 ? ?/?/1000/800 ?" },
	{ "subscribed between +odown and the next attempt",
	    START "3 s1 pair 0 A s_down,o_down; 4 s1 +new-epoch 1;"
		  "4 s1 +try-failover A; 4.1 s1 +elected-leader A;"
		  "5 s1 +promoted-slave B; 5.1 s1 switch A B 1 B;",
	    "automatic 1, attempts 1", NULL },
	{ "an attempt whose end is not heard ends by itself",
	    START DOWN PROMOTE OBSERVERS "60 - round; 61 s3 +failover-end A;",
	    "automatic 1, attempts 1, duplicates 1",
	    "1 A>B automatic s3 1250 3100/100/1000/? ?" },
	{ "+failover-end of a sentinel that tried nothing",
	    START "3 s1 +failover-end A; 4 s1 switch A B 1 B;", "unknown 1",
	    "1 A>B unknown ? ? ?/?/?/? ?" },
	{ "back up before a failover, down again later",
	    START "3 s1 +sdown A; 3 s2 +sdown A; 5 s1 -sdown A; 6 s2 -sdown A;"
		  "100 s2 +sdown A; 101 s1 +sdown A; 102 s1 switch A B 1 B;",
	    "automatic 1", "1 A>B automatic ? 2000 ?/?/?/? ?" },
	{ "down from the first that says so, to the last that takes it back",
	    START "3 s1 +sdown A; 4 s2 +sdown A; 5 s1 -sdown A;"
		  "6 s2 switch A B 1 B;",
	    "automatic 1", "1 A>B automatic ? 3000 ?/?/?/? ?" },
	{ "up again: the next failover is no consequence",
	    START "3 s1 +sdown A; 3 s1 +odown A; 5 s1 -sdown A; 5 s1 -odown A;"
		  "9 s1 switch A B 1 B;",
	    "unknown 1", "1 A>B unknown ? ? ?/?/?/? ?" },
	{ "+reset-master and -monitor end what was said before",
	    START "3 s1 +sdown A; 3 s1 +odown A; 4 s1 +reset-master A;"
		  "5 s2 +sdown A; 5 s2 +odown A; 6 s2 -monitor A;"
		  "9 s3 switch A B 1 B;",
	    "unknown 1", NULL },
	{ "a stream that breaks ends what was said before",
	    START "3 s1 +sdown A; 3 s1 +odown A; 4 s1 lost;"
		  "9 s3 switch A B 1 B;",
	    "unknown 1", NULL },
	{ "+reset-master ends an attempt",
	    START "1 s1 +new-epoch 1; 1 s1 +try-failover A;"
		  "1 s1 +elected-leader A; 1.5 s1 +reset-master A;"
		  "2 s1 +failover-end A; 2 s2 switch A B 1 B;",
	    "forced 1, attempts 1", "1 A>B forced s1 1000 ?/0/?/? ?" },
	{ "-odown of the leader is no recovery",
	    START DOWN PROMOTE "4.22 s3 -odown A;" OBSERVERS,
	    "automatic 1, attempts 1, duplicates 1",
	    "1 A>B automatic s3 1250 3100/100/1000/? ?" },
	{ "+sdown of a replica says nothing of the master",
	    START "3 s1 +sdown B; 4 s1 switch A B 1 B;", "unknown 1", NULL },
};

START_TEST(tells)
{
	story_check(&stories[_i]);
}
END_TEST

/* What the outage of the failover, and of all, comes to. */
static const struct {
	const char *name, *story;
	int64_t failover_ms, total_ms;
} outages[] = {
	{ "from the crash until the new master answers",
	    START "0 - yes; 0.2 - no;" DOWN PROMOTE OBSERVERS
		  "4.3 - no; 4.4 - yes; 9 - yes;",
	    4200, 4200 },
	{ "known to be down at the first look",
	    START "1 - no; 5 all pair 1 B; 6 - yes;", 5000, 5000 },
	{ "none while the old one answered to the end",
	    START "0 - yes; 1 all pair 1 B; 1 - yes; 6 - yes;", 0, 0 },
	{ "the new one does not answer at once",
	    START
	    "0 - yes; 1 all pair 1 B; 1 - yes; 1.2 - no; 3 - no; 4 - yes;",
	    2800, 2800 },
	{ "one long after the failover is not its own",
	    START "0 - yes; 1 all pair 1 B; 1 - yes; 60 - no; 61 - yes;", 0,
	    1000 },
	{ "one long before the failover is not its own",
	    START "0 - yes; 1 - no; 2 - yes; 60 all pair 1 B; 60 - yes;", 0,
	    1000 },
	{ "the answer comes before the pair",
	    START "0 - yes; 1 - no; 5 - yes; 5.1 all pair 1 B;", 4000, 4000 },
	{ "never asked", START "5 all pair 1 B; 5 - round;", NUM_UNKNOWN, 0 },
	{ "still open", START "0 - yes; 1 - no; 5 all pair 1 B; 9 - no;",
	    NUM_UNKNOWN, 8000 },
	{ "two failovers in one outage",
	    START "0 - no; 5 all pair 1 B; 9 all pair 2 C; 11 - yes;", 11000,
	    11000 },
	{ "an open one is settled before a restart",
	    START
	    "0 - no; 5 - no; 6 - restart; 7 all pair 1 B; 8 - no; 9 - yes;",
	    1000, 6000 },
};

START_TEST(outage)
{
	struct failover_tracker *t = story_of(outages[_i].story);
	const struct failover_stats *s = tracker_stats(t);
	const struct failover *f;
	size_t n;

	f = tracker_history(t, &n);
	ck_assert_uint_gt(n, 0);
	ck_assert_msg(f[n - 1].outage_ms == outages[_i].failover_ms,
	    "%s: of the failover %ld", outages[_i].name,
	    (long)f[n - 1].outage_ms);
	ck_assert_msg(f[0].outage_ms == outages[_i].failover_ms,
	    "%s: of the first %ld", outages[_i].name, (long)f[0].outage_ms);
	ck_assert_msg(s->outage_ms == outages[_i].total_ms, "%s: total %ld",
	    outages[_i].name, (long)s->outage_ms);
	tracker_free(t);
}
END_TEST

START_TEST(an_open_outage_is_told)
{
	struct failover_tracker *t = story_of(START "1 - no; 3 - no;");
	const struct failover_stats *s = tracker_stats(t);

	ck_assert_int_eq(s->outage_ms, 2000);
	ck_assert_int_eq(s->outage_since_mono_ms, STORY_MONO_MS + 3000);
	story_tell(&t, "4 - yes;");
	ck_assert_int_eq(s->outage_ms, 3000);
	ck_assert_int_eq(s->outage_since_mono_ms, NUM_UNKNOWN);
	tracker_free(t);
}
END_TEST

START_TEST(times_are_those_of_the_wall)
{
	struct failover_tracker *t = story_of(CRASH);
	const struct failover *f;
	size_t n;

	f = tracker_history(t, &n);
	ck_assert_int_eq(f->started_wall_ms, STORY_WALL_MS + 3000);
	ck_assert_int_eq(f->switched_wall_ms, STORY_WALL_MS + 4200);
	ck_assert_int_eq(tracker_stats(t)->last_wall_ms, STORY_WALL_MS + 4200);
	ck_assert_int_eq(
	    tracker_stats(t)->last_phase_ms[PHASE_RECONFIGURATION], 1100);
	tracker_free(t);
}
END_TEST

START_TEST(last_phases_are_of_the_last_failover)
{
	struct failover_tracker *t =
	    story_of(CRASH SECOND("6") "50 all pair 2 C;");
	int p;

	for (p = 0; p < FAILOVER_PHASES; p++)
		ck_assert_int_eq(
		    tracker_stats(t)->last_phase_ms[p], NUM_UNKNOWN);
	tracker_free(t);
}
END_TEST

static const struct {
	const char *switched;
	size_t bucket;
} durations[] = {
	{ "3.5", 0 },
	{ "3.501", 1 },
	{ "4", 1 },
	{ "5", 2 },
	{ "6", 3 },
	{ "8", 4 },
	{ "13", 5 },
	{ "23", 6 },
	{ "33", 7 },
	{ "63", 8 },
	{ "183", 9 },
	{ "603", 10 },
	{ "603.5", 11 },
};

START_TEST(durations_fall_into_buckets)
{
	const struct failover_stats *s;
	struct failover_tracker *t;
	char story[200];
	size_t i;

	snprintf(story, sizeof(story),
	    START "3 s1 +sdown A; %s s1 switch A B 1 B;",
	    durations[_i].switched);
	t = story_of(story);
	s = tracker_stats(t);
	for (i = 0; i <= FAILOVER_BUCKETS; i++)
		ck_assert_uint_eq(s->buckets[i], i == durations[_i].bucket);
	ck_assert_double_eq_tol(
	    s->duration_sum_s, atof(durations[_i].switched) - 3, 1e-9);
	tracker_free(t);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

int
main(void)
{
	Suite *s = suite_create("tracker_phases");
	TCase *tc = tcase_create("tracker_phases");

	tcase_add_loop_test(tc, tells, 0, COUNT(stories));
	tcase_add_loop_test(tc, outage, 0, COUNT(outages));
	tcase_add_loop_test(
	    tc, durations_fall_into_buckets, 0, COUNT(durations));
	tcase_add_test(tc, an_open_outage_is_told);
	tcase_add_test(tc, times_are_those_of_the_wall);
	tcase_add_test(tc, last_phases_are_of_the_last_failover);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
