#include "config/secret_file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "unit/unit.h"

static char path[] = "/tmp/secret-file-test-XXXXXX";

static void
create(void)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void
destroy(void)
{
	unlink(path);
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
}

static void
fill(const char *bytes, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

static const struct row {
	const char *bytes;
	size_t len;
	const char *secret; /* NULL = refused */
	const char *says;
} rows[] = {
	{ "hunter2", 7, "hunter2", NULL },
	{ "hunter2\n", 8, "hunter2", NULL },
	{ "hunter2\r\n", 9, "hunter2", NULL },
	{ " hunter2 \n\n", 11, " hunter2 \n", NULL },
	{ "", 0, NULL, "it is empty" },
	{ "\n", 1, NULL, "it is empty" },
	{ "hunter\0002", 8, NULL, "NUL" },
};

START_TEST(reads)
{
	const struct row *r = &rows[_i];
	struct secret_file f = { 0 };
	struct err err;

	fill(r->bytes, r->len);
	ck_assert_int_eq(secret_file_read(&f, path, &err), r->secret != NULL);
	if (r->secret != NULL) {
		ck_assert_str_eq(f.secret, r->secret);
	} else {
		ck_assert_ptr_null(f.secret);
		ck_assert_ptr_nonnull(strstr(err.text, r->says));
		ck_assert_ptr_nonnull(strstr(err.text, path));
		ck_assert_ptr_null(strstr(err.text, "hunter"));
	}
	xfree_secret(&f.secret);
}
END_TEST

START_TEST(caps_the_size)
{
	char bytes[SECRET_FILE_MAX + 1];
	struct secret_file f = { 0 };
	struct err err;

	memset(bytes, 'a', sizeof(bytes));
	fill(bytes, SECRET_FILE_MAX);
	ck_assert(secret_file_read(&f, path, &err));
	ck_assert_uint_eq(strlen(f.secret), SECRET_FILE_MAX);
	xfree_secret(&f.secret);
	fill(bytes, SECRET_FILE_MAX + 1);
	ck_assert(!secret_file_read(&f, path, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "4096"));
}
END_TEST

START_TEST(tells_who_may_read)
{
	struct secret_file f = { 0 };
	struct err err;

	fill("hunter2", 7);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_assert(secret_file_read(&f, path, &err));
	ck_assert(!f.exposed);
	xfree_secret(&f.secret);
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert(secret_file_read(&f, path, &err));
	ck_assert(f.exposed);
	xfree_secret(&f.secret);
}
END_TEST

START_TEST(says_why_it_cannot)
{
	struct secret_file f = { 0 };
	struct err err;

	ck_assert(!secret_file_read(&f, "/nowhere/at/all", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	ck_assert(!secret_file_read(&f, "/", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "Is a directory"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("secret_file");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, create, destroy);
	tcase_add_loop_test(
	    tc, reads, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, caps_the_size);
	tcase_add_test(tc, tells_who_may_read);
	tcase_add_test(tc, says_why_it_cannot);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
