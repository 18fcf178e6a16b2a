#include <limits.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "config/broker_url.h"
#include "config/env.h"
#include "config/nautobot.h"
#include "config/quote.h"
#include "config/resolve.h"
#include "config/secret_file.h"

/* A group in the making. */
struct draft {
	struct conf *conf;
	struct group_conf *group;
	const struct settings *settings;
	char *const *env;
	bool nautobot;
	struct broker_url broker;
	const char *broker_place;
	struct err *err;
};

static void
warn(struct draft *d, struct strbuf *text)
{
	strlist_add(&d->conf->warnings, strbuf_text(text), text->len);
	strbuf_fini(text);
}

static bool
refuse_tls(struct draft *d, const char *place, const char *what)
{
	err_set(d->err,
	    "%s: %s asks for TLS; TLS to Redis is not supported "
	    "by this version, and plain text is not tried instead; name "
	    "ports without TLS",
	    place, what);
	return false;
}

/* The list with the same DB on every URL, secrets left out. */
static void
add_mended_url(struct strbuf *text, const struct broker_url *b, int db)
{
	const bool secret = b->username != NULL || b->password != NULL;
	const struct endpoint *e;
	char addr[ADDR_TEXT_MAX];

	vec_foreach(e, &b->sentinels) {
		endpoint_format(e, addr);
		strbuf_printf(text, "%ssentinel://%s%s/%d",
		    e == b->sentinels.v ? "" : ";", secret ? "<secret>@" : "",
		    addr, db);
	}
}

static void
warn_conflict(struct draft *d)
{
	const struct broker_url *b = &d->broker;
	struct strbuf text = { 0 };
	size_t i;

	if (b->dbs.n < 2)
		return;
	strbuf_printf(
	    &text, "%s: the broker URLs name different DBs (", d->broker_place);
	for (i = 0; i < b->dbs.n; i++)
		strbuf_printf(&text, "%s%d", i == 0 ? "" : ", ", b->dbs.v[i]);
	strbuf_puts(&text,
	    "); kombu starts in the DB of the first URL, takes "
	    "that of a later URL when reconnecting fails, and keeps it, so "
	    "tasks may wait in a DB that no worker reads; write the DB that "
	    "is meant on every URL, for example ");
	add_mended_url(&text, b, b->dbs.v[b->dbs.n - 1]);
	warn(d, &text);
}

static void
warn_none(struct draft *d)
{
	struct strbuf text = { 0 };

	if (!d->broker.db_none)
		return;
	strbuf_printf(&text,
	    "%s: the broker URL ends in /None where it is "
	    "composed from a variable that is not set (%s?); kombu fails for "
	    "good at the first reconnect that reaches that URL; set the "
	    "variable, for example to 0",
	    d->broker_place, NAUTOBOT_INDEX_VAR);
	warn(d, &text);
}

static void
warn_host_none(struct draft *d)
{
	const struct endpoint *e;
	struct strbuf text = { 0 };

	vec_foreach(e, &d->broker.sentinels) {
		if (strcasecmp(e->addr.host, "none") != 0)
			continue;
		strbuf_printf(&text,
		    "%s: a sentinel is called None, as when "
		    "the URL is composed from a variable that is not set; set "
		    "it, or leave the URL out",
		    d->broker_place);
		warn(d, &text);
		return;
	}
}

static bool
read_broker(struct draft *d)
{
	const enum option_id id = OPTION_CELERY_BROKER_URL;
	struct celery_conf *celery = &d->group->celery;

	if (setting_given(d->settings, id)) {
		d->broker_place = setting_place(d->settings, id);
		if (!broker_url_parse(
			&d->broker, setting_text(d->settings, id), d->err)) {
			err_prefix(d->err, "%s", d->broker_place);
			return false;
		}
		if (d->broker.tls)
			return refuse_tls(d, d->broker_place, "the URL");
	} else if (d->nautobot) {
		d->broker_place = "--nautobot";
		if (!nautobot_read(&d->broker, d->env, d->err))
			return false;
	} else {
		return true;
	}
	celery->from_url = true;
	celery->url_conflict = d->broker.db_conflict;
	warn_conflict(d);
	warn_none(d);
	warn_host_none(d);
	return true;
}

