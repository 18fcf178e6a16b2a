#include "config/tls_conf.h"

#include "base/xalloc.h"
#include "unit/unit.h"

START_TEST(is_counted)
{
	struct tls_conf *t = tls_conf_new();

	t->ca_file = xstrdup("ca");
	ck_assert_ptr_eq(tls_conf_ref(t), t);
	tls_conf_unref(t);
	ck_assert_str_eq(t->ca_file, "ca");
	tls_conf_unref(t);
	ck_assert_ptr_null(tls_conf_ref(NULL));
	tls_conf_unref(NULL);
}
END_TEST

/* Each field makes a difference. */
START_TEST(is_compared)
{
	struct tls_conf *a = tls_conf_new(), *b = tls_conf_new();
	char **texts[] = { &a->ca_file, &a->ca_path, &a->ca_data, &a->cert_file,
		&a->key_file, &a->server_name, &a->ciphers };
	size_t i;

	ck_assert(tls_conf_equal(a, b));
	ck_assert(!tls_conf_equal(a, NULL));
	ck_assert(!tls_conf_equal(NULL, b));
	ck_assert(tls_conf_equal(NULL, NULL));
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i] = xstrdup("x");
		ck_assert(!tls_conf_equal(a, b));
		free(*texts[i]);
		*texts[i] = NULL;
	}
	a->min_version = TLS_VERSION_1_3;
	ck_assert(!tls_conf_equal(a, b));
	a->min_version = TLS_VERSION_1_2;
	a->insecure_skip_verify = true;
	ck_assert(!tls_conf_equal(a, b));
	a->insecure_skip_verify = false;
	a->skip_name_check = true;
	ck_assert(!tls_conf_equal(a, b));
	tls_conf_unref(a);
	tls_conf_unref(b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tls_conf");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, is_counted);
	tcase_add_test(tc, is_compared);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
