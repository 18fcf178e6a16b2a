/*
 * exposition - the bodies of /metrics, each made once and shared.
 *
 * A body is two blobs, one behind the other: what the snapshot shows, made
 * once per snapshot, format and coding, and what the process shows, made for
 * each scrape but no more than EXPOSITION_FRESH times in EXPOSITION_WINDOW_MS:
 * scrapers beyond that share the last one.  However many clients take a body
 * at once, it is in memory once.
 *
 * Any thread may ask.
 */
#ifndef WEB_EXPOSITION_H
#define WEB_EXPOSITION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "metrics/render.h"
#include "web/gzip.h"

#define EXPOSITION_FORMATS	2
#define EXPOSITION_WINDOW_MS	50
#define EXPOSITION_FRESH	20

struct blob;
struct handover;

typedef void exposition_fn(void *arg, struct self_stats *);

struct exposition {
	pthread_mutex_t	mutex;
	struct handover	*handover;	/* borrowed */
	exposition_fn	*read_process;	/* fill in the process' figures */
	void		*arg;
	struct exposition_body {
		const struct snapshot	*of;	/* counted; NULL = none yet */
		struct blob		*head, *tail;	/* owned */
		struct gzip_sum		sum;	/* of head, when gzipped */
		int64_t			window_ms;	/* its beginning */
		unsigned		fresh;	/* tails made in it */
	} bodies[EXPOSITION_FORMATS][2];	/* plain, gzip */
};

void	exposition_init(struct exposition *, struct handover *,
	    exposition_fn *, void *arg);
void	exposition_fini(struct exposition *);

/* References to both parts, which are the caller's to release. */
void	exposition_take(struct exposition *, enum render_format, bool gzip,
	    int64_t now_ms, struct blob *parts[2]);

#endif
