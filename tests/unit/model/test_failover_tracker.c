#include "model/failover_tracker.h"

#include "unit/model/story.h"
#include "unit/unit.h"

/* Every trap of counting. */
static const struct story stories[] = {
	{ "three publications, the leader last", CRASH,
	    "automatic 1, attempts 1, duplicates 2",
	    "1 A>B automatic s3 1250 3100/100/1000/1100 ?" },
	{ "the leader up to failover-timeout later",
	    START DOWN PROMOTE OBSERVERS SECOND("5") SECOND("9") END("23"),
	    "automatic 1, attempts 1, duplicates 2",
	    "1 A>B automatic s3 1250 3100/100/1000/18800 ?" },
	{ "a sentinel wakes in TILT minutes later",
	    START DOWN PROMOTE "4.25 s1 switch A B 1 B;" END("5.3")
		SECOND("60") "300 s2 +tilt -; 300 s2 switch A B 1 B;",
	    "automatic 1, attempts 1, duplicates 2",
	    "1 A>B automatic s3 1250 3100/100/1000/1100 ?" },
	{ "forced",
	    START "1 s1 +new-epoch 1; 1 s1 +try-failover A;"
		  "1.004 s1 +elected-leader A; 2 s1 +promoted-slave B;"
		  "2.08 s2 switch A B 1 B; 2.08 s3 switch A B 1 B;"
		  "7.2 s1 +failover-end A; 7.2 s1 switch A B 1 B;",
	    "forced 1, attempts 1, duplicates 2",
	    "1 A>B forced s1 1080 ?/4/996/5200 ?" },
	{ "forced while the master is down, told by the flag",
	    START "1 s1 +sdown A; 1 s1 +odown A; 1 s1 +new-epoch 1;"
		  "1 s1 +try-failover A; 1 s1 +elected-leader A;"
		  "1.5 s1 pair 0 A failover_in_progress,force_failover,o_down;"
		  "2 s1 +promoted-slave B; 2.1 s2 switch A B 1 B;",
	    "forced 1, attempts 1", "1 A>B forced s1 1100 ?/0/1000/? ?" },
	{ "epochs burnt by aborted attempts",
	    "0 all pair 3 A; 0 - round; 3 s1 +sdown A; 3.1 s3 +sdown A;"
	    "3.1 s3 +odown A; 3.1 s3 +new-epoch 4; 3.1 s3 +try-failover A;"
	    "3.2 s3 +elected-leader A; 3.3 s3 -failover-abort-no-good-slave A;"
	    "4 s1 +odown A; 15 s1 +new-epoch 5; 15 s1 +try-failover A;"
	    "25 s1 -failover-abort-not-elected A;"
	    "27 s1 +new-epoch 6; 27 s1 +try-failover A;"
	    "27.1 s1 +elected-leader A; 28 s1 +promoted-slave C;"
	    "28.1 s3 switch A C 6 C; 29 s1 +failover-end A;"
	    "29 s1 switch A C 6 C;",
	    "automatic 1, attempts 3, not_elected 1, no_good 1, duplicates 1",
	    "6 A>C automatic s1 25100 27000/100/900/1000 ?" },
	{ "epochs burnt by other masters",
	    START "1 all +new-epoch 1; 2 all +new-epoch 4;"
		  "3 s1 +new-epoch 5; 3 s1 +try-failover A;"
		  "3 s1 +elected-leader A; 4 s1 +promoted-slave B;"
		  "4.1 s2 switch A B 5 B;",
	    "forced 1, attempts 1", "5 A>B forced s1 1100 ?/0/1000/? ?" },
	{ "a phantom of REMOVE and MONITOR",
	    CRASH SECOND("6") "7 s1 -monitor B; 7 s1 +monitor A;"
			      "7 s1 pair 0 A; 8 s1 switch A B 1 B;"
			      "9 s2 -monitor B; 9 s2 +monitor X;"
			      "9.5 s2 pair 0 X; 10 s2 switch X B 1 B;",
	    "automatic 1, attempts 1, duplicates 4", NULL },
	{ "told another master, one sentinel disagrees for ever",
	    START "1 s1 pair 0 X; 1 s2 pair 0 A; 1 s3 pair 0 A; 1 - round;"
		  "2 s1 pair 0 X; 2 s2 pair 0 A; 2 s3 pair 0 A; 2 - round;"
		  "3 s1 pair 0 X; 3 s2 pair 0 A; 3 s3 pair 0 A; 3 - round;",
	    "", NULL },
	{ "an even disagreement leaves the known master",
	    "0 s1 pair 0 A; 0 s2 pair 0 A; 0 - round;"
	    "1 s1 pair 0 A; 1 s2 pair 0 X; 1 - round;"
	    "2 s1 pair 0 A; 2 s2 pair 0 X; 2 - round;"
	    "3 s2 pair 0 X; 3 s1 pair 0 A; 3 - round;",
	    "", NULL },
	{ "moved by hand",
	    START "5 all pair 0 B; 5 - round; 9 all pair 0 B;"
		  "9 - round; 14 all pair 0 B; 14 - round;",
	    "changes 1", NULL },
	{ "moved by hand for one round only",
	    START "5 all pair 0 B; 5 - round; 9 all pair 0 A;"
		  "9 - round; 14 all pair 0 B; 14 - round;",
	    "", NULL },
	{ "a failover after a move by hand",
	    START "5 all pair 0 B; 5 - round; 9 all pair 0 B; 9 - round;"
		  "20 s1 switch B A 2 A; 20.1 s2 switch B A 2 A;",
	    "unknown 1, changes 1, duplicates 1",
	    "2 B>A unknown ? ? ?/?/?/? ?" },
	{ "what went before a move by hand is no part of a failover after it",
	    START "3 s1 +sdown A; 5 all pair 0 B; 5 - round; 9 all pair 0 B;"
		  "9 - round; 100 s2 switch B C 1 C;",
	    "unknown 1, changes 1", "1 B>C unknown ? ? ?/?/?/? ?" },
	{ "epochs fall back, same master",
	    "0 all pair 13 B; 0 - round; 5 all pair 0 B; 5 - round;"
	    "9 all pair 0 B; 9 - round; 14 all pair 0 B; 14 - round;"
	    "20 s1 switch B A 1 A; 20.1 s2 switch B A 1 A;",
	    "unknown 1, duplicates 1", "1 B>A unknown ? ? ?/?/?/? ?" },
	{ "epochs fall back, another master",
	    "0 all pair 13 B; 0 - round; 5 all pair 0 A; 5 - round;"
	    "9 all pair 0 A; 9 - round; 14 all pair 0 A; 14 - round;"
	    "19 all pair 0 A; 19 - round;",
	    "unknown 1", "0 B>A unknown ? ? ?/?/?/? ?" },
	{ "two rounds are no fall",
	    "0 all pair 13 B; 0 - round; 5 all pair 0 A; 5 - round;"
	    "9 all pair 0 A; 9 - round; 14 all pair 13 B; 14 - round;"
	    "19 all pair 0 A; 19 - round; 24 all pair 0 A; 24 - round;",
	    "", NULL },
	{ "a sentinel left behind is alone for a while",
	    CRASH SECOND("6") "7 s1 pair 0 A; 7 - round; 9 s1 pair 0 A;"
			      "9 - round; 11 s1 pair 0 A; 11 - round;"
			      "13 s1 pair 0 A; 13 - round; 15 all pair 1 B;"
			      "15 - round;",
	    "automatic 1, attempts 1, duplicates 2", NULL },
	{ "... and the only one that is heard after a restart",
	    "0 all pair 1 B; 0 - round; 5 - restart; 7 s1 pair 0 A; 7 - round;"
	    "9 s1 pair 0 A; 9 - round; 11 s1 pair 0 A; 11 - round;"
	    "13 s1 pair 0 A; 13 - round; 15 all pair 1 B; 15 - round;",
	    "", NULL },
	{ "those who knew better are gone for good",
	    CRASH SECOND("6") "7 s1 pair 0 A; 7 - round; 9 s1 pair 0 A;"
			      "9 - round; 9 s2 forget; 9 s3 forget;"
			      "11 s1 pair 0 A; 11 - round;"
			      "13 s1 pair 0 A; 13 - round;",
	    "automatic 1, unknown 1, attempts 1, duplicates 2", NULL },
	{ "... or silent for long",
	    CRASH SECOND("6") "7 s1 pair 0 A; 7 - round; 9 s1 pair 0 A;"
			      "9 - round; 11 s1 pair 0 A; 11 - round;"
			      "400 s1 pair 0 A; 400 - round;",
	    "automatic 1, unknown 1, attempts 1, duplicates 2", NULL },
	{ "the leader shows the new epoch before anyone publishes",
	    START DOWN PROMOTE
	    "4.21 s3 pair 1 B s_down,o_down,failover_in_progress;" OBSERVERS
		END("5.3"),
	    "automatic 1, attempts 1, duplicates 3",
	    "1 A>B automatic s3 1250 3100/100/1000/1100 ?" },
	{ "new epoch, same master",
	    START "5 s1 pair 4 A; 5 s2 pair 0 A; 5 - round; 9 all pair 4 A;",
	    "moves 1", NULL },
	{ "there and back, faster than the pair is read",
	    START "5 s1 switch A B 2 A; 5 s1 switch B A 2 A;"
		  "5 s2 switch A B 2 A; 5 s2 switch B A 2 A;",
	    "unknown 2, duplicates 3",
	    "? A>B unknown ? ? ?/?/?/? ?; 2 B>A unknown ? ? ?/?/?/? ?" },
	{ "there and back, a poll in between",
	    START "5 s3 pair 2 A; 5 s1 switch A B 2 A; 5 s1 switch B A 2 A;"
		  "5 s2 switch A B 2 A; 5 s2 switch B A 2 A;",
	    "unknown 2, moves 1, duplicates 3", NULL },
	{ "there and back needs two epochs",
	    START "5 s1 switch A B 1 A; 5 s1 switch B A 1 A;",
	    "moves 1, duplicates 1", NULL },
	{ "on to a third, faster than the pair is read",
	    START "5 s1 switch A B 2 C; 5 s1 switch B C 2 C;"
		  "5 s2 switch A B 2 C; 5 s2 switch B C 2 C;",
	    "unknown 2, duplicates 3",
	    "? A>B unknown ? ? ?/?/?/? ?; 2 B>C unknown ? ? ?/?/?/? ?" },
	{ "on to a third, the poll first, one sentinel in one step",
	    START "5 s3 pair 2 C; 5 s3 switch A C 2 C; 5 s1 switch A B 2 C;"
		  "5 s1 switch B C 2 C; 5 s2 switch A B 2 C;",
	    "unknown 2, duplicates 3", NULL },
	{ "three at once",
	    START "5 s1 switch A B 3 B; 5 s1 switch B C 3 B;"
		  "5 s1 switch C B 3 B; 5 s2 switch A B 3 B;",
	    "unknown 3, duplicates 2", NULL },
	{ "the same switch as shortly before",
	    "0 all pair 5 A; 0 - round; 10 all pair 6 D; 10 - round;"
	    "30 all pair 8 A; 30 - round; 35 all pair 8 A; 35 - round;"
	    "40 all pair 8 A; 40 - round; 50 s1 switch A D 11 C;"
	    "50 s1 switch D C 11 C;",
	    "unknown 4, duplicates 1", NULL },
	{ "one that was behind catches up with all at once",
	    "0 all pair 2 C; 0 - round; 5 s1 pair 3 B; 5 s3 pair 2 C;"
	    "5 - round; 10 s1 pair 3 B; 10 s2 pair 3 B; 10 s3 pair 2 C;"
	    "10 - round; 99 s1 switch B C 6 C; 99 s3 switch C D 6 C;"
	    "99 s2 switch B D 6 C; 99 s2 switch D C 6 C; 99 s3 switch D C 6 C;",
	    "unknown 3, duplicates 3", NULL },
	{ "a leader's last word, when others have gone on",
	    START DOWN PROMOTE OBSERVERS
	    "5 s3 pair 1 B failover_in_progress; 5 - round;"
	    "9 s3 pair 1 B failover_in_progress; 9 - round;"
	    "15 s3 pair 1 B failover_in_progress; 15 - round;"
	    "99 s1 switch B A 4 C; 99 s1 switch A C 4 C; 99 s3 switch A B 4 C;"
	    "99 s3 switch B C 4 C;",
	    "automatic 1, unknown 2, attempts 1, duplicates 4", NULL },
	{ "the leader of one that was jumped over was heard",
	    START "5 s3 +new-epoch 1; 5 s3 +try-failover A;"
		  "5 s3 +elected-leader A; 6 s3 +promoted-slave B;"
		  "7 s1 +new-epoch 3; 7 s1 +try-failover B;"
		  "7 s1 +elected-leader B; 8 s1 +promoted-slave C;"
		  "8 s2 switch A B 3 C; 8 s2 switch B C 3 C;",
	    "forced 2, attempts 2, duplicates 1",
	    "1 A>B forced s3 3000 ?/0/1000/? ?; "
	    "3 B>C forced s1 1000 ?/0/1000/? ?" },
	{ "a sentinel that lags shows the one that was missed",
	    START "5 s1 pair 2 C; 5 s2 pair 1 B; 5 s3 pair 1 B; 5 - round;"
		  "6 all pair 2 C; 6 - round;",
	    "unknown 2",
	    "2 B>C unknown ? ? ?/?/?/? ?; "
	    "1 A>B unknown ? ? ?/?/?/? ?" },
	{ "... but not a fresh MONITOR",
	    "0 all pair 3 A; 0 - round; 5 s1 pair 6 B; 5 s2 pair 0 C;"
	    "5 s3 pair 3 A; 5 - round; 6 s2 switch C B 6 B;",
	    "unknown 1, duplicates 1", NULL },
	{ "burnt epochs make no room for a phantom later",
	    "0 all pair 3 A; 0 - round; 5 s1 switch A B 6 B; 9 all pair 6 B;"
	    "9 - round; 500 s2 switch A C 6 B; 500 s2 switch C B 6 B;",
	    "unknown 1, duplicates 2", NULL },
	{ "the baseline is the whole first round",
	    "0 s1 pair 0 A; 0 s2 pair 4 B; 0 s3 pair 5 C; 0 - round;"
	    "5 all pair 5 C; 5 - round;",
	    "", NULL },
	{ "... whose majority is right",
	    "0 s1 pair 0 X; 0 s2 pair 0 A; 0 s3 pair 0 A; 0 - round;"
	    "5 s1 pair 0 X; 5 s2 pair 0 A; 5 s3 pair 0 A; 5 - round;"
	    "9 s1 pair 0 X; 9 s2 pair 0 A; 9 s3 pair 0 A; 9 - round;",
	    "", NULL },
	{ "a failover within the first round",
	    "0 s1 pair 0 A; 0 s2 pair 0 A; 1 s1 switch A B 1 B; 2 - round;",
	    "unknown 1", NULL },
	{ "a second failover",
	    CRASH SECOND(
		"6") "50 s1 +new-epoch 2; 50 s1 +try-failover B;"
		     "50 s1 +elected-leader B; 51 s1 +promoted-slave A;"
		     "51.1 s3 switch B A 2 A; 52 s1 +failover-end B;"
		     "52 s1 switch B A 2 A;",
	    "automatic 1, forced 1, attempts 2, duplicates 3",
	    "1 A>B automatic s3 1250 3100/100/1000/1100 ?; "
	    "2 B>A forced s1 1100 ?/0/1000/1000 ?" },
	{ "restarted, nothing happened",
	    CRASH "9 - restart; 10 all pair 1 B;"
		  "10 - round;",
	    "automatic 1, attempts 1, duplicates 2",
	    "1 A>B automatic s3 1250 3100/100/1000/1100 ?" },
	{ "a failover while away",
	    START "9 - restart; 20 s1 pair 0 A;"
		  "20 s2 pair 1 B; 20 s3 pair 1 B; 20 - round;"
		  "30 all pair 1 B; 30 - round;",
	    "unknown 1", "1 A>B unknown ? ? ?/?/?/? ?" },
	{ "restarted in the middle",
	    START DOWN
	    "3.5 - restart;"
	    "5 s1 pair 1 B; 5 s2 pair 1 B;"
	    "5 s3 pair 1 B s_down,failover_in_progress; 5 - round;" END("6"),
	    "unknown 1, attempts 1, duplicates 1", NULL },
	{ "restarted twice",
	    START "9 - restart; 9 - restart; 20 s1 pair 1 B;"
		  "20 - restart; 30 s2 pair 1 B;",
	    "unknown 1", NULL },
	{ "restarted without memory",
	    CRASH "9 - anew; 10 all pair 1 B;"
		  "10 - round; 11 s2 switch A B 1 B;",
	    "duplicates 1", NULL },
	{ "the memory is of sentinels that lost theirs",
	    "0 all pair 13 B; 0 - round; 1 - restart; 5 all pair 0 A;"
	    "5 - round; 9 all pair 0 A; 9 - round; 14 all pair 0 A; 14 - round;"
	    "20 s1 switch A B 1 B;",
	    "unknown 2", NULL },
	{ "the same master restarts",
	    START
	    "1 - runid A r1; 2 - runid A r1;"
	    "3 - runid A r2; 4 - runid A r1; 5 - runid A r2; 5 - runid A ;",
	    "reboots 1", NULL },
	{ "... which +reboot says three times",
	    START
	    "1 - runid A r1;"
	    "3 - runid A r2; 3 s1 +reboot A; 9 s2 +reboot A; 9 s3 +reboot A;",
	    "reboots 1", NULL },
	{ "... while the exporter is away",
	    START "1 - runid A r1; 2 - restart; 3 - runid A r2;", "reboots 1",
	    NULL },
	{ "another master has another run id",
	    START
	    "1 - runid A r1;"
	    "1 - runid B r2; 5 all pair 1 B; 5 - runid A r1; 6 - runid B r2;"
	    "6 - round; 7 all pair 2 A; 8 - runid A r3;",
	    "unknown 2", NULL },
	{ "a node by another text is no other node",
	    START
	    "1 - rename A alpha; 2 all pair 0 alpha; 2 - round;"
	    "3 all pair 0 alpha; 3 - round; 4 all pair 0 alpha; 4 - round;"
	    "5 all pair 1 B; 5 - rename B beta; 6 all pair 2 beta;",
	    "unknown 1, moves 1", NULL },
	{ "senseless pairs",
	    START "1 s1 pair -5 X; 1 s1 pair 7 ; 1 - round;"
		  "2 s1 pair 9223372036854775807 B;",
	    "unknown 1", NULL },
};

