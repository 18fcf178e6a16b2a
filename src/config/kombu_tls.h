/*
 * kombu_tls - TLS as Celery's settings ask for it.  Pure.
 *
 * kombu hands the ssl_* keys of a broker URL's query, of broker_use_ssl and of
 * sentinel_kwargs to redis-py (4 .. 7), which is followed here; only a host
 * name is checked where nothing is said, as redis-py does from 6.0 on.
 */
#ifndef CONFIG_KOMBU_TLS_H
#define CONFIG_KOMBU_TLS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strlist.h"
#include "config/tls_conf.h"

struct json_t;

struct kombu_tls {
	struct tls_conf *conf;	/* owned; NULL = no TLS */
	struct strlist ignored;	/* keys that are not followed, each with the
				 * reason in words */
};

void	kombu_tls_fini(struct kombu_tls *);

/* TLS is on, with what was taken so far. */
struct tls_conf *kombu_tls_on(struct kombu_tls *);

/* Is it a key that redis-py takes for TLS? */
bool	kombu_tls_is_key(const char *key);

/* One ssl_* key.  A wrong value is an error that quotes nothing. */
bool	kombu_tls_take(struct kombu_tls *, const char *key,
	    const struct json_t *value, struct err *);

/* The same from a URL's query, where every value is a text. */
bool	kombu_tls_take_text(struct kombu_tls *, const char *key,
	    const char *value, struct err *);

/* broker_use_ssl as JSON text. */
bool	kombu_tls_parse(struct kombu_tls *, const char *json, struct err *);

/* As Python's bool() has it. */
bool	kombu_truthy(const struct json_t *);

#endif
