#include "web/diagram.h"

#include <stdio.h>
#include <string.h>

#include "unit/unit.h"

static struct diagram d;
static struct strbuf svg;

static void
setup(void)
{
	diagram_init(&d, 2);
}

static void
teardown(void)
{
	diagram_fini(&d);
	strbuf_fini(&svg);
}

static size_t
add(unsigned tier, const char *label)
{
	return diagram_add(&d,
	    &(struct diagram_text){ .tier = tier, .label = label, .note = "" });
}

static const char *
draw(void)
{
	diagram_layout(&d);
	diagram_svg(&d, "twin", &svg);
	return strbuf_text(&svg);
}

static bool
overlap(const struct diagram_box *a, const struct diagram_box *b)
{
	return abs(a->x - b->x) < 168 && abs(a->y - b->y) < 46;
}

/* Whatever the numbers: no two boxes overlap, all are inside. */
static void
check_layout(void)
{
	size_t i, k;

	diagram_layout(&d);
	for (i = 0; i < d.boxes.n; i++) {
		ck_assert_int_ge(d.boxes.v[i].x, 0);
		ck_assert_int_le(d.boxes.v[i].x + 168, d.width);
		ck_assert_int_ge(d.boxes.v[i].y, 0);
		ck_assert_int_le(d.boxes.v[i].y + 46, d.height);
		for (k = 0; k < i; k++)
			ck_assert(!overlap(&d.boxes.v[i], &d.boxes.v[k]));
	}
}

START_TEST(sizes)
{
	unsigned tier;
	int i;

	d.columns = (size_t)_i % 4 + 1;
	for (tier = 0; tier < DIAGRAM_TIERS; tier++)
		for (i = 0; i < (_i * 7 + (int)tier * 5) % 11; i++)
			add(tier, "127.0.0.1:6379");
	check_layout();
}
END_TEST

START_TEST(empty)
{
	ck_assert_ptr_nonnull(strstr(draw(), "<svg"));
	ck_assert_int_gt(d.height, 0);
}
END_TEST

START_TEST(three_sentinels_in_two_columns)
{
	size_t a = add(0, "a"), b = add(0, "b"), c = add(0, "c"),
	       m = add(1, "m");

	diagram_layout(&d);
	ck_assert_int_eq(d.boxes.v[a].y, d.boxes.v[b].y);
	ck_assert_int_lt(d.boxes.v[b].y, d.boxes.v[c].y);
	ck_assert_int_lt(d.boxes.v[c].y, d.boxes.v[m].y);
	/* A box alone in its row stands in the middle. */
	ck_assert_int_eq(2 * d.boxes.v[m].x + 168, d.width);
}
END_TEST

START_TEST(full_tier_is_counted)
{
	int i;

	for (i = 0; i < DIAGRAM_TIER_MAX; i++)
		ck_assert(add(2, "n") != DIAGRAM_NONE);
	ck_assert(add(2, "n") == DIAGRAM_NONE);
	ck_assert(add(2, "n") == DIAGRAM_NONE);
	diagram_link(&d, 0, DIAGRAM_NONE, DIAGRAM_GOOD, "");
	ck_assert_uint_eq(d.lines.n, 0);
	check_layout();
	ck_assert_ptr_nonnull(strstr(draw(), ">and 2 more<"));
}
END_TEST

START_TEST(markup_stays_text)
{
	size_t a = add(0, "<script>alert(1)</script>"), b = add(1, "\"><b>");

	diagram_link(&d, a, b, DIAGRAM_BAD, "<i>&'\xff");
	draw();
	ck_assert_ptr_null(strstr(svg.s, "<script"));
	ck_assert_ptr_null(strstr(svg.s, "<b>"));
	ck_assert_ptr_null(strstr(svg.s, "<i>"));
	ck_assert_ptr_nonnull(strstr(svg.s, "&lt;i&gt;&amp;"));
	ck_assert_ptr_null(strchr(svg.s, '\xff'));
}
END_TEST

START_TEST(long_names_keep_both_ends)
{
	size_t i = add(0, "redis-node-0.redis-headless.default.svc:26379");
	const char *label = d.boxes.v[i].label;

	ck_assert_int_eq(strncmp(label, "redis-node-", 11), 0);
	ck_assert_ptr_nonnull(strstr(label, "svc:26379"));
	ck_assert_ptr_nonnull(strstr(label, "\xe2\x80\xa6"));
	ck_assert_uint_eq(strlen(label), 23 + 2);
	i = add(0, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		   "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		   "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		   "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
	/* Cut between characters, not within one. */
	ck_assert_uint_eq(strlen(d.boxes.v[i].label), 22 * 2 + 3);
}
END_TEST

START_TEST(states_are_classes)
{
	size_t m = diagram_add(&d, &(struct diagram_text){ .tier = 1,
				       .label = "10.0.0.5:6379",
				       .note = "master",
				       .status = DIAGRAM_BAD,
				       .marked = true });
	size_t r = add(2, "10.0.0.6:6379");

	diagram_link(&d, r, m, DIAGRAM_UNKNOWN, "12 B");
	draw();
	ck_assert_ptr_nonnull(strstr(svg.s, "\"box bad marked\""));
	ck_assert_ptr_nonnull(strstr(svg.s, "\"box good\""));
	ck_assert_ptr_nonnull(strstr(svg.s, "\"line unknown\""));
	ck_assert_ptr_nonnull(strstr(svg.s, ">12 B<"));
	ck_assert_ptr_nonnull(strstr(svg.s, ">master<"));
	ck_assert_ptr_nonnull(strstr(svg.s, "aria-labelledby=\"twin\""));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("diagram");
	TCase *tc = tcase_create("diagram");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, sizes, 0, 40);
	tcase_add_test(tc, empty);
	tcase_add_test(tc, three_sentinels_in_two_columns);
	tcase_add_test(tc, full_tier_is_counted);
	tcase_add_test(tc, markup_stays_text);
	tcase_add_test(tc, long_names_keep_both_ends);
	tcase_add_test(tc, states_are_classes);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