START_TEST(counts)
{
	story_check(&stories[_i]);
}
END_TEST

START_TEST(a_new_one_knows_nothing)
{
	struct failover_tracker *t = tracker_new("m");
	const struct failover_stats *s = tracker_stats(t);
	size_t n;
	int p;

	tracker_history(t, &n);
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(tracker_count(t), 0);
	ck_assert_int_eq(s->last_wall_ms, 0);
	ck_assert_int_eq(s->outage_since_mono_ms, NUM_UNKNOWN);
	for (p = 0; p < FAILOVER_PHASES; p++)
		ck_assert_int_eq(s->last_phase_ms[p], NUM_UNKNOWN);
	/* Nothing was shown yet: none of this may harm. */
	story_tell(&t, "0 - round; 1 s1 lost; 1 s1 forget; 1 - runid A r1;"
		       "1 s1 +sdown A; 1 s1 -sdown A; 1 s1 +odown A;"
		       "2 - restart; 3 - round; 4 s1 pair 3 A;");
	ck_assert_uint_eq(tracker_count(t), 0);
	tracker_free(t);
	tracker_free(NULL);
}
END_TEST

START_TEST(history_keeps_the_last_ones)
{
	struct failover_tracker *t = story_of("0 s1 pair 0 A; 0 - round;");
	const struct failover *f;
	char story[80];
	size_t n;
	int i;

	for (i = 1; i <= FAILOVER_HISTORY + 6; i++) {
		snprintf(story, sizeof(story), "%d s1 pair %d %c; %d - round;",
		    i * 100, i, 'A' + i % 2, i * 100);
		story_tell(&t, story);
	}
	f = tracker_history(t, &n);
	ck_assert_uint_eq(n, FAILOVER_HISTORY);
	ck_assert_int_eq(f[0].epoch, 7);
	ck_assert_int_eq(f[n - 1].epoch, FAILOVER_HISTORY + 6);
	ck_assert_uint_eq(tracker_count(t), FAILOVER_HISTORY + 6);
	tracker_free(t);
}
END_TEST

