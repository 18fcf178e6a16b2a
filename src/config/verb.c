/* verb - the table of commands that have a word. */
#include "config/verb.h"

#include <string.h>

#include "base/nearest.h"

const struct verb verbs[] = {
	{ "serve", CONF_SERVE,
	    "Watch and serve until a signal ends it: what is done without a "
	    "command." },
	{ "once", CONF_ONCE,
	    "Print the metrics after one full poll; the same as --once." },
	{ "check", CONF_CHECK,
	    "Print the effective configuration; the same as "
	    "--config.check." },
	{ "status", CONF_STATUS, "Print the deployment as a table." },
	{ "doctor", CONF_DOCTOR,
	    "Print what is wrong or risky, each with its remedy: exit status "
	    "0 nothing, 1 findings, 2 no sentinel answers." },
	{ "report", CONF_REPORT, "Print the report of a failover." },
	{ "healthcheck", CONF_HEALTHCHECK,
	    "Ask the exporter that runs with the same configuration whether "
	    "it is alive: exit status 0 or 1." },
	{ "help", CONF_HELP, "Print this text; the same as --help." },
};

const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]);

const struct verb *
verb_find(const char *word)
{
	size_t i;

	for (i = 0; i < verb_count; i++)
		if (strcmp(verbs[i].word, word) == 0)
			return &verbs[i];
	return NULL;
}

const char *
verb_word(enum conf_command command)
{
	size_t i;

	for (i = 0; i < verb_count; i++)
		if (verbs[i].command == command)
			return verbs[i].word;
	return NULL;
}

const struct verb *
verb_like(const char *word)
{
	struct nearest n;
	size_t i;

	nearest_init(&n, word, strlen(word));
	for (i = 0; i < verb_count; i++)
		nearest_offer(&n, verbs[i].word);
	return n.best == NULL ? NULL : verb_find(n.best);
}
