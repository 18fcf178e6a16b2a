/*
 * state_file - keeps on disk what must survive a restart.
 *
 * The file is replaced whole: written beside it, synced, renamed.  That is done
 * on a helper thread, so that a slow disk holds up nothing; changes that come
 * meanwhile wait for the next write.  Nothing that goes wrong with the disk is
 * fatal: it is logged once, and tried again.  Watch thread only.
 */
#ifndef WATCH_STATE_FILE_H
#define WATCH_STATE_FILE_H

#include "base/err.h"
#include "model/saved_state.h"
#include "net/loop.h"

struct state_file;

struct state_file_conf {
	struct loop	*loop;		/* borrowed */
	const char	*path;		/* borrowed */
	/* What is to be written now; the caller frees it. */
	struct saved_state	*(*collect)(void *arg);
	void		*arg;
};

/* Read the file and tell fn of each master in it.  A file that is damaged, or
 * not ours, is renamed to PATH.damaged-<n>, and logged; a missing one is fine.
 * False when the path cannot be meant: its directory does not exist, it is no
 * plain file, or we may not read it. */
bool	state_file_load(const char *path, saved_state_fn *fn, void *arg,
	    struct err *);

struct state_file *state_file_new(const struct state_file_conf *);

/* Write what is still to be written, and wait for it. */
void	state_file_free(struct state_file *);

/* There is something new to be kept: write soon. */
void	state_file_changed(struct state_file *);

#endif
