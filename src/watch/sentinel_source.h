/*
 * sentinel_source - one sentinel: what to ask it, and where its answers go.
 */
#ifndef WATCH_SENTINEL_SOURCE_H
#define WATCH_SENTINEL_SOURCE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "base/addr.h"
#include "model/deployment.h"
#include "watch/waitgroup.h"

struct event_stream;
struct group;

struct sentinel_source {
	TAILQ_ENTRY(sentinel_source) link;	/* group.sentinels */
	struct group	*group;		/* borrowed */
	char		label[ADDR_TEXT_MAX];	/* its name in the model */
	struct addr	addr;		/* that is dialled */
	bool		seed;		/* the operator named it */
	int64_t		announced_ms;	/* a peer named it, monotonic */
	struct conn	*conn;		/* owned */
	struct event_stream *events;	/* owned */
	struct waitgroup	*waitgroup;		/* who waits for the poll on its way */
	TAILQ_HEAD(, master_read) reads;	/* owned: masters read at once */
	size_t		n_reads, reads_sent;
	bool		polling, closing;
};

/* Add a source for addr to the group, unless there is one. */
struct sentinel_source *sentinel_source_add(struct group *,
	    const struct addr *, bool seed);
void	sentinel_source_remove(struct sentinel_source *);

/* It moved: hang up and dial there. */
void	sentinel_source_redial(struct sentinel_source *, const struct addr *);

/* Its entry in the model. */
struct sentinel *sentinel_source_model(const struct sentinel_source *);

/* Ask for everything.  waiting (may be NULL) is told when the answer is in. */
void	sentinel_source_poll(struct sentinel_source *, struct waitgroup *waiting);

/* Read one master's view at once.  switched is the +switch-master that made it
 * necessary, or NULL. */
void	sentinel_source_read_master(struct sentinel_source *,
	    const char *master_name, const struct event *switched);

/* After a round: follow peers that were announced, renamed or forgotten. */
void	sentinel_sources_discover(struct group *);

#endif
