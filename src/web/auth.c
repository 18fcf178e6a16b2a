/* auth - known verdicts, the queue, and the thread that hashes. */
#include "web/auth.h"

#include <crypt.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/base64.h"
#include "base/strbuf.h"
#include "base/thread.h"
#include "base/vec.h"
#include "config/web_file.h"
#include "web/mhd.h"

#define DIGEST 32 /* SHA-256 */

struct auth_job {
	uint32_t magic;
#define AUTH_JOB_MAGIC 0x3b0a91c7
	char *password, *hash; /* owned, secret */
	bool user_known, right;
	uint64_t address, generation;
	uint8_t digest[DIGEST];
	struct MHD_Connection *connection;
};

/* Digests of the last ones; the oldest is overwritten. */
struct known {
	uint8_t digests[AUTH_KNOWN_MAX][DIGEST];
	size_t n, next;
};

struct auth {
	VEC(struct web_user) users; /* owned */
	uint64_t generation; /* of the users */
	uint8_t key[DIGEST];
	struct known right, wrong;
	pthread_t thread;
	bool running;
	struct crypt_data *scratch; /* the thread's */
	pthread_mutex_t mutex; /* guards all below */
	pthread_cond_t more;
	bool stopping;
	const struct auth_job *current;
	VEC(struct auth_job *) queue;
};

static void
job_free(struct auth_job *job)
{
	OBJECT_FINI(job, AUTH_JOB_MAGIC);
	xfree_secret(&job->password);
	xfree_secret(&job->hash);
	free(job);
}

static bool
is_right(struct auth *a, const struct auth_job *job)
{
	const char *got = crypt_r(job->password, job->hash, a->scratch);

	return got != NULL && strlen(got) == strlen(job->hash) &&
	       gnutls_memcmp(got, job->hash, strlen(got)) == 0 &&
	       job->user_known;
}

/* The job is the web thread's again as soon as the connection is resumed. */
static void *
auth_run(void *arg)
{
	struct auth *a = arg;
	struct auth_job *job;

	pthread_mutex_lock(&a->mutex);
	for (;;) {
		while (a->queue.n == 0 && !a->stopping)
			pthread_cond_wait(&a->more, &a->mutex);
		if (a->queue.n == 0)
			break;
		job = a->queue.v[0];
		vec_remove(&a->queue, 0);
		a->current = job;
		if (!a->stopping) {
			pthread_mutex_unlock(&a->mutex);
			job->right = is_right(a, job);
			pthread_mutex_lock(&a->mutex);
		}
		a->current = NULL;
		MHD_resume_connection(job->connection);
	}
	pthread_mutex_unlock(&a->mutex);
	return NULL;
}

struct auth *
auth_new(void)
{
	struct auth *a = xcalloc(1, sizeof(*a));

	a->scratch = xcalloc(1, sizeof(*a->scratch));
	pthread_mutex_init(&a->mutex, NULL);
	pthread_cond_init(&a->more, NULL);
	if (gnutls_rnd(GNUTLS_RND_KEY, a->key, sizeof(a->key)) != 0)
		abort();
	return a;
}

static void
forget_users(struct auth *a)
{
	struct web_user *u;

	vec_foreach(u, &a->users) {
		free(u->name);
		xfree_secret(&u->hash);
	}
	vec_fini(&a->users);
	a->right = a->wrong = (struct known){ .n = 0 };
	a->generation++;
}

void
auth_stop(struct auth *a)
{
	pthread_mutex_lock(&a->mutex);
	a->stopping = true;
	pthread_cond_signal(&a->more);
	pthread_mutex_unlock(&a->mutex);
	if (a->running)
		pthread_join(a->thread, NULL);
	a->running = false;
}

void
auth_free(struct auth *a)
{
	ASSERT(!a->running && a->queue.n == 0);
	forget_users(a);
	vec_fini(&a->queue);
	explicit_bzero(a->scratch, sizeof(*a->scratch));
	free(a->scratch);
	explicit_bzero(a->key, sizeof(a->key));
	pthread_cond_destroy(&a->more);
	pthread_mutex_destroy(&a->mutex);
	free(a);
}

void
auth_set_users(struct auth *a, const struct web_file *f)
{
	const struct web_user *u;

	forget_users(a);
	vec_foreach(u, &f->users)
		*vec_push(&a->users) =
		    (struct web_user){ xstrdup(u->name), xstrdup(u->hash) };
	if (a->users.n > 0 && !a->running)
		a->running = thread_start(&a->thread, auth_run, a);
}

static bool
is_known(const struct known *k, const uint8_t *digest)
{
	bool found = false;
	size_t i;

	for (i = 0; i < k->n; i++)
		found |= gnutls_memcmp(k->digests[i], digest, DIGEST) == 0;
	return found;
}

