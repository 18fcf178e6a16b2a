/* The state document: what is written is read again; whatever else is refused
 * with a reason, and nothing of it is used. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/saved_state.h"
#include "unit/unit.h"

static struct addr
address(const char *text)
{
	struct addr a;

	ck_assert(addr_parse(&a, text, strlen(text), 0));
	return a;
}

/* Every number another one. */
static void
fill(struct tracker_memory *m)
{
	struct failover_stats *s = &m->stats;
	uint64_t *counters = s->failovers;
	size_t i;

	*m = (struct tracker_memory){ .epoch = 41,
		.master = address("[2001:db8::1]:6379"),
		.master_name = "nautobot",
		.run_id = "0123456789abcdef0123456789abcdef01234567",
		.n_history = 2 };
	for (i = 0; i < FAILOVER_KINDS; i++)
		counters[i] = 100 + i;
	s->attempts = 110;
	for (i = 0; i < FAILOVER_ABORTS; i++)
		s->aborts[i] = 120 + i;
	for (i = 0; i <= FAILOVER_BUCKETS; i++)
		s->buckets[i] = 130 + i;
	s->duration_sum_s = 17.25;
	for (i = 0; i < FAILOVER_PHASES; i++)
		s->last_phase_ms[i] = 150 + (int64_t)i;
	s->last_wall_ms = 1767225600123;
	s->address_changes = 160;
	s->reboots = 161;
	s->epoch_moves = 162;
	s->duplicates = 163;
	s->outage_ms = 164;
	s->outage_since_mono_ms = NUM_UNKNOWN;
	m->history[0] = (struct failover){ .epoch = 40,
		.kind = FAILOVER_FORCED,
		.from = address("redis-0.redis:6379"),
		.to = address("10.0.0.2:6379"),
		.started_wall_ms = 170,
		.switched_wall_ms = 171,
		.duration_ms = 172,
		.phase_ms = { 173, 174, 175, 176 },
		.outage_ms = 0,
		.leader = "10.0.0.9:26379" };
	m->history[1] = (struct failover){ .epoch = NUM_UNKNOWN,
		.kind = FAILOVER_UNKNOWN,
		.from = address("10.0.0.2:6379"),
		.to = address("[2001:db8::1]:6379"),
		.started_wall_ms = NUM_UNKNOWN,
		.switched_wall_ms = 181,
		.duration_ms = NUM_UNKNOWN,
		.phase_ms = { NUM_UNKNOWN, NUM_UNKNOWN, NUM_UNKNOWN,
		    NUM_UNKNOWN },
		.outage_ms = NUM_UNKNOWN };
}

/* What saved_state_decode told. */
struct told {
	size_t n;
	char groups[4][16];
	struct tracker_memory m[4];
};

static void
note(void *arg, const char *group, const struct tracker_memory *m)
{
	struct told *t = arg;

	ck_assert_uint_lt(t->n, 4);
	strlcpy(t->groups[t->n], group == NULL ? "-" : group, 16);
	t->m[t->n++] = *m;
}

static void
ck_same(const struct tracker_memory *a, const struct tracker_memory *b)
{
	struct tracker_memory x = *a, y = *b;

	/* The rest is compared byte by byte. */
	ck_assert(addr_equal(&x.master, &y.master));
	ck_assert_str_eq(x.master_name, y.master_name);
	ck_assert_str_eq(x.run_id, y.run_id);
	ck_assert_int_eq(x.epoch, y.epoch);
	ck_assert_mem_eq(&x.stats, &y.stats, sizeof(x.stats));
	ck_assert_uint_eq(x.n_history, y.n_history);
	for (size_t i = 0; i < x.n_history; i++) {
		struct failover *f = &x.history[i], *g = &y.history[i];

		ck_assert_int_eq(f->epoch, g->epoch);
		ck_assert_int_eq(f->kind, g->kind);
		ck_assert(addr_equal(&f->from, &g->from));
		ck_assert(addr_equal(&f->to, &g->to));
		ck_assert_int_eq(f->started_wall_ms, g->started_wall_ms);
		ck_assert_int_eq(f->switched_wall_ms, g->switched_wall_ms);
		ck_assert_int_eq(f->duration_ms, g->duration_ms);
		ck_assert_mem_eq(f->phase_ms, g->phase_ms, sizeof(f->phase_ms));
		ck_assert_int_eq(f->outage_ms, g->outage_ms);
		ck_assert_str_eq(f->leader, g->leader);
	}
}

