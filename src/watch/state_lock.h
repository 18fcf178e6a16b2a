/*
 * state_lock - one process per state file.
 *
 * Two that write one file would overwrite what the other counted.  The lock is
 * on PATH.lock, as the file itself is replaced at each write; the kernel drops
 * it when the process ends, however it ends.  PATH.lock holds the process id
 * and stays where it is.
 */
#ifndef WATCH_STATE_LOCK_H
#define WATCH_STATE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

struct state_lock {
	int	fd;	/* -1: not locked */
};

/* Take the lock without waiting.  False, with the reason, when another process
 * has it.  Where no lock file can be made (then the state file cannot be
 * written either, which is no reason not to start) a warning is logged, and fd
 * is -1. */
bool	state_lock_take(struct state_lock *, const char *path, struct err *);

/* Give it back; fine when it was not taken. */
void	state_lock_drop(struct state_lock *);

#endif
