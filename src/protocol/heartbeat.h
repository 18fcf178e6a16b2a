/*
 * heartbeat - what a Celery worker says of itself on the event channel.  Pure.
 *
 * celery/worker/heartbeat.py publishes worker-heartbeat every freq (2 s by
 * default) seconds, worker-online and worker-offline around it; kombu carries
 * them as JSON with a base64 body, on the channel
 * prefix + fanout prefix + "celeryev/worker.heartbeat".  The fanout prefix is
 * "/{db}." to the letter before kombu 5.4, "/0." from then on, or none; its
 * DB is that of the worker's event connection, not of its consumer: it tells
 * nothing.
 */
#ifndef PROTOCOL_HEARTBEAT_H
#define PROTOCOL_HEARTBEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "config/kombu_options.h"

#define WORKER_NAME_MAX		256
#define HEARTBEAT_MS		2000	/* unless the worker says otherwise */
#define HEARTBEAT_PERIOD_MAX_MS	(3600 * 1000)

enum heartbeat_kind {
	HEARTBEAT_NONE,		/* another channel, or another event */
	HEARTBEAT_ALIVE,
	HEARTBEAT_OFFLINE,
};

struct heartbeat {
	char	worker[WORKER_NAME_MAX];	/* "name@host"; longer is cut */
	int64_t	period_ms;
};

/* Patterns to subscribe to, best first; false when there is no i-th.  An ACL
 * allows PSUBSCRIBE only what equals one of its rules to the letter. */
bool	heartbeat_pattern(const struct kombu_options *, size_t i,
	    struct strbuf *pattern);

/* What a message on that channel is. */
enum heartbeat_kind heartbeat_channel(const struct kombu_options *,
	    const char *channel, size_t len);

/* The message; false when it is no JSON of that form. */
bool	heartbeat_parse(struct heartbeat *, const char *payload, size_t len);

#endif
