#include "watch/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "net/background.h"

/* Changes that come together are written together. */
#define SAVE_MS	  100
#define RETRY_MS  10000
#define ASIDE_MAX 100

/* One write; the helper thread's alone while it runs. */
struct writing {
	char *text; /* owned */
	size_t len;
	struct err err;
	bool done_well;
};

struct state_file {
	struct state_file_conf conf;
	char *temporary, *directory; /* owned */
	struct timer *timer;
	struct background *background; /* NULL: none on its way */
	struct writing writing;
	bool due; /* changed since the last write began */
	bool failing;
};

static const char *
reason(int code)
{
	const char *text = strerrordesc_np(code);

	return text == NULL ? "unknown error" : text;
}

/* Of a path; "." when it names none. */
static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup(".");
	return xmemdup0(path, slash == path ? 1 : (size_t)(slash - path));
}

/*
 * Reading.
 */

enum load { LOAD_MISSING, LOAD_READ, LOAD_BROKEN, LOAD_REFUSED };

static enum load
read_all(int fd, struct strbuf *text, struct err *err)
{
	char bytes[16384];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_set(err, "%s", reason(errno));
			return LOAD_BROKEN;
		}
		if (text->len + (size_t)n > STATE_BYTES_MAX) {
			err_set(
			    err, "it is longer than %d bytes", STATE_BYTES_MAX);
			return LOAD_BROKEN;
		}
		strbuf_add(text, bytes, (size_t)n);
	}
	return LOAD_READ;
}

static bool
directory_exists(const char *path)
{
	char *directory = directory_of(path);
	struct stat st;
	bool exists = stat(directory, &st) == 0 && S_ISDIR(st.st_mode);

	free(directory);
	return exists;
}

static enum load
read_file(const char *path, struct strbuf *text, struct err *err)
{
	/* A FIFO would block. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum load load;
	struct stat st;

	if (fd < 0 && errno == ENOENT && directory_exists(path))
		return LOAD_MISSING;
	if (fd < 0) {
		err_set(err, "--state.file: cannot read %s: %s", path,
		    errno == ENOENT ? "its directory does not exist"
				    : reason(errno));
		return LOAD_REFUSED;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		err_set(err, "--state.file: %s is no plain file", path);
		load = LOAD_REFUSED;
	} else {
		load = read_all(fd, text, err);
	}
	close(fd);
	return load;
}

/* Out of the way, but kept: somebody may want to look into it. */
static void
set_aside(const char *path, const struct err *why)
{
	char *aside = NULL;
	int n, code = EEXIST;

	for (n = 1; n <= ASIDE_MAX && code == EEXIST; n++) {
		free(aside);
		aside = xasprintf("%s.damaged-%d", path, n);
		code = renameat2(AT_FDCWD, path, AT_FDCWD, aside,
			   RENAME_NOREPLACE) == 0
			   ? 0
			   : errno;
	}
	log_error("state file is damaged: beginning again", "file", path,
	    "reason", why->text, "kept_as", code == 0 ? aside : NULL, NULL);
	free(aside);
}

bool
state_file_load(
    const char *path, saved_state_fn *fn, void *arg, struct err *err)
{
	struct strbuf text = { 0 };
	enum load load = read_file(path, &text, err);

	if (load == LOAD_READ &&
	    !saved_state_decode(strbuf_text(&text), text.len, fn, arg, err))
		load = LOAD_BROKEN;
	strbuf_fini(&text);
	if (load == LOAD_BROKEN)
		set_aside(path, err);
	else if (load == LOAD_READ)
		log_info("state restored", "file", path, NULL);
	return load != LOAD_REFUSED;
}

/*
 * Writing, on the helper thread.
 */

static bool
failed(struct writing *w, const char *what)
{
	err_set(&w->err, "%s: %s", what, reason(errno));
	return false;
}

static bool
write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* A leftover of a crash is replaced, whatever it is. */
static bool
write_temporary(const struct state_file *sf, struct writing *w)
{
	bool written;
	int fd;

	(void)unlink(sf->temporary);
	fd = open(sf->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(w, "cannot make a file beside it");
	written = write_all(fd, w->text, w->len) && fsync(fd) == 0;
	if (!written)
		failed(w, "cannot write");
	/* Some file systems report a full disk only now. */
	if (close(fd) != 0 && written)
		written = failed(w, "cannot write");
	if (!written)
		(void)unlink(sf->temporary);
	return written;
}

static bool
sync_directory(const struct state_file *sf)
{
	int fd = open(sf->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return synced;
}

static void
write_file(void *arg)
{
	struct state_file *sf = arg;
	struct writing *w = &sf->writing;

	w->done_well = false;
	if (!write_temporary(sf, w))
		return;
	if (rename(sf->temporary, sf->conf.path) != 0) {
		failed(w, "cannot replace it");
		(void)unlink(sf->temporary);
		return;
	}
	w->done_well =
	    sync_directory(sf) || failed(w, "cannot sync its directory");
}

/*
 * When to write, on the loop.
 */

static void
begin(struct state_file *sf)
{
	struct saved_state *state = sf->conf.collect(sf->conf.arg);

	sf->due = false;
	sf->writing.text = saved_state_encode(state, &sf->writing.len);
	saved_state_free(state);
}

static void
end(struct state_file *sf)
{
	const struct writing *w = &sf->writing;

	free(sf->writing.text);
	sf->writing.text = NULL;
	if (w->done_well && sf->failing)
		log_info(
		    "state file is written again", "file", sf->conf.path, NULL);
	if (!w->done_well && !sf->failing)
		log_error("cannot write the state file: counters will not "
			  "survive a restart",
		    "file", sf->conf.path, "reason", w->err.text, NULL);
	sf->failing = !w->done_well;
	sf->due |= sf->failing;
}

static void
on_written(void *arg)
{
	struct state_file *sf = arg;

	sf->background = NULL;
	end(sf);
	if (sf->due)
		timer_set(sf->timer, sf->failing ? RETRY_MS : SAVE_MS);
}

static void
on_timer(void *arg)
{
	struct state_file *sf = arg;

	if (sf->background != NULL || !sf->due)
		return;
	begin(sf);
	sf->background =
	    background_start(sf->conf.loop, write_file, on_written, sf);
	if (sf->background != NULL)
		return;
	sf->writing.done_well = false;
	err_set(&sf->writing.err, "out of threads or files");
	on_written(sf);
}

struct state_file *
state_file_new(const struct state_file_conf *conf)
{
	struct state_file *sf = xcalloc(1, sizeof(*sf));

	sf->conf = *conf;
	sf->temporary = xasprintf("%s.new", conf->path);
	sf->directory = directory_of(conf->path);
	sf->timer = timer_new(conf->loop, on_timer, sf);
	return sf;
}

void
state_file_changed(struct state_file *sf)
{
	if (sf == NULL || sf->due)
		return;
	sf->due = true;
	if (sf->background == NULL)
		timer_set(sf->timer, SAVE_MS);
}

void
state_file_free(struct state_file *sf)
{
	if (sf == NULL)
		return;
	if (sf->background != NULL) {
		background_join(sf->background);
		end(sf);
	}
	if (sf->due) {
		begin(sf);
		write_file(sf);
		end(sf);
	}
	timer_free(sf->timer);
	free(sf->temporary);
	free(sf->directory);
	free(sf);
}
