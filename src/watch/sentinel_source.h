/*
 * sentinel_source - one sentinel: what to ask it and when.
 *
 * A poll asks in pieces, each with a deadline of its own: one that watches many
 * masters and answers steadily is not down.
 */
#ifndef WATCH_SENTINEL_SOURCE_H
#define WATCH_SENTINEL_SOURCE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/strlist.h"
#include "model/deployment.h"
#include "watch/waitgroup.h"

struct event_stream;
struct group;

/* A poll on its way. */
struct sentinel_poll {
	struct strlist	names;	/* masters whose views are asked for */
	size_t		first, n;	/* of them, in the batch on its way */
	bool		begun;	/* the first batch was answered */
};

struct sentinel_source {
	TAILQ_ENTRY(sentinel_source) link;	/* group.sentinels */
	struct group	*group;		/* borrowed */
	struct sentinel	*sentinel;	/* that it asks; the model's */
	struct conn	*conn;		/* owned; NULL while it is freed */
	struct event_stream *events;	/* owned */
	struct waitgroup *waitgroup;	/* who waits for the poll */
	struct sentinel_poll poll;
	TAILQ_HEAD(, master_read) reads;	/* owned: masters read at once */
	size_t		n_reads, reads_sent;
	bool		polling;
};

/* Add a source for addr to the group, unless there is one. */
struct sentinel_source *sentinel_source_add(struct group *,
	    const struct addr *, bool seed);

/* With its sentinel in the model. */
void	sentinel_source_free(struct sentinel_source *);

/* It moved: hang up and dial there. */
void	sentinel_source_redial(struct sentinel_source *, const struct addr *);

/* Ask for everything.  waiting (may be NULL) is told when the answer is in. */
void	sentinel_source_poll(struct sentinel_source *, struct waitgroup *waiting);

/* Read one master's view at once.  switched is the +switch-master that made it
 * necessary, or NULL. */
void	sentinel_source_read_master(struct sentinel_source *,
	    const char *master_name, const struct event *switched);

#endif
