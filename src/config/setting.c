/* setting - ranked texts, and what they mean. */
#include "config/setting.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "config/quote.h"

void
setting_drop(struct settings *s, enum option_id id)
{
	struct setting *set = &s->of[id];
	struct setting_text *t;

	vec_foreach(t, &set->texts) {
		xfree_secret(&t->text);
		free(t->place);
	}
	vec_fini(&set->texts);
	set->source = SETTING_DEFAULT;
}

void
settings_fini(struct settings *s)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		setting_drop(s, (enum option_id)i);
}

static void
add(struct setting *set, const char *place, const char *text, size_t len)
{
	*vec_push(&set->texts) =
	    (struct setting_text){ .text = xmemdup0(text, len),
		    .place = xstrdup(place) };
}

void
settings_overlay_one(
    struct settings *to, const struct settings *from, enum option_id id)
{
	const struct setting *set = &from->of[id];
	const struct setting_text *t;

	if (set->source == SETTING_DEFAULT || set->source < to->of[id].source)
		return;
	setting_drop(to, id);
	to->of[id].source = set->source;
	vec_foreach(t, &set->texts)
		add(&to->of[id], t->place, t->text, strlen(t->text));
}

void
settings_overlay(struct settings *to, const struct settings *from)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		settings_overlay_one(to, from, (enum option_id)i);
}

bool
setting_put(struct settings *s, const struct option *o,
    enum setting_source source, const char *place, const char *text, size_t len,
    struct err *err)
{
	const enum option_id id = (enum option_id)(o - options);
	struct setting *set = &s->of[id];

	if (source < set->source)
		return true;
	if (len > SETTING_TEXT_MAX) {
		err_set(err, "%s: the value is longer than %d bytes", place,
		    SETTING_TEXT_MAX);
		return false;
	}
	if (source > set->source || o->kind != OPTION_LIST)
		setting_drop(s, id);
	if (set->texts.n >= SETTING_LIST_MAX) {
		err_set(
		    err, "%s: more than %d values", place, SETTING_LIST_MAX);
		return false;
	}
	add(set, place, text, len);
	set->source = source;
	return true;
}

bool
setting_given(const struct settings *s, enum option_id id)
{
	return s->of[id].source != SETTING_DEFAULT;
}

const char *
setting_place(const struct settings *s, enum option_id id)
{
	return setting_given(s, id) ? s->of[id].texts.v[0].place
				    : options[id].name;
}

const char *
setting_text(const struct settings *s, enum option_id id)
{
	const struct setting *set = &s->of[id];

	return setting_given(s, id) ? set->texts.v[0].text
				    : options[id].fallback;
}

static bool
refuse(const struct settings *s, enum option_id id, const char *fix,
    struct err *err)
{
	const char *text = setting_text(s, id);
	char shown[QUOTE_MAX];

	err_set(err, "%s: %s is not valid; write %s", setting_place(s, id),
	    quote(shown, text, strlen(text)), fix);
	return false;
}

bool
setting_bool(
    const struct settings *s, enum option_id id, bool *out, struct err *err)
{
	static const char *const words[] = { "false", "true", "0", "1", "no",
		"yes", "off", "on" };
	const char *text = setting_text(s, id);
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) == 0) {
			*out = i % 2 == 1;
			return true;
		}
	}
	return refuse(s, id, "true or false", err);
}

bool
setting_number(
    const struct settings *s, enum option_id id, int64_t *out, struct err *err)
{
	const struct option *o = &options[id];
	const char *text = setting_text(s, id);
	char fix[128], min[NUM_TEXT_MAX], max[NUM_TEXT_MAX];

	if (o->kind == OPTION_INT) {
		if (num_int(text, strlen(text), o->min, o->max, out))
			return true;
		(void)snprintf(fix, sizeof(fix),
		    "a whole number from %lld to %lld", (long long)o->min,
		    (long long)o->max);
		return refuse(s, id, fix, err);
	}
	if (num_duration_ms(text, strlen(text), out) && *out >= o->min &&
	    *out <= o->max)
		return true;
	num_format_duration(o->min, min);
	num_format_duration(o->max, max);
	(void)snprintf(fix, sizeof(fix),
	    "a duration such as 5s, 500ms or 1m30s, from %s to %s", min, max);
	return refuse(s, id, fix, err);
}

bool
setting_word(
    const struct settings *s, enum option_id id, size_t *out, struct err *err)
{
	const char *const *words = options[id].words;
	const char *text = setting_text(s, id);
	char fix[128] = "one of";
	size_t i;

	for (i = 0; words[i] != NULL; i++) {
		if (strcasecmp(text, words[i]) == 0) {
			*out = i;
			return true;
		}
	}
	for (i = 0; words[i] != NULL; i++) {
		strlcat(fix, i == 0 ? " " : ", ", sizeof(fix));
		strlcat(fix, words[i], sizeof(fix));
	}
	return refuse(s, id, fix, err);
}
