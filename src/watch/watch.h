/*
 * watch - keeps the picture of every group true and publishes it.
 *
 * Lives on the loop's thread: polls in rounds, listens to the sentinels'
 * events, and hands over a snapshot after each round and after each event that
 * changed something.  Never waits for the web.
 */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include "config/conf.h"
#include "net/loop.h"

struct handover;
struct watch;

struct watch_conf {
	struct loop	*loop;		/* borrowed */
	const struct conf *conf;	/* borrowed, until watch_stop */
	const char	*state_file;	/* borrowed; NULL: keep nothing */
	struct handover	*handover;	/* borrowed */
	loop_fn		*on_first_round; /* every group's first round is over
					  * and published; may be NULL */
	void		*arg;
};

/* NULL when the state file's path cannot be meant. */
struct watch *watch_start(const struct watch_conf *, struct err *);
void	watch_stop(struct watch *);

/* Go on with another configuration: groups that are equal go on untouched;
 * where only credentials changed everybody is dialled again; a group under
 * another name keeps what it knows; others start, or stop.  A reference is
 * taken.  Called from the loop. */
void	watch_reload(struct watch *, struct conf *);

/* The configuration was to be replaced and could not be read: all goes on as
 * it was. */
void	watch_reload_failed(struct watch *);

#endif
