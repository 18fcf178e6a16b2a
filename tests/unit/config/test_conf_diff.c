#include "config/conf_diff.h"

#include <string.h>

#include "base/xalloc.h"
#include "unit/unit.h"

static struct conf *before, *after;
static struct conf_diff d;

static struct group_conf *
add(struct conf *c, const char *name, const char *sentinels,
    const char *password)
{
	struct group_conf *g = *vec_push(&c->groups) = group_conf_new();
	const char *end;
	struct err err;

	g->name = name == NULL ? NULL : xstrdup(name);
	for (; *sentinels != '\0'; sentinels = end + (*end == ' ')) {
		end = sentinels + strcspn(sentinels, " ");
		ck_assert(endpoint_parse(vec_push(&g->sentinels), sentinels,
		    (size_t)(end - sentinels), &err));
	}
	g->redis_auth.password = password == NULL ? NULL : xstrdup(password);
	kombu_options_init(&vec_push(&g->brokers)->kombu);
	return g;
}

static void
enter(void)
{
	before = conf_new();
	after = conf_new();
}

static void
leave(void)
{
	conf_diff_fini(&d);
	conf_unref(before);
	conf_unref(after);
}

START_TEST(an_equal_group_stays)
{
	add(before, "a", "s1 s2", "p");
	add(after, "a", "s2 s1", "p");
	conf_diff(&d, before, after);
	ck_assert_uint_eq(d.groups.n, 1);
	ck_assert_int_eq(d.groups.v[0].kind, GROUP_STAYS);
	ck_assert(!d.groups.v[0].renamed);
	ck_assert_uint_eq(d.restart.items.n, 0);
}
END_TEST

START_TEST(a_new_password_only_dials_again)
{
	add(before, NULL, "s1", "p");
	add(after, NULL, "s1", "q");
	conf_diff(&d, before, after);
	ck_assert_int_eq(d.groups.v[0].kind, GROUP_DIALS_AGAIN);
}
END_TEST

START_TEST(groups_come_and_go)
{
	struct group_conf *gone = add(before, "a", "s1", NULL);
	struct group_conf *come;

	add(before, "b", "s2", NULL);
	come = add(after, "c", "s3", NULL);
	add(after, "b", "s2", NULL);
	conf_diff(&d, before, after);
	ck_assert_uint_eq(d.groups.n, 3);
	ck_assert_int_eq(d.groups.v[0].kind, GROUP_COMES);
	ck_assert_ptr_eq(d.groups.v[0].after, come);
	ck_assert_ptr_null(d.groups.v[0].before);
	ck_assert_int_eq(d.groups.v[1].kind, GROUP_STAYS);
	ck_assert_int_eq(d.groups.v[2].kind, GROUP_GOES);
	ck_assert_ptr_eq(d.groups.v[2].before, gone);
	ck_assert_ptr_null(d.groups.v[2].after);
}
END_TEST

START_TEST(a_renamed_group_is_known_by_its_sentinels)
{
	add(before, "a", "s1 s2", NULL);
	add(before, "b", "s3", NULL);
	add(after, "b", "s3", NULL);
	add(after, "z", "s2 s1", NULL);
	conf_diff(&d, before, after);
	ck_assert_uint_eq(d.groups.n, 2);
	ck_assert(!d.groups.v[0].renamed);
	ck_assert(d.groups.v[1].renamed);
	ck_assert_int_eq(d.groups.v[1].kind, GROUP_STAYS);
	ck_assert_str_eq(d.groups.v[1].before->name, "a");
}
END_TEST

START_TEST(the_unnamed_group_can_get_a_name)
{
	add(before, NULL, "s1", NULL);
	add(after, "a", "s1", "p");
	conf_diff(&d, before, after);
	ck_assert(d.groups.v[0].renamed);
	ck_assert_int_eq(d.groups.v[0].kind, GROUP_DIALS_AGAIN);
}
END_TEST

/* Names that change places keep their groups. */
START_TEST(a_name_weighs_more_than_sentinels)
{
	add(before, "a", "s1", NULL);
	add(before, "b", "s2", NULL);
	add(after, "a", "s2", NULL);
	add(after, "b", "s1", NULL);
	conf_diff(&d, before, after);
	ck_assert_int_eq(d.groups.v[0].kind, GROUP_CHANGES);
	ck_assert(!d.groups.v[0].same_sentinels);
	ck_assert_str_eq(d.groups.v[0].before->name, "a");
}
END_TEST

static void
other_names(struct group_conf *g)
{
	strlist_add(&g->master_names, "m", 1);
}

static void
other_tls(struct group_conf *g)
{
	g->redis_tls = tls_conf_new();
}

static void
other_dbs(struct group_conf *g)
{
	*vec_push(&g->brokers.v[0].dbs) = 3;
}

static void
other_queue(struct group_conf *g)
{
	strlist_add(&g->brokers.v[0].queues, "q", 1);
}

static void
other_scan(struct group_conf *g)
{
	g->brokers.v[0].scan = true;
}

static void
other_sep(struct group_conf *g)
{
	free(g->brokers.v[0].kombu.sep);
	g->brokers.v[0].kombu.sep = xstrdup(":");
}

static void
other_steps(struct group_conf *g)
{
	g->brokers.v[0].kombu.priority_steps.v[1] = 4;
}

static void
other_broker(struct group_conf *g)
{
	kombu_options_init(&vec_push(&g->brokers)->kombu);
}

static void (*const changes[])(struct group_conf *) = { other_names, other_tls,
	other_dbs, other_queue, other_scan, other_sep, other_steps,
	other_broker };

START_TEST(any_other_setting_changes_the_group)
{
	add(before, "a", "s1", NULL);
	changes[_i](add(after, "a", "s1", "and another password"));
	conf_diff(&d, before, after);
	ck_assert_int_eq(d.groups.v[0].kind, GROUP_CHANGES);
	ck_assert(d.groups.v[0].same_sentinels);
}
END_TEST

START_TEST(what_only_a_restart_applies)
{
	before->state_file = xstrdup("/a");
	before->web_telemetry_path = xstrdup("/metrics");
	after->web_telemetry_path = xstrdup("/m");
	after->web_max_connections = 1;
	strlist_add(&after->web_listen_addresses, ":1", 2);
	conf_diff(&d, before, after);
	ck_assert_uint_eq(d.restart.items.n, 4);
	ck_assert_str_eq(d.restart.items.v[0], "state.file");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conf_diff");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, an_equal_group_stays);
	tcase_add_test(tc, a_new_password_only_dials_again);
	tcase_add_test(tc, groups_come_and_go);
	tcase_add_test(tc, a_renamed_group_is_known_by_its_sentinels);
	tcase_add_test(tc, the_unnamed_group_can_get_a_name);
	tcase_add_test(tc, a_name_weighs_more_than_sentinels);
	tcase_add_loop_test(tc, any_other_setting_changes_the_group, 0,
	    (int)(sizeof(changes) / sizeof(changes[0])));
	tcase_add_test(tc, what_only_a_restart_applies);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
