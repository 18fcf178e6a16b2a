/* --config.check: the conf as a configuration file would say it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "config/conf.h"
#include "config/option.h"

#define STEP 2 /* of indentation */

struct printer {
	FILE *f;
	int indent;
	const char *last; /* the option printed before, at this indent */
};

/* As JSON writes a string, which YAML reads as it is. */
static void
put_string(FILE *f, const char *s)
{
	struct strbuf text = { 0 };

	escape_text(&text, ESCAPE_JSON, s);
	fprintf(f, "\"%s\"", strbuf_text(&text));
	strbuf_fini(&text);
}

static int
dots(const char *name)
{
	int n = 0;

	for (; *name != '\0'; name++)
		n += *name == '.';
	return n;
}

/* The sections of the option that the last one did not open, then its key. */
static void
put_key(struct printer *p, enum option_id id)
{
	const char *name = options[id].name, *part = name, *dot;
	size_t len;
	int depth;

	for (depth = 0; (dot = strchr(part, '.')) != NULL; depth++) {
		len = (size_t)(dot - name) + 1;
		if (p->last == NULL || strncmp(p->last, name, len) != 0)
			fprintf(p->f, "%*s%.*s:\n", p->indent + depth * STEP,
			    "", (int)(dot - part), part);
		part = dot + 1;
	}
	p->last = name;
	fprintf(p->f, "%*s%s:", p->indent + depth * STEP, "", part);
}

/* Where items below the key of an option stand. */
static int
below(const struct printer *p, enum option_id id)
{
	return p->indent + (dots(options[id].name) + 1) * STEP;
}

static void
put_text(struct printer *p, enum option_id id, const char *text)
{
	if (text == NULL)
		return;
	put_key(p, id);
	fputc(' ', p->f);
	put_string(p->f, text);
	fputc('\n', p->f);
}

/* No value stands there, so that nobody takes it for one. */
static void
put_secret(struct printer *p, enum option_id id)
{
	put_key(p, id);
	fputs(" <secret>\n", p->f);
}

static void
put_bool(struct printer *p, enum option_id id, bool v)
{
	put_key(p, id);
	fputs(v ? " true\n" : " false\n", p->f);
}

static void
put_number(struct printer *p, enum option_id id, int64_t n)
{
	put_key(p, id);
	fprintf(p->f, " %" PRId64 "\n", n);
}

static void
put_duration(struct printer *p, enum option_id id, int64_t ms)
{
	char text[NUM_TEXT_MAX];

	num_format_duration(ms, text);
	put_key(p, id);
	fprintf(p->f, " %s\n", text);
}

static void
put_item(struct printer *p, enum option_id id, const char *text)
{
	fprintf(p->f, "%*s- ", below(p, id), "");
	put_string(p->f, text);
	fputc('\n', p->f);
}

static void
put_list(struct printer *p, enum option_id id, const struct strlist *list)
{
	char *const *item;

	put_key(p, id);
	fputs(list->items.n == 0 ? " []\n" : "\n", p->f);
	vec_foreach(item, &list->items)
		put_item(p, id, *item);
}

static void
put_sentinels(struct printer *p, const struct group_conf *g)
{
	const struct endpoint *e;
	char text[ADDR_TEXT_MAX];

	put_key(p, OPTION_SENTINEL_ADDR);
	fputc('\n', p->f);
	vec_foreach(e, &g->sentinels) {
		endpoint_format(e, text);
		put_item(p, OPTION_SENTINEL_ADDR, text);
	}
}

static void
put_credentials(struct printer *p, const struct credentials *c,
    enum option_id username, enum option_id password, enum option_id file)
{
	if (c->hide_username && c->username != NULL)
		put_secret(p, username);
	else
		put_text(p, username, c->username);
	if (c->password_file != NULL)
		put_text(p, file, c->password_file);
	else if (c->password != NULL)
		put_secret(p, password);
}

/* What has no key of its own stands in Celery's settings only. */
static void
put_tls(struct printer *p, const struct tls_conf *t, enum option_id first)
{
	put_bool(p, first, t != NULL);
	if (t == NULL)
		return;
	put_text(p, first + 1, t->ca_file);
	put_text(p, first + 2, t->cert_file);
	put_text(p, first + 3, t->key_file);
	put_text(p, first + 4, t->server_name);
	put_bool(p, first + 5, t->insecure_skip_verify);
	if (t->skip_name_check)
		fprintf(p->f,
		    "%*s# the name in the certificate is not "
		    "checked\n",
		    p->indent + STEP, "");
	if (t->ca_path != NULL || t->ca_data != NULL)
		fprintf(p->f,
		    "%*s# CAs are those of Celery's ssl_ca_path or "
		    "ssl_ca_data\n",
		    p->indent + STEP, "");
}

