/* file - open without blocking, read up to the cap, judge the mode. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

#define FIRST_SIZE 4096

static struct file_stamp
stamp_of(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return (struct file_stamp){ 0 };
	return (struct file_stamp){
		.device = (uint64_t)st->st_dev,
		.inode = (uint64_t)st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 +
			    st->st_mtim.tv_nsec,
		.ctime_ns = (int64_t)st->st_ctim.tv_sec * 1000000000 +
			    st->st_ctim.tv_nsec,
	};
}

/* Only a pipe or a device can be empty for now. */
static bool
wait_readable(int fd, struct err *err)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	do {
		n = poll(&p, 1, FILE_WAIT_MS);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		return true;
	err_set(err, "it gave nothing for %d ms", FILE_WAIT_MS);
	return false;
}

/* Room for one more read; old bytes are wiped, as realloc() would leave them
 * behind. */
static void
grow(struct file *f, size_t *cap)
{
	char *bytes = xcalloc(*cap * 2, 1);

	memcpy(bytes, f->bytes, f->len);
	explicit_bzero(f->bytes, f->len);
	free(f->bytes);
	f->bytes = bytes;
	*cap *= 2;
}

/* One byte more than the cap is asked for, to tell "full" from "too long". */
static bool
read_all(struct file *f, int fd, size_t max, struct err *err)
{
	size_t cap = FIRST_SIZE, room;
	ssize_t n;

	f->bytes = xcalloc(cap, 1);
	for (;;) {
		if (f->len > max) {
			err_set(err, "it is longer than %zu bytes", max);
			return false;
		}
		if (f->len + 1 >= cap)
			grow(f, &cap);
		room = cap - 1 - f->len;
		if (room > max + 1 - f->len)
			room = max + 1 - f->len;
		n = read(fd, f->bytes + f->len, room);
		if (n == 0)
			return true;
		if (n > 0)
			f->len += (size_t)n;
		else if (errno == EAGAIN && !wait_readable(fd, err))
			return false;
		else if (errno != EINTR && errno != EAGAIN) {
			err_set(err, "%s", strerror(errno));
			return false;
		}
	}
}

bool
file_read(struct file *f, const char *path, size_t max, struct err *err)
{
	struct stat st;
	bool ok;
	int fd;

	*f = (struct file){ 0 };
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(err, "%s", strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	f->exposed = S_ISREG(st.st_mode) && (st.st_mode & S_IROTH) != 0;
	f->stamp = stamp_of(&st);
	ok = read_all(f, fd, max, err);
	(void)close(fd);
	if (ok)
		f->bytes[f->len] = '\0';
	else
		file_fini(f);
	return ok;
}

void
file_fini(struct file *f)
{
	if (f->bytes != NULL)
		explicit_bzero(f->bytes, f->len);
	free(f->bytes);
	*f = (struct file){ 0 };
}

struct file_stamp
file_stamp(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return (struct file_stamp){ 0 };
	return stamp_of(&st);
}

bool
file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->mtime_ns == b->mtime_ns &&
	       a->ctime_ns == b->ctime_ns;
}
