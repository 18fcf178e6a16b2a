/*
 * worker - the Celery workers of one broker, as their heartbeats tell.  Pure.
 *
 * A worker is gone after three of its own periods of silence, or one period
 * after it said good-bye: it does so whenever its connection is cut, and is
 * back a second later.  Times in which nobody listened are not its silence.
 *
 * It is also known to have listened in each DB in which its pidbox binding was
 * ever seen, which it takes with it when it moves; one that is gone is
 * remembered for a day on that account.
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
	int64_t	left_ms;	/* said good-bye; 0 = not since it was heard */
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

/* A heartbeat; true when the worker is new, or is back. */
bool	workers_heard(struct workers *, const struct heartbeat *,
	    int64_t now_ms);

/* It said good-bye. */
void	workers_left(struct workers *, const char *name, int64_t now_ms);

/* Who fell silent is gone; how many are left, or NUM_UNKNOWN while nobody
 * listens, or has not listened for long enough to have heard them all. */
int64_t	workers_count(struct workers *, int64_t now_ms);

/* The worker of that name is bound in that DB; nothing happens when it was
 * never heard. */
void	workers_bound(struct workers *, const char *name, size_t len, int db);

/* Is any worker alive, said no good-bye, and was heard later than that while we listened, that
 * was ever bound in that DB? */
bool	workers_once_in(const struct workers *, int db, int64_t later_than_ms);

#endif
