/*
 * kombu - keys, bindings and messages of kombu's redis transport.  Pure.
 *
 * kombu 5.2 .. 5.5, transport/redis.py and transport/virtual: queue keys per
 * priority step, "_kombu.binding.<exchange>" sets whose members are
 * routing_key SEP pattern SEP queue, and JSON messages whose properties carry
 * delivery_tag.  Message bodies hold users' arguments: nothing here keeps or
 * prints them.
 */
#ifndef PROTOCOL_KOMBU_H
#define PROTOCOL_KOMBU_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "config/kombu_options.h"

#define DELIVERY_TAG_MAX	72

/* The list that holds queue's messages of priority step i (an index into
 * priority_steps): prefix + queue, and for steps but 0 + sep + step. */
void	kombu_queue_key(const struct kombu_options *, const char *queue,
	    size_t len, size_t i, struct strbuf *key);

/* prefix + name, for unacked, unacked_index and bindings. */
void	kombu_key(const struct kombu_options *, const char *name,
	    struct strbuf *key);

/* Append text as it stands in a glob pattern. */
void	kombu_escape(const char *text, struct strbuf *pattern);

/* SCAN's MATCH pattern for all binding keys, glob characters of the prefix
 * escaped. */
void	kombu_binding_pattern(const struct kombu_options *,
	    struct strbuf *pattern);

/* Is key a binding key of an exchange that carries tasks?  Those of
 * celery.pidbox, reply.celery.pidbox and celeryev do not.  *exchange points
 * into key. */
bool	kombu_binding_exchange(const struct kombu_options *, const char *key,
	    size_t len, const char **exchange, size_t *exchange_len);

/* The queue that a binding member names (its third field; not prefixed), as a
 * slice of member; false for a broken member and for the queues of remote
 * control and events. */
bool	kombu_binding_queue(const struct kombu_options *, const char *member,
	    size_t len, const char **queue, size_t *queue_len);

/* The binding of the exchange over which workers are controlled: each worker
 * that listens in a DB, or died there without a word, has a member in it. */
void	kombu_pidbox_key(const struct kombu_options *, struct strbuf *key);

/* The worker, "name@host", of one of its members, as a slice of it. */
bool	kombu_pidbox_worker(const struct kombu_options *, const char *member,
	    size_t len, const char **worker, size_t *worker_len);

/* Whose a key is, as far as its name tells.  Results (celery/backends),
 * redbeat's, reply queues and kombu's own are known by it; any other may be a
 * queue's list, and is one when a queue of that name, a slice of key, is
 * known. */
enum kombu_key_kind {
	KOMBU_KEY_FOREIGN,	/* without the prefix, and nothing of the above */
	KOMBU_KEY_CELERYS,
	KOMBU_KEY_QUEUE,
};
enum kombu_key_kind kombu_key_kind(const struct kombu_options *,
	    const char *key, size_t len, const char **queue,
	    size_t *queue_len);

/* properties.delivery_tag of a JSON message, cut to DELIVERY_TAG_MAX; false
 * when the text is no such message. */
bool	kombu_delivery_tag(const char *json, size_t len,
	    char tag[DELIVERY_TAG_MAX]);

#endif
