/*
 * door - who comes in: a thread that accepts, waits for a whole request, and
 * only then hands the connection to the server; and that ends connections
 * whose time is over or whose client has left.
 *
 * libmicrohttpd alone cannot: its time-out begins again with every byte that
 * a client drips, it may miss that a client has left (bytes and FIN in one
 * packet, 0.9.75 with epoll), and where its places are taken, nobody gives way.
 * A client that waits here costs a descriptor and a few hundred bytes.
 *
 * The door owns a connection until conf.admit; from then on the server does,
 * and reports its states.  A descriptor is never shut down by the door after
 * door_closed, so the number may be used again at once.
 */
#ifndef WEB_DOOR_H
#define WEB_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"
#include "web/places.h"

#define DOOR_REQUEST_MAX	16384	/* request line and headers */
#define DOOR_ARGUMENTS_MAX	256	/* in a query */

struct door;

struct door_conf {
	size_t		max_connections;
	bool		tls;		/* waits for a TLS hello instead */
	/* The server takes the connection over, or closes it and says false. */
	bool		(*admit)(void *arg, int fd, const struct sockaddr *,
			    socklen_t);
	/* The connection is to end, but the server may not be looking at its
	 * descriptor.  The door's lock is held: no call of the door. */
	void		(*end_stream)(void *arg, int fd);
	void		(*tick)(void *arg);	/* on each turn, lock not held */
	void		*arg;
};

struct door *door_new(const struct door_conf *);

/* Before the start: one more listening socket, which is the door's now. */
void	door_listen(struct door *, int listener);

/* Begin to accept; false with a reason. */
bool	door_start(struct door *, struct err *);

/* Accept nobody any more and end the thread; the server's connections stay
 * as they are.  To be called before the server is stopped. */
void	door_stop(struct door *);

/* Once the server has closed all of its connections and ended. */
void	door_free(struct door *);

/* From the server, any thread: the state of its connection. */
void	door_enter(struct door *, int fd, enum place_state);

/* From the server: the connection is about to be closed. */
void	door_closed(struct door *, int fd);

/* End the server's connection as soon as it takes notice. */
void	door_hang_up(struct door *, int fd);

/* Answers take too much memory: the one that takes longest has a second. */
void	door_relieve(struct door *);

/* Run a turn of the door's thread soon. */
void	door_wake(struct door *);

#endif
