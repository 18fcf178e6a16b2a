#include "model/celery.h"

#include <string.h>

#include "unit/unit.h"

/* One member of a binding may be 1 MB long: no label of that length. */
START_TEST(a_name_over_256_bytes_is_no_queue)
{
	char name[CELERY_QUEUE_NAME_MAX + 1];
	struct celery c = { 0 };
	struct celery_db *d = celery_add_db(&c, 0);

	memset(name, 'q', sizeof(name));
	ck_assert_ptr_null(celery_db_add_queue(d, name, sizeof(name)));
	ck_assert_ptr_nonnull(
	    celery_db_add_queue(d, name, CELERY_QUEUE_NAME_MAX));
	ck_assert_uint_eq(d->queues.n, 1);
	celery_fini(&c);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("celery");
	TCase *tc = tcase_create("celery");

	tcase_add_test(tc, a_name_over_256_bytes_is_no_queue);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
