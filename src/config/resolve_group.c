/* One group: its sentinels, names and credentials, from all that was said. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "config/nautobot.h"
#include "config/resolve_draft.h"
#include "config/secret_file.h"

void
draft_warn(struct draft *d, struct strbuf *text)
{
	strlist_add(&d->conf->warnings, strbuf_text(text), text->len);
	strbuf_fini(text);
}

static bool
choose_own_sentinels(struct draft *d)
{
	const struct setting *own = &d->settings->of[OPTION_SENTINEL_ADDR];
	struct group_conf *g = d->group;
	const struct setting_text *t;
	struct endpoint e;

	vec_foreach(t, &own->texts) {
		if (!endpoint_parse(&e, t->text, strlen(t->text), d->err)) {
			err_prefix(d->err, "%s", t->place);
			return false;
		}
		if (!endpoint_listed(g->sentinels.v, g->sentinels.n, &e))
			*vec_push(&g->sentinels) = e;
	}
	return true;
}

static void
take_brokers_sentinels(struct draft *d)
{
	struct group_conf *g = d->group;
	const struct broker_draft *b;
	const struct endpoint *e;

	vec_foreach(b, &d->brokers)
		vec_foreach(e, &b->url.sentinels)
			if (!endpoint_listed(g->sentinels.v, g->sentinels.n, e))
				*vec_push(&g->sentinels) = *e;
}

static bool
refuse_no_sentinels(struct draft *d)
{
	const struct broker_draft *b;

	if (d->nautobot) {
		err_set(d->err,
		    "--nautobot: %s1 is not set; set it and its "
		    "like as for Nautobot, or name the sentinels by "
		    "--sentinel.addr",
		    NAUTOBOT_SENTINEL_VAR);
		return false;
	}
	vec_foreach(b, &d->brokers) {
		if (!b->url.direct)
			continue;
		err_set(d->err,
		    "%s: is redis://, which names no sentinel; name the "
		    "sentinels by --sentinel.addr, or write "
		    "sentinel://HOST:26379/DB",
		    b->url_place);
		return false;
	}
	return true;
}

static bool
choose_sentinels(struct draft *d)
{
	const char *fallback = options[OPTION_SENTINEL_ADDR].fallback;
	struct group_conf *g = d->group;

	if (!choose_own_sentinels(d))
		return false;
	if (g->sentinels.n == 0)
		take_brokers_sentinels(d);
	if (g->sentinels.n > 0)
		return true;
	if (!refuse_no_sentinels(d))
		return false;
	if (g->name != NULL) {
		err_set(d->err,
		    "the group has no sentinels; add \"sentinel: {addr: ...}\""
		    " or a broker URL");
		err_prefix(d->err, "%s", d->place);
		return false;
	}
	return endpoint_parse(
	    vec_push(&g->sentinels), fallback, strlen(fallback), d->err);
}

/* Own names, or else those of the brokers if each has one. */
static void
choose_master_names(struct draft *d)
{
	const struct setting *own =
	    &d->settings->of[OPTION_SENTINEL_MASTER_NAME];
	struct strlist *names = &d->group->master_names;
	const struct setting_text *t;
	const struct broker_draft *b;
	const char *name;

	vec_foreach(t, &own->texts)
		if (!strlist_has(names, t->text))
			strlist_add(names, t->text, strlen(t->text));
	if (names->items.n > 0)
		return;
	vec_foreach(b, &d->brokers)
		if (b->celery.kombu.master_name == NULL)
			return;
	vec_foreach(b, &d->brokers) {
		name = b->celery.kombu.master_name;
		if (!strlist_has(names, name))
			strlist_add(names, name, strlen(name));
	}
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
		draft_warn(d, &text);
	}
	return true;
}

/* What a broker says of one kind of server; place NULL = nothing. */
struct theirs {
	const char *username, *password, *place;
};

static struct theirs
node_login(const struct broker_draft *b)
{
	if (b->url.username == NULL && b->url.password == NULL)
		return (struct theirs){ 0 };
	return (
	    struct theirs){ b->url.username, b->url.password, b->url_place };
}

