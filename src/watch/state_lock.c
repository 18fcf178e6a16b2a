/* state_lock - flock(2) on a file beside the state file. */
#include "watch/state_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "base/xalloc.h"

#define PID_TEXT_MAX 24

/* Who has it, as far as it has written that down; 0: not known. */
static int64_t
owner(int fd)
{
	char text[PID_TEXT_MAX];
	ssize_t n = pread(fd, text, sizeof(text), 0);
	int64_t pid;

	while (n > 0 && text[n - 1] == '\n')
		n--;
	return n > 0 && num_int(text, (size_t)n, 1, INT32_MAX, &pid) ? pid : 0;
}

static void
write_owner(int fd)
{
	char text[PID_TEXT_MAX];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
		log_debug("cannot write the process id into the lock file of "
			  "the state file",
		    NULL);
}

static void
refuse(const char *path, int fd, struct err *err)
{
	int64_t pid = owner(fd);

	if (pid > 0)
		err_set(err,
		    "--state.file: %s is used by another process (%lld): stop "
		    "it, or give each its own file",
		    path, (long long)pid);
	else
		err_set(err,
		    "--state.file: %s is used by another process: stop it, or "
		    "give each its own file",
		    path);
}

static void
warn(const char *path, int code)
{
	log_warn("cannot lock the state file: nothing keeps a second process "
		 "from using it",
	    "file", path, "reason", strerrordesc_np(code), NULL);
}

bool
state_lock_take(struct state_lock *l, const char *path, struct err *err)
{
	char *name = xasprintf("%s.lock", path);
	int fd = open(
	    name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);

	free(name);
	l->fd = -1;
	if (fd < 0) {
		/* That there is no such directory is said by who reads it. */
		if (errno != ENOENT)
			warn(path, errno);
		return true;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		write_owner(fd);
		l->fd = fd;
		return true;
	}
	if (errno != EWOULDBLOCK) {
		warn(path, errno);
		(void)close(fd);
		return true;
	}
	refuse(path, fd, err);
	(void)close(fd);
	return false;
}

void
state_lock_drop(struct state_lock *l)
{
	if (l->fd >= 0)
		(void)close(l->fd);
	l->fd = -1;
}
