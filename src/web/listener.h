/*
 * listener - a listening TCP socket for one --web.listen-address.
 */
#ifndef WEB_LISTENER_H
#define WEB_LISTENER_H

#include "base/err.h"

/* Listen on "host:port", "[v6]:port" or ":port", which is every address of
 * both families.  The descriptor, non-blocking and not inherited, belongs to
 * the caller; -1 with a reason that names the address. */
int	listener_open(const char *address, struct err *);

/* How many sockets systemd has handed over; -1 with a reason when there is
 * none, or one is no listening stream socket.  They are LISTENER_SYSTEMD_FIRST
 * and those behind it, now as those above. */
#define LISTENER_SYSTEMD_FIRST	3
int	listener_systemd(struct err *);

#endif
