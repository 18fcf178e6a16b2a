/*
 * binding_search - the search for kombu's bindings, DB by DB.
 *
 * SCAN in bounded steps, its cursor kept from reading to reading; what it found
 * (or what the names of configured queues let us guess) stays known.
 */
#ifndef WATCH_BINDING_SEARCH_H
#define WATCH_BINDING_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strlist.h"
#include "base/vec.h"
#include "config/kombu_options.h"
#include "protocol/reply.h"

struct search {
	int		db;
	uint64_t	cursor;
	bool		paused;		/* came round, or was denied, in this
					 * reading */
	bool		scanned;	/* came round at least once */
	struct strlist	keys;		/* binding keys found or guessed */
};

struct binding_search {
	const struct kombu_options *kombu;	/* borrowed */
	VEC(struct search) dbs;
};

void	binding_search_fini(struct binding_search *);

/* The search in one DB, begun when it is new. */
struct search *binding_search_db(struct binding_search *, int db);

/* A reading begins: let every DB go on, or (enabled false) none. */
void	binding_search_resume(struct binding_search *, bool enabled);

/* Celery's default exchange has the queue's own name: its binding can be asked
 * for before, or without, any search. */
void	binding_search_guess(struct binding_search *, int db,
	    const char *queue);

/* One SCAN reply; false when it was no such reply. */
bool	binding_search_take(struct binding_search *, int db,
	    const struct reply *);

#endif
