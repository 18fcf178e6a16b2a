/*
 * client_list - who waits for messages, from CLIENT LIST.  Pure.
 *
 * One line per client, "key=value" apart by spaces (redis 5.0 .. 8.0, valkey
 * 8).  A kombu consumer has one connection whose last command is BRPOP, idle
 * or busy, and its db= is the one true DB of that worker.
 */
#ifndef PROTOCOL_CLIENT_LIST_H
#define PROTOCOL_CLIENT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct db_readers {
	int	db;
	int64_t	n;
};

struct client_list {
	VEC(struct db_readers) readers;	/* DBs that have any, ascending */
};

/* Count the readers; false when the text is no client list.  What was counted
 * before is forgotten. */
bool	client_list_parse(struct client_list *, const char *text, size_t len);
void	client_list_fini(struct client_list *);

/* How many read in that DB. */
int64_t	client_list_readers(const struct client_list *, int db);

#endif