static void
remember(struct known *k, const uint8_t *digest)
{
	memcpy(k->digests[k->next], digest, DIGEST);
	k->next = (k->next + 1) % AUTH_KNOWN_MAX;
	if (k->n < AUTH_KNOWN_MAX)
		k->n++;
}

/* "Basic", then base64 of "user:password". */
static bool
read_header(const char *header, struct strbuf *plain)
{
	static const char scheme[] = "Basic ";
	size_t len;

	if (header == NULL ||
	    strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return false;
	header += sizeof(scheme) - 1;
	header += strspn(header, " ");
	len = strnlen(header, AUTH_HEADER_MAX + 1);
	return len <= AUTH_HEADER_MAX && base64_decode(plain, header, len) &&
	       plain->len > 0 && memchr(plain->s, '\0', plain->len) == NULL &&
	       strchr(strbuf_text(plain), ':') != NULL;
}

static struct auth_job *
job_new(struct auth *a, const char *plain, uint64_t address)
{
	const char *colon = strchr(plain, ':');
	const struct web_user *u, *user = &a->users.v[0];
	struct auth_job *job = xcalloc(1, sizeof(*job));
	size_t len = (size_t)(colon - plain);
	struct strbuf all = { 0 };

	OBJECT_INIT(job, AUTH_JOB_MAGIC);
	vec_foreach(u, &a->users)
		if (strlen(u->name) == len &&
		    memcmp(u->name, plain, len) == 0) {
			job->user_known = true;
			user = u;
		}
	job->password = xstrdup(colon + 1);
	job->hash = xstrdup(user->hash);
	job->address = address;
	job->generation = a->generation;
	strbuf_add(&all, plain, strlen(plain) + 1);
	strbuf_puts(&all, job->hash);
	if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, a->key, sizeof(a->key), all.s,
		all.len, job->digest) != 0)
		abort();
	explicit_bzero(all.s, all.len);
	strbuf_fini(&all);
	return job;
}

/* May one more job of that address be in the queue? */
static bool
has_room(struct auth *a, uint64_t address)
{
	struct auth_job *job;
	size_t own = 0;
	bool room;

	pthread_mutex_lock(&a->mutex);
	vec_each(job, &a->queue)
		own += job->address == address;
	own += a->current != NULL && a->current->address == address;
	room = a->running && a->queue.n < AUTH_QUEUE_MAX &&
	       own < AUTH_PER_ADDRESS_MAX;
	pthread_mutex_unlock(&a->mutex);
	return room;
}

static enum auth_verdict
verdict_of(struct auth *a, struct auth_job **job)
{
	enum auth_verdict v = AUTH_LATER;

	if (is_known(&a->right, (*job)->digest))
		v = AUTH_GRANTED;
	else if (is_known(&a->wrong, (*job)->digest))
		v = AUTH_DENIED;
	else if (!has_room(a, (*job)->address))
		v = AUTH_BUSY;
	if (v != AUTH_LATER) {
		job_free(*job);
		*job = NULL;
	}
	return v;
}

enum auth_verdict
auth_judge(struct auth *a, const char *authorization, uint64_t address,
    struct auth_job **job)
{
	enum auth_verdict v = AUTH_DENIED;
	struct strbuf plain = { 0 };

	*job = NULL;
	if (a->users.n == 0)
		return AUTH_GRANTED;
	if (read_header(authorization, &plain)) {
		*job = job_new(a, strbuf_text(&plain), address);
		v = verdict_of(a, job);
	}
	if (plain.s != NULL)
		explicit_bzero(plain.s, plain.len);
	strbuf_fini(&plain);
	return v;
}

void
auth_submit(struct auth *a, struct auth_job *job, struct MHD_Connection *c)
{
	OBJECT_CHECK(job, AUTH_JOB_MAGIC);
	job->connection = c;
	pthread_mutex_lock(&a->mutex);
	if (a->stopping) {
		MHD_resume_connection(c);
	} else {
		*vec_push(&a->queue) = job;
		pthread_cond_signal(&a->more);
	}
	pthread_mutex_unlock(&a->mutex);
}

void
auth_discard(struct auth_job *job)
{
	job_free(job);
}

enum auth_verdict
auth_finish(struct auth *a, struct auth_job *job)
{
	enum auth_verdict v = AUTH_BUSY;

	OBJECT_CHECK(job, AUTH_JOB_MAGIC);
	/* Of users that were replaced meanwhile nothing is known. */
	if (job->generation == a->generation) {
		v = job->right ? AUTH_GRANTED : AUTH_DENIED;
		remember(job->right ? &a->right : &a->wrong, job->digest);
	}
	job_free(job);
	return v;
}
