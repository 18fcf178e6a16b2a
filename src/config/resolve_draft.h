/*
 * resolve_draft - a group in the making.  Private to resolve_*.c.
 */
#ifndef CONFIG_RESOLVE_DRAFT_H
#define CONFIG_RESOLVE_DRAFT_H

#include "base/strbuf.h"
#include "config/broker_url.h"
#include "config/resolve.h"

/* One broker of it. */
struct broker_draft {
	const struct settings *settings;	/* borrowed */
	struct broker_url url;
	const char *url_place;	/* borrowed; NULL = there is no URL */
	struct kombu_tls use_ssl;	/* broker_use_ssl */
	/* Which of both holds, borrowed, and where it stands. */
	const struct tls_conf *tls;
	const char *tls_place;
	struct celery_conf celery;	/* moves into the group at the end */
};

struct draft {
	struct conf *conf;
	struct group_conf *group;
	const char *place;	/* where the group is named; NULL if not */
	const struct settings *settings;
	char *const *env;
	bool nautobot;
	VEC(struct broker_draft) brokers;
	struct err *err;
};

/* Keep a warning, and free the text. */
void	draft_warn(struct draft *, struct strbuf *text);

/* All that one broker's settings come to. */
bool	resolve_broker(struct draft *, struct broker_draft *);
void	broker_draft_fini(struct broker_draft *);

/* The TLS of both kinds of server, into the group. */
bool	resolve_tls(struct draft *);

/* Warnings about a broker URL that works, but not as meant. */
void	broker_warn(struct draft *, const struct broker_draft *);

#endif
