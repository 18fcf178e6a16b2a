/*
 * client_census - who reads in which DB, asked for now and then.
 *
 * CLIENT LIST costs the server about a microsecond and four hundred bytes per
 * client, so it is asked for every CENSUS_MS, and only while the master has
 * fewer than CENSUS_CLIENTS clients; with every reading, though, while what it
 * said is about to be of weight: after a failover, when a worker came or went,
 * and while messages wait in a DB that it found without readers.
 */
#ifndef WATCH_CLIENT_CENSUS_H
#define WATCH_CLIENT_CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/client_list.h"

#define CENSUS_MS	30000
#define CENSUS_CLIENTS	1000

struct client_census {
	struct client_list list;
	int64_t	asked_ms, at_ms;	/* 0 = never, on this master */
	int64_t	pressing_until_ms;
};

void	client_census_fini(struct client_census *);

/* Another master: what is known of the old one is worth nothing. */
void	client_census_restart(struct client_census *, int64_t now_ms);

/* Something hangs on it: ask with the next reading. */
void	client_census_press(struct client_census *, int64_t now_ms);

/* Is it to be asked for now?  clients: connected to the master, or
 * NUM_UNKNOWN. */
bool	client_census_due(const struct client_census *, int64_t clients,
	    int64_t now_ms);

/* The answer; false when it was none, and nothing is known. */
void	client_census_asked(struct client_census *, int64_t now_ms);
bool	client_census_take(struct client_census *, const char *text,
	    size_t len, int64_t now_ms);
void	client_census_denied(struct client_census *);

/* Is what it said still true enough?  keep_ms: how long beyond the next time
 * it is due. */
bool	client_census_known(const struct client_census *, int64_t now_ms,
	    int64_t keep_ms);

#endif
