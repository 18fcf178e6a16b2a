/* places - lists by state and time, counts by address. */
#include "web/places.h"

#include <netinet/in.h>

#include "base/assert.h"

struct places_address {
	uint64_t key;
	size_t n; /* places that it holds */
};

static const int64_t times[PLACE_STATES] = {
	[PLACE_IDLE] = PLACES_IDLE_MS,
	[PLACE_WAITING] = PLACES_ASK_MS,
	[PLACE_READY] = PLACES_ASK_MS,
	[PLACE_ASKING] = PLACES_ASK_MS,
	[PLACE_STREAM] = PLACES_STREAM_MS,
	[PLACE_ANSWER] = PLACES_ANSWER_MS,
};

void
places_init(struct places *p, size_t max)
{
	size_t i;

	ASSERT(max >= 1);
	*p = (struct places){ .max = max, .max_per_address = max - max / 4 };
	for (i = 0; i < PLACE_STATES; i++)
		TAILQ_INIT(&p->lists[i]);
}

void
places_fini(struct places *p)
{
	ASSERT(p->n == 0);
	vec_fini(&p->addresses);
}

uint64_t
places_key(const struct sockaddr *sa)
{
	const struct sockaddr_in6 *v6 = (const void *)sa;
	const struct sockaddr_in *v4 = (const void *)sa;
	const uint8_t *b = v6->sin6_addr.s6_addr;
	uint64_t key = 0;
	size_t i, first = 0, last = 8;

	if (sa->sa_family == AF_INET)
		return UINT64_C(0xffff00000000) | ntohl(v4->sin_addr.s_addr);
	if (sa->sa_family != AF_INET6)
		return 0;
	if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		first = 10;
		last = 16;
	}
	for (i = first; i < last; i++)
		key = key << 8 | b[i];
	return key;
}

/* The index of the address, or where it belongs. */
static size_t
search(const struct places *p, uint64_t key)
{
	size_t low = 0, high = p->addresses.n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (p->addresses.v[mid]->key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct places_address *
find(const struct places *p, uint64_t key)
{
	size_t i = search(p, key);

	return i < p->addresses.n && p->addresses.v[i]->key == key
		   ? p->addresses.v[i]
		   : NULL;
}

/* The better one to give way, of those in that state since before_ms: of the
 * address with most places, and there the first to have come. */
static struct place *
worse(const struct places *p, enum place_state state,
    const struct places_address *of, int64_t before_ms, struct place *found)
{
	struct place *place;

	TAILQ_FOREACH(place, &p->lists[state], link) {
		if ((of != NULL && place->address != of) ||
		    place->since_ms > before_ms)
			continue;
		if (found == NULL || place->address->n > found->address->n ||
		    (place->address->n == found->address->n &&
			place->since_ms < found->since_ms))
			found = place;
	}
	return found;
}

static struct place *
least(const struct places *p, const struct places_address *of, int64_t now_ms)
{
	struct place *found = worse(p, PLACE_IDLE, of, PLACES_NEVER, NULL);
	size_t i;

	for (i = PLACE_IDLE + 1; i < PLACE_STATES && found == NULL; i++)
		found = worse(
		    p, (enum place_state)i, of, now_ms - PLACES_GRACE_MS, NULL);
	if (found != NULL)
		return found;
	/* All have come within a second. */
	for (i = PLACE_IDLE + 1; i < PLACE_STATES; i++)
		found = worse(p, (enum place_state)i, of, PLACES_NEVER, found);
	return found;
}

struct place *
places_victim(const struct places *p, uint64_t key, int64_t now_ms)
{
	const struct places_address *own = find(p, key);

	if (own != NULL && own->n >= p->max_per_address)
		return least(p, own, now_ms);
	return p->n >= p->max ? least(p, NULL, now_ms) : NULL;
}

struct place *
places_least(const struct places *p, int64_t now_ms)
{
	return least(p, NULL, now_ms);
}

struct place *
places_slow_asker(const struct places *p, int64_t now_ms)
{
	return worse(p, PLACE_ASKING, NULL, now_ms - PLACES_GRACE_MS, NULL);
}

struct place *
places_next_ready(const struct places *p)
{
	struct place *place, *found = NULL;

	TAILQ_FOREACH(place, &p->lists[PLACE_READY], link)
		if (found == NULL || place->address->n < found->address->n)
			found = place;
	return found;
}

/* Into its list, which is in the order of due_ms: mostly at the end. */
static void
file(struct places *p, struct place *place)
{
	struct place_list *list = &p->lists[place->state];
	struct place *before;

	p->counts[place->state]++;
	TAILQ_FOREACH_REVERSE(before, list, place_list, link)
	if (before->due_ms <= place->due_ms)
		break;
	if (before == NULL)
		TAILQ_INSERT_HEAD(list, place, link);
	else
		TAILQ_INSERT_AFTER(list, before, place, link);
}

static void
unfile(struct places *p, struct place *place)
{
	p->counts[place->state]--;
	TAILQ_REMOVE(&p->lists[place->state], place, link);
}

void
places_add(struct places *p, struct place *place, uint64_t key, int64_t now_ms)
{
	struct places_address *a = find(p, key);

	if (a == NULL) {
		a = xcalloc(1, sizeof(*a));
		a->key = key;
		*vec_insert(&p->addresses, search(p, key)) = a;
	}
	a->n++;
	p->n++;
	place->address = a;
	place->state = PLACE_WAITING;
	place->since_ms = now_ms;
	place->due_ms = now_ms + PLACES_ASK_MS;
	file(p, place);
}

void
places_remove(struct places *p, struct place *place)
{
	struct places_address *a = place->address;
	size_t i;

	ASSERT(a != NULL && a->n > 0 && p->n > 0);
	unfile(p, place);
	place->address = NULL;
	p->n--;
	if (--a->n > 0)
		return;
	i = search(p, a->key);
	ASSERT(i < p->addresses.n && p->addresses.v[i] == a);
	vec_remove(&p->addresses, i);
	free(a);
}

void
places_enter(struct places *p, struct place *place, enum place_state state,
    int64_t now_ms)
{
	unfile(p, place);
	/* Until it is answered the time that it had goes on running. */
	if (place->state == PLACE_IDLE ||
	    (state != PLACE_ASKING && state != PLACE_READY)) {
		place->since_ms = now_ms;
		place->due_ms = now_ms + times[state];
	}
	place->state = state;
	file(p, place);
}

void
places_hurry(struct places *p, struct place *place, int64_t due_ms)
{
	if (place->due_ms <= due_ms)
		return;
	unfile(p, place);
	place->due_ms = due_ms;
	file(p, place);
}

int64_t
places_next_ms(const struct places *p)
{
	int64_t next = PLACES_NEVER;
	const struct place *first;
	size_t i;

	for (i = 0; i < PLACE_STATES; i++) {
		first = TAILQ_FIRST(&p->lists[i]);
		if (first != NULL && first->due_ms < next)
			next = first->due_ms;
	}
	return next;
}

struct place *
places_overdue(const struct places *p, int64_t now_ms)
{
	struct place *first;
	size_t i;

	for (i = 0; i < PLACE_STATES; i++) {
		first = TAILQ_FIRST(&p->lists[i]);
		if (first != NULL && first->due_ms <= now_ms)
			return first;
	}
	return NULL;
}
