/*
 * nautobot - the broker as Nautobot's Helm chart documents it.  Pure.
 *
 * Its documented nautobot_config.py composes, from variables that no part of
 * Nautobot itself reads, "sentinel://:PASSWORD@S1:26379;...;...S3:26379/INDEX":
 * the same password at data nodes and sentinels, and the DB on the last URL
 * only.
 */
#ifndef CONFIG_NAUTOBOT_H
#define CONFIG_NAUTOBOT_H

#include <stdbool.h>

#include "base/err.h"
#include "config/broker_url.h"

#define NAUTOBOT_MASTER_NAME	"nautobot"
#define NAUTOBOT_SENTINEL_VAR	"NAUTOBOT_REDIS_SENTINEL_"
#define NAUTOBOT_PASSWORD_VAR	"NAUTOBOT_REDIS_PASSWORD"
#define NAUTOBOT_INDEX_VAR	"NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX"

/* What that URL comes to, percent signs in the password taken as they are;
 * sentinels may turn out none.  Candidates are {0, INDEX}; without an INDEX
 * db_none is set, as the URL then ends in "/None". */
bool	nautobot_read(struct broker_url *, char *const *env, struct err *);

#endif