static char *
document(const struct tracker_memory *m, size_t *len)
{
	struct saved_state *s = saved_state_new(1);
	char *text;

	saved_state_add(s, NULL, m);
	text = saved_state_encode(s, len);
	saved_state_free(s);
	return text;
}

START_TEST(comes_back_as_it_went)
{
	struct tracker_memory *m = xcalloc(2, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct saved_state *s = saved_state_new(2);
	struct err err;
	size_t len;
	char *text;

	fill(&m[0]);
	/* One about which nothing is known yet. */
	strlcpy(
	    m[1].master_name, "cache \"\xC3\xA4\"", sizeof(m[1].master_name));
	m[1].epoch = m[1].stats.outage_since_mono_ms = NUM_UNKNOWN;
	for (size_t i = 0; i < FAILOVER_PHASES; i++)
		m[1].stats.last_phase_ms[i] = NUM_UNKNOWN;
	saved_state_add(s, NULL, &m[0]);
	saved_state_add(s, "prod", &m[1]);
	text = saved_state_encode(s, &len);
	ck_assert_msg(
	    saved_state_decode(text, len, note, t, &err), "%s", err.text);
	ck_assert_uint_eq(t->n, 2);
	ck_assert_str_eq(t->groups[0], "-");
	ck_assert_str_eq(t->groups[1], "prod");
	ck_same(&t->m[0], &m[0]);
	ck_same(&t->m[1], &m[1]);
	free(text);
	saved_state_free(s);
	free(t);
	free(m);
}
END_TEST

START_TEST(name_without_a_text_is_left_out)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct err err;
	size_t len;
	char *text;

	fill(m);
	strlcpy(m->master_name, "bad\xFFname", sizeof(m->master_name));
	text = document(m, &len);
	ck_assert(saved_state_decode(text, len, note, t, &err));
	ck_assert_uint_eq(t->n, 0);
	free(text);
	free(t);
	free(m);
}
END_TEST

/* Many masters share the room for failovers; the newest stay. */
START_TEST(many_masters_keep_less_of_each)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct saved_state *s = saved_state_new(STATE_MASTERS_MAX);
	struct err err;
	size_t len;
	char *text;

	fill(m);
	m->n_history = FAILOVER_HISTORY;
	for (int64_t i = 0; i < FAILOVER_HISTORY; i++) {
		m->history[i] = m->history[0];
		m->history[i].epoch = i;
	}
	saved_state_add(s, NULL, m);
	text = saved_state_encode(s, &len);
	ck_assert(saved_state_decode(text, len, note, t, &err));
	ck_assert_uint_eq(t->m[0].n_history, 2);
	ck_assert_int_eq(t->m[0].history[0].epoch, FAILOVER_HISTORY - 2);
	ck_assert_int_eq(t->m[0].history[1].epoch, FAILOVER_HISTORY - 1);
	free(text);
	saved_state_free(s);
	free(t);
	free(m);
}
END_TEST

