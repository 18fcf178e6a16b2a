#include "model/stranded.h"

#include <string.h>

#include "base/num.h"
#include "model/celery.h"
#include "unit/unit.h"

#define N(table) (int)(sizeof(table) / sizeof((table)[0]))
#define NOW	 100000
#define UNKNOWN	 NUM_UNKNOWN

/* One DB: what waits in it, and who reads. */
struct db_row {
	int64_t length; /* of the queue */
	const char *stall; /* "" = not, "s" = yes */
	const char *sign; /* "c3" clients, "p0" pidbox, "?" */
	bool deserted; /* a worker heard now was here once */
	bool bound;
};

static const struct {
	const char *what;
	const char *url; /* DBs that it names, as digits */
	int64_t workers;
	struct db_row a, b; /* DB 0 and DB 3 */
	int64_t want_a, want_b;
} rows[] = {
	/* The trap, as a worker moved from DB 0 to 3, and back again. */
	{ "left in 0", "03", 1, { 5, "s", "c0", false, true },
	    { 0, "", "c1", false, true }, 1, 0 },
	{ "left in 3", "03", 1, { 0, "", "c1", false, true },
	    { 5, "s", "c0", false, true }, 0, 1 },
	{ "the bindings tell, too", "03", 1, { 5, "s", "p0", false, true },
	    { 0, "", "p1", false, true }, 1, 0 },
	{ "without any URL, by the worker that was here", "", 1,
	    { 5, "s", "c0", true, true }, { 0, "", "c1", true, true }, 1, 0 },
	{ "a worker that was here is heard; who reads 3 is not known", "", 1,
	    { 5, "s", "c0", true, true }, { 0, "", "?", false, false }, 1, 0 },

	/* Well, and not so well, but not stranded. */
	{ "nothing waits", "03", 1, { 0, "", "c0", true, true },
	    { 0, "", "c1", false, true }, 0, 0 },
	{ "only just published", "03", 1, { 5, "", "c0", true, true },
	    { 0, "", "c1", false, true }, 0, 0 },
	{ "busy workers", "03", 1, { 5, "s", "c1", true, true },
	    { 0, "", "c1", false, true }, 0, 0 },
	{ "all workers down", "03", 0, { 5, "s", "c0", false, true },
	    { 7, "s", "c0", false, true }, 0, 0 },
	{ "all down, their bindings left", "03", 0,
	    { 5, "s", "p0", false, true }, { 0, "", "p2", false, true }, 0, 0 },
	{ "one DB, its workers down", "0", 0, { 5, "s", "c0", false, true },
	    { 0, "", "c0", false, false }, 0, 0 },
	{ "another application lives next door", "0", 4,
	    { 5, "s", "c0", false, true }, { 0, "", "c4", false, true }, 0, 0 },
	{ "two applications, no URL to tell them apart", "", 4,
	    { 5, "s", "c0", false, true }, { 0, "", "c4", false, true }, 0, 0 },
	{ "those elsewhere read other queues", "03", 4,
	    { 5, "s", "c0", false, true }, { 0, "", "c4", false, false }, 0,
	    0 },
	{ "next door's tasks are not ours", "05", 4,
	    { 0, "", "c4", false, true }, { 5, "s", "c0", false, true }, 0, 0 },

	/* What cannot be told is not told. */
	{ "length denied", "03", 1, { UNKNOWN, "s", "c0", true, true },
	    { 0, "", "c1", false, true }, UNKNOWN, 0 },
	{ "who reads is not known", "03", 1, { 5, "s", "?", false, true },
	    { 0, "", "c1", false, true }, UNKNOWN, 0 },
	{ "a binding may be of a worker that is gone", "03", 1,
	    { 5, "s", "p1", false, true }, { 0, "", "p1", false, true },
	    UNKNOWN, 0 },
	{ "bindings, and nobody listens for heartbeats", "03", UNKNOWN,
	    { 5, "s", "p0", false, true }, { 0, "", "p1", false, true },
	    UNKNOWN, 0 },
	{ "who reads elsewhere is not known", "03", 1,
	    { 5, "s", "c0", false, true }, { 0, "", "?", false, true }, UNKNOWN,
	    0 },
	{ "nothing known, but nobody could be elsewhere", "", UNKNOWN,
	    { 5, "s", "?", false, true }, { 0, "", "?", false, true }, 0, 0 },
};

