/*
 * group - one set of sentinels under watch: its model and its sources.
 *
 *	group owns deployment, trackers, seeds, round
 *	      owns sentinel_source * -> conn (commands), event_stream (events)
 *	      owns node_source *     -> conn
 *	      owns queue_reader *    -> borrows the agreed master's conn
 *
 * The rooms of watch/ share this struct; nobody outside sees it.
 */
#ifndef WATCH_GROUP_H
#define WATCH_GROUP_H

#include <sys/queue.h>

#include "config/conf.h"
#include "model/deployment.h"
#include "net/conn.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "watch/failover_record.h"
#include "watch/round.h"
#include "watch/waitgroup.h"

struct event_log;
struct node_source;
struct queue_reader;
struct seeds;
struct sentinel_source;
struct saved_state;

struct group {
	const struct group_conf *conf;	/* borrowed */
	const struct conf *all;		/* borrowed */
	struct loop	*loop;		/* borrowed */
	struct resolver	*resolver;	/* borrowed */
	struct event_log	*event_log;	/* borrowed */
	struct deployment	deployment;
	VEC(struct failover_record) records;
	struct conn_conf sentinel_conn, node_conn;
	TAILQ_HEAD(, sentinel_source) sentinels;
	TAILQ_HEAD(, node_source) nodes;
	TAILQ_HEAD(, queue_reader) readers;
	struct seeds	*seeds;		/* owned */
	struct round	round;
	struct timer	*urgent;	/* owned: looks again while a master is
					 * not up */
	size_t		dialled;	/* to stagger the first dials */
	bool		closing;
	const struct group_ops *ops;	/* borrowed */
	loop_fn		*on_change, *on_round, *on_news;
	void		*arg;
};

struct group_deps {
	const struct conf *all;
	struct loop	*loop;
	struct resolver	*resolver;
	struct event_log	*event_log;
	loop_fn		*on_change;	/* the picture changed */
	loop_fn		*on_round;	/* a round is over */
	loop_fn		*on_news;	/* something that must survive a
					 * restart changed */
	void		*arg;
};

/* What has to happen out there when the picture shows something: the sources
 * call the group, and the group calls nobody but through this. */
struct group_ops {
	/* Another master was agreed on; from is unknown the first time. */
	void	(*moved)(struct group *, struct master *,
		    const struct addr *from);
	/* The agreed master answers, and did not before. */
	void	(*answers)(struct group *, const struct master *);
	/* An agreed master does not answer. */
	void	(*silent)(struct group *);
	/* Nodes may have come or gone. */
	void	(*follow)(struct group *);
};

/* Everything but its sources, which are the fleet's (fleet.h). */
struct group *group_new(const struct group_conf *, const struct group_deps *,
	    const struct group_ops *);
void	group_free(struct group *);

/* Is this master to be watched? */
bool	group_wants(const struct group *, const char *master_name);

struct failover_tracker *group_tracker(struct group *, const char *master_name);

/* Go on with what an earlier process knew of a master.  Only before the loop
 * runs; false when the master is not to be watched. */
bool	group_restore(struct group *, const struct tracker_memory *);

/* What the next process must know: add it for each master. */
void	group_save(const struct group *, struct saved_state *);

/* Work a master's nodes out anew from what the sentinels announce. */
void	group_update_nodes(struct group *, struct master *, struct now);

/* Work a master's derived figures out anew: its nodes, who is agreed on, lag,
 * outage. */
void	group_refresh_master(struct group *, const char *master_name);

/* The same for all masters; forget those that no sentinel names any more, and
 * have the sources follow what was found. */
void	group_refresh(struct group *);

/* Tell the owner that the picture changed. */
void	group_changed(struct group *);

/* How long to wait before the next first dial, so that many connections do not
 * start at once. */
int64_t	group_dial_delay(struct group *);

#endif
