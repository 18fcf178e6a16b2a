/* The state file on a real disk: read, set aside, replaced whole, and what goes
 * wrong with a disk. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "unit/unit.h"
#include "watch/state_file.h"

static char dir[32], path[64], log_path[64];

/* Files of its own; what is logged goes into one of them. */
static void
set_up(void)
{
	int fd;

	(void)snprintf(dir, sizeof(dir), "/tmp/state-file-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/state.json", dir);
	(void)snprintf(log_path, sizeof(log_path), "%s/log", dir);
	fd = open(log_path, O_CREAT | O_RDWR | O_APPEND, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(dup2(fd, STDERR_FILENO), 0);
}

static void
tear_down(void)
{
	char *command = xasprintf("rm -rf %s", dir);

	ck_assert_int_eq(system(command), 0);
	free(command);
}

static void
write_text(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static char *
read_text(const char *name)
{
	struct strbuf b = { 0 };
	FILE *f = fopen(name, "r");
	size_t len;
	int c;

	ck_assert_ptr_nonnull(f);
	while ((c = getc(f)) != EOF)
		strbuf_putc(&b, (char)c);
	fclose(f);
	strbuf_putc(&b, '\0');
	return strbuf_take(&b, &len);
}

static size_t
logged(const char *text)
{
	char *log = read_text(log_path), *p = log;
	size_t n = 0;

	for (; (p = strstr(p, text)) != NULL; p++)
		n++;
	free(log);
	return n;
}

/* A program with one master, whose epoch is all that changes. */
struct program {
	struct loop *loop;
	struct state_file *file;
	int64_t epoch;
	size_t collected, restored;
	int64_t restored_epoch;
};

static struct saved_state *
collect(void *arg)
{
	struct program *p = arg;
	struct tracker_memory *m = xcalloc(1, sizeof(*m));
	struct saved_state *s = saved_state_new(1);
	size_t i;

	p->collected++;
	strlcpy(m->master_name, "nautobot", sizeof(m->master_name));
	m->epoch = p->epoch;
	for (i = 0; i < FAILOVER_PHASES; i++)
		m->stats.last_phase_ms[i] = NUM_UNKNOWN;
	saved_state_add(s, NULL, m);
	free(m);
	return s;
}

static void
restored(void *arg, const char *group, const struct tracker_memory *m)
{
	struct program *p = arg;

	ck_assert_ptr_null(group);
	p->restored++;
	p->restored_epoch = m->epoch;
}

static void
begin(struct program *p)
{
	struct state_file_conf conf = {
		.path = path, .collect = collect, .arg = p
	};

	*p = (struct program){ .loop = loop_new(), .epoch = 1 };
	conf.loop = p->loop;
	p->file = state_file_new(&conf);
}

static void
end(struct program *p)
{
	state_file_free(p->file);
	loop_free(p->loop);
}

static int64_t
kept_epoch(void)
{
	struct program p = { 0 };
	struct err err;

	ck_assert_msg(
	    state_file_load(path, restored, &p, &err), "%s", err.text);
	return p.restored == 1 ? p.restored_epoch : NUM_UNKNOWN;
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

static void
run_for(struct program *p, int64_t ms)
{
	struct timer *t = timer_new(p->loop, stop, p->loop);

	timer_set(t, ms);
	loop_run(p->loop);
	timer_free(t);
}

static void
wait_for_epoch(struct program *p, int64_t epoch)
{
	int64_t until = clock_now().mono_ms + 20000;

	while (access(path, F_OK) != 0 || kept_epoch() != epoch) {
		ck_assert_int_lt(clock_now().mono_ms, until);
		run_for(p, 10);
	}
}

START_TEST(missing_is_fine)
{
	struct program p = { 0 };
	struct err err;

	ck_assert(state_file_load(path, restored, &p, &err));
	ck_assert_uint_eq(p.restored, 0);
	ck_assert_uint_eq(logged("msg"), 0);
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(change_is_written_soon)
{
	struct program p;
	struct stat st;

	begin(&p);
	run_for(&p, 200);
	ck_assert_int_ne(access(path, F_OK), 0);
	state_file_changed(p.file);
	wait_for_epoch(&p, 1);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	p.epoch = 2;
	state_file_changed(p.file);
	wait_for_epoch(&p, 2);
	end(&p);
	ck_assert_uint_eq(p.collected, 2);
	ck_assert_uint_eq(logged("ERROR"), 0);
}
END_TEST

START_TEST(changes_that_come_together_are_one_write)
{
	struct program p;
	int i;

	begin(&p);
	for (i = 0; i < 1000; i++) {
		p.epoch = i;
		state_file_changed(p.file);
	}
	wait_for_epoch(&p, 999);
	ck_assert_uint_eq(p.collected, 1);
	end(&p);
	ck_assert_uint_eq(p.collected, 1);
}
END_TEST

START_TEST(the_end_writes_what_is_due)
{
	struct program p;

	begin(&p);
	p.epoch = 5;
	state_file_changed(p.file);
	end(&p);
	ck_assert_int_eq(kept_epoch(), 5);
}
END_TEST

/* A reader never sees less than a whole document, old or new. */
START_TEST(replaced_whole)
{
	struct program p;
	int64_t last = 0, now;
	int i;

	begin(&p);
	state_file_changed(p.file);
	wait_for_epoch(&p, 1);
	for (i = 2; i < 8; i++) {
		p.epoch = i;
		state_file_changed(p.file);
		while ((now = kept_epoch()) != i) {
			ck_assert_int_ge(now, last);
			last = now;
			run_for(&p, 1);
		}
	}
	end(&p);
	ck_assert_uint_eq(logged("ERROR"), 0);
}
END_TEST

static const char *const damages[] = { "", "{", "nonsense\n",
	"{\"format\": \"sentinel-exporter state\", \"version\": 9}" };

START_TEST(damage_is_set_aside)
{
	struct program p = { 0 };
	struct err err;
	char aside[80], *kept;

	write_text(path, damages[_i]);
	ck_assert(state_file_load(path, restored, &p, &err));
	ck_assert_uint_eq(p.restored, 0);
	ck_assert_int_ne(access(path, F_OK), 0);
	(void)snprintf(aside, sizeof(aside), "%s.damaged-1", path);
	kept = read_text(aside);
	ck_assert_str_eq(kept, damages[_i]);
	free(kept);
	ck_assert_uint_eq(logged("level=ERROR msg=\"state file is damaged"), 1);
	ck_assert_uint_eq(logged("state.json.damaged-1"), 1);
	/* The next one does not take its place. */
	write_text(path, "again");
	ck_assert(state_file_load(path, restored, &p, &err));
	(void)snprintf(aside, sizeof(aside), "%s.damaged-2", path);
	ck_assert_int_eq(access(aside, F_OK), 0);
	(void)snprintf(aside, sizeof(aside), "%s.damaged-1", path);
	kept = read_text(aside);
	ck_assert_str_eq(kept, damages[_i]);
	free(kept);
}
END_TEST

static void
make_directory(void)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void
make_fifo(void)
{
	ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void
make_elsewhere(void)
{
	(void)snprintf(path, sizeof(path), "%s/none/state.json", dir);
}

static void
make_below_a_file(void)
{
	write_text(path, "x");
	(void)snprintf(path, sizeof(path), "%s/state.json/state.json", dir);
}

static void
make_unreadable(void)
{
	write_text(path, "x");
	ck_assert_int_eq(chmod(path, 0), 0);
	ck_assert_int_eq(chmod(dir, 0755), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
}

static const struct {
	void (*make)(void);
	const char *reason;
} refusals[] = {
	{ make_directory, "is no plain file" },
	{ make_fifo, "is no plain file" },
	{ make_elsewhere, "its directory does not exist" },
	{ make_below_a_file, "Not a directory" },
	{ make_unreadable, "Permission denied" },
};

START_TEST(path_that_cannot_be_meant)
{
	struct program p = { 0 };
	struct err err = { "" };

	refusals[_i].make();
	ck_assert(!state_file_load(path, restored, &p, &err));
	if (geteuid() != getuid())
		ck_assert_int_eq(seteuid(getuid()), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "--state.file: "));
	ck_assert_ptr_nonnull(strstr(err.text, path));
	ck_assert_msg(strstr(err.text, refusals[_i].reason) != NULL, "said: %s",
	    err.text);
	ck_assert_uint_eq(logged("msg"), 0);
}
END_TEST

/* A disk without room: what was there before stays, and nothing is left
 * behind. */
START_TEST(full_disk)
{
	const struct rlimit little = { 16, RLIM_INFINITY };
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct program p;
	char temporary[80];

	begin(&p);
	state_file_changed(p.file);
	wait_for_epoch(&p, 1);
	signal(SIGXFSZ, SIG_IGN);
	p.epoch = 2;
	state_file_changed(p.file);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
	run_for(&p, 500);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &all), 0);
	ck_assert_int_eq(kept_epoch(), 1);
	(void)snprintf(temporary, sizeof(temporary), "%s.new", path);
	ck_assert_int_ne(access(temporary, F_OK), 0);
	ck_assert_uint_eq(p.collected, 2);
	/* It is due still, and written when there is room. */
	end(&p);
	ck_assert_int_eq(kept_epoch(), 2);
	ck_assert_uint_eq(logged("state file is written again"), 1);
}
END_TEST

START_TEST(failure_is_told_once)
{
	struct program p;
	char moved[80];

	begin(&p);
	(void)snprintf(moved, sizeof(moved), "%s-moved", dir);
	ck_assert_int_eq(rename(dir, moved), 0);
	state_file_changed(p.file);
	run_for(&p, 300);
	p.epoch = 2;
	state_file_changed(p.file);
	run_for(&p, 300);
	end(&p);
	ck_assert_int_eq(rename(moved, dir), 0);
	ck_assert_uint_eq(
	    logged("level=ERROR msg=\"cannot write the state file"), 1);
	ck_assert_uint_eq(logged("No such file or directory"), 1);
}
END_TEST

START_TEST(leftover_of_a_crash_is_no_hindrance)
{
	struct program p;
	char temporary[80];

	(void)snprintf(temporary, sizeof(temporary), "%s.new", path);
	ck_assert_int_eq(symlink("/etc/passwd", temporary), 0);
	begin(&p);
	state_file_changed(p.file);
	end(&p);
	ck_assert_int_eq(kept_epoch(), 1);
	ck_assert_int_ne(access(temporary, F_OK), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("state_file");
	TCase *tc = tcase_create("state_file");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, missing_is_fine);
	tcase_add_test(tc, change_is_written_soon);
	tcase_add_test(tc, changes_that_come_together_are_one_write);
	tcase_add_test(tc, the_end_writes_what_is_due);
	tcase_add_test(tc, replaced_whole);
	tcase_add_loop_test(
	    tc, damage_is_set_aside, 0, sizeof(damages) / sizeof(damages[0]));
	tcase_add_loop_test(tc, path_that_cannot_be_meant, 0,
	    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_test(tc, full_disk);
	tcase_add_test(tc, failure_is_told_once);
	tcase_add_test(tc, leftover_of_a_crash_is_no_hindrance);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
