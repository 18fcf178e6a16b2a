/* What one broker's settings come to: URL, kombu's options, DBs, queues. */
#include <limits.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "config/env.h"
#include "config/nautobot.h"
#include "config/quote.h"
#include "config/resolve_draft.h"

static bool
read_url(struct draft *d, struct broker_draft *b)
{
	const enum option_id id = OPTION_CELERY_BROKER_URL;

	if (setting_given(b->settings, id)) {
		b->url_place = setting_place(b->settings, id);
		if (!broker_url_parse(
			&b->url, setting_text(b->settings, id), d->err)) {
			err_prefix(d->err, "%s", b->url_place);
			return false;
		}
	} else if (d->nautobot) {
		b->url_place = "--nautobot";
		if (!nautobot_read(&b->url, d->env, d->err))
			return false;
	} else {
		return true;
	}
	b->celery.from_url = true;
	b->celery.url_conflict = b->url.db_conflict;
	broker_warn(d, b);
	return true;
}

static void
warn_ignored(struct draft *d, const struct kombu_tls *tls, const char *place)
{
	struct strbuf text = { 0 };
	char *const *why;

	vec_foreach(why, &tls->ignored.items) {
		strbuf_printf(&text, "%s: %s", place, *why);
		draft_warn(d, &text);
	}
}

/* The query's options replace broker_use_ssl as a whole, as in kombu. */
static bool
read_tls(struct draft *d, struct broker_draft *b)
{
	const enum option_id id = OPTION_CELERY_BROKER_USE_SSL;
	struct strbuf text = { 0 };

	if (setting_given(b->settings, id)) {
		b->tls_place = setting_place(b->settings, id);
		if (!kombu_tls_parse(
			&b->use_ssl, setting_text(b->settings, id), d->err)) {
			err_prefix(d->err, "%s", b->tls_place);
			return false;
		}
		warn_ignored(d, &b->use_ssl, b->tls_place);
		b->tls = b->use_ssl.conf;
	}
	if (b->url.tls.conf == NULL)
		return true;
	warn_ignored(d, &b->url.tls, b->url_place);
	if (b->url.tls_unverified && b->tls != NULL)
		return true; /* rediss:// alone says only that TLS is on */
	b->tls = b->url.tls.conf;
	b->tls_place = b->url_place;
	if (!b->url.tls_unverified)
		return true;
	strbuf_printf(&text,
	    "%s: rediss:// without ssl_ options is not verified by redis-py; "
	    "add ?ssl_cert_reqs=required, or set broker_use_ssl",
	    b->url_place);
	draft_warn(d, &text);
	return true;
}

static void
take_nautobot(struct draft *d, struct kombu_options *k)
{
	const char *password = env_get(d->env, NAUTOBOT_PASSWORD_VAR);

	if (k->master_name == NULL)
		k->master_name = xstrdup(NAUTOBOT_MASTER_NAME);
	if (k->sentinel_password == NULL && password != NULL)
		k->sentinel_password = xstrdup(password);
}

static bool
read_kombu(struct draft *d, struct broker_draft *b)
{
	const enum option_id id = OPTION_CELERY_TRANSPORT_OPTIONS;
	const char *place = setting_place(b->settings, id), *name;
	struct kombu_options *k = &b->celery.kombu;
	struct strbuf text = { 0 };

	kombu_options_init(k);
	if (setting_given(b->settings, id)) {
		if (!kombu_options_parse(
			k, setting_text(b->settings, id), d->err)) {
			err_prefix(d->err, "%s", place);
			return false;
		}
		warn_ignored(d, &k->sentinel_tls, place);
	}
	if (k->sentinel_tls_off) {
		strbuf_printf(&text,
		    "%s: sentinel_kwargs has ssl_ options, but not \"ssl\": "
		    "true, so Celery speaks plain text to the sentinels; add "
		    "it",
		    place);
		draft_warn(d, &text);
	}
	if (d->nautobot)
		take_nautobot(d, k);
	name = setting_text(b->settings, OPTION_CELERY_MASTER_NAME);
	if (name != NULL) {
		free(k->master_name);
		k->master_name = xstrdup(name);
	}
	return true;
}

static bool
refuse_db(struct draft *d, const struct setting_text *t, const char *example)
{
	char shown[QUOTE_MAX];

	err_set(d->err, "%s: %s is no DB number; %s", t->place,
	    quote(shown, t->text, strlen(t->text)), example);
	return false;
}

static bool
choose_dbs(struct draft *d, struct broker_draft *b)
{
	const struct setting *own = &b->settings->of[OPTION_CELERY_DB];
	struct celery_conf *c = &b->celery;
	const struct setting_text *t;
	int64_t db;

	vec_copy(&c->url_dbs, &b->url.dbs);
	vec_foreach(t, &own->texts) {
		if (!num_int(t->text, strlen(t->text), 0, INT_MAX, &db))
			return refuse_db(d, t,
			    strchr(t->text, ',') == NULL
				? "write for example 0"
				: "give each by itself, as in --celery.db=0 "
				  "--celery.db=3");
		broker_url_add_db(&b->url, (int)db);
	}
	/* a queue, and nothing that tells its DB: kombu's default */
	if (b->url.dbs.n == 0 && c->queues.items.n > 0 && !c->scan)
		broker_url_add_db(&b->url, 0);
	vec_copy(&c->dbs, &b->url.dbs);
	return true;
}

static bool
choose_celery(struct draft *d, struct broker_draft *b)
{
	const struct settings *s = b->settings;
	struct celery_conf *c = &b->celery;
	const struct setting_text *t;

	if (!setting_bool(s, OPTION_CELERY_SCAN, &c->scan, d->err) ||
	    !setting_bool(s, OPTION_CELERY_CLIENTS, &c->clients, d->err) ||
	    !setting_number(
		s, OPTION_CELERY_MAX_QUEUES, &c->max_queues, d->err))
		return false;
	vec_foreach(t, &s->of[OPTION_CELERY_QUEUE].texts)
		if (!strlist_has(&c->queues, t->text))
			strlist_add(&c->queues, t->text, strlen(t->text));
	if (!choose_dbs(d, b))
		return false;
	c->enabled = c->scan || c->dbs.n > 0 || c->queues.items.n > 0;
	return true;
}

bool
resolve_broker(struct draft *d, struct broker_draft *b)
{
	return read_url(d, b) && read_tls(d, b) && read_kombu(d, b) &&
	       choose_celery(d, b);
}

/* What went into the group is its own. */
void
broker_draft_fini(struct broker_draft *b)
{
	broker_url_fini(&b->url);
	kombu_tls_fini(&b->use_ssl);
}