/* The good document with one piece replaced, and what is said of it. */
static const struct {
	const char *piece, *instead, *reason;
} damages[] = {
	{ "{", "", "no JSON" },
	{ "sentinel-exporter state", "something else",
	    "it was not written by sentinel-exporter" },
	{ "\"format\"", "\"form\"", "it was not written by sentinel-exporter" },
	{ "\"version\": 1", "\"version\": 2", "its version is not 1" },
	{ "\"version\": 1", "\"version\": \"1\"", "its version is not 1" },
	{ "\"version\": 1", "\"version\": 1, \"version\": 1", "no JSON" },
	{ "\"masters\": [", "\"masters\": 3, \"x\": [",
	    "masters is no list of up to 10000" },
	{ "\"masters\": [", "\"masters\": [3,",
	    "masters[0]: a master_name is missing" },
	{ "\"master_name\": \"nautobot\"", "\"master_name\": \"\"",
	    "master_name is missing" },
	{ "\"master_name\": \"nautobot\"", "\"master_name\": 5",
	    "master_name is missing" },
	{ "\"master_name\"", "\"group\": 3, \"master_name\"",
	    "group is no text" },
	{ "\"epoch\": 41", "\"epoch\": -1", "masters[0]: epoch is no number" },
	{ "\"epoch\": 41", "\"epoch\": 41.0", "epoch is no number" },
	{ "\"epoch\": 41", "\"epoch\": 9007199254740993",
	    "epoch is no number" },
	{ "\"epoch\": 41", "\"epoch\": 99999999999999999999", "no JSON" },
	{ "\"epoch\": 41", "\"epoch\": null", "epoch is no number" },
	{ "\"master\": \"[2001", "\"master\": \"2001", "master is no address" },
	{ "\"run_id\": \"0", "\"run_id\": \"00", "run_id is no text" },
	{ "\"failovers_automatic\": 100", "\"failovers_automatic\": true",
	    "failovers_automatic is no number" },
	{ "\"failovers_forced\": 101,", "", "failovers_forced is no number" },
	{ "\"outage_ms\": 164", "\"outage_ms\": -164",
	    "outage_ms is no number" },
	{ "17.25", "-17.25", "the histogram of durations is another one" },
	{ "17.25", "\"17.25\"", "the histogram of durations is another one" },
	{ "    130,", "", "the histogram of durations is another one" },
	{ "    130,", "-1,", "duration_buckets[0] is no count" },
	{ "    141", "14.1", "duration_buckets[11] is no count" },
	{ "\"history\": [", "\"story\": [", "history is no list of up to 64" },
	{ "\"kind\": \"forced\"", "\"kind\": \"manual\"",
	    "masters[0]: history[0]: kind is none of" },
	{ "\"kind\": \"unknown\"", "\"sort\": \"unknown\"",
	    "history[1]: kind is none of" },
	{ "\"from\": \"redis-0.redis:6379\"", "\"from\": \"redis-0\"",
	    "from is no address" },
	{ "\"leader\": \"10.0.0.9:26379\"", "\"leader\": 10",
	    "leader is no text" },
	{ "\"detection_ms\": 173", "\"detection_ms\": 1e300",
	    "detection_ms is no number" },
};

static char *
replaced(const char *text, const char *piece, const char *instead)
{
	const char *at = strstr(text, piece);
	struct strbuf b = { 0 };
	size_t len;

	ck_assert_msg(at != NULL, "no %s in %s", piece, text);
	strbuf_add(&b, text, (size_t)(at - text));
	strbuf_puts(&b, instead);
	strbuf_puts(&b, at + strlen(piece));
	return strbuf_take(&b, &len);
}

START_TEST(damage_is_told)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct err err = { "" };
	char *good, *bad;
	size_t len;

	fill(m);
	good = document(m, &len);
	bad = replaced(good, damages[_i].piece, damages[_i].instead);
	ck_assert(!saved_state_decode(bad, strlen(bad), note, t, &err));
	ck_assert_msg(
	    strstr(err.text, damages[_i].reason) != NULL, "said: %s", err.text);
	ck_assert_uint_eq(t->n, 0);
	free(good);
	free(bad);
	free(t);
	free(m);
}
END_TEST

/* Cut off anywhere, as a crash without fsync may leave it. */
START_TEST(every_beginning_of_it_is_refused)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct err err;
	size_t len, i;
	char *text;

	fill(m);
	text = document(m, &len);
	for (i = 0; i < len - 1; i++)
		ck_assert_msg(!saved_state_decode(text, i, note, t, &err),
		    "the first %zu bytes are taken", i);
	ck_assert_uint_eq(t->n, 0);
	free(text);
	free(t);
	free(m);
}
END_TEST

