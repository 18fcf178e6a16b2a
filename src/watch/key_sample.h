/*
 * key_sample - does anything but Celery live in a broker's DB?
 *
 * A few keys per reading, round and round the DB by SCAN, judged by their names
 * alone, which are neither kept nor told.  A key that is neither kombu's, nor a
 * known queue's, nor a result's, nor redbeat's is somebody else's: a cache's,
 * most likely, and a flush of that cache deletes the queues.
 *
 * Shared is 1 from the first such key on, until a whole round finds none; it is
 * 0 after a round without one, or when the first SAMPLE_ENOUGH keys of a large
 * DB held none.
 */
#ifndef WATCH_KEY_SAMPLE_H
#define WATCH_KEY_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/kombu_options.h"
#include "protocol/reply.h"

struct celery_db;

#define SAMPLE_COUNT	"100"	/* keys per reading, about */
#define SAMPLE_ENOUGH	1000

struct key_sample {
	uint64_t	cursor;
	int64_t		looked;		/* keys in this round */
	bool		found;		/* a foreign one among them */
	int64_t		shared;		/* 1, 0, NUM_UNKNOWN */
};

/* One SCAN reply without MATCH; false when it was no such reply. */
bool	key_sample_take(struct key_sample *, const struct kombu_options *,
	    const struct celery_db *, const struct reply *);

#endif
