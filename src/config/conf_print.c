#include <inttypes.h>

#include "base/escape.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "config/conf.h"
#include "config/option.h"

/* As JSON writes a string, which YAML reads as it is. */
static void
put_string(FILE *f, const char *s)
{
	struct strbuf text = { 0 };

	escape_text(&text, ESCAPE_JSON, s);
	fprintf(f, "\"%s\"", strbuf_text(&text));
	strbuf_fini(&text);
}

static void
put_key(FILE *f, enum option_id id)
{
	fprintf(f, "%s:", options[id].name);
}

static void
put_text(FILE *f, enum option_id id, const char *text)
{
	put_key(f, id);
	fputc(' ', f);
	if (text == NULL)
		fputs("null", f);
	else
		put_string(f, text);
	fputc('\n', f);
}

static void
put_secret(FILE *f, enum option_id id, const char *secret)
{
	put_key(f, id);
	fputs(secret == NULL ? " null\n" : " <secret>\n", f);
}

static void
put_bool(FILE *f, enum option_id id, bool v)
{
	put_key(f, id);
	fputs(v ? " true\n" : " false\n", f);
}

static void
put_number(FILE *f, enum option_id id, int64_t n)
{
	put_key(f, id);
	fprintf(f, " %" PRId64 "\n", n);
}

static void
put_duration(FILE *f, enum option_id id, int64_t ms)
{
	char text[NUM_TEXT_MAX];

	num_format_duration(ms, text);
	put_key(f, id);
	fprintf(f, " %s\n", text);
}

static void
put_list(FILE *f, enum option_id id, const struct strlist *list)
{
	char *const *item;

	put_key(f, id);
	fputs(list->items.n == 0 ? " []\n" : "\n", f);
	vec_foreach(item, &list->items) {
		fputs("  - ", f);
		put_string(f, *item);
		fputc('\n', f);
	}
}

static void
put_sentinels(FILE *f, const struct group_conf *g)
{
	const struct endpoint *e;
	char text[ADDR_TEXT_MAX];

	put_key(f, OPTION_SENTINEL_ADDR);
	fputc('\n', f);
	vec_foreach(e, &g->sentinels) {
		endpoint_format(e, text);
		fputs("  - ", f);
		put_string(f, text);
		fputc('\n', f);
	}
}

static void
put_dbs(FILE *f, const struct celery_conf *c)
{
	size_t i;

	put_key(f, OPTION_CELERY_DB);
	fputs(" [", f);
	for (i = 0; i < c->dbs.n; i++)
		fprintf(f, "%s%d", i == 0 ? "" : ", ", c->dbs.v[i]);
	fputs("]\n", f);
}

/* master_name and sentinel_kwargs have gone into keys of their own. */
static void
put_kombu(FILE *f, const struct kombu_options *k)
{
	char seconds[NUM_TEXT_MAX];
	size_t i;

	put_key(f, OPTION_CELERY_TRANSPORT_OPTIONS);
	fputs("\n  global_keyprefix: ", f);
	put_string(f, k->global_keyprefix);
	fputs("\n  sep: ", f);
	put_string(f, k->sep);
	fputs("\n  priority_steps: [", f);
	for (i = 0; i < k->priority_steps.n; i++)
		fprintf(f, "%s%" PRId64, i == 0 ? "" : ", ",
		    k->priority_steps.v[i]);
	fputs("]\n  unacked_key: ", f);
	put_string(f, k->unacked_key);
	fputs("\n  unacked_index_key: ", f);
	put_string(f, k->unacked_index_key);
	num_format((double)k->visibility_timeout_ms / 1000, seconds);
	fprintf(f, "\n  visibility_timeout: %s\n", seconds);
}

static void
put_group(FILE *f, const struct group_conf *g)
{
	put_sentinels(f, g);
	put_list(f, OPTION_SENTINEL_MASTER_NAME, &g->master_names);
	put_text(f, OPTION_SENTINEL_USERNAME, g->sentinel_auth.username);
	put_secret(f, OPTION_SENTINEL_PASSWORD, g->sentinel_auth.password);
	put_text(f, OPTION_REDIS_USERNAME, g->redis_auth.username);
	put_secret(f, OPTION_REDIS_PASSWORD, g->redis_auth.password);
	put_kombu(f, &g->celery.kombu);
	put_list(f, OPTION_CELERY_QUEUE, &g->celery.queues);
	put_dbs(f, &g->celery);
	put_bool(f, OPTION_CELERY_SCAN, g->celery.scan);
	put_bool(f, OPTION_CELERY_CLIENTS, g->celery.clients);
	put_number(f, OPTION_CELERY_MAX_QUEUES, g->celery.max_queues);
}

void
conf_print(const struct conf *c, FILE *f)
{
	const struct group_conf *g;

	vec_foreach(g, &c->groups)
		put_group(f, g);
	put_duration(f, OPTION_POLL_INTERVAL, c->poll_interval_ms);
	put_duration(f, OPTION_POLL_TIMEOUT, c->poll_timeout_ms);
	put_duration(f, OPTION_POLL_STALE_AFTER, c->poll_stale_after_ms);
	put_text(f, OPTION_STATE_FILE, c->state_file);
	put_list(f, OPTION_WEB_LISTEN_ADDRESS, &c->web_listen_addresses);
	put_text(f, OPTION_WEB_TELEMETRY_PATH, c->web_telemetry_path);
	put_number(f, OPTION_WEB_MAX_CONNECTIONS, c->web_max_connections);
	put_text(
	    f, OPTION_LOG_LEVEL, options[OPTION_LOG_LEVEL].words[c->log_level]);
	put_text(f, OPTION_LOG_FORMAT,
	    options[OPTION_LOG_FORMAT].words[c->log_format]);
}
