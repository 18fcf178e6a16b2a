/*
 * server - one data server as it is read: one address, one connection, however
 * many masters it belongs to.  Pure.
 *
 * Owned by the deployment; its nodes point at it.  One that no node points at
 * any more goes with deployment_drop_servers.
 */
#ifndef MODEL_SERVER_H
#define MODEL_SERVER_H

#include "base/addr.h"
#include "base/clock.h"
#include "base/vec.h"
#include "model/source.h"
#include "model/write_acceptance.h"
#include "protocol/info.h"

struct node;
struct picture_server;

/* What the last poll showed of writes, beside INFO. */
struct write_signs {
	bool		answered;	/* by replies of any kind */
	enum reason	failure;	/* why not, or why INFO was refused */
	bool		ping_known;
	enum write_refusal ping;
	bool		has_earlier;
	struct node_info earlier;	/* of the same process, without lists */
};

struct server {
	char		label[ADDR_TEXT_MAX];
	struct addr	addr;
	struct source	source;
	struct node_info info;
	struct now	asked_at, info_at;	/* 0 = never */
	enum role	role;		/* as ROLE told, where INFO is denied */
	int64_t		role_ms;	/* when, monotonic; 0 = never */
	struct write_signs writes;	/* of the last poll */
	VEC(struct node *) nodes;	/* what it is to each master */
	bool		changed;	/* since its picture was made */
	const struct picture_server *picture;	/* counted; NULL: none yet */
	void		*reader;	/* who reads it; for the watch alone */
};

struct server *server_new(const struct addr *);
void	server_free(struct server *);

/* What it said of its role, unless that is too old, or it answers no more:
 * ROLE_UNKNOWN. */
enum role server_role(const struct server *, int64_t now_ms,
	    int64_t stale_after_ms);

/* What is known of writes to it. */
struct write_evidence server_evidence(const struct server *, int64_t now_ms,
	    int64_t stale_after_ms);

/* Did it answer its last poll, with INFO that is fresh? */
bool	server_answers(const struct server *, int64_t now_ms,
	    int64_t stale_after_ms);

#endif
