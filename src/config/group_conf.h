/*
 * group_conf - one set of sentinels: how to reach it, what to read in it.
 *
 * Counted and immutable once it is part of a conf.
 */
#ifndef CONFIG_GROUP_CONF_H
#define CONFIG_GROUP_CONF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/strlist.h"
#include "base/vec.h"
#include "config/credentials.h"
#include "config/endpoint.h"
#include "config/kombu_options.h"
#include "config/tls_conf.h"

/* Celery on one master, or on any. */
struct celery_conf {
	bool	 enabled;	/* anything to read at all */
	bool	 from_url;	/* a broker URL was given */
	bool	 url_conflict;	/* its URLs name different DBs */
	bool	 scan;		/* look for bindings nobody named */
	bool	 clients;	/* CLIENT LIST on the master */
	int64_t	 max_queues;	/* per DB */
	struct strlist queues;	/* always exported */
	VEC(int) dbs;		/* candidates, ascending */
	VEC(int) url_dbs;	/* of those, named by the broker URL */
	struct kombu_options kombu;	/* kombu.master_name: whose queues these
					 * are; NULL = any master's */
};

struct poll_conf {
	int64_t	 interval_ms, timeout_ms, stale_after_ms;
};

struct group_conf {
	atomic_int refs;
	struct poll_conf poll;
	char	*name;		/* owned; NULL = the only group, unnamed */
	VEC(struct endpoint) sentinels;
	struct strlist master_names;	/* empty = every master they know */
	struct credentials sentinel_auth, redis_auth;
	struct tls_conf *sentinel_tls, *redis_tls; /* owned; NULL = plain */
	VEC(struct celery_conf) brokers;	/* one or more, each with
						 * another master_name */
};

/* All empty, one reference. */
struct group_conf *group_conf_new(void);
struct group_conf *group_conf_ref(struct group_conf *);
void	group_conf_unref(struct group_conf *);	/* NULL is fine */

/* What to read on a master: the broker of its name, or else the one for any
 * master; NULL when it carries no queues. */
const struct celery_conf *group_conf_celery(const struct group_conf *,
	    const char *master_name);

/* The same sentinels, in any order. */
bool	group_conf_same_sentinels(const struct group_conf *,
	    const struct group_conf *);

/* How much two groups differ, their names left aside. */
enum group_difference {
	GROUP_SAME,
	GROUP_SECRETS,		/* only passwords or users: dial again */
	GROUP_OTHER,		/* anything else */
};
enum group_difference group_conf_compare(const struct group_conf *,
	    const struct group_conf *);

#endif