/* Peers name sentinels without end; memory stays within bounds, and those that
 * are polled are kept. */
START_TEST(sentinels_without_end)
{
	struct failover_tracker *t = story_of(START);
	char story[256];
	int i;

	for (i = 0; i < 500; i++) {
		snprintf(story, sizeof(story),
		    "%d all pair 0 A; %d x%d pair 0 A; %d y%d +new-epoch %d;"
		    "%d y%d +try-failover A; %d - round;",
		    i, i, i, i, i, i, i, i, i);
		story_tell(&t, story);
	}
	story_tell(&t, "600 all pair 1 B; 600 s1 switch A B 1 B;");
	ck_assert_uint_eq(tracker_count(t), 1);
	ck_assert_uint_eq(tracker_stats(t)->attempts, 500);
	tracker_free(t);
}
END_TEST

START_TEST(memory_goes_round)
{
	struct failover_tracker *t = story_of(CRASH "6 - runid B r9;"), *u;
	struct tracker_memory *m = calloc(1, sizeof(*m));
	struct tracker_memory *n = calloc(1, sizeof(*n));

	tracker_save(t, m);
	u = tracker_new("m");
	tracker_restore(u, m);
	tracker_save(u, n);
	ck_assert_str_eq(m->master_name, "m");
	ck_assert_str_eq(m->run_id, "r9");
	ck_assert_int_eq(m->epoch, 1);
	ck_assert_uint_eq(m->n_history, 1);
	ck_assert_int_eq(memcmp(m, n, sizeof(*m)), 0);
	/* Counted by an earlier process: not new to this one. */
	ck_assert_uint_eq(tracker_count(u), 0);
	m->n_history = SIZE_MAX;
	tracker_restore(u, m);
	tracker_save(u, n);
	ck_assert_uint_eq(n->n_history, FAILOVER_HISTORY);
	tracker_free(t);
	tracker_free(u);
	free(m);
	free(n);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tracker");
	TCase *tc = tcase_create("tracker");

	tcase_add_loop_test(
	    tc, counts, 0, (int)(sizeof(stories) / sizeof(stories[0])));
	tcase_add_test(tc, a_new_one_knows_nothing);
	tcase_add_test(tc, history_keeps_the_last_ones);
	tcase_add_test(tc, sentinels_without_end);
	tcase_add_test(tc, memory_goes_round);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
