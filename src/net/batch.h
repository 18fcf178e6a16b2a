/*
 * batch - commands on their way to Redis, in wire form.
 *
 * Start with a zeroed struct; conn_send takes the commands over and leaves it
 * empty for the next.
 */
#ifndef NET_BATCH_H
#define NET_BATCH_H

#include <stddef.h>

#include "base/strbuf.h"

struct batch {
	struct strbuf	wire;
	size_t		n;	/* commands */
};

/* Append one command; the list of words ends with NULL. */
void	batch_add(struct batch *, const char *word, ...)
	    __attribute__((sentinel));

/* Append one command of n words of any bytes. */
void	batch_add_words(struct batch *, size_t n, const char *const words[],
	    const size_t lens[]);

/* Forget what was not sent. */
void	batch_fini(struct batch *);

#endif
