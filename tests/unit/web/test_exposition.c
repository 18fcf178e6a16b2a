#include "web/exposition.h"

#include <string.h>
#include <zlib.h>

#include "base/build_info.h"
#include "metrics/family.h"
#include "model/deployment.h"
#include "model/snapshot.h"
#include "unit/unit.h"
#include "web/blob.h"

static const struct build_info build = { "1.2.3", "abc", "cc" };
static struct exposition exposition;
static struct handover *handover;
static unsigned processes_read;

static void
read_process(void *arg, struct self_stats *self)
{
	unsigned *count = arg;

	self->build = &build;
	self->log_lines_dropped = ++*count;
}

/* A master's name makes one snapshot differ from another. */
static void
publish(const char *master, int64_t next_stale_ms)
{
	const struct picture_time t = { { 1, 1 }, 15000 };
	struct snapshot *s = snapshot_new();
	struct deployment d = { 0 };

	deployment_add_master(&d, master);
	snapshot_add(s, &d, &t);
	s->next_stale_ms = next_stale_ms;
	handover_publish(handover, s);
	deployment_fini(&d);
}

static void
setup(void)
{
	processes_read = 0;
	handover = handover_new();
	exposition_init(&exposition, handover, read_process, &processes_read);
	publish("one", PICTURE_NEVER);
}

static void
teardown(void)
{
	exposition_fini(&exposition);
	handover_free(handover);
}

static void
release(struct blob *parts[2])
{
	blob_unref(parts[0]);
	blob_unref(parts[1]);
}

static bool
holds(const struct blob *b, const char *text)
{
	return memmem(b->bytes, b->len, text, strlen(text)) != NULL;
}

START_TEST(a_body_is_rendered_once_and_shared)
{
	struct blob *a[2], *b[2];

	exposition_take(&exposition, RENDER_TEXT, false, 1, a);
	exposition_take(&exposition, RENDER_TEXT, false, 2, b);
	ck_assert_ptr_eq(a[0], b[0]);
	ck_assert(holds(a[0], "master_name=\"one\""));
	/* The process' figures are those of now all the same. */
	ck_assert(holds(a[1], "log_lines_dropped_total 1\n"));
	ck_assert(holds(b[1], "log_lines_dropped_total 2\n"));
	release(a);
	release(b);
}
END_TEST

START_TEST(formats_and_codings_have_bodies_of_their_own)
{
	struct blob *p[4][2];
	int i;

	for (i = 0; i < 4; i++)
		exposition_take(&exposition, (enum render_format)(i / 2),
		    i % 2 == 1, 1, p[i]);
	ck_assert(p[0][0]->len != p[2][0]->len);
	ck_assert(!holds(p[0][1], "# EOF") && holds(p[2][1], "# EOF"));
	ck_assert_int_eq(memcmp(p[1][0]->bytes, "\x1f\x8b\x08", 3), 0);
	for (i = 0; i < 4; i++)
		release(p[i]);
}
END_TEST

START_TEST(a_new_snapshot_makes_a_new_body)
{
	struct blob *a[2], *b[2];

	exposition_take(&exposition, RENDER_TEXT, false, 1, a);
	publish("two", PICTURE_NEVER);
	exposition_take(&exposition, RENDER_TEXT, false, 1, b);
	ck_assert(holds(b[0], "master_name=\"two\""));
	/* Who still takes the old one has it. */
	ck_assert(holds(a[0], "master_name=\"one\""));
	release(a);
	release(b);
}
END_TEST

START_TEST(bodies_of_old_snapshots_are_let_go)
{
	struct blob *a[2];

	exposition_take(&exposition, RENDER_OPENMETRICS, true, 1, a);
	publish("two", PICTURE_NEVER);
	release(a);
	exposition_take(&exposition, RENDER_TEXT, false, 1, a);
	release(a);
	ck_assert_ptr_null(exposition.bodies[RENDER_OPENMETRICS][1].of);
	ck_assert_ptr_null(exposition.bodies[RENDER_OPENMETRICS][1].head);
}
END_TEST

START_TEST(a_stale_body_is_not_shown_again)
{
	struct blob *a[2], *b[2];

	publish("one", 1000);
	exposition_take(&exposition, RENDER_TEXT, false, 999, a);
	exposition_take(&exposition, RENDER_TEXT, false, 1000, b);
	ck_assert_ptr_ne(a[0], b[0]);
	release(a);
	release(b);
}
END_TEST

START_TEST(a_crowd_shares_the_process_figures_too)
{
	struct blob *p[2];
	int i;

	for (i = 0; i < 1000; i++) {
		exposition_take(&exposition, RENDER_TEXT, false, 100, p);
		release(p);
	}
	ck_assert_uint_eq(processes_read, EXPOSITION_FRESH);
	exposition_take(
	    &exposition, RENDER_TEXT, false, 100 + EXPOSITION_WINDOW_MS, p);
	ck_assert_uint_eq(processes_read, EXPOSITION_FRESH + 1);
	release(p);
}
END_TEST

/* One member, whatever the client's gzip does with a second one. */
START_TEST(two_gzipped_parts_are_one_member)
{
	struct blob *plain[2], *packed[2];
	static char text[1 << 20];
	z_stream z = { .next_out = (Bytef *)text, .avail_out = sizeof(text) };
	int i;

	exposition_take(&exposition, RENDER_TEXT, false, 1, plain);
	processes_read = 0;
	exposition_take(&exposition, RENDER_TEXT, true, 1, packed);
	ck_assert_int_eq(inflateInit2(&z, 31), Z_OK);
	for (i = 0; i < 2; i++) {
		z.next_in = (Bytef *)packed[i]->bytes;
		z.avail_in = (uInt)packed[i]->len;
		ck_assert_int_eq(
		    inflate(&z, Z_NO_FLUSH), i == 0 ? Z_OK : Z_STREAM_END);
		ck_assert_uint_eq(z.avail_in, 0);
	}
	ck_assert_uint_eq(z.total_out, plain[0]->len + plain[1]->len);
	ck_assert_int_eq(memcmp(text, plain[0]->bytes, plain[0]->len), 0);
	ck_assert_int_eq(
	    memcmp(text + plain[0]->len, plain[1]->bytes, plain[1]->len), 0);
	inflateEnd(&z);
	release(plain);
	release(packed);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("exposition");
	TCase *tc = tcase_create("exposition");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_body_is_rendered_once_and_shared);
	tcase_add_test(tc, formats_and_codings_have_bodies_of_their_own);
	tcase_add_test(tc, a_new_snapshot_makes_a_new_body);
	tcase_add_test(tc, bodies_of_old_snapshots_are_let_go);
	tcase_add_test(tc, a_stale_body_is_not_shown_again);
	tcase_add_test(tc, a_crowd_shares_the_process_figures_too);
	tcase_add_test(tc, two_gzipped_parts_are_one_member);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
