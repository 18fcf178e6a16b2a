#include "model/worker.h"

#include <string.h>

#include "base/num.h"

#define WARM_MS	       (WORKER_SILENT_PERIODS * HEARTBEAT_MS)
#define WORKER_DBS_MAX 100

static void
worker_fini(struct worker *w)
{
	free(w->name);
	vec_fini(&w->dbs);
}

void
workers_fini(struct workers *ws)
{
	struct worker *w;

	vec_foreach(w, &ws->list)
		worker_fini(w);
	vec_fini(&ws->list);
}

void
workers_listen(struct workers *ws, int64_t now_ms)
{
	ws->listening_ms = now_ms;
}

void
workers_deaf(struct workers *ws)
{
	ws->listening_ms = 0;
}

/* Index of the first worker whose name is not before it. */
static size_t
lower_bound(const struct workers *ws, const char *name)
{
	size_t low = 0, n = ws->list.n, mid;

	while (n > 0) {
		mid = n / 2;
		if (strcmp(ws->list.v[low + mid].name, name) < 0) {
			low += mid + 1;
			n -= mid + 1;
		} else {
			n = mid;
		}
	}
	return low;
}

static struct worker *
find(const struct workers *ws, const char *name)
{
	size_t i = lower_bound(ws, name);

	if (i < ws->list.n && strcmp(ws->list.v[i].name, name) == 0)
		return &ws->list.v[i];
	return NULL;
}

static void
remove_worker(struct workers *ws, struct worker *w)
{
	worker_fini(w);
	vec_remove(&ws->list, (size_t)(w - ws->list.v));
}

static void
set_alive(struct workers *ws, struct worker *w, bool alive)
{
	ws->alive += alive;
	ws->alive -= w->alive;
	w->alive = alive;
}

/* Room for one more: the one that is gone for longest is forgotten. */
static bool
make_room(struct workers *ws)
{
	struct worker *w, *oldest = NULL;

	if (ws->list.n < WORKERS_MAX)
		return true;
	vec_foreach(w, &ws->list)
		if (!w->alive &&
		    (oldest == NULL || w->heard_ms < oldest->heard_ms))
			oldest = w;
	if (oldest != NULL)
		remove_worker(ws, oldest);
	return oldest != NULL;
}

bool
workers_heard(struct workers *ws, const struct heartbeat *h, int64_t now_ms)
{
	struct worker *w = find(ws, h->worker);
	bool came = w == NULL || !w->alive;

	if (w == NULL && !make_room(ws))
		return false;
	if (w == NULL) {
		w = vec_insert(&ws->list, lower_bound(ws, h->worker));
		w->name = xstrdup(h->worker);
	}
	set_alive(ws, w, true);
	w->heard_ms = now_ms;
	w->left_ms = 0;
	w->period_ms = h->period_ms;
	return came;
}

void
workers_left(struct workers *ws, const char *name, int64_t now_ms)
{
	struct worker *w = find(ws, name);

	if (w != NULL)
		w->left_ms = now_ms;
}

static bool
is_silent(const struct workers *ws, const struct worker *w, int64_t now_ms)
{
	int64_t since = w->left_ms > 0 ? w->left_ms : w->heard_ms;
	int periods = w->left_ms > 0 ? 1 : WORKER_SILENT_PERIODS;

	if (ws->listening_ms > since)
		since = ws->listening_ms;
	return now_ms - since > periods * w->period_ms;
}

int64_t
workers_count(struct workers *ws, int64_t now_ms)
{
	struct worker *w;
	size_t i;

	if (ws->listening_ms == 0)
		return NUM_UNKNOWN;
	for (i = ws->list.n; i-- > 0;) {
		w = &ws->list.v[i];
		if (w->alive && is_silent(ws, w, now_ms))
			set_alive(ws, w, false);
		if (!w->alive && now_ms - w->heard_ms > WORKER_REMEMBERED_MS)
			remove_worker(ws, w);
	}
	if (now_ms - ws->listening_ms >= WARM_MS)
		ws->warm = true;
	return ws->warm ? (int64_t)ws->alive : NUM_UNKNOWN;
}

void
workers_bound(struct workers *ws, const char *name, size_t len, int db)
{
	char text[WORKER_NAME_MAX];
	struct worker *w;
	const int *known;

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, name, len);
	text[len] = '\0';
	w = find(ws, text);
	if (w == NULL || w->dbs.n >= WORKER_DBS_MAX)
		return;
	vec_foreach(known, &w->dbs)
		if (*known == db)
			return;
	*vec_push(&w->dbs) = db;
}

bool
workers_once_in(const struct workers *ws, int db, int64_t later_than_ms)
{
	const struct worker *w;
	const int *known;

	if (ws->listening_ms == 0)
		return false;
	vec_foreach(w, &ws->list) {
		if (!w->alive || w->left_ms > 0 ||
		    w->heard_ms < ws->listening_ms ||
		    w->heard_ms <= later_than_ms)
			continue; /* gone, or it may be by now */
		vec_foreach(known, &w->dbs)
			if (*known == db)
				return true;
	}
	return false;
}
