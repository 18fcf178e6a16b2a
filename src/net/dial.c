/* dial - one address after another, within one deadline. */
#include "net/dial.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "config/endpoint.h"
#include "net/loop.h"
#include "net/resolver.h"

/* A peer whose host vanished is noticed within a minute, without traffic. */
#define KEEPALIVE_IDLE_S     30
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_PROBES     3
/* Of the descriptors a quarter is kept, and no more than these. */
#define RESERVE_MAX 64

struct dial {
	struct loop *loop; /* borrowed */
	struct lookup *lookup; /* NULL once answered */
	struct timer *timer; /* this address's share; all of it in lookup */
	struct event *writable; /* of fd; NULL while not connecting */
	int fd; /* -1 while not connecting */
	int64_t deadline_ms;
	struct resolved found[RESOLVER_ADDRESSES];
	size_t n, next;
	enum reason reason; /* of the last address that failed */
	char detail[ADDR_TEXT_MAX + 128];
	dial_fn *fn;
	void *arg;
};

static void
hang_up(struct dial *d)
{
	if (d->writable != NULL)
		event_free(d->writable);
	d->writable = NULL;
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

void
dial_cancel(struct dial *d)
{
	if (d == NULL)
		return;
	hang_up(d);
	lookup_cancel(d->lookup);
	timer_free(d->timer);
	free(d);
}

static void
fail(struct dial *d)
{
	struct dialled result = { .reason = d->reason, .fd = -1 };
	char detail[sizeof(d->detail)];
	dial_fn *fn = d->fn;
	void *arg = d->arg;

	memcpy(detail, d->detail, sizeof(detail));
	result.detail = detail;
	dial_cancel(d);
	fn(arg, &result);
}

static void
succeed(struct dial *d)
{
	struct dialled result = { .reason = REASON_NONE, .detail = "" };
	dial_fn *fn = d->fn;
	void *arg = d->arg;

	result.fd = d->fd;
	result.peer = d->found[d->next].literal;
	d->fd = -1;
	dial_cancel(d);
	fn(arg, &result);
}

/* Anything that says "nobody there" is refused; EAGAIN is a unix socket's
 * full queue, ENOENT its missing path.  A reset comes from a peer that let us
 * in first, as TLS ports and overrun ones do. */
static enum reason
reason_of_errno(int error)
{
	switch (error) {
	case ETIMEDOUT:
		return REASON_TIMEOUT;
	case ECONNRESET:
		return REASON_CLOSED;
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENETUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case EPERM:
	case EPROTOTYPE:
	case EAGAIN:
		return REASON_REFUSED;
	default:
		return REASON_OTHER;
	}
}

static void
note_failure(struct dial *d, enum reason reason, const char *why)
{
	const struct endpoint at = { .addr = d->found[d->next].literal };
	char text[ADDR_TEXT_MAX];

	endpoint_format(&at, text);
	d->reason = reason;
	(void)snprintf(d->detail, sizeof(d->detail), "%s: %s", text, why);
}

static void
note_errno(struct dial *d, int error)
{
	note_failure(d, reason_of_errno(error), strerror(error));
}

static void
set_option(int fd, int level, int name, int value)
{
	/* A kernel without the option serves us still. */
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

/* Is it among the last descriptors?  These are kept for scrapes, names and the
 * state file: peers that are announced in any number must not shut them out. */
static bool
is_reserved(int fd)
{
	struct rlimit limit;
	rlim_t kept;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return false;
	kept = limit.rlim_cur / 4;
	if (kept > RESERVE_MAX)
		kept = RESERVE_MAX;
	return (rlim_t)fd >= limit.rlim_cur - kept;
}

static int
new_socket(const struct sockaddr *sa)
{
	int fd = socket(
	    sa->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && is_reserved(fd)) {
		(void)close(fd);
		errno = EMFILE;
		return -1;
	}
	if (fd < 0 || sa->sa_family == AF_UNIX)
		return fd;
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
	return fd;
}

static void writable(evutil_socket_t, short, void *);

/* Start connecting to the address in turn; false when it failed already. */
static bool
try_address(struct dial *d)
{
	const struct sockaddr *sa;

	sa = (const struct sockaddr *)(const void *)&d->found[d->next].sa;
	d->fd = new_socket(sa);
	if (d->fd < 0 || (connect(d->fd, sa, d->found[d->next].len) != 0 &&
			     errno != EINPROGRESS)) {
		note_errno(d, errno);
		hang_up(d);
		return false;
	}
	d->writable =
	    event_new(loop_base(d->loop), d->fd, EV_WRITE, writable, d);
	if (d->writable == NULL || event_add(d->writable, NULL) != 0)
		abort();
	return true;
}

static void
try_rest(struct dial *d)
{
	int64_t left;

	for (; d->next < d->n; d->next++) {
		if (!try_address(d))
			continue;
		left = d->deadline_ms - loop_now(d->loop).mono_ms;
		left /= (int64_t)(d->n - d->next);
		timer_set(d->timer, left > 0 ? left : 1);
		return;
	}
	fail(d);
}

static void
try_next(struct dial *d)
{
	hang_up(d);
	d->next++;
	try_rest(d);
}

static void
writable(evutil_socket_t fd, short what, void *arg)
{
	struct dial *d = arg;
	socklen_t len = sizeof(int);
	int error = 0;

	(void)what;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (error == 0) {
		event_free(d->writable);
		d->writable = NULL;
		succeed(d);
		return;
	}
	note_errno(d, error);
	try_next(d);
}

static void
expired(void *arg)
{
	struct dial *d = arg;

	if (d->lookup != NULL) {
		d->reason = REASON_TIMEOUT;
		(void)snprintf(d->detail, sizeof(d->detail),
		    "the name was not resolved in time");
		fail(d);
		return;
	}
	note_failure(d, REASON_TIMEOUT, "no connection in time");
	try_next(d);
}

static void
resolved(void *arg, const struct resolved *found, size_t n, const char *detail)
{
	struct dial *d = arg;

	d->lookup = NULL;
	d->reason = REASON_DNS;
	(void)snprintf(d->detail, sizeof(d->detail), "%s", detail);
	memcpy(d->found, found, n * sizeof(*found));
	d->n = n;
	try_rest(d);
}

struct dial *
dial_start(struct loop *loop, struct resolver *resolver,
    const struct addr *addr, int64_t timeout_ms, dial_fn *fn, void *arg)
{
	struct dial *d = xcalloc(1, sizeof(*d));

	d->loop = loop;
	d->fd = -1;
	d->deadline_ms = loop_now(loop).mono_ms + timeout_ms;
	d->fn = fn;
	d->arg = arg;
	d->timer = timer_new(loop, expired, d);
	timer_set(d->timer, timeout_ms);
	d->lookup = resolver_lookup(resolver, addr, resolved, d);
	return d;
}