static struct stall
still(const struct db_row *row)
{
	if (row->stall[0] == '\0')
		return (struct stall){ 0 };
	return (struct stall){ .rounds = STALL_ROUNDS,
		.since_ms = NOW - STALL_MS,
		.length = row->length };
}

static void
add_db(struct celery *c, int db, const struct db_row *row)
{
	struct celery_db *d = celery_add_db(c, db);
	struct queue *q = celery_db_add_queue(d, "work", 4);

	*vec_push(&q->lengths) = row->length;
	q->stall = still(row);
	q->bound_known = true;
	q->bound = row->bound;
	d->unacked = row->length;
	d->unacked_stall = still(row);
	d->deserted = row->deserted;
	if (row->sign[1] == '0')
		d->unread = (struct stall){ .rounds = STALL_ROUNDS,
			.since_ms = NOW - STALL_MS,
			.length = 1 };
	d->readers_sign = row->sign[0] == 'c'	? READERS_CLIENTS
			  : row->sign[0] == 'p' ? READERS_PIDBOX
						: READERS_UNKNOWN;
	d->readers =
	    d->readers_sign == READERS_UNKNOWN ? UNKNOWN : row->sign[1] - '0';
}

static struct celery
begin(int i)
{
	struct celery c = { .workers = rows[i].workers };
	const char *p;

	for (p = rows[i].url; *p != '\0'; p++)
		*vec_push(&c.url_dbs) = *p - '0';
	add_db(&c, 0, &rows[i].a);
	add_db(&c, 3, &rows[i].b);
	return c;
}

START_TEST(queues)
{
	struct celery c = begin(_i);

	stranded_update(&c, NOW);
	ck_assert_msg(c.dbs.v[0].queues.v[0].stranded == rows[_i].want_a,
	    "%s: DB 0", rows[_i].what);
	ck_assert_msg(c.dbs.v[1].queues.v[0].stranded == rows[_i].want_b,
	    "%s: DB 3", rows[_i].what);
	celery_fini(&c);
}
END_TEST

/* What is unacked follows the same rule, whatever queue it came from. */
START_TEST(unacked)
{
	struct celery c = begin(_i);
	int64_t want = rows[_i].want_a;

	if (strcmp(rows[_i].what, "those elsewhere read other queues") == 0)
		want = 1;
	stranded_update(&c, NOW);
	ck_assert_msg(
	    c.dbs.v[0].unacked_stranded == want, "%s: DB 0", rows[_i].what);
	celery_fini(&c);
}
END_TEST

/* Its worker may be coming back this moment. */
START_TEST(only_just_unread)
{
	struct celery c = begin(0);

	c.dbs.v[0].unread.since_ms++;
	stranded_update(&c, NOW);
	ck_assert_int_eq(c.dbs.v[0].queues.v[0].stranded, 0);
	ck_assert_int_eq(c.dbs.v[0].unacked_stranded, 0);
	stranded_update(&c, NOW + 1);
	ck_assert_int_eq(c.dbs.v[0].queues.v[0].stranded, 1);
	celery_fini(&c);
}
END_TEST

START_TEST(a_disturbance_begins_anew)
{
	struct celery c = begin(0);

	celery_db_disturb(&c.dbs.v[0]);
	stranded_update(&c, NOW);
	ck_assert_int_eq(c.dbs.v[0].queues.v[0].stranded, 0);
	ck_assert_int_eq(c.dbs.v[0].unacked_stranded, 0);
	ck_assert_int_eq(c.dbs.v[0].unread.rounds, 0);
	celery_fini(&c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stranded");
	TCase *tc = tcase_create("stranded");

	tcase_add_loop_test(tc, queues, 0, N(rows));
	tcase_add_loop_test(tc, unacked, 0, N(rows));
	tcase_add_test(tc, only_just_unread);
	tcase_add_test(tc, a_disturbance_begins_anew);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
