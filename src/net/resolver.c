#include "net/resolver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "net/loop.h"
#include "base/thread.h"

struct lookup {
	TAILQ_ENTRY(lookup) link; /* query->lookups */
	struct query *query;
	resolver_fn *fn;
	void *arg;
};

/* Who has the query last frees it; whoever finds the other's mark is last. */
enum holder {
	HOLDER_BOTH,
	HOLDER_LOOP, /* the thread is done */
	HOLDER_THREAD, /* the loop gave it up */
};

/* One name being looked up, for all who asked meanwhile.  From the start of
 * its thread until the thread's mark the thread alone touches found, n and
 * detail. */
struct query {
	TAILQ_ENTRY(query) link; /* resolver->waiting, or running */
	TAILQ_HEAD(, lookup) lookups;
	struct resolver *resolver;
	struct event *event; /* answered(); NULL while waiting */
	pthread_t thread;
	bool threaded;
	atomic_int holder;
	int wake; /* eventfd, or -1 */
	struct addr addr;
	struct resolved found[RESOLVER_ADDRESSES];
	size_t n;
	char detail[160];
};

TAILQ_HEAD(query_list, query);

struct resolver {
	struct loop *loop; /* borrowed */
	struct query_list waiting; /* for a free thread */
	struct query_list running; /* thread or answer under way */
	size_t threads;
};

static bool
keep(struct query *q, const struct addrinfo *ai)
{
	struct resolved *r = &q->found[q->n];
	char host[NI_MAXHOST];

	if (ai->ai_addrlen > sizeof(r->sa) ||
	    getnameinfo(ai->ai_addr, ai->ai_addrlen, host, sizeof(host), NULL,
		0, NI_NUMERICHOST) != 0 ||
	    !addr_set(&r->literal, host, strlen(host), q->addr.port))
		return false;
	memcpy(&r->sa, ai->ai_addr, ai->ai_addrlen);
	r->len = ai->ai_addrlen;
	return true;
}

/* Fills found, n and detail. */
static int
look_up(struct query *q, int flags)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = flags | AI_NUMERICSERV,
	};
	struct addrinfo *list = NULL, *ai;
	char service[8];
	int rc;

	(void)snprintf(service, sizeof(service), "%u", q->addr.port);
	rc = getaddrinfo(q->addr.host, service, &hints, &list);
	if (rc != 0) {
		(void)snprintf(q->detail, sizeof(q->detail),
		    "the name does not resolve: %s",
		    rc == EAI_SYSTEM ? strerrordesc_np(errno)
				     : gai_strerror(rc));
		return rc;
	}
	for (ai = list; ai != NULL && q->n < RESOLVER_ADDRESSES;
	     ai = ai->ai_next)
		if (keep(q, ai))
			q->n++;
	freeaddrinfo(list);
	if (q->n == 0)
		(void)snprintf(q->detail, sizeof(q->detail),
		    "the name has no usable address");
	return 0;
}

static void
take_path(struct query *q)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct resolved *r = &q->found[0];
	size_t len = strlen(q->addr.host);

	if (len >= sizeof(un.sun_path)) {
		(void)snprintf(q->detail, sizeof(q->detail),
		    "the socket's path is longer than %zu bytes",
		    sizeof(un.sun_path) - 1);
		return;
	}
	memcpy(un.sun_path, q->addr.host, len + 1);
	memcpy(&r->sa, &un, sizeof(un));
	r->len = sizeof(un);
	r->literal = q->addr;
	q->n = 1;
}

static void
query_free(struct query *q)
{
	if (q->wake >= 0)
		close(q->wake);
	free(q);
}

static void *
work(void *arg)
{
	struct query *q = arg;
	uint64_t one = 1;
	ssize_t written;

	(void)look_up(q, 0);
	if (atomic_exchange(&q->holder, HOLDER_LOOP) == HOLDER_THREAD) {
		query_free(q);
		return NULL;
	}
	/* The loop joins this thread before it closes wake. */
	written = write(q->wake, &one, sizeof(one));
	(void)written; /* an empty eventfd has room */
	return NULL;
}

static void start_waiting(struct resolver *);

/* Every callback may cancel the others' lookups, ask again, or do anything but
 * free the resolver; the query is on no list any more. */
static void
answered(evutil_socket_t fd, short what, void *arg)
{
	struct query *q = arg;
	struct resolver *r = q->resolver;
	struct lookup *l;
	resolver_fn *fn;
	void *fn_arg;

	(void)fd;
	(void)what;
	event_free(q->event);
	TAILQ_REMOVE(&r->running, q, link);
	if (q->threaded) {
		pthread_join(q->thread, NULL);
		r->threads--;
		start_waiting(r);
	}
	while ((l = TAILQ_FIRST(&q->lookups)) != NULL) {
		TAILQ_REMOVE(&q->lookups, l, link);
		fn = l->fn;
		fn_arg = l->arg;
		free(l);
		fn(fn_arg, q->found, q->n, q->detail);
	}
	query_free(q);
}

