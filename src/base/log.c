/* log - build a line, write it at once or drop it. */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/strbuf.h"
#include "base/utf8.h"

_Static_assert(LOG_LINE_MAX <= PIPE_BUF, "a line goes into a pipe whole");

/* A reload may change them while both threads log. */
static _Atomic enum log_level threshold = LOG_INFO;
static _Atomic enum log_format format = LOG_LOGFMT;

/* Held while a line is written, which never waits. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t dropped; /* atomic */
static uint64_t unreported; /* of these, lost since the last good write */

static const char *const names[] = {
	[LOG_DEBUG] = "DEBUG",
	[LOG_INFO] = "INFO",
	[LOG_WARN] = "WARN",
	[LOG_ERROR] = "ERROR",
};

void
log_setup(enum log_level level, enum log_format f)
{
	threshold = level;
	format = f;
}

bool
log_enabled(enum log_level level)
{
	return level >= threshold;
}

uint64_t
log_lines_dropped(void)
{
	return __atomic_load_n(&dropped, __ATOMIC_RELAXED);
}

/*
 * Building.
 */

/* So much of the value that at most LOG_VALUE_MAX bytes are shown and no
 * character is parted. */
static size_t
cut(const char *value, size_t len)
{
	size_t i = 0, n;

	if (len <= LOG_VALUE_MAX)
		return len;
	while (i < LOG_VALUE_MAX - 3) {
		n = utf8_sequence(value + i, len - i);
		i += n == 0 ? 1 : n;
	}
	return i;
}

static void
put_quoted(struct strbuf *b, const char *s)
{
	const size_t len = strlen(s), kept = cut(s, len);

	strbuf_putc(b, '"');
	escape(b, ESCAPE_JSON, s, kept);
	strbuf_puts(b, kept < len ? "...\"" : "\"");
}

static bool
plain(const char *s)
{
	return *s != '\0' && strlen(s) <= LOG_VALUE_MAX &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.:/@[],")] ==
		   '\0';
}

static void
put_pair(struct strbuf *b, const char *key, const char *value)
{
	const size_t before = b->len;

	if (format == LOG_JSON) {
		strbuf_putc(b, b->len == 0 ? '{' : ',');
		put_quoted(b, key);
		strbuf_putc(b, ':');
		put_quoted(b, value);
	} else {
		if (b->len > 0)
			strbuf_putc(b, ' ');
		strbuf_puts(b, key);
		strbuf_putc(b, '=');
		if (plain(value))
			strbuf_puts(b, value);
		else
			put_quoted(b, value);
	}
	/* What does not fit is left out; room for "}\n" stays. */
	if (b->len > LOG_LINE_MAX - 2)
		b->len = before;
}

static void
put_head(struct strbuf *b, enum log_level level, const char *msg)
{
	char text[CLOCK_TEXT_MAX];

	clock_format(clock_now().wall_ms, text);
	put_pair(b, "time", text);
	put_pair(b, "level", names[level]);
	put_pair(b, "msg", msg);
}

static void
put_end(struct strbuf *b)
{
	strbuf_puts(b, format == LOG_JSON ? "}\n" : "\n");
}

/*
 * Writing.  O_NONBLOCK would change the pipe or terminal for everybody else who
 * has it open, so each kind of file is asked in its own way not to wait.
 */

static bool
would_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) != 1 || (p.revents & POLLOUT) == 0;
}

static ssize_t
write_pipe(int fd, const struct strbuf *b)
{
	const struct iovec line = { b->s, b->len };
	ssize_t n = pwritev2(fd, &line, 1, -1, RWF_NOWAIT);

	/* Before Linux 6.4 a pipe does not know the flag. */
	if (n >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS))
		return n;
	return would_wait(fd) ? -1 : write(fd, b->s, b->len);
}

static bool
write_line(int fd, const struct strbuf *b)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return false;
	if (S_ISSOCK(st.st_mode))
		n = send(fd, b->s, b->len, MSG_DONTWAIT | MSG_NOSIGNAL);
	else if (S_ISFIFO(st.st_mode))
		n = write_pipe(fd, b);
	else
		n = would_wait(fd) ? -1 : write(fd, b->s, b->len);
	return n > 0;
}

/* Before the first line that can be written again.  Were it lost too, nothing
 * else would be. */
static bool
report_lost(int fd)
{
	struct strbuf b = { 0 };
	char count[24];
	bool written;

	if (unreported == 0)
		return true;
	(void)snprintf(
	    count, sizeof(count), "%llu", (unsigned long long)unreported);
	put_head(&b, LOG_WARN,
	    "log lines were dropped: standard error was not "
	    "read fast enough");
	put_pair(&b, "lines", count);
	put_end(&b);
	written = write_line(fd, &b);
	strbuf_fini(&b);
	if (written)
		unreported = 0;
	return written;
}

static void
write_or_drop(const struct strbuf *b)
{
	pthread_mutex_lock(&lock);
	if (!report_lost(STDERR_FILENO) || !write_line(STDERR_FILENO, b)) {
		__atomic_add_fetch(&dropped, 1, __ATOMIC_RELAXED);
		unreported++;
	}
	pthread_mutex_unlock(&lock);
}

void
log_line(enum log_level level, const char *msg, ...)
{
	struct strbuf b = { 0 };
	const char *key, *value;
	va_list ap;

	if (!log_enabled(level))
		return;
	put_head(&b, level, msg);
	va_start(ap, msg);
	while ((key = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		if (value != NULL)
			put_pair(&b, key, value);
	}
	va_end(ap);
	put_end(&b);
	write_or_drop(&b);
	strbuf_fini(&b);
}
