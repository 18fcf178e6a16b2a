/*
 * places - who may be connected, and who gives way.  Pure.
 *
 * There are so many places, and so many of them for one address.  Nobody is
 * turned away for lack of one: the client that deserves its place least gives
 * way.  That is an idle one first; then one that has not finished asking, a
 * stream, or one that takes its answer too slowly, if it has been so for a
 * second; then any.  Among these, one of the address that holds most places,
 * and of its clients the first to have come.  So an address that holds none
 * always comes in, and a client that asks at once and reads is in no danger
 * unless all places are taken again within a second.
 *
 * Each state but a stream's ends at an absolute time, whatever the client
 * drips meanwhile.
 */
#ifndef WEB_PLACES_H
#define WEB_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "base/vec.h"

enum place_state {	/* in the order in which they give way */
	PLACE_IDLE,	/* kept alive, between two requests */
	PLACE_WAITING,	/* connected; no whole request yet */
	PLACE_READY,	/* its request is there; the server has none free */
	PLACE_ASKING,	/* the server is reading the request */
	PLACE_STREAM,	/* hears of changes */
	PLACE_ANSWER,	/* is being answered */
	PLACE_STATES,
};

#define PLACES_ASK_MS		10000	/* to have sent a whole request */
#define PLACES_ANSWER_MS	30000	/* to have taken the answer */
#define PLACES_IDLE_MS		120000
#define PLACES_STREAM_MS	3600000	/* browsers come back by themselves */
#define PLACES_GRACE_MS		1000	/* before it need give way, or after the
					 * client said its last */
#define PLACES_NEVER		INT64_MAX

struct places_address;

struct place {
	TAILQ_ENTRY(place) link;
	struct places_address *address;
	enum place_state state;
	int64_t		since_ms;	/* in this state; monotonic */
	int64_t		due_ms;		/* when its time is over */
};

TAILQ_HEAD(place_list, place);

struct places {
	size_t		max, max_per_address, n;
	size_t		counts[PLACE_STATES];
	struct place_list lists[PLACE_STATES];	/* each by due_ms */
	VEC(struct places_address *) addresses;	/* owned; by key */
};

/* max: 1 or more. */
void	places_init(struct places *, size_t max);
void	places_fini(struct places *);

/* What counts as one address: an IPv4 address, or an IPv6 /64. */
uint64_t places_key(const struct sockaddr *);

/* Who gives way when a client of that address comes; NULL: there is room. */
struct place *places_victim(const struct places *, uint64_t key,
	    int64_t now_ms);

/* Who gives way in any case; NULL when there is nobody. */
struct place *places_least(const struct places *, int64_t now_ms);

/* A place in the state WAITING since now. */
void	places_add(struct places *, struct place *, uint64_t key,
	    int64_t now_ms);
void	places_remove(struct places *, struct place *);

/* Enter a state now.  From WAITING to ASKING the time goes on running. */
void	places_enter(struct places *, struct place *, enum place_state,
	    int64_t now_ms);

/* Whose turn it is: of those that are ready one of the address that holds
 * fewest places, and there the first to have come; NULL: nobody is ready. */
struct place *places_next_ready(const struct places *);

/* One that has been ASKING for a second and gives way to those who are ready;
 * NULL: none. */
struct place *places_slow_asker(const struct places *, int64_t now_ms);

/* Its time is over at that moment, if not before. */
void	places_hurry(struct places *, struct place *, int64_t due_ms);

/* One whose time is over, or NULL; and when the next one's will be. */
struct place *places_overdue(const struct places *, int64_t now_ms);
int64_t	places_next_ms(const struct places *);

#endif