static bool
read_kombu(struct draft *d)
{
	const enum option_id id = OPTION_CELERY_TRANSPORT_OPTIONS;
	struct kombu_options *k = &d->group->celery.kombu;
	const char *place = setting_place(d->settings, id);
	const char *password;

	kombu_options_init(k);
	if (setting_given(d->settings, id)) {
		if (!kombu_options_parse(
			k, setting_text(d->settings, id), d->err)) {
			err_prefix(d->err, "%s", place);
			return false;
		}
		if (k->sentinel_tls)
			return refuse_tls(d, place, "sentinel_kwargs");
	}
	if (!d->nautobot)
		return true;
	password = env_get(d->env, NAUTOBOT_PASSWORD_VAR);
	if (k->master_name == NULL)
		k->master_name = xstrdup(NAUTOBOT_MASTER_NAME);
	if (k->sentinel_password == NULL && password != NULL)
		k->sentinel_password = xstrdup(password);
	return true;
}

static bool
choose_sentinels(struct draft *d)
{
	const enum option_id id = OPTION_SENTINEL_ADDR;
	const struct strlist *own = &d->settings->of[id].texts;
	struct group_conf *g = d->group;
	struct endpoint e;
	char *const *text;

	vec_foreach(text, &own->items) {
		if (!endpoint_parse(&e, *text, strlen(*text), d->err)) {
			err_prefix(
			    d->err, "%s", setting_place(d->settings, id));
			return false;
		}
		if (!endpoint_listed(g->sentinels.v, g->sentinels.n, &e))
			*vec_push(&g->sentinels) = e;
	}
	if (g->sentinels.n > 0)
		return true;
	if (d->broker.sentinels.n > 0) {
		vec_copy(&g->sentinels, &d->broker.sentinels);
		return true;
	}
	if (d->nautobot) {
		err_set(d->err,
		    "--nautobot: %s1 is not set; set it and its "
		    "like as for Nautobot, or name the sentinels by "
		    "--sentinel.addr",
		    NAUTOBOT_SENTINEL_VAR);
		return false;
	}
	return endpoint_parse(vec_push(&g->sentinels), options[id].fallback,
	    strlen(options[id].fallback), d->err);
}

static void
choose_master_names(struct draft *d)
{
	const struct strlist *own =
	    &d->settings->of[OPTION_SENTINEL_MASTER_NAME].texts;
	const char *from_kombu = d->group->celery.kombu.master_name;
	struct strlist *names = &d->group->master_names;
	char *const *text;

	vec_foreach(text, &own->items)
		if (!strlist_has(names, *text))
			strlist_add(names, *text, strlen(*text));
	if (names->items.n == 0 && from_kombu != NULL)
		strlist_add(names, from_kombu, strlen(from_kombu));
}

/* The options that hold the credentials of one kind of server. */
struct credential_options {
	enum option_id username, password, file;
};

static const struct credential_options sentinel_options = {
	OPTION_SENTINEL_USERNAME,
	OPTION_SENTINEL_PASSWORD,
	OPTION_SENTINEL_PASSWORD_FILE,
};
static const struct credential_options redis_options = {
	OPTION_REDIS_USERNAME,
	OPTION_REDIS_PASSWORD,
	OPTION_REDIS_PASSWORD_FILE,
};

/* The file and the variable are one setting in two shapes: the one of higher
 * rank wins, and two of the same rank contradict. */
static bool
own_password(
    struct draft *d, const struct credential_options *o, struct credentials *c)
{
	const enum option_id plain = o->password, file = o->file;
	const struct settings *s = d->settings;
	struct strbuf text = { 0 };
	struct secret_file f;

