#include "config/credentials.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "config/secret_file.h"
#include "unit/unit.h"

static char path[] = "/tmp/credentials-test-XXXXXX";
static struct credentials c;
static struct err err;

/* As an atomic writer replaces it: another inode, so that no clock is too
 * coarse to tell. */
static void
replace(const char *text)
{
	char other[sizeof(path) + 4];
	FILE *f;

	(void)snprintf(other, sizeof(other), "%s.new", path);
	f = fopen(other, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(rename(other, path), 0);
}

static void
enter(void)
{
	struct secret_file f;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	replace("one\n");
	ck_assert(secret_file_read(&f, path, &err));
	c = (struct credentials){ .username = xstrdup("user"),
		.password = f.secret,
		.password_file = xstrdup(path),
		.stamp = f.stamp };
}

static void
leave(void)
{
	credentials_fini(&c);
	(void)unlink(path);
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
}

START_TEST(a_changed_file_is_followed)
{
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_SAME);
	replace("two\n");
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_CHANGED);
	ck_assert_str_eq(c.password, "two");
	ck_assert_str_eq(c.username, "user");
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_SAME);
	replace("two");
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_SAME);
	ck_assert_str_eq(c.password, "two");
}
END_TEST

START_TEST(a_file_that_is_gone_leaves_the_password)
{
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	ck_assert_str_eq(c.password, "one");
	/* said once */
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_SAME);
	replace("three");
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_CHANGED);
	ck_assert_str_eq(c.password, "three");
	replace("");
	ck_assert_int_eq(credentials_refresh(&c, &err), CREDENTIALS_UNREADABLE);
	ck_assert_str_eq(c.password, "three");
}
END_TEST

START_TEST(without_a_file_nothing_is_read)
{
	struct credentials inline_ = { .password = xstrdup("x") };

	ck_assert_int_eq(credentials_refresh(&inline_, &err), CREDENTIALS_SAME);
	ck_assert_str_eq(inline_.password, "x");
	credentials_fini(&inline_);
}
END_TEST

START_TEST(what_is_equal)
{
	struct credentials copy, other;

	credentials_copy(&copy, &c);
	ck_assert(credentials_equal(&copy, &c));
	ck_assert_ptr_ne(copy.password, c.password);
	/* the file may have changed meanwhile: the dial sees to that */
	xfree_secret(&copy.password);
	copy.password = xstrdup("two");
	ck_assert(credentials_equal(&copy, &c));
	free(copy.username);
	copy.username = NULL;
	ck_assert(!credentials_equal(&copy, &c));
	credentials_fini(&copy);

	copy = (struct credentials){ .password = xstrdup("a") };
	other = (struct credentials){ .password = xstrdup("b") };
	ck_assert(!credentials_equal(&copy, &other));
	xfree_secret(&other.password);
	ck_assert(!credentials_equal(&copy, &other));
	xfree_secret(&copy.password);
	ck_assert(credentials_equal(&copy, &other));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("credentials");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, a_changed_file_is_followed);
	tcase_add_test(tc, a_file_that_is_gone_leaves_the_password);
	tcase_add_test(tc, without_a_file_nothing_is_read);
	tcase_add_test(tc, what_is_equal);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
