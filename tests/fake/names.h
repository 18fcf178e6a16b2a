/*
 * names - getaddrinfo() as the tests want it.
 *
 * The program's own symbol goes before libc's.  Names it knows stand for a
 * list of literal addresses; "stuck" ones answer when they are released, the
 * rest does not exist.  Literals and other hosts go to libc.
 */
#ifndef FAKE_NAMES_H
#define FAKE_NAMES_H

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

struct name {
	const char *host;
	const char *literals[20];
};

static const struct name *names_known;	/* ended by a NULL host */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int running, most, calls;
	bool released, signals_open;
} names = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER };

typedef int names_fn(const char *, const char *, const struct addrinfo *,
    struct addrinfo **);

static inline void
names_enter(const char *host)
{
	sigset_t mask;

	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	pthread_mutex_lock(&names.lock);
	names.calls++;
	if (++names.running > names.most)
		names.most = names.running;
	if (!sigismember(&mask, SIGTERM) || !sigismember(&mask, SIGCHLD))
		names.signals_open = true;
	pthread_cond_broadcast(&names.changed);
	while (strncmp(host, "stuck", 5) == 0 && !names.released)
		pthread_cond_wait(&names.changed, &names.lock);
	names.running--;
	pthread_cond_broadcast(&names.changed);
	pthread_mutex_unlock(&names.lock);
}

/* Let the stuck go on, now and later. */
static inline void
names_release(void)
{
	pthread_mutex_lock(&names.lock);
	names.released = true;
	pthread_cond_broadcast(&names.changed);
	pthread_mutex_unlock(&names.lock);
}

/* Wait until so many lookups are under way. */
static inline void
names_await(int running)
{
	pthread_mutex_lock(&names.lock);
	while (names.running != running)
		pthread_cond_wait(&names.changed, &names.lock);
	pthread_mutex_unlock(&names.lock);
}

static inline int
names_read(int *what)
{
	int value;

	pthread_mutex_lock(&names.lock);
	value = *what;
	pthread_mutex_unlock(&names.lock);
	return value;
}

int	getaddrinfo(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);

int
getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **list)
{
	names_fn *real = (names_fn *)dlsym(RTLD_NEXT, "getaddrinfo");
	const struct name *n;
	size_t i;
	int rc;

	if ((hints->ai_flags & AI_NUMERICHOST) != 0)
		return real(host, service, hints, list);
	names_enter(host);
	for (n = names_known; n != NULL && n->host != NULL; n++)
		if (strcmp(n->host, host) == 0)
			break;
	if (n == NULL || n->host == NULL)
		return strcmp(host, "localhost") == 0 ?
		    real(host, service, hints, list) : EAI_NONAME;
	for (i = 0; n->literals[i] != NULL; i++) {
		rc = real(n->literals[i], service, hints, list);
		if (rc != 0)
			return rc;
		list = &(*list)->ai_next;
	}
	return 0;
}

#endif
