#include "net/background.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "base/thread.h"

struct background {
	struct event *event;
	pthread_t thread;
	int wake; /* eventfd */
	loop_fn *work, *done;
	void *arg;
};

static void *
run(void *arg)
{
	const struct background *b = arg;
	uint64_t one = 1;
	ssize_t written;

	b->work(b->arg);
	written = write(b->wake, &one, sizeof(one));
	(void)written; /* an empty eventfd has room */
	return NULL;
}

static void
background_free(struct background *b)
{
	if (b->event != NULL)
		event_free(b->event);
	if (b->wake >= 0)
		close(b->wake);
	free(b);
}

static void
finished(evutil_socket_t fd, short what, void *arg)
{
	struct background *b = arg;
	loop_fn *done = b->done;
	void *done_arg = b->arg;

	(void)fd;
	(void)what;
	background_join(b);
	done(done_arg);
}

struct background *
background_start(struct loop *loop, loop_fn *work, loop_fn *done, void *arg)
{
	struct background *b = xcalloc(1, sizeof(*b));

	b->work = work;
	b->done = done;
	b->arg = arg;
	b->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->wake >= 0)
		b->event =
		    event_new(loop_base(loop), b->wake, EV_READ, finished, b);
	if (b->event == NULL || event_add(b->event, NULL) != 0 ||
	    !thread_start(&b->thread, run, b)) {
		background_free(b);
		return NULL;
	}
	return b;
}

void
background_join(struct background *b)
{
	pthread_join(b->thread, NULL);
	background_free(b);
}
