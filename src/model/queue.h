/*
 * queue - one Celery queue in one DB.  Plain values; pure.
 */
#ifndef MODEL_QUEUE_H
#define MODEL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/vec.h"
#include "model/stall.h"
#include "protocol/kombu.h"

/* The message that is next out: the last one in the first of the queue's lists
 * that holds any, as BRPOP takes them.  Messages carry no time of publishing,
 * so its age is known from below: since when it has been seen there.  The tag
 * outlives a failover, and a time in which it could not be read. */
struct head {
	bool	known;		/* the tag is that of the one now next out */
	bool	looked;		/* since the last queue_settle */
	bool	taken;		/* the one before it was taken meanwhile */
	size_t	step;		/* index of the list it is in */
	char	tag[DELIVERY_TAG_MAX];	/* "" = none seen yet */
	int64_t	since_wall_ms;
	int64_t	at_ms;		/* last read, monotonic; 0 = never */
	int64_t	costly_until_ms; /* it was so long that it is not read again
				 * before this time */
};

struct queue {
	char	*name;		/* owned; any bytes, NUL-terminated */
	size_t	 name_len;
	bool	 configured;	/* named by the operator */
	bool	 bound;		/* its binding exists in this DB */
	bool	 bound_known;
	bool	 was_bound;	/* it was seen bound in this DB */
	bool	 named;		/* by a binding, in the reading under way */
	VEC(int64_t) lengths;	/* per priority step; NUM_UNKNOWN = denied */
	struct head head;
	struct stall stall;
	int64_t	 stranded;	/* 1 or 0; NUM_UNKNOWN = cannot be told */
};

void	queue_fini(struct queue *);

/* All priorities together, or NUM_UNKNOWN unless every one is known. */
int64_t	queue_length(const struct queue *);

/* The length of one step's list was read.  With all of them 0 there is no
 * next message. */
void	queue_take_length(struct queue *, size_t step, int64_t length);

/* The step whose list holds the next message; false when there is none, or a
 * list before it was denied. */
bool	queue_head_step(const struct queue *, size_t *step);

/* The next message was read, or could not be. */
void	queue_take_head(struct queue *, size_t step, const char *tag,
	    struct now);
void	queue_lose_head(struct queue *);

/* The list was empty by the time its message was asked for. */
void	queue_head_went(struct queue *);

/* The DB's bindings were read.  That none names the queue tells something only
 * when none was denied, and all were looked for; or the one that named it once
 * is among them. */
void	queue_settle_binding(struct queue *, bool scanned, bool all_read);

/* A whole look at lengths and head is over. */
void	queue_settle(struct queue *, int64_t now_ms);

#endif