static void
answer_soon(struct query *q)
{
	struct event_base *base = loop_base(q->resolver->loop);
	struct timeval now = { 0 };

	q->event = evtimer_new(base, answered, q);
	if (q->event == NULL || evtimer_add(q->event, &now) != 0)
		abort();
	TAILQ_INSERT_TAIL(&q->resolver->running, q, link);
}

static void
run(struct query *q)
{
	struct event_base *base = loop_base(q->resolver->loop);

	q->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (q->wake < 0 || !thread_start(&q->thread, work, q)) {
		(void)snprintf(q->detail, sizeof(q->detail),
		    "cannot start a lookup: out of threads or files");
		answer_soon(q);
		return;
	}
	q->threaded = true;
	q->resolver->threads++;
	q->event = event_new(base, q->wake, EV_READ, answered, q);
	if (q->event == NULL || event_add(q->event, NULL) != 0)
		abort();
	TAILQ_INSERT_TAIL(&q->resolver->running, q, link);
}

static void
start_waiting(struct resolver *r)
{
	struct query *q;

	while (r->threads < RESOLVER_LOOKUPS &&
	       (q = TAILQ_FIRST(&r->waiting)) != NULL) {
		TAILQ_REMOVE(&r->waiting, q, link);
		run(q);
	}
}

struct resolver *
resolver_new(struct loop *loop)
{
	struct resolver *r = xcalloc(1, sizeof(*r));

	r->loop = loop;
	TAILQ_INIT(&r->waiting);
	TAILQ_INIT(&r->running);
	return r;
}

static void
drop_lookups(struct query *q)
{
	struct lookup *l;

	while ((l = TAILQ_FIRST(&q->lookups)) != NULL) {
		TAILQ_REMOVE(&q->lookups, l, link);
		free(l);
	}
}

static void
abandon(struct query *q)
{
	pthread_t thread = q->thread;

	event_free(q->event);
	if (!q->threaded) {
		query_free(q);
	} else if (atomic_exchange(&q->holder, HOLDER_THREAD) == HOLDER_LOOP) {
		pthread_join(thread, NULL);
		query_free(q);
	} else {
		/* q is the thread's now and may be gone already. */
		pthread_detach(thread);
	}
}

void
resolver_free(struct resolver *r)
{
	struct query *q;

	if (r == NULL)
		return;
	while ((q = TAILQ_FIRST(&r->waiting)) != NULL) {
		TAILQ_REMOVE(&r->waiting, q, link);
		drop_lookups(q);
		query_free(q);
	}
	while ((q = TAILQ_FIRST(&r->running)) != NULL) {
		TAILQ_REMOVE(&r->running, q, link);
		drop_lookups(q);
		abandon(q);
	}
	free(r);
}

/* A lookup of the same name that is under way, so that a name whose servers
 * are silent holds one thread and not all of them. */
static struct query *
find_query(struct resolver *r, const struct addr *a)
{
	struct query *q;

	TAILQ_FOREACH(q, &r->running, link)
		if (addr_equal(&q->addr, a))
			return q;
	TAILQ_FOREACH(q, &r->waiting, link)
		if (addr_equal(&q->addr, a))
			return q;
	return NULL;
}

static struct query *
start_query(struct resolver *r, const struct addr *a)
{
	struct query *q = xcalloc(1, sizeof(*q));

	TAILQ_INIT(&q->lookups);
	q->resolver = r;
	q->addr = *a;
	q->wake = -1;
	atomic_init(&q->holder, HOLDER_BOTH);
	if (a->host[0] == '/') {
		take_path(q);
		answer_soon(q);
	} else if (look_up(q, AI_NUMERICHOST) == 0) {
		answer_soon(q);
	} else {
		q->detail[0] = '\0';
		TAILQ_INSERT_TAIL(&r->waiting, q, link);
		start_waiting(r);
	}
	return q;
}

struct lookup *
resolver_lookup(
    struct resolver *r, const struct addr *a, resolver_fn *fn, void *arg)
{
	struct lookup *l = xcalloc(1, sizeof(*l));
	struct query *q = find_query(r, a);

	if (q == NULL)
		q = start_query(r, a);
	l->query = q;
	l->fn = fn;
	l->arg = arg;
	TAILQ_INSERT_TAIL(&q->lookups, l, link);
	return l;
}

/* A thread that nobody waits for any more still counts until it ends. */
void
lookup_cancel(struct lookup *l)
{
	struct query *q;

	if (l == NULL)
		return;
	q = l->query;
	TAILQ_REMOVE(&q->lookups, l, link);
	free(l);
	if (TAILQ_EMPTY(&q->lookups) && q->event == NULL) {
		TAILQ_REMOVE(&q->resolver->waiting, q, link);
		query_free(q);
	}
}
