/*
 * group - one set of sentinels under watch: its model and its sources.
 *
 *	group owns deployment, seeds, round
 *	      owns sentinel_source * -> conn (commands), event_stream (events)
 *	      owns node_source *     -> conn
 *	      owns queue_reader *    -> borrows the agreed master's conn
 *
 * A source hands what it is told to the model (model/facts.h), and says so by
 * group_told.  What follows is worked out and acted on in group_settle, which
 * no source ever calls: it alone adds and frees sources and readers.
 *
 * For watch/ alone.
 */
#ifndef WATCH_GROUP_H
#define WATCH_GROUP_H

#include <sys/queue.h>

#include "config/conf.h"
#include "model/deployment.h"
#include "net/conn.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "watch/round.h"
#include "watch/waitgroup.h"

struct event_log;
struct node_source;
struct queue_reader;
struct saved_state;
struct seeds;
struct sentinel_source;
struct tracker_memory;

/* How soon what was told is acted on. */
enum group_urgency {
	GROUP_SOON,	/* with all that comes within a few milliseconds */
	GROUP_AT_ONCE,	/* in the loop's next turn */
};

struct group_deps {
	const struct conf *all;
	struct loop	*loop;
	struct resolver	*resolver;
	struct event_log *event_log;
	/* Call group_settle, and publish. */
	void		(*on_told)(void *arg, enum group_urgency);
	loop_fn		*on_news;	/* something that must survive a
					 * restart changed */
	void		*arg;
};

struct group {
	struct group_conf *conf;	/* counted: its name */
	struct group_conf *base;	/* counted: all else; equal to conf but
					 * for the name */
	struct group_deps deps;		/* all borrowed */
	struct deployment deployment;
	struct credentials sentinel_auth, node_auth;	/* kept up to date */
	struct tls_context *sentinel_tls, *node_tls; /* owned; NULL = plain */
	struct conn_conf sentinel_conn, node_conn;
	TAILQ_HEAD(, sentinel_source) sentinels;
	TAILQ_HEAD(, node_source) nodes;
	TAILQ_HEAD(, queue_reader) readers;
	struct seeds	*seeds;		/* owned */
	struct round	round;
	struct timer	*urgent;	/* owned: looks again while a master is
					 * not up */
	size_t		dialled;	/* to stagger the first dials */
};

struct group *group_start(struct group_conf *, const struct group_deps *);
void	group_stop(struct group *);

/*
 * A reload.  None of these is called from a callback of a source.
 */

/* The same group under another name, or with settings for all groups that have
 * changed: it goes on as if nothing had happened. */
void	group_take_conf(struct group *, struct group_conf *,
	    const struct conf *all);

/* The same group with other credentials: dial everybody again. */
void	group_take_credentials(struct group *, struct group_conf *);

/* What an earlier group knew of its failovers becomes to's, which is new. */
void	group_hand_over(struct group *from, struct group *to);

/* A source was told something. */
void	group_told(struct group *, enum group_urgency);

/* Derive what was told, and have sources and readers follow.  Never from a
 * callback of one of them. */
void	group_settle(struct group *);

/* Go on with what an earlier process knew of a master.  Only before the loop
 * runs; false when the master is not to be watched. */
bool	group_restore(struct group *, const struct tracker_memory *);

/* What the next process must know: add it for each master. */
void	group_save(const struct group *, struct saved_state *);

int64_t	group_timeout_ms(const struct group *);

/* How long to wait before the next first dial, so that many connections do not
 * start at once. */
int64_t	group_dial_delay(struct group *);

#endif
