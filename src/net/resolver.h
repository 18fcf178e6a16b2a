/*
 * resolver - names to addresses without blocking the loop.
 *
 * getaddrinfo() (all of NSS: hosts, DNS, mDNS) runs on a short-lived thread per
 * lookup; the answer arrives on the loop.  At most RESOLVER_LOOKUPS threads at
 * once, further lookups queue.  Literal addresses and unix sockets never reach
 * a thread, but are answered from the loop all the same.
 */
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/addr.h"

#define RESOLVER_LOOKUPS	8
#define RESOLVER_ADDRESSES	16	/* kept per name */

struct loop;
struct resolver;
struct lookup;

struct resolved {
	struct sockaddr_storage	sa;
	socklen_t		len;
	struct addr		literal;	/* numeric host and port */
};

/* n = 0: the name does not resolve, detail says why. */
typedef void resolver_fn(void *arg, const struct resolved *, size_t n,
	    const char *detail);

struct resolver *resolver_new(struct loop *);

/* Waits for no stuck lookup: its thread is left to end by itself. */
void	resolver_free(struct resolver *);

/* Look addr up; fn is called exactly once, never before this returns, unless
 * the lookup is cancelled first. */
struct lookup *resolver_lookup(struct resolver *, const struct addr *,
	    resolver_fn *, void *arg);
void	lookup_cancel(struct lookup *);

#endif
