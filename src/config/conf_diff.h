/*
 * conf_diff - what a reload means for each group.  Pure.
 */
#ifndef CONFIG_CONF_DIFF_H
#define CONFIG_CONF_DIFF_H

#include <stdbool.h>

#include "base/strlist.h"
#include "base/vec.h"
#include "config/conf.h"

enum group_change_kind {
	GROUP_STAYS,		/* nothing changed but perhaps the name and
				 * how often it is polled */
	GROUP_DIALS_AGAIN,	/* only passwords or users changed */
	GROUP_CHANGES,		/* other settings, the same deployment or not */
	GROUP_COMES,
	GROUP_GOES,
};

struct group_change {
	enum group_change_kind kind;
	bool	 renamed;	/* the same sentinels under a new name: its
				 * failovers stay */
	bool	 same_sentinels;
	struct group_conf *before;	/* borrowed; NULL when it comes */
	struct group_conf *after;	/* borrowed; NULL when it goes */
};

struct conf_diff {
	VEC(struct group_change) groups;	/* as in the new conf, then
						 * those that go */
	struct strlist restart;		/* options that differ and that only a
					 * restart applies */
};

/* A group is the same one by its name, or else by its sentinels. */
void	conf_diff(struct conf_diff *, const struct conf *before,
	    const struct conf *after);
void	conf_diff_fini(struct conf_diff *);

#endif
