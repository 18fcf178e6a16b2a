/*
 * verb - the words by which commands are called: "sentinel-exporter status".
 * Pure.
 */
#ifndef CONFIG_VERB_H
#define CONFIG_VERB_H

#include <stddef.h>

#include "config/conf.h"

struct verb {
	const char *word;
	enum conf_command command;
	const char *help;	/* one line, for --help */
};

/* In the order of --help, which is not that of the enum. */
extern const struct verb verbs[];
extern const size_t verb_count;

/* By the word; NULL when there is none. */
const struct verb *verb_find(const char *word);

/* The word of a command, for messages; NULL when it has none. */
const char *verb_word(enum conf_command);

/* The word most like this one; NULL when none is alike. */
const struct verb *verb_like(const char *word);

#endif
