/*
 * login - from an address to a link on which we were let in.
 *
 * Dials, speaks TLS where it is configured, authenticates and names itself,
 * all within the dial's timeout.  The password file and the TLS files are read
 * again first if they changed.
 */
#ifndef NET_LOGIN_H
#define NET_LOGIN_H

#include "net/conn.h"
#include "net/link.h"
#include "net/tls.h"

struct login;

/* What one login hands to the next of the same connection. */
struct login_memory {
	struct tls_memory tls;
	bool	warned;		/* of a password that nobody wants */
};

struct logged_in {
	enum reason	reason;	/* NONE: the link is up and is the callee's,
				 * who sets its ops before it returns */
	struct link	*link;
	struct addr	peer;	/* what was reached */
	const char	*detail;	/* of a failure */
	bool		has_news;	/* refused, but there is another
					 * password now */
};
typedef void login_fn(void *arg, const struct logged_in *);

/* Call fn exactly once, never before this returns, unless cancelled first.
 * The login frees itself before it calls fn.  conf, addr and memory are
 * borrowed. */
struct login *login_start(const struct conn_conf *, const struct addr *,
	    struct login_memory *, login_fn *, void *arg);
void	login_cancel(struct login *);

#endif
