/*
 * settle - what was told becomes what is done: the one place where sources and
 * readers come and go (group_settle, see group.h).
 */
#ifndef WATCH_SETTLE_H
#define WATCH_SETTLE_H

/* A group's urgent timer: a master that does not answer is looked at again. */
void	settle_on_urgent(void *group);

#endif
