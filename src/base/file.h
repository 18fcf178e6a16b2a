/*
 * file - a small file, read whole, with a cap.
 *
 * For configuration, secrets and certificates: what is read may be secret, so
 * it is wiped when it is freed.  Never waits long: a pipe that gives nothing
 * for FILE_WAIT_MS is an error.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define FILE_WAIT_MS	1000

/* What tells one state of a file from another.  Links are followed, so that
 * it changes too when Kubernetes swaps the link "..data". */
struct file_stamp {
	uint64_t device, inode, size;
	int64_t	 mtime_ns, ctime_ns;
};

struct file {
	char	*bytes;		/* owned, with a NUL behind them */
	size_t	 len;
	bool	 exposed;	/* every user of this machine may read it */
	struct file_stamp stamp;	/* of the bytes that were read */
};

/* Read at most max bytes.  False with the system's reason, or with the cap
 * when there are more; the path is not in the reason.  Then *f is empty. */
bool	file_read(struct file *f, const char *path, size_t max, struct err *);

/* Wipe and free. */
void	file_fini(struct file *);

/* The file's present stamp; all zero when there is no such file, or when it is
 * a pipe or a device, which can be read only once. */
struct file_stamp file_stamp(const char *path);
bool	file_stamp_equal(const struct file_stamp *, const struct file_stamp *);

#endif
