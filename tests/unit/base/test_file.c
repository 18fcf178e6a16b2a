#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "unit/unit.h"

static char folder[] = "/tmp/test_file.XXXXXX";
static struct file f;
static struct err err;

static const char *
path_of(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
write_file(const char *name, const char *text, size_t len)
{
	FILE *out = fopen(path_of(name), "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(text, 1, len, out), len);
	ck_assert_int_eq(fclose(out), 0);
}

static void
enter(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
leave(void)
{
	static const char *const names[] = { "a", "b", "link", "pipe" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(path_of(names[i]));
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(reads_all_of_it)
{
	static const size_t sizes[] = { 0, 1, 4094, 4095, 4096, 4097, 100000 };
	const size_t len = sizes[_i];
	char *text = xcalloc(len + 1, 1);

	memset(text, 'x', len);
	write_file("a", text, len);
	ck_assert(file_read(&f, path_of("a"), 100000, &err));
	ck_assert_uint_eq(f.len, len);
	ck_assert_str_eq(f.bytes, text);
	file_fini(&f);
	ck_assert_ptr_null(f.bytes);
	free(text);
}
END_TEST

START_TEST(refuses_a_byte_more_than_the_cap)
{
	write_file("a", "12345", 5);
	ck_assert(file_read(&f, path_of("a"), 5, &err));
	file_fini(&f);
	ck_assert(!file_read(&f, path_of("a"), 4, &err));
	ck_assert_str_eq(err.text, "it is longer than 4 bytes");
	ck_assert_ptr_null(f.bytes);
	ck_assert(!file_read(&f, "/dev/zero", 10000, &err));
	ck_assert_str_eq(err.text, "it is longer than 10000 bytes");
}
END_TEST

START_TEST(says_why_not)
{
	ck_assert(!file_read(&f, path_of("a"), 5, &err));
	ck_assert_str_eq(err.text, "No such file or directory");
	ck_assert(!file_read(&f, folder, 5, &err));
	ck_assert_str_eq(err.text, "Is a directory");
}
END_TEST

START_TEST(a_silent_pipe_is_not_waited_for_long)
{
	int writer;

	ck_assert_int_eq(mkfifo(path_of("pipe"), 0600), 0);
	ck_assert(file_read(&f, path_of("pipe"), 5, &err)); /* no writer */
	ck_assert_uint_eq(f.len, 0);
	file_fini(&f);
	writer = open(path_of("pipe"), O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(writer, 0);
	ck_assert(!file_read(&f, path_of("pipe"), 5, &err));
	ck_assert_str_eq(err.text, "it gave nothing for 1000 ms");
	(void)close(writer);
}
END_TEST

START_TEST(tells_who_may_read)
{
	static const struct {
		mode_t mode;
		bool exposed;
	} cases[] = { { 0600, false }, { 0640, false }, { 0644, true },
		{ 0604, true } };

	write_file("a", "x", 1);
	ck_assert_int_eq(chmod(path_of("a"), cases[_i].mode), 0);
	ck_assert(file_read(&f, path_of("a"), 5, &err));
	ck_assert_int_eq(f.exposed, cases[_i].exposed);
	file_fini(&f);
}
END_TEST

/* As Kubernetes does it: the link "..data" goes to another folder. */
START_TEST(a_stamp_follows_a_swapped_link)
{
	struct file_stamp before, after;
	char target[128];

	write_file("a", "one", 3);
	write_file("b", "two", 3);
	(void)snprintf(target, sizeof(target), "%s", path_of("a"));
	ck_assert_int_eq(symlink(target, path_of("link")), 0);
	ck_assert(file_read(&f, path_of("link"), 5, &err));
	before = file_stamp(path_of("link"));
	ck_assert(file_stamp_equal(&before, &f.stamp));
	file_fini(&f);
	ck_assert_int_eq(unlink(path_of("link")), 0);
	(void)snprintf(target, sizeof(target), "%s", path_of("b"));
	ck_assert_int_eq(symlink(target, path_of("link")), 0);
	after = file_stamp(path_of("link"));
	ck_assert(!file_stamp_equal(&before, &after));
	ck_assert_int_eq(unlink(path_of("link")), 0);
	after = file_stamp(path_of("link"));
	ck_assert_uint_eq(after.inode, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("file");
	TCase *tc = tcase_create("file");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_loop_test(tc, reads_all_of_it, 0, 7);
	tcase_add_test(tc, refuses_a_byte_more_than_the_cap);
	tcase_add_test(tc, says_why_not);
	tcase_add_test(tc, a_silent_pipe_is_not_waited_for_long);
	tcase_add_loop_test(tc, tells_who_may_read, 0, 4);
	tcase_add_test(tc, a_stamp_follows_a_swapped_link);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
