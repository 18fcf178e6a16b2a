/* Two processes on one state file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "unit/unit.h"
#include "watch/state_lock.h"

static char dir[40], path[64];
static struct state_lock lock, second;
static struct err err;

static void
set_up(void)
{
	(void)snprintf(dir, sizeof(dir), "/tmp/state-lock-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/state.json", dir);
	err.text[0] = '\0';
}

static void
tear_down(void)
{
	char *command = xasprintf("rm -rf %s", dir);

	state_lock_drop(&lock);
	state_lock_drop(&second);
	ck_assert_int_eq(system(command), 0);
	free(command);
}

START_TEST(the_second_is_refused_until_the_first_is_gone)
{
	char pid[24];

	ck_assert(state_lock_take(&lock, path, &err));
	ck_assert_int_ge(lock.fd, 0);
	ck_assert(!state_lock_take(&second, path, &err));
	ck_assert_int_eq(second.fd, -1);
	(void)snprintf(pid, sizeof(pid), "(%ld)", (long)getpid());
	ck_assert_ptr_nonnull(strstr(err.text, path));
	ck_assert_ptr_nonnull(strstr(err.text, pid));
	state_lock_drop(&lock);
	ck_assert(state_lock_take(&second, path, &err));
	ck_assert_int_ge(second.fd, 0);
}
END_TEST

START_TEST(a_process_that_was_killed_holds_nothing)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(!state_lock_take(&lock, path, &err) || lock.fd < 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert(state_lock_take(&lock, path, &err));
	ck_assert_int_ge(lock.fd, 0);
}
END_TEST

START_TEST(a_place_without_a_lock_file_is_no_reason_not_to_start)
{
	char *name = xasprintf("%s.lock", path);

	ck_assert_int_eq(mkdir(name, 0700), 0);
	ck_assert(state_lock_take(&lock, path, &err));
	ck_assert_int_eq(lock.fd, -1);
	ck_assert_int_eq(rmdir(name), 0);
	/* A link could make it write somewhere else. */
	ck_assert_int_eq(symlink("/tmp/state-lock-test-target", name), 0);
	ck_assert(state_lock_take(&lock, path, &err));
	ck_assert_int_eq(lock.fd, -1);
	ck_assert_int_ne(access("/tmp/state-lock-test-target", F_OK), 0);
	free(name);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("state_lock");
	TCase *tc = tcase_create("state_lock");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, the_second_is_refused_until_the_first_is_gone);
	tcase_add_test(tc, a_process_that_was_killed_holds_nothing);
	tcase_add_test(
	    tc, a_place_without_a_lock_file_is_no_reason_not_to_start);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
