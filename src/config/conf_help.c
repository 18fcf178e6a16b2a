#include <string.h>

#include "base/strbuf.h"
#include "config/conf.h"
#include "config/option.h"
#include "config/verb.h"

#define COLUMN 8 /* where the text begins */
#define WIDTH  80

/* Words of text, wrapped, from COLUMN on. */
static void
put_wrapped(FILE *f, const char *text)
{
	size_t column = 0, len;

	while (*text != '\0') {
		len = strcspn(text, " ");
		if (column == 0 || column + 1 + len > WIDTH) {
			fprintf(
			    f, "%s%*s", column == 0 ? "" : "\n", COLUMN, "");
			column = COLUMN;
		} else {
			fputc(' ', f);
			column++;
		}
		fwrite(text, 1, len, f);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', f);
}

static void
put_name(FILE *f, const struct option *o)
{
	char env[OPTION_ENV_MAX];

	if (o->env_only)
		fprintf(f, "  %s=%s\n", option_env(o, env), o->value);
	else if (o->kind == OPTION_BOOL)
		fprintf(f, "  --[no-]%s\n", o->name);
	else if (o->kind == OPTION_COMMAND)
		fprintf(f, "  --%s\n", o->name);
	else
		fprintf(f, "  --%s=%s%s\n", o->name, o->value,
		    o->kind == OPTION_LIST ? " ..." : "");
}

static void
put_origin(FILE *f, const struct option *o)
{
	const char *value = o->note != NULL ? o->note : o->fallback;
	struct strbuf text = { 0 };
	char env[OPTION_ENV_MAX];
	size_t i;

	if (!o->env_only && option_has_env(o))
		strbuf_printf(&text, "Environment: %s%s", option_env(o, env),
		    o->kind == OPTION_LIST ? " (commas between)" : "");
	for (i = 0; i < 2 && o->aliases[i] != NULL; i++)
		strbuf_printf(&text, ", then %s", o->aliases[i]);
	if (text.len > 0)
		strbuf_puts(&text, ". ");
	strbuf_printf(&text, "Default: %s.", value == NULL ? "none" : value);
	put_wrapped(f, strbuf_text(&text));
	strbuf_fini(&text);
}

static void
put_help(FILE *f, const struct option *o)
{
	struct strbuf text = { 0 };
	size_t i;

	for (i = 0; i < verb_count; i++)
		if ((o->commands & 1U << verbs[i].command) != 0)
			strbuf_printf(&text, "%s%s", text.len == 0 ? "" : ", ",
			    verbs[i].word);
	strbuf_printf(&text, "%s%s", text.len == 0 ? "" : ": ", o->help);
	put_wrapped(f, strbuf_text(&text));
	strbuf_fini(&text);
}

static void
put_verbs(FILE *f)
{
	size_t i;

	fputs("\nCommands:\n", f);
	for (i = 0; i < verb_count; i++) {
		fprintf(f, "  %s\n", verbs[i].word);
		put_wrapped(f, verbs[i].help);
	}
}

void
conf_print_help(FILE *f)
{
	const char *section = "";
	const struct option *o;

	fputs("usage: sentinel-exporter [command] [flags]\n\n"
	      "Watches a Redis Sentinel deployment and the Celery queues in "
	      "it, and serves what\nit sees to Prometheus.  A flag wins over "
	      "the environment, that over the default.\n",
	    f);
	put_verbs(f);
	for (o = options; o < options + OPTION_COUNT; o++) {
		if (strcmp(o->section, section) != 0)
			fprintf(f, "\n%s:\n", o->section);
		section = o->section;
		put_name(f, o);
		put_help(f, o);
		if (o->kind != OPTION_COMMAND)
			put_origin(f, o);
	}
}
