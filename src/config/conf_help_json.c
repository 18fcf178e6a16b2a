/* --help-json: the tables of commands and options, for what is made of them. */
#include <inttypes.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "config/conf.h"
#include "config/option.h"
#include "config/verb.h"

static void
put_text(FILE *f, const char *key, const char *text)
{
	struct strbuf clean = { 0 };

	if (text == NULL)
		return;
	escape_text(&clean, ESCAPE_JSON, text);
	fprintf(f, ",\n     \"%s\": \"%s\"", key, strbuf_text(&clean));
	strbuf_fini(&clean);
}

static void
put_env(FILE *f, const struct option *o)
{
	char env[OPTION_ENV_MAX];
	size_t i;

	if (!option_has_env(o))
		return;
	fprintf(f, ",\n     \"env\": [\"%s\"", option_env(o, env));
	for (i = 0; i < 2 && o->aliases[i] != NULL; i++)
		fprintf(f, ", \"%s\"", o->aliases[i]);
	fputs("]", f);
}

static void
put_words(FILE *f, const struct option *o)
{
	size_t i;

	if (o->words[0] == NULL)
		return;
	fputs(",\n     \"words\": [", f);
	for (i = 0; o->words[i] != NULL; i++)
		fprintf(f, "%s\"%s\"", i == 0 ? "" : ", ", o->words[i]);
	fputs("]", f);
}

static void
put_commands(FILE *f, const struct option *o)
{
	const char *between = "";
	size_t i;

	if (o->commands == 0)
		return;
	fputs(",\n     \"commands\": [", f);
	for (i = 0; i < verb_count; i++) {
		if ((o->commands & 1U << verbs[i].command) == 0)
			continue;
		fprintf(f, "%s\"%s\"", between, verbs[i].word);
		between = ", ";
	}
	fputs("]", f);
}

static void
put_option(FILE *f, const struct option *o)
{
	static const char *const kinds[] = {
		[OPTION_TEXT] = "text",
		[OPTION_JSON_TEXT] = "json",
		[OPTION_LIST] = "list",
		[OPTION_BOOL] = "bool",
		[OPTION_DURATION] = "duration",
		[OPTION_INT] = "int",
		[OPTION_WORD] = "word",
		[OPTION_COMMAND] = "command",
	};
	static const char *const scopes[] = {
		[OPTION_PROCESS] = "process",
		[OPTION_EACH_GROUP] = "each-group",
		[OPTION_GROUP] = "group",
		[OPTION_BROKER] = "broker",
	};

	fprintf(f, "    {\"name\": \"%s\"", o->name);
	put_text(f, "kind", kinds[o->kind]);
	put_text(f, "section", o->section);
	put_text(f, "value", o->value);
	put_text(f, "default", o->fallback);
	put_text(f, "default_in_words", o->note);
	put_text(f, "help", o->help);
	put_env(f, o);
	put_words(f, o);
	put_commands(f, o);
	if (o->kind == OPTION_INT)
		fprintf(f, ",\n     \"min\": %" PRId64 ", \"max\": %" PRId64,
		    o->min, o->max);
	if (option_has_key(o))
		put_text(f, "scope", scopes[o->scope]);
	fprintf(f, ",\n     \"secret\": %s, \"flag\": %s}",
	    o->secret ? "true" : "false", o->env_only ? "false" : "true");
}

void
conf_print_help_json(FILE *f)
{
	size_t i;

	fputs("{\n  \"commands\": [\n", f);
	for (i = 0; i < verb_count; i++) {
		fprintf(f, "    {\"word\": \"%s\"", verbs[i].word);
		put_text(f, "help", verbs[i].help);
		fputs(i + 1 < verb_count ? "},\n" : "}\n", f);
	}
	fputs("  ],\n  \"options\": [\n", f);
	for (i = 0; i < OPTION_COUNT; i++) {
		put_option(f, &options[i]);
		fputs(i + 1 < OPTION_COUNT ? ",\n" : "\n", f);
	}
	fputs("  ]\n}\n", f);
}
