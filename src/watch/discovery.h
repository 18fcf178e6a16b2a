/*
 * discovery - the sentinels that peers announce: met, named and forgotten.
 */
#ifndef WATCH_DISCOVERY_H
#define WATCH_DISCOVERY_H

struct group;

/* Follow what fresh views announce.  Between the phases of a round alone. */
void	discovery_follow(struct group *);

#endif
