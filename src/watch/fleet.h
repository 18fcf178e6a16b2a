/*
 * fleet - a group's sources: which there should be, and what to ask at once.
 *
 * Starts and stops a group with all its connections, and sends them where the
 * picture says that something moved, answers again, or does not answer.
 */
#ifndef WATCH_FLEET_H
#define WATCH_FLEET_H

#include "watch/group.h"

/* A group under watch; its first round begins with the loop. */
struct group *fleet_start(const struct group_conf *, const struct group_deps *);
void	fleet_stop(struct group *);

#endif