static struct theirs
sentinel_login(const struct broker_draft *b)
{
	const struct kombu_options *k = &b->celery.kombu;

	if (k->sentinel_username == NULL && k->sentinel_password == NULL)
		return (struct theirs){ 0 };
	return (struct theirs){ k->sentinel_username, k->sentinel_password,
		setting_place(b->settings, OPTION_CELERY_TRANSPORT_OPTIONS) };
}

/* The first broker's that has any; another one must have the same. */
static bool
find_theirs(struct draft *d, struct theirs (*of)(const struct broker_draft *),
    struct theirs *all)
{
	const struct broker_draft *b;
	struct theirs one;

	vec_foreach(b, &d->brokers) {
		one = of(b);
		if (one.place == NULL)
			continue;
		if (all->place == NULL) {
			*all = one;
		} else if (!str_same(all->username, one.username) ||
			   !str_same(all->password, one.password)) {
			err_set(d->err,
			    "%s: has another user or password than %s; give "
			    "those of the group by its own keys, or make it "
			    "two groups",
			    one.place, all->place);
			return false;
		}
	}
	return true;
}

/* Field by field: own, else theirs. */
static bool
choose_credentials(struct draft *d, struct credentials *c,
    const struct credential_options *o,
    struct theirs (*of)(const struct broker_draft *))
{
	const char *name = setting_text(d->settings, o->username);
	struct theirs theirs = { 0 };

	if (!own_password(d, o, c) ||
	    (c->password == NULL && !find_theirs(d, of, &theirs)))
		return false;
	if (c->password != NULL && name == NULL && d->brokers.n > 0)
		theirs = of(&d->brokers.v[0]);
	c->username = str_copy(name != NULL ? name : theirs.username);
	if (c->password == NULL)
		c->password = str_copy(theirs.password);
	c->hide_username = name == NULL && c->password == NULL;
	return true;
}

static bool
start_brokers(struct draft *d, const struct group_settings *gs)
{
	struct broker_draft *b;
	size_t i;

	if (gs->n == 0)
		vec_push(&d->brokers)->settings = gs->own;
	for (i = 0; i < gs->n; i++)
		vec_push(&d->brokers)->settings = &gs->brokers[i];
	vec_foreach(b, &d->brokers)
		if (!resolve_broker(d, b))
			return false;
	return true;
}

/* One broker per master, or nobody could tell whose queues are whose. */
static bool
check_brokers(struct draft *d)
{
	const struct broker_draft *a, *b;
	const char *name;

	vec_foreach(b, &d->brokers) {
		name = b->celery.kombu.master_name;
		for (a = d->brokers.v; a < b; a++) {
			if (!str_same(a->celery.kombu.master_name, name))
				continue;
			err_set(d->err,
			    "two brokers are for %s%s; give each its own "
			    "master-name, or write the DBs of both into one",
			    name == NULL ? "any master" : "the master ",
			    name == NULL ? "" : name);
			if (d->place != NULL)
				err_prefix(d->err, "%s", d->place);
			return false;
		}
	}
	return true;
}

static void
finish(struct draft *d)
{
	struct broker_draft *b;

	vec_foreach(b, &d->brokers) {
		*vec_push(&d->group->brokers) = b->celery;
		broker_draft_fini(b);
	}
	vec_fini(&d->brokers);
}

bool
resolve_group(struct conf *conf, const struct group_settings *gs,
    char *const *env, struct err *err)
{
	struct draft d = { .conf = conf,
		.place = gs->place,
		.settings = gs->own,
		.env = env,
		.err = err };
	bool ok;

	d.group = *vec_push(&conf->groups) = group_conf_new();
	d.group->name = str_copy(gs->name);
	ok = setting_bool(gs->own, OPTION_NAUTOBOT, &d.nautobot, err) &&
	     resolve_poll(&d.group->poll, gs->own, err) &&
	     start_brokers(&d, gs) && check_brokers(&d) &&
	     choose_sentinels(&d) &&
	     choose_credentials(&d, &d.group->sentinel_auth, &sentinel_options,
		 sentinel_login) &&
	     choose_credentials(
		 &d, &d.group->redis_auth, &redis_options, node_login) &&
	     resolve_tls(&d);
	if (ok)
		choose_master_names(&d);
	finish(&d);
	return ok;
}
