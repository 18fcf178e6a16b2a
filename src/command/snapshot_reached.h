/*
 * snapshot_reached - did one poll find what was asked for?
 */
#ifndef COMMAND_SNAPSHOT_REACHED_H
#define COMMAND_SNAPSHOT_REACHED_H

#include <stdbool.h>

struct snapshot;

/* Did a sentinel answer, in any group? */
bool	snapshot_reached(const struct snapshot *);

/* Do the sentinels know every configured master name? */
bool	snapshot_knows_names(const struct snapshot *);

#endif
