#include "base/assert.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/unit.h"

struct thing {
	uint32_t magic;
#define THING_MAGIC 0x1badf00d
};

static void
use(int how)
{
	struct thing thing = { 0 }, *none = NULL;
	const struct rlimit no_core = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &no_core);
	OBJECT_INIT(&thing, THING_MAGIC);
	OBJECT_CHECK(&thing, THING_MAGIC);
	switch (how) {
	case 0:
		OBJECT_CHECK(none, THING_MAGIC);
		break;
	case 1:
		OBJECT_CHECK(&thing, THING_MAGIC + 1);
		break;
	case 2:
		OBJECT_FINI(&thing, THING_MAGIC);
		OBJECT_CHECK(&thing, THING_MAGIC);
		break;
	case 3:
		OBJECT_FINI(&thing, THING_MAGIC);
		OBJECT_FINI(&thing, THING_MAGIC);
		break;
	default:
		ASSERT(1 + 1 == 3);
	}
}

START_TEST(a_broken_object_aborts)
{
	use(_i);
}
END_TEST

START_TEST(the_line_names_the_place)
{
	char got[512] = "";
	int fds[2], status;
	pid_t child;

	ck_assert_int_eq(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		dup2(fds[1], STDERR_FILENO);
		use(4);
	}
	close(fds[1]);
	ck_assert_int_gt(read(fds[0], got, sizeof(got) - 1), 0);
	close(fds[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	ck_assert_ptr_nonnull(
	    strstr(got, "assertion failed: tests/unit/base/test_assert.c:"));
	ck_assert_ptr_nonnull(strstr(got, ": 1 + 1 == 3\n"));
}
END_TEST

START_TEST(what_holds_goes_on)
{
	struct thing thing = { 0 };
	int read_once = 0;

	OBJECT_INIT(&thing, THING_MAGIC);
	OBJECT_FINI(&thing, THING_MAGIC);
	ASSERT(++read_once == 1);
	ck_assert_int_eq(read_once, 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("assert");
	TCase *tc = tcase_create("assert");

	tcase_add_loop_test_raise_signal(
	    tc, a_broken_object_aborts, SIGABRT, 0, 5);
	tcase_add_test(tc, the_line_names_the_place);
	tcase_add_test(tc, what_holds_goes_on);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
