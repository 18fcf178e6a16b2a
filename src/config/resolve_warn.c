/* Warnings about broker URLs that work, but not as they are meant. */
#include <string.h>
#include <strings.h>

#include "config/nautobot.h"
#include "config/resolve_draft.h"

static bool
has_login(const struct broker_url *b)
{
	return b->username != NULL || b->password != NULL;
}

/* The list with the same DB on every URL, secrets left out. */
static void
add_mended_url(struct strbuf *text, const struct broker_url *b, int db)
{
	const struct endpoint *e;
	char addr[ADDR_TEXT_MAX];

	vec_foreach(e, &b->sentinels) {
		endpoint_format(e, addr);
		strbuf_printf(text, "%ssentinel://%s%s/%d",
		    e == b->sentinels.v ? "" : ";",
		    has_login(b) ? "<secret>@" : "", addr, db);
	}
}

static void
warn_conflict(struct draft *d, const struct broker_draft *broker)
{
	const struct broker_url *b = &broker->url;
	struct strbuf text = { 0 };
	size_t i;

	if (b->dbs.n < 2)
		return;
	strbuf_printf(&text, "%s: the broker URLs name different DBs (",
	    broker->url_place);
	for (i = 0; i < b->dbs.n; i++)
		strbuf_printf(&text, "%s%d", i == 0 ? "" : ", ", b->dbs.v[i]);
	strbuf_puts(&text,
	    "); kombu starts in the DB of the first URL, takes "
	    "that of a later URL when reconnecting fails, and keeps it, so "
	    "tasks may wait in a DB that no worker reads; write the DB that "
	    "is meant on every URL, for example ");
	add_mended_url(&text, b, b->dbs.v[b->dbs.n - 1]);
	draft_warn(d, &text);
}

static void
warn_none(struct draft *d, const struct broker_draft *b)
{
	struct strbuf text = { 0 };

	if (!b->url.db_none)
		return;
	strbuf_printf(&text,
	    "%s: the broker URL ends in /None where it is "
	    "composed from a variable that is not set (%s?); kombu fails for "
	    "good at the first reconnect that reaches that URL; set the "
	    "variable, for example to 0",
	    b->url_place, NAUTOBOT_INDEX_VAR);
	draft_warn(d, &text);
}

static void
warn_host_none(struct draft *d, const struct broker_draft *b)
{
	const struct endpoint *e;
	struct strbuf text = { 0 };

	vec_foreach(e, &b->url.sentinels) {
		if (strcasecmp(e->addr.host, "none") != 0)
			continue;
		strbuf_printf(&text,
		    "%s: a sentinel is called None, as when "
		    "the URL is composed from a variable that is not set; set "
		    "it, or leave the URL out",
		    b->url_place);
		draft_warn(d, &text);
		return;
	}
}

static void
warn_no_scheme(struct draft *d, const struct broker_draft *b)
{
	struct strbuf text = { 0 };

	if (b->url.no_scheme == 0)
		return;
	strbuf_printf(&text,
	    "%s: URL %zu has no scheme, so kombu leaves it out, and its DB "
	    "with it; write sentinel:// before it",
	    b->url_place, b->url.no_scheme);
	draft_warn(d, &text);
}

static void
warn_other_login(struct draft *d, const struct broker_draft *b)
{
	struct strbuf text = { 0 };

	if (b->url.other_login == 0)
		return;
	strbuf_printf(&text,
	    "%s: URL %zu has another user or password than URL 1; kombu logs "
	    "in with those of the URL in use, so Celery may fail when it "
	    "reconnects; the exporter uses those of URL 1; write the same on "
	    "every URL",
	    b->url_place, b->url.other_login);
	draft_warn(d, &text);
}

static void
warn_other_tls(struct draft *d, const struct broker_draft *b)
{
	struct strbuf text = { 0 };

	if (b->url.other_tls == 0)
		return;
	strbuf_printf(&text,
	    "%s: URL %zu has other ssl_ options than URL 1; kombu uses those "
	    "of URL 1 until it reconnects, and so does the exporter; write "
	    "the same on every URL",
	    b->url_place, b->url.other_tls);
	draft_warn(d, &text);
}

static void
warn_user_only(struct draft *d, const struct broker_draft *b)
{
	struct strbuf text = { 0 };

	if (b->url.username == NULL || b->url.password != NULL)
		return;
	strbuf_printf(&text,
	    "%s: the URL has a user but no password; if that is the "
	    "password, write ':' before it: sentinel://:PASSWORD@HOST",
	    b->url_place);
	draft_warn(d, &text);
}

void
broker_warn(struct draft *d, const struct broker_draft *b)
{
	warn_conflict(d, b);
	warn_none(d, b);
	warn_host_none(d, b);
	warn_no_scheme(d, b);
	warn_other_login(d, b);
	warn_other_tls(d, b);
	warn_user_only(d, b);
}
