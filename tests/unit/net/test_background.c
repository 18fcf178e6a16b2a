/* Work off the loop: it may block, its end comes on the loop, signals stay
 * with the loop. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include "net/background.h"
#include "unit/unit.h"

struct job {
	struct loop *loop;
	sem_t released;
	pthread_t worker, ender;
	int worked, ended;
	sigset_t mask;
};

/* Only a loop that goes on meanwhile lets it end. */
static void
work(void *arg)
{
	struct job *job = arg;

	sem_wait(&job->released);
	job->worker = pthread_self();
	pthread_sigmask(SIG_SETMASK, NULL, &job->mask);
	job->worked++;
}

static void
done(void *arg)
{
	struct job *job = arg;

	job->ender = pthread_self();
	job->ended++;
	loop_stop(job->loop);
}

static void
release(void *arg)
{
	struct job *job = arg;

	sem_post(&job->released);
}

static void
job_begin(struct job *job)
{
	*job = (struct job){ .loop = loop_new() };
	sem_init(&job->released, 0, 0);
}

START_TEST(loop_goes_on_meanwhile)
{
	struct job job;
	struct timer *t;

	job_begin(&job);
	t = timer_new(job.loop, release, &job);
	ck_assert_ptr_nonnull(background_start(job.loop, work, done, &job));
	timer_set(t, 1);
	loop_run(job.loop);
	ck_assert_int_eq(job.worked, 1);
	ck_assert_int_eq(job.ended, 1);
	ck_assert(!pthread_equal(job.worker, pthread_self()));
	ck_assert(pthread_equal(job.ender, pthread_self()));
	timer_free(t);
	loop_free(job.loop);
}
END_TEST

START_TEST(signals_are_for_the_loop)
{
	struct job job;
	sigset_t mine;

	job_begin(&job);
	release(&job);
	ck_assert_ptr_nonnull(background_start(job.loop, work, done, &job));
	loop_run(job.loop);
	ck_assert_int_eq(sigismember(&job.mask, SIGTERM), 1);
	ck_assert_int_eq(sigismember(&job.mask, SIGINT), 1);
	pthread_sigmask(SIG_SETMASK, NULL, &mine);
	ck_assert_int_eq(sigismember(&mine, SIGTERM), 0);
	loop_free(job.loop);
}
END_TEST

START_TEST(join_waits_and_is_the_end)
{
	struct background *b;
	struct job job;
	struct timer *t;

	job_begin(&job);
	b = background_start(job.loop, work, done, &job);
	release(&job);
	background_join(b);
	ck_assert_int_eq(job.worked, 1);
	/* Whatever was due on the loop comes before this. */
	t = timer_new(job.loop, done, &job);
	timer_set(t, 20);
	loop_run(job.loop);
	ck_assert_int_eq(job.ended, 1);
	timer_free(t);
	loop_free(job.loop);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("background");
	TCase *tc = tcase_create("background");

	tcase_add_test(tc, loop_goes_on_meanwhile);
	tcase_add_test(tc, signals_are_for_the_loop);
	tcase_add_test(tc, join_waits_and_is_the_end);
	suite_add_tcase(s, tc);
	return unit_run(s);
}