/* master_name and sentinel_kwargs have gone into keys of their own. */
static void
put_kombu(struct printer *p, const struct kombu_options *k)
{
	const int deep = below(p, OPTION_CELERY_TRANSPORT_OPTIONS);
	char seconds[NUM_TEXT_MAX];
	size_t i;

	put_text(p, OPTION_CELERY_MASTER_NAME, k->master_name);
	put_key(p, OPTION_CELERY_TRANSPORT_OPTIONS);
	fprintf(p->f, "\n%*sglobal_keyprefix: ", deep, "");
	put_string(p->f, k->global_keyprefix);
	fprintf(p->f, "\n%*ssep: ", deep, "");
	put_string(p->f, k->sep);
	fprintf(p->f, "\n%*spriority_steps: [", deep, "");
	for (i = 0; i < k->priority_steps.n; i++)
		fprintf(p->f, "%s%" PRId64, i == 0 ? "" : ", ",
		    k->priority_steps.v[i]);
	fprintf(p->f, "]\n%*sunacked_key: ", deep, "");
	put_string(p->f, k->unacked_key);
	fprintf(p->f, "\n%*sunacked_index_key: ", deep, "");
	put_string(p->f, k->unacked_index_key);
	num_format((double)k->visibility_timeout_ms / 1000, seconds);
	fprintf(p->f, "\n%*svisibility_timeout: %s\n", deep, "", seconds);
}

static void
put_broker(struct printer *p, const struct celery_conf *c)
{
	size_t i;

	put_kombu(p, &c->kombu);
	put_list(p, OPTION_CELERY_QUEUE, &c->queues);
	put_key(p, OPTION_CELERY_DB);
	fputs(" [", p->f);
	for (i = 0; i < c->dbs.n; i++)
		fprintf(p->f, "%s%d", i == 0 ? "" : ", ", c->dbs.v[i]);
	fputs("]\n", p->f);
}

static void
put_brokers(struct printer *p, const struct group_conf *g)
{
	const struct celery_conf *c;
	struct printer inner = { .f = p->f };

	put_bool(p, OPTION_CELERY_SCAN, g->brokers.v[0].scan);
	put_bool(p, OPTION_CELERY_CLIENTS, g->brokers.v[0].clients);
	put_number(p, OPTION_CELERY_MAX_QUEUES, g->brokers.v[0].max_queues);
	if (g->brokers.n == 1) {
		put_broker(p, &g->brokers.v[0]);
		return;
	}
	fprintf(p->f, "%*sbrokers:\n", p->indent + STEP, "");
	vec_foreach(c, &g->brokers) {
		/* Below "- ", where the keys stand without their section. */
		fprintf(p->f, "%*s-\n", p->indent + 2 * STEP, "");
		inner.indent = p->indent + 2 * STEP;
		inner.last = "celery.";
		put_broker(&inner, c);
	}
}

static void
put_group(struct printer *p, const struct group_conf *g)
{
	put_sentinels(p, g);
	put_list(p, OPTION_SENTINEL_MASTER_NAME, &g->master_names);
	put_credentials(p, &g->sentinel_auth, OPTION_SENTINEL_USERNAME,
	    OPTION_SENTINEL_PASSWORD, OPTION_SENTINEL_PASSWORD_FILE);
	put_tls(p, g->sentinel_tls, OPTION_SENTINEL_TLS);
	put_credentials(p, &g->redis_auth, OPTION_REDIS_USERNAME,
	    OPTION_REDIS_PASSWORD, OPTION_REDIS_PASSWORD_FILE);
	put_tls(p, g->redis_tls, OPTION_REDIS_TLS);
	put_brokers(p, g);
}

static void
put_poll(struct printer *p, const struct poll_conf *poll)
{
	put_duration(p, OPTION_POLL_INTERVAL, poll->interval_ms);
	put_duration(p, OPTION_POLL_TIMEOUT, poll->timeout_ms);
	put_duration(p, OPTION_POLL_STALE_AFTER, poll->stale_after_ms);
}

static void
put_groups(FILE *f, const struct conf *c)
{
	struct group_conf *const *g;
	struct printer p = { .f = f };

	if (c->groups.n == 1 && c->groups.v[0]->name == NULL) {
		put_group(&p, c->groups.v[0]);
		return;
	}
	fputs("groups:\n", f);
	vec_foreach(g, &c->groups) {
		fputs("  - name: ", f);
		put_string(f, (*g)->name);
		fputc('\n', f);
		p = (struct printer){ .f = f, .indent = 2 * STEP };
		put_group(&p, *g);
		put_poll(&p, &(*g)->poll);
	}
}

void
conf_print(const struct conf *c, FILE *f)
{
	struct printer p = { .f = f };

	put_groups(f, c);
	put_poll(&p, &c->poll);
	put_text(&p, OPTION_STATE_FILE, c->state_file);
	put_list(&p, OPTION_WEB_LISTEN_ADDRESS, &c->web_listen_addresses);
	put_text(&p, OPTION_WEB_TELEMETRY_PATH, c->web_telemetry_path);
	put_text(&p, OPTION_WEB_CONFIG_FILE, c->web_config_file);
	put_bool(&p, OPTION_WEB_SYSTEMD_SOCKET, c->web_systemd_socket);
	put_number(&p, OPTION_WEB_MAX_CONNECTIONS, c->web_max_connections);
	put_bool(&p, OPTION_WEB_ENABLE_LIFECYCLE, c->web_enable_lifecycle);
	put_text(&p, OPTION_LOG_LEVEL,
	    options[OPTION_LOG_LEVEL].words[c->log_level]);
	put_text(&p, OPTION_LOG_FORMAT,
	    options[OPTION_LOG_FORMAT].words[c->log_format]);
}
