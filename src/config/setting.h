/*
 * setting - what was said about each option, where, and what it means.
 *
 * Front ends (arguments, environment, file) put texts in; the source of higher rank
 * wins whatever the order they come in.  Only the text that wins is judged, by
 * the typed getters, whose reasons begin with the place it came from.  All
 * texts are wiped at the end, as some are secret.
 */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "config/option.h"

#define SETTING_LIST_MAX	1000	/* entries of one list */
#define SETTING_TEXT_MAX	(1 << 20)

enum setting_source {		/* ascending rank */
	SETTING_DEFAULT,
	SETTING_FILE,		/* at the file's top */
	SETTING_FILE_GROUP,	/* in a group of it */
	SETTING_FILE_BROKER,	/* in a broker of that */
	SETTING_ENV_ALIAS,	/* a variable that is not the exporter's own */
	SETTING_ENV,
	SETTING_ARG,
};

struct setting_text {
	char	*text;		/* owned, perhaps secret */
	char	*place;		/* owned: "--poll.interval" */
};

struct setting {
	enum setting_source source;
	VEC(struct setting_text) texts;	/* one, unless the option is a list */
};

struct settings {
	struct setting of[OPTION_COUNT];
};

void	settings_fini(struct settings *);

/* Put all that from holds into to, where nothing of higher rank is said. */
void	settings_overlay(struct settings *to, const struct settings *from);
void	settings_overlay_one(struct settings *to, const struct settings *from,
	    enum option_id);

/* Put one text; a list's grows, another's last text holds.  False when the
 * list or the text is too long. */
bool	setting_put(struct settings *, const struct option *,
	    enum setting_source, const char *place, const char *text,
	    size_t len, struct err *);

/* Forget what was said. */
void	setting_drop(struct settings *, enum option_id);

bool	setting_given(const struct settings *, enum option_id);

/* Where the value stands, for messages; a list's first one. */
const char *setting_place(const struct settings *, enum option_id);

/* The text, or the option's default, or NULL. */
const char *setting_text(const struct settings *, enum option_id);

/* The typed getters fall back on the option's default, which must exist. */
bool	setting_bool(const struct settings *, enum option_id, bool *,
	    struct err *);
bool	setting_number(const struct settings *, enum option_id, int64_t *,
	    struct err *);	/* durations too, in ms */
bool	setting_word(const struct settings *, enum option_id, size_t *,
	    struct err *);	/* the word's index */

#endif
