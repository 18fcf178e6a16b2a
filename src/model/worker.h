/*
 * worker - the Celery workers of one broker, as their heartbeats tell.  Pure.
 *
 * A worker is gone when it says so, or after three of its own periods of
 * silence; times in which nobody listened are not its silence.  It is also
 * known to have listened in each DB in which its pidbox binding was ever seen,
 * which it takes with it when it moves; one that is gone is remembered for a
 * day on that account, as it says good-bye before each move.
 */
#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "protocol/heartbeat.h"

#define WORKERS_MAX		10000
#define WORKER_SILENT_PERIODS	3
#define WORKER_REMEMBERED_MS	(24 * 3600 * 1000)

struct worker {
	char	*name;		/* owned */
	bool	 alive;
	int64_t	heard_ms;	/* monotonic */
	int64_t	period_ms;
	VEC(int) dbs;		/* in which it was bound, once */
};

struct workers {
	VEC(struct worker) list;	/* by name, those that are gone too */
	size_t	alive;
	int64_t	listening_ms;	/* since when; 0 = not */
	bool	warm;		/* listened long enough to know them all */
};

void	workers_fini(struct workers *);

/* The subscription is live from now on, or is not any more. */
void	workers_listen(struct workers *, int64_t now_ms);
void	workers_deaf(struct workers *);

/* A heartbeat, or a farewell; true when the number of workers changed. */
bool	workers_heard(struct workers *, const struct heartbeat *,
	    int64_t now_ms);
bool	workers_left(struct workers *, const char *name);

/* Who fell silent is gone; how many are left, or NUM_UNKNOWN while nobody
 * listens, or has not listened for long enough to have heard them all. */
int64_t	workers_count(struct workers *, int64_t now_ms);

/* The worker of that name is bound in that DB; nothing happens when it was
 * never heard. */
void	workers_bound(struct workers *, const char *name, size_t len, int db);

/* Is any worker alive, and was heard later than that while we listened, that
 * was ever bound in that DB? */
bool	workers_once_in(const struct workers *, int db, int64_t later_than_ms);

#endif
