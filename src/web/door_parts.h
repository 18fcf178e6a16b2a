/*
 * door_parts - what the files of the door share, and nobody else.
 */
#ifndef WEB_DOOR_PARTS_H
#define WEB_DOOR_PARTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/vec.h"
#include "web/door.h"

struct client {
	struct place place; /* in places, unless leaving */
	int fd;
	struct sockaddr_storage address;
	socklen_t address_len;
	bool admitted; /* the descriptor is the server's */
	bool leaving; /* shut down, until the server closes it */
	bool said_last; /* its FIN was seen */
	uint64_t idle_bytes; /* received when it became idle; 0 = not read */
};

struct door {
	struct door_conf conf;
	VEC(int) listeners; /* owned */
	int epoll, wake;
	pthread_t thread;
	bool running;
	bool stopping; /* atomic */
	/* The door's lock, in three parts. */
	pthread_mutex_t mutex;
	pthread_cond_t turn;
	uint64_t next_ticket, serving;
	/* It guards all below. */
	struct places places;
	size_t leaving; /* clients that the server has still to close */
	VEC(struct client *) clients; /* by descriptor; owned */
	char request[DOOR_REQUEST_MAX];
};

void	door_lock(struct door *);
void	door_unlock(struct door *);

/* All below with the lock held. */
struct client *client_at(const struct door *, int fd);
struct client *client_of_place(struct place *);

/* A new one: somebody gives way to it if need be. */
void	client_come(struct door *, int fd, const struct sockaddr_storage *,
	    socklen_t);

/* It gives up its place now.  One of the server's is shut down, which the
 * server sees; it closes the descriptor itself. */
void	client_end(struct door *, struct client *);

/* The descriptor is closed, or about to be, by somebody else. */
void	client_forget(struct door *, struct client *);

/* epoll saw something. */
void	client_event(struct door *, int fd, uint32_t events);

/* Hand to the server who is ready, as far as it keeps up. */
void	client_admit_ready(struct door *);

/* It will send no more.  Whoever waits for an answer gets it; a request that
 * the server may be reading just now has a moment. */
void	client_said_last(struct door *, struct client *);

/* A kept-alive client that has begun to send is asking: its time runs. */
void	client_look_at_idle(struct door *, int64_t now_ms);

#endif
