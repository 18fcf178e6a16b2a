/* group_conf - counted, compared. */
#include "config/group_conf.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

struct group_conf *
group_conf_new(void)
{
	struct group_conf *g = xcalloc(1, sizeof(*g));

	atomic_init(&g->refs, 1);
	return g;
}

struct group_conf *
group_conf_ref(struct group_conf *g)
{
	atomic_fetch_add(&g->refs, 1);
	return g;
}

static void
celery_conf_fini(struct celery_conf *c)
{
	strlist_fini(&c->queues);
	vec_fini(&c->dbs);
	vec_fini(&c->url_dbs);
	kombu_options_fini(&c->kombu);
}

void
group_conf_unref(struct group_conf *g)
{
	struct celery_conf *c;

	if (g == NULL || atomic_fetch_sub(&g->refs, 1) != 1)
		return;
	free(g->name);
	vec_fini(&g->sentinels);
	strlist_fini(&g->master_names);
	credentials_fini(&g->sentinel_auth);
	credentials_fini(&g->redis_auth);
	tls_conf_unref(g->sentinel_tls);
	tls_conf_unref(g->redis_tls);
	vec_foreach(c, &g->brokers)
		celery_conf_fini(c);
	vec_fini(&g->brokers);
	free(g);
}

const struct celery_conf *
group_conf_celery(const struct group_conf *g, const char *master_name)
{
	const struct celery_conf *c, *any = NULL;

	vec_foreach(c, &g->brokers) {
		if (!c->enabled)
			continue;
		if (c->kombu.master_name == NULL)
			any = c;
		else if (strcmp(c->kombu.master_name, master_name) == 0)
			return c;
	}
	return any;
}

bool
group_conf_same_sentinels(
    const struct group_conf *a, const struct group_conf *b)
{
	const struct endpoint *e;

	if (a->sentinels.n != b->sentinels.n)
		return false;
	vec_foreach(e, &a->sentinels)
		if (!endpoint_listed(b->sentinels.v, b->sentinels.n, e))
			return false;
	return true;
}

static bool
same_lists(const struct strlist *a, const struct strlist *b)
{
	size_t i;

	if (a->items.n != b->items.n)
		return false;
	for (i = 0; i < a->items.n; i++)
		if (strcmp(a->items.v[i], b->items.v[i]) != 0)
			return false;
	return true;
}

#define SAME_NUMBERS(a, b)   \
	((a)->n == (b)->n && \
	    ((a)->n == 0 ||  \
		memcmp((a)->v, (b)->v, (a)->n * sizeof(*(a)->v)) == 0))

static bool
same_kombu(const struct kombu_options *a, const struct kombu_options *b)
{
	return str_same(a->master_name, b->master_name) &&
	       str_same(a->global_keyprefix, b->global_keyprefix) &&
	       str_same(a->sep, b->sep) &&
	       str_same(a->unacked_key, b->unacked_key) &&
	       str_same(a->unacked_index_key, b->unacked_index_key) &&
	       a->visibility_timeout_ms == b->visibility_timeout_ms &&
	       SAME_NUMBERS(&a->priority_steps, &b->priority_steps);
}

static bool
same_celery(const struct celery_conf *a, const struct celery_conf *b)
{
	return a->enabled == b->enabled && a->from_url == b->from_url &&
	       a->url_conflict == b->url_conflict && a->scan == b->scan &&
	       a->clients == b->clients && a->max_queues == b->max_queues &&
	       same_lists(&a->queues, &b->queues) &&
	       SAME_NUMBERS(&a->dbs, &b->dbs) &&
	       SAME_NUMBERS(&a->url_dbs, &b->url_dbs) &&
	       same_kombu(&a->kombu, &b->kombu);
}

enum group_difference
group_conf_compare(const struct group_conf *a, const struct group_conf *b)
{
	size_t i;

	if (!group_conf_same_sentinels(a, b) ||
	    !same_lists(&a->master_names, &b->master_names) ||
	    !tls_conf_equal(a->sentinel_tls, b->sentinel_tls) ||
	    !tls_conf_equal(a->redis_tls, b->redis_tls) ||
	    a->brokers.n != b->brokers.n)
		return GROUP_OTHER;
	for (i = 0; i < a->brokers.n; i++)
		if (!same_celery(&a->brokers.v[i], &b->brokers.v[i]))
			return GROUP_OTHER;
	if (!credentials_equal(&a->sentinel_auth, &b->sentinel_auth) ||
	    !credentials_equal(&a->redis_auth, &b->redis_auth))
		return GROUP_SECRETS;
	return GROUP_SAME;
}
