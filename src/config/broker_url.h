/*
 * broker_url - Celery's broker URL, read exactly as kombu reads it.  Pure.
 *
 * "sentinel://[user[:password]@]host[:port][/db][?query]" joined by ';', or
 * one redis:// or rediss:// URL.
 * kombu (connection.py, utils/url.py; 5.2 .. 5.5) parses user, password, DB
 * and query of the FIRST URL only, yet on reconnects moves through the list
 * and takes the DB of a later URL: hence every DB named anywhere is a
 * candidate, kept in dbs.
 */
#ifndef CONFIG_BROKER_URL_H
#define CONFIG_BROKER_URL_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "config/endpoint.h"
#include "config/kombu_tls.h"

struct broker_url {
	VEC(struct endpoint) sentinels;	/* every entry of scheme sentinel */
	char	*username;	/* owned; data nodes; NULL = default user */
	char	*password;	/* owned, secret; data nodes; NULL = none */
	VEC(int) dbs;		/* ascending, unique; {0 or first path} and all
				 * other paths */
	bool	 db_conflict;	/* the URLs do not all name the same DB, None
				 * counted as one more, which makes kombu
				 * choose it again per connection */
	bool	 db_none;	/* a path "/None": an unset variable; kombu dies
				 * of it at the first crash failover */
	bool	 direct;	/* redis:// or rediss://, so no sentinels: the
				 * data nodes' user, password, DB and TLS */
	struct kombu_tls tls;	/* data nodes; the first URL's ssl_* options */
	bool	 tls_unverified;	/* rediss:// without any, which redis-py
					 * does not verify */
	/* Where URLs of one list contradict, the number of the first that does,
	 * from 2; 0 = none. */
	size_t	 other_login, other_tls;
	size_t	 no_scheme;	/* the first URL without a scheme, which kombu
				 * leaves out; 0 = none */
};

/* False with a reason that never quotes user or password. */
bool	broker_url_parse(struct broker_url *, const char *text, struct err *);
void	broker_url_fini(struct broker_url *);

/* Add one more candidate. */
void	broker_url_add_db(struct broker_url *, int db);

#endif
