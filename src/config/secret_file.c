#include "config/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "config/quote.h"

/* One byte more than the cap is asked for, to tell "full" from "too long". */
static ssize_t
read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static const char *
judge(char *buf, ssize_t n, size_t *len)
{
	if (n < 0)
		return strerror(errno);
	if (n > SECRET_FILE_MAX)
		return "it is longer than 4096 bytes";
	*len = (size_t)n;
	if (*len > 0 && buf[*len - 1] == '\n')
		(*len)--;
	if (*len > 0 && buf[*len - 1] == '\r')
		(*len)--;
	if (*len == 0)
		return "it is empty";
	if (memchr(buf, '\0', *len) != NULL)
		return "it holds a NUL byte";
	return NULL;
}

bool
secret_file_read(
    const char *path, char **secret, bool *exposed, struct err *err)
{
	char buf[SECRET_FILE_MAX + 1], shown[QUOTE_MAX];
	const char *wrong;
	struct stat st;
	size_t len = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		wrong = strerror(errno);
	} else {
		*exposed = S_ISREG(st.st_mode) && (st.st_mode & S_IROTH) != 0;
		wrong = judge(buf, read_all(fd, buf, sizeof(buf)), &len);
	}
	if (fd >= 0)
		(void)close(fd);
	if (wrong == NULL)
		*secret = xmemdup0(buf, len);
	else
		err_set(err, "cannot take a password from %s: %s",
		    quote(shown, path, strlen(path)), wrong);
	explicit_bzero(buf, sizeof(buf));
	return wrong == NULL;
}
