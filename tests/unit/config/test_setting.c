#include "config/setting.h"

#include <string.h>

#include "unit/unit.h"

static struct settings settings;

static bool
put(enum option_id id, enum setting_source source, const char *place,
    const char *text)
{
	struct err err;

	return setting_put(
	    &settings, &options[id], source, place, text, strlen(text), &err);
}

static void
clear(void)
{
	settings_fini(&settings);
}

START_TEST(higher_rank_wins_in_any_order)
{
	const enum option_id id = OPTION_POLL_INTERVAL;

	ck_assert_str_eq(setting_text(&settings, id), "5s");
	ck_assert(!setting_given(&settings, id));
	ck_assert(put(id, SETTING_ENV, "ENV", "1s"));
	ck_assert_str_eq(setting_text(&settings, id), "1s");
	ck_assert(put(id, SETTING_ARG, "--arg", "2s"));
	ck_assert(put(id, SETTING_ENV, "ENV", "3s"));
	ck_assert_str_eq(setting_text(&settings, id), "2s");
	ck_assert_str_eq(setting_place(&settings, id), "--arg");
	ck_assert(put(id, SETTING_ARG, "--arg", "4s"));
	ck_assert_str_eq(setting_text(&settings, id), "4s");
}
END_TEST

START_TEST(a_list_is_replaced_by_a_higher_rank)
{
	const enum option_id id = OPTION_CELERY_QUEUE;

	ck_assert(put(id, SETTING_ENV, "ENV", "a"));
	ck_assert(put(id, SETTING_ENV, "ENV", "b"));
	ck_assert_uint_eq(settings.of[id].texts.n, 2);
	ck_assert(put(id, SETTING_ARG, "--arg", "c"));
	ck_assert_uint_eq(settings.of[id].texts.n, 1);
	ck_assert_str_eq(settings.of[id].texts.v[0].text, "c");
}
END_TEST

START_TEST(caps)
{
	const enum option_id id = OPTION_CELERY_QUEUE;
	char *big = xcalloc(SETTING_TEXT_MAX + 2, 1);
	struct err err;
	int i;

	for (i = 0; i < SETTING_LIST_MAX; i++)
		ck_assert(put(id, SETTING_ENV, "ENV", "a"));
	ck_assert(!setting_put(
	    &settings, &options[id], SETTING_ENV, "ENV", "a", 1, &err));
	ck_assert_str_eq(err.text, "ENV: more than 1000 values");
	memset(big, 'a', SETTING_TEXT_MAX + 1);
	ck_assert(!setting_put(&settings, &options[OPTION_STATE_FILE],
	    SETTING_ENV, "ENV", big, SETTING_TEXT_MAX + 1, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "ENV: "));
	ck_assert(put(OPTION_STATE_FILE, SETTING_ENV, "ENV", big + 1));
	free(big);
}
END_TEST

static const struct number {
	enum option_id id;
	const char *text;
	int64_t value; /* -1 = refused */
	const char *says;
} numbers[] = {
	{ OPTION_POLL_INTERVAL, "100ms", 100, NULL },
	{ OPTION_POLL_INTERVAL, "1d", 86400000, NULL },
	{ OPTION_POLL_INTERVAL, "99ms", -1, "from 100ms to 1d" },
	{ OPTION_POLL_INTERVAL, "1d1ms", -1, "from 100ms to 1d" },
	{ OPTION_POLL_INTERVAL, "5", -1, "\"5\" is not valid" },
	{ OPTION_POLL_INTERVAL, "u@x", -1, "(value not shown)" },
	{ OPTION_POLL_TIMEOUT, "0s", -1, "from 1ms" },
	{ OPTION_WEB_MAX_CONNECTIONS, "1", 1, NULL },
	{ OPTION_WEB_MAX_CONNECTIONS, "0", -1, "from 1 to 65536" },
	{ OPTION_WEB_MAX_CONNECTIONS, "5s", -1, "whole number" },
};

START_TEST(judges_numbers)
{
	const struct number *n = &numbers[_i];
	struct err err;
	int64_t got;

	ck_assert(put(n->id, SETTING_ENV, "PLACE", n->text));
	if (n->value >= 0) {
		ck_assert(setting_number(&settings, n->id, &got, &err));
		ck_assert_int_eq(got, n->value);
		return;
	}
	ck_assert(!setting_number(&settings, n->id, &got, &err));
	ck_assert_msg(strncmp(err.text, "PLACE: ", 7) == 0, "%s", err.text);
	ck_assert_msg(strstr(err.text, n->says) != NULL, "%s", err.text);
}
END_TEST

static const struct truth {
	const char *text;
	int value;
} truths[] = { { "true", 1 }, { "FALSE", 0 }, { "1", 1 }, { "0", 0 },
	{ "yes", 1 }, { "no", 0 }, { "on", 1 }, { "off", 0 }, { "maybe", -1 },
	{ "2", -1 } };

START_TEST(judges_truth)
{
	const struct truth *t = &truths[_i];
	struct err err;
	bool got;

	ck_assert(put(OPTION_CELERY_SCAN, SETTING_ENV, "PLACE", t->text));
	ck_assert_int_eq(
	    setting_bool(&settings, OPTION_CELERY_SCAN, &got, &err),
	    t->value >= 0);
	if (t->value >= 0)
		ck_assert_int_eq(got, t->value);
	else
		ck_assert_ptr_nonnull(strstr(err.text, "true or false"));
}
END_TEST

START_TEST(judges_words)
{
	struct err err;
	size_t got;

	ck_assert(setting_word(&settings, OPTION_LOG_LEVEL, &got, &err));
	ck_assert_uint_eq(got, LOG_INFO);
	ck_assert(put(OPTION_LOG_LEVEL, SETTING_ENV, "PLACE", "Error"));
	ck_assert(setting_word(&settings, OPTION_LOG_LEVEL, &got, &err));
	ck_assert_uint_eq(got, LOG_ERROR);
	ck_assert(put(OPTION_LOG_LEVEL, SETTING_ENV, "PLACE", "warning"));
	ck_assert(!setting_word(&settings, OPTION_LOG_LEVEL, &got, &err));
	ck_assert_str_eq(err.text, "PLACE: \"warning\" is not valid; write "
				   "one of debug, info, warn, error");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("setting");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, NULL, clear);
	tcase_add_test(tc, higher_rank_wins_in_any_order);
	tcase_add_test(tc, a_list_is_replaced_by_a_higher_rank);
	tcase_add_test(tc, caps);
	tcase_add_loop_test(
	    tc, judges_numbers, 0, (int)(sizeof(numbers) / sizeof(numbers[0])));
	tcase_add_loop_test(
	    tc, judges_truth, 0, (int)(sizeof(truths) / sizeof(truths[0])));
	tcase_add_test(tc, judges_words);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