	if (setting_given(s, plain) &&
	    s->of[plain].source == s->of[file].source) {
		err_set(d->err, "%s: %s is given as well; keep one of them",
		    setting_place(s, file), setting_place(s, plain));
		return false;
	}
	if (s->of[plain].source > s->of[file].source) {
		c->password = xstrdup(setting_text(s, plain));
		return true;
	}
	if (!setting_given(s, file))
		return true;
	if (!secret_file_read(&f, setting_text(s, file), d->err)) {
		err_prefix(d->err, "%s", setting_place(s, file));
		return false;
	}
	c->password = f.secret;
	c->password_file = xstrdup(setting_text(s, file));
	c->stamp = f.stamp;
	if (f.exposed) {
		strbuf_printf(&text,
		    "%s: every user of this machine may read "
		    "the file; chmod o-r it",
		    setting_place(s, file));
		warn(d, &text);
	}
	return true;
}

/* Field by field: own, else theirs, which may be NULL. */
static bool
choose_credentials(struct draft *d, struct credentials *c,
    const struct credential_options *o, const struct credentials *theirs)
{
	const char *name = setting_text(d->settings, o->username);

	if (name == NULL)
		name = theirs->username;
	if (name != NULL)
		c->username = xstrdup(name);
	if (!own_password(d, o, c))
		return false;
	if (c->password == NULL && theirs->password != NULL)
		c->password = xstrdup(theirs->password);
	return true;
}

static bool
choose_dbs(struct draft *d)
{
	const enum option_id id = OPTION_CELERY_DB;
	struct celery_conf *c = &d->group->celery;
	char *const *text, shown[QUOTE_MAX];
	int64_t db;

	vec_copy(&c->url_dbs, &d->broker.dbs);
	vec_foreach(text, &d->settings->of[id].texts.items) {
		if (!num_int(*text, strlen(*text), 0, INT_MAX, &db)) {
			err_set(d->err,
			    "%s: %s is no DB number; write for "
			    "example 0",
			    setting_place(d->settings, id),
			    quote(shown, *text, strlen(*text)));
			return false;
		}
		broker_url_add_db(&d->broker, (int)db);
	}
	/* a queue, and nothing that tells its DB: kombu's default */
	if (d->broker.dbs.n == 0 && c->queues.items.n > 0 && !c->scan)
		broker_url_add_db(&d->broker, 0);
	vec_copy(&c->dbs, &d->broker.dbs);
	return true;
}

static bool
choose_celery(struct draft *d)
{
	const struct settings *s = d->settings;
	struct celery_conf *c = &d->group->celery;
	char *const *text;

	if (!setting_bool(s, OPTION_CELERY_SCAN, &c->scan, d->err) ||
	    !setting_bool(s, OPTION_CELERY_CLIENTS, &c->clients, d->err) ||
	    !setting_number(
		s, OPTION_CELERY_MAX_QUEUES, &c->max_queues, d->err))
		return false;
	vec_foreach(text, &s->of[OPTION_CELERY_QUEUE].texts.items)
		if (!strlist_has(&c->queues, *text))
			strlist_add(&c->queues, *text, strlen(*text));
	if (!choose_dbs(d))
		return false;
	c->enabled = c->scan || c->dbs.n > 0 || c->queues.items.n > 0;
	return true;
}

bool
resolve_group(struct conf *conf, const struct settings *s, char *const *env,
    struct err *err)
{
	struct draft d = { .conf = conf,
		.group = vec_push(&conf->groups),
		.settings = s,
		.env = env,
		.err = err };
	struct credentials at_sentinels, at_nodes;
	bool ok;

	ok = setting_bool(s, OPTION_NAUTOBOT, &d.nautobot, err) &&
	     read_broker(&d) && read_kombu(&d);
	at_sentinels = (struct credentials){
		.username = d.group->celery.kombu.sentinel_username,
		.password = d.group->celery.kombu.sentinel_password,
	};
	at_nodes = (struct credentials){ .username = d.broker.username,
		.password = d.broker.password };
	ok = ok && choose_sentinels(&d) &&
	     choose_credentials(&d, &d.group->sentinel_auth, &sentinel_options,
		 &at_sentinels) &&
	     choose_credentials(
		 &d, &d.group->redis_auth, &redis_options, &at_nodes) &&
	     choose_celery(&d);
	if (ok)
		choose_master_names(&d);
	broker_url_fini(&d.broker);
	return ok;
}