/* Nothing is used of a document whose second master is damaged. */
START_TEST(all_or_nothing)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct saved_state *s = saved_state_new(2);
	char *good, *bad, *worse;
	struct err err;
	size_t len;

	fill(m);
	saved_state_add(s, NULL, m);
	m->epoch = 77;
	saved_state_add(s, NULL, m);
	good = saved_state_encode(s, &len);
	bad = replaced(good, "77", "\"x\"");
	ck_assert(!saved_state_decode(bad, strlen(bad), note, t, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "masters[1]"));
	ck_assert_uint_eq(t->n, 0);
	/* What a later exporter may add is passed over. */
	worse = replaced(good, "\"epoch\"", "\"news\": [1], \"epoch\"");
	ck_assert(saved_state_decode(worse, strlen(worse), note, t, &err));
	ck_assert_uint_eq(t->n, 2);
	free(good);
	free(bad);
	free(worse);
	saved_state_free(s);
	free(t);
	free(m);
}
END_TEST

START_TEST(too_much_history_is_refused)
{
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct told *t = xcalloc(1, sizeof(*t));
	struct strbuf list = { 0 };
	char *good, *bad;
	struct err err;
	size_t len, i;

	fill(m);
	m->n_history = 0;
	good = document(m, &len);
	for (i = 0; i <= FAILOVER_HISTORY; i++)
		strbuf_puts(&list, i == 0 ? "\"history\": [{}" : ",{}");
	strbuf_puts(&list, "]");
	bad = replaced(good, "\"history\": []", strbuf_text(&list));
	ck_assert(!saved_state_decode(bad, strlen(bad), note, t, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "history is no list"));
	strbuf_fini(&list);
	free(good);
	free(bad);
	free(t);
	free(m);
}
END_TEST

/* What any change of a tracker does to its digest. */
START_TEST(digest_follows_what_is_saved)
{
	struct failover_tracker *t = tracker_new("nautobot");
	const struct addr a = address("10.0.0.1:6379");
	const struct addr b = address("10.0.0.2:6379");
	struct tracker_pair p = { .epoch = 1, .addr = a };
	struct now now = { 1000, 1700000000000 };
	uint64_t before = tracker_digest(t), after;

#define CHANGED                           \
	after = tracker_digest(t);        \
	ck_assert_uint_ne(before, after); \
	before = after
#define UNCHANGED ck_assert_uint_eq(before, tracker_digest(t))

	tracker_pair(t, "s1", &p, now);
	CHANGED;
	tracker_pair(t, "s2", &p, now);
	tracker_round(t, now);
	UNCHANGED;
	tracker_run_id(t, &a, "0123");
	CHANGED;
	tracker_run_id(t, &a, "4567");
	CHANGED;
	tracker_answers(t, true, now);
	UNCHANGED;
	now.mono_ms += 1000;
	tracker_answers(t, false, now);
	CHANGED;
	now.mono_ms += 1000;
	tracker_answers(t, false, now);
	UNCHANGED;
	tracker_answers(t, true, now);
	CHANGED;
	p = (struct tracker_pair){ .epoch = 2, .addr = b };
	tracker_pair(t, "s1", &p, now);
	CHANGED;
	tracker_free(t);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("state");
	TCase *tc = tcase_create("state");

	tcase_add_test(tc, comes_back_as_it_went);
	tcase_add_test(tc, name_without_a_text_is_left_out);
	tcase_add_test(tc, many_masters_keep_less_of_each);
	tcase_add_loop_test(
	    tc, damage_is_told, 0, sizeof(damages) / sizeof(damages[0]));
	tcase_add_test(tc, every_beginning_of_it_is_refused);
	tcase_add_test(tc, all_or_nothing);
	tcase_add_test(tc, too_much_history_is_refused);
	tcase_add_test(tc, digest_follows_what_is_saved);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
