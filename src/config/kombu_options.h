/*
 * kombu_options - how kombu's redis transport names its keys.  Pure.
 *
 * Defaults and names are those of kombu 5.2 .. 5.6 (transport/redis.py); they
 * come from Celery's broker_transport_options as JSON.
 */
#ifndef CONFIG_KOMBU_OPTIONS_H
#define CONFIG_KOMBU_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "config/kombu_tls.h"

struct kombu_options {
	char	*master_name;		/* owned; NULL = not given */
	char	*global_keyprefix;	/* owned; "" by default */
	char	*sep;			/* owned; "\x06\x16" by default */
	char	*unacked_key;		/* owned; "unacked" */
	char	*unacked_index_key;	/* owned; "unacked_index" */
	VEC(int64_t) priority_steps;	/* ascending; 0 3 6 9 */
	int64_t	 visibility_timeout_ms;	/* 3600 s */
	char	*sentinel_username;	/* owned; sentinel_kwargs; NULL = none */
	char	*sentinel_password;	/* owned, secret; NULL = none */
	struct kombu_tls sentinel_tls;	/* of sentinel_kwargs */
	bool	 sentinel_tls_off;	/* it has ssl_* keys, but not "ssl": true,
					 * and kombu speaks plain text */
};

void	kombu_options_init(struct kombu_options *);
void	kombu_options_fini(struct kombu_options *);

/* Apply a JSON object over what is there.  Keys that kombu knows and we do not
 * need are accepted; a wrong type or broken JSON is an error that never quotes
 * a value. */
bool	kombu_options_parse(struct kombu_options *, const char *json,
	    struct err *);

#endif
