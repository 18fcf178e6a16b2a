/*
 * binding_search - the search for kombu's bindings, DB by DB.
 *
 * SCAN in bounded steps, its cursor kept from reading to reading; what it found
 * (or what the names of configured queues let us guess) stays known, also when
 * another node becomes the master.
 */
#ifndef WATCH_BINDING_SEARCH_H
#define WATCH_BINDING_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "config/kombu_options.h"
#include "protocol/reply.h"
#include "watch/key_sample.h"

struct binding {
	char	*key;		/* owned */
	int64_t	members;	/* in this reading; NUM_UNKNOWN */
};

struct search {
	int		db;
	uint64_t	cursor;
	bool		paused;		/* came round, or was denied, in this
					 * reading */
	bool		scanned;	/* came round at least once */
	VEC(struct binding) bindings;	/* found or guessed */
	int64_t		over, left_out;	/* keys over the cap: in this round of
					 * the search, and in the last */
	/* In this reading: */
	bool		denied;		/* not every binding could be read */
	int64_t		pidbox;		/* members; NUM_UNKNOWN */
	int64_t		queues_over;	/* queues that found no room */
	struct key_sample sample;
};

struct binding_search {
	const struct kombu_options *kombu;	/* borrowed */
	size_t	max;			/* bindings per DB */
	size_t	turn;			/* whose step is next */
	VEC(struct search) dbs;
};

void	binding_search_fini(struct binding_search *);

/* The search in one DB, begun when it is new. */
struct search *binding_search_db(struct binding_search *, int db);

/* Another server: cursors mean nothing there.  What was found stays. */
void	binding_search_restart(struct binding_search *);

/* A reading begins: let every DB go on, or (enabled false) none. */
void	binding_search_resume(struct binding_search *, bool enabled);

/* The DB whose step is next, or NULL when every one is paused. */
struct search *binding_search_next(struct binding_search *);

/* Celery's default exchange has the queue's own name: its binding can be asked
 * for before, or without, any search. */
void	binding_search_guess(struct binding_search *, int db,
	    const char *queue);

/* One SCAN reply; false when it was no such reply. */
bool	binding_search_take(struct binding_search *, int db,
	    const struct reply *);

/* Exchanges of that DB that are left out. */
int64_t	binding_search_left_out(const struct search *);

#endif
