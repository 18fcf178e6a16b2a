/*
 * dial - from a name to one connected socket.
 *
 * Resolves, then tries each address in turn within one deadline; a silent
 * address may use up only its share of what is left, so that the next one gets
 * its chance.  Sockets are non-blocking and close-on-exec; TCP ones have
 * keepalive on and Nagle's delay off.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include <stdint.h>

#include "base/addr.h"
#include "protocol/reason.h"

struct dial;
struct loop;
struct resolver;

struct dialled {
	enum reason	reason;		/* NONE: connected */
	int		fd;		/* now the callee's; -1 on failure */
	struct addr	peer;		/* what was reached */
	const char	*detail;	/* of a failure */
};
typedef void dial_fn(void *arg, const struct dialled *);

/* Call fn exactly once within timeout_ms, never before this returns, unless
 * freed first.  The dial frees itself before it calls fn. */
struct dial *dial_start(struct loop *, struct resolver *, const struct addr *,
	    int64_t timeout_ms, dial_fn *, void *arg);

/* Give a dial up that is still under way. */
void	dial_cancel(struct dial *);

#endif
