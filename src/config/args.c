#include "config/args.h"

#include <string.h>

#include "config/quote.h"
#include "config/verb.h"

/* The private copy of the command line, and the place in it. */
struct args {
	struct strlist words;
	size_t next;
	struct settings *settings;
	enum conf_command command;
	bool commanded; /* the command was said, it is not the default */
};

static bool
is_flag(const char *word)
{
	return strncmp(word, "--", 2) == 0;
}

static const struct option *
find_flag(const char *word, const char **value)
{
	const char *equals = strchr(word, '=');

	*value = equals == NULL ? NULL : equals + 1;
	return option_find(word + 2,
	    equals == NULL ? strlen(word) - 2 : (size_t)(equals - word) - 2);
}

static void
wipe(char *text)
{
	memset(text, 'x', strlen(text));
}

static bool
url_hides(const char *text)
{
	return strstr(text, "://") != NULL && strchr(text, '@') != NULL;
}

/* Wipe what may be secret.  A misspelt flag may carry a password as well. */
static void
argv_wipe(int argc, char **argv)
{
	const struct option *o;
	const char *value;
	int i;

	for (i = 1; i < argc; i++) {
		if (!is_flag(argv[i])) {
			if (quote_hides(argv[i], strlen(argv[i])))
				wipe(argv[i]);
			continue;
		}
		o = find_flag(argv[i], &value);
		if (value != NULL) {
			if (o == NULL || o->secret || url_hides(value))
				wipe(argv[i] + (value - argv[i]));
		} else if (o != NULL && o->secret && i + 1 < argc &&
			   !is_flag(argv[i + 1])) {
			wipe(argv[++i]);
		}
	}
}

static bool
refuse_unknown(const char *word, struct err *err)
{
	const size_t len = strcspn(word, "=");
	const size_t dashes = strspn(word, "-");
	const struct option *o;
	char shown[QUOTE_MAX];

	o = option_find(word + dashes, len - dashes);
	if (o != NULL && o->env_only) {
		err_set(err,
		    "--%s: there is no such flag, as arguments show "
		    "in process lists; use --%s-file or a variable of the "
		    "environment",
		    o->name, o->name);
		return false;
	}
	if (o == NULL)
		o = option_like_flag(word + dashes, len - dashes);
	if (o == NULL)
		err_set(err, "%s: unknown flag; --help lists all",
		    quote(shown, word, len));
	else
		err_set(err,
		    "%s: unknown flag; did you mean --%s? --help "
		    "lists all",
		    quote(shown, word, len), o->name);
	return false;
}

/* Commands that take further flags; the others end the reading. */
static bool
command_reads_on(enum conf_command command)
{
	return command != CONF_HELP && command != CONF_HELP_METRICS &&
	       command != CONF_HELP_JSON && command != CONF_VERSION;
}

static bool
take_command(struct args *a, enum conf_command command, const char *shown,
    struct err *err)
{
	if (a->commanded && a->command != command &&
	    command_reads_on(command)) {
		err_set(err, "%s: given with another command; keep one of them",
		    shown);
		return false;
	}
	a->command = command;
	a->commanded = true;
	return true;
}

static bool
put(struct args *a, const struct option *o, const char *value, struct err *err)
{
	char place[OPTION_ENV_MAX] = "--";

	strlcat(place, o->name, sizeof(place));
	if (*value == '\0') {
		err_set(err, "%s: needs a value, as in --%s=%s", place, o->name,
		    o->value == NULL ? "true" : o->value);
		return false;
	}
	return setting_put(
	    a->settings, o, SETTING_ARG, place, value, strlen(value), err);
}

static bool
take_flag(struct args *a, const char *word, struct err *err)
{
	const struct option *o;
	const char *value;
	bool no = false;

	o = find_flag(word, &value);
	if (o == NULL && strncmp(word, "--no-", 5) == 0 && value == NULL) {
		o = option_find(word + 5, strlen(word) - 5);
		no = true;
	}
	if (o == NULL || o->env_only || (no && o->kind != OPTION_BOOL))
		return refuse_unknown(word, err);
	if (o->kind == OPTION_COMMAND) {
		if (value == NULL)
			return take_command(a, o->command, word, err);
		err_set(err, "--%s: takes no value", o->name);
		return false;
	}
	if (o->kind == OPTION_BOOL && value == NULL)
		value = no ? "false" : "true";
	if (value == NULL && a->next < a->words.items.n &&
	    !is_flag(a->words.items.v[a->next]))
		value = a->words.items.v[a->next++];
	return put(a, o, value == NULL ? "" : value, err);
}

/* The first word may be a command's.  Any other is never quoted: it may be a
 * mistyped password. */
static bool
take_word(struct args *a, const char *word, struct err *err)
{
	const struct verb *v = a->next == 1 ? verb_find(word) : NULL;

	if (v != NULL)
		return take_command(a, v->command, v->word, err);
	v = a->next == 1 ? verb_like(word) : NULL;
	if (v != NULL)
		err_set(err,
		    "argument 1: is no command; did you mean %s? --help "
		    "lists all",
		    v->word);
	else
		err_set(err,
		    "argument %zu: is no flag; write "
		    "--flag=value, --help lists the flags",
		    a->next);
	return false;
}

static bool
take_words(struct args *a, struct err *err)
{
	const char *word;
	bool ok = true;

	while (
	    ok && a->next < a->words.items.n && command_reads_on(a->command)) {
		word = a->words.items.v[a->next++];
		if (strcmp(word, "-h") == 0)
			a->command = CONF_HELP;
		else if (is_flag(word) && word[2] != '\0')
			ok = take_flag(a, word, err);
		else if (word[0] == '-' && word[1] != '-' && word[1] != '\0')
			ok = refuse_unknown(word, err);
		else
			ok = take_word(a, word, err);
	}
	return ok;
}

/* A flag of one command says nothing to another. */
static bool
check_commands(const struct args *a, struct err *err)
{
	const struct option *o;
	size_t i;

	for (o = options; o < options + OPTION_COUNT; o++) {
		if (o->commands == 0 || (o->commands & 1U << a->command) != 0 ||
		    !setting_given(a->settings, (enum option_id)(o - options)))
			continue;
		err_set(err, "--%s: is a flag of", o->name);
		for (i = 0; i < verb_count; i++) {
			if ((o->commands & 1U << verbs[i].command) == 0)
				continue;
			strlcat(err->text, " ", sizeof(err->text));
			strlcat(err->text, verbs[i].word, sizeof(err->text));
		}
		strlcat(err->text, " only", sizeof(err->text));
		return false;
	}
	return true;
}

bool
args_read(struct settings *s, int argc, char **argv, enum conf_command *command,
    struct err *err)
{
	struct args a = { .settings = s, .command = CONF_SERVE };
	char **word;
	bool ok;
	int i;

	for (i = 1; i < argc; i++)
		strlist_add(&a.words, argv[i], strlen(argv[i]));
	argv_wipe(argc, argv);
	ok = take_words(&a, err) &&
	     (!command_reads_on(a.command) || check_commands(&a, err));
	*command = a.command;
	vec_foreach(word, &a.words.items)
		xfree_secret(word);
	strlist_fini(&a.words);
	return ok;
}
