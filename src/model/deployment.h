/*
 * deployment - one Sentinel deployment as its sentinels and nodes show it.
 *
 * The facts that the watch keeps: objects that never move, held by pointer and
 * ordered by name, each figure with the time it was learnt.  Derived figures (who is
 * the agreed master, who lags) are worked out by agreement.h and
 * replication.h.  Watch thread only; pure.
 */
#ifndef MODEL_DEPLOYMENT_H
#define MODEL_DEPLOYMENT_H

#include "base/addr.h"
#include "base/clock.h"
#include "base/strlist.h"
#include "base/vec.h"
#include "model/agreement.h"
#include "model/celery.h"
#include "model/failover_list.h"
#include "model/node.h"
#include "model/source.h"
#include "model/failover_tracker.h"
#include "model/write_acceptance.h"
#include "protocol/ckquorum.h"
#include "protocol/event.h"
#include "protocol/instance.h"

struct labels;
struct picture_master;
struct picture_sentinel;

/* One sentinel's view of one master. */
struct view {
	struct master_fields fields;
	struct addr	addr;		/* GET-MASTER-ADDR-BY-NAME */
	struct ckquorum	ckquorum;
	VEC(struct replica_fields) replicas;
	VEC(struct peer_fields) peers;
	bool		lists_known;	/* both lists were answered */
	bool		named;		/* by the last answer to MASTERS */
	int64_t		at_ms;		/* monotonic */
};

struct failover_record;

struct sentinel {
	struct deployment *deployment;	/* that it belongs to */
	char		label[ADDR_TEXT_MAX];
	struct addr	addr;		/* that is dialled */
	struct addr	reached;	/* where that led; unknown before */
	VEC(struct addr) aliases;	/* other addresses that led to it */
	char		id[RUN_ID_MAX];	/* SENTINEL MYID; "" unknown */
	struct source	source;
	struct sentinel_info info;
	struct now	info_at;	/* 0 = never */
	bool		subscription_up;
	uint64_t	events[EVENT_KIND_COUNT];
	bool		seed;		/* the operator named it */
	bool		copy_reported;	/* another has its id, and that was
					 * said */
	int64_t		announced_ms;	/* a peer named it, monotonic */
	void		*reader;	/* who reads it; for the watch alone */
	VEC(struct view *) views;		/* by master name */
	struct strlist	other_names;	/* masters that it names and that are
					 * not watched; the first few */
	bool		changed;	/* since its picture was made */
	const struct picture_sentinel *picture;	/* counted; NULL: none yet */
};

/* What happened to the agreed master since the watch last acted on it. */
struct master_change {
	bool		moved;		/* another one is agreed on */
	struct addr	from;		/* the one before; unknown the first
					 * time */
	bool		answers;	/* it answers, and did not before */
};

struct master {
	struct deployment *deployment;	/* that it belongs to */
	char		name[MASTER_NAME_MAX];
	VEC(struct node *) nodes;	/* by label */
	VEC(struct node_key) node_keys;	/* their aliases, by hash */
	bool		run_ids_changed;	/* two nodes may be one */
	struct agreement agreement;	/* derived */
	struct write_acceptance acceptance;	/* of writes, by the agreed one */
	struct failover_stats failovers;
	struct failover_record *record;	/* the deployment's */
	const struct failover_list *failover_list;	/* counted; NULL = none yet */
	struct celery	celery;
	bool		changed;	/* it, a node or a view of it, since its
					 * picture was made */
	const struct picture_master *picture;	/* counted; NULL: none yet */
	bool		touched;	/* told of since the last derivation */
	struct master_change change;
	void		*reader;	/* who reads its queues; for the watch
					 * alone */
};

/* What is kept of the lists of one sentinel; the rest is left out. */
#define VIEW_REPLICAS_MAX	1000
#define VIEW_PEERS_MAX		256
#define SENTINEL_MASTERS_MAX	10000

/* How many were left out of the longest such list; 0 = none yet. */
struct left_out {
	size_t	replicas, peers, masters;
	bool	reported;
};

struct deployment {
	char		*group;		/* owned; NULL = unnamed */
	const struct labels *labels;	/* of the group, counted; NULL: unnamed,
					 * or no picture was made yet */
	bool		sentinels_open;	/* no password is configured for the */
	bool		nodes_open;	/* sentinels, or the data nodes */
	VEC(struct sentinel *) sentinels; /* by label */
	VEC(struct master *) masters;/* by name */
	VEC(struct server *) servers;	/* by label */
	VEC(struct failover_record *) records;	/* by master name */
	const struct strlist *master_names;	/* watched; borrowed; NULL or
						 * empty = all */
	int64_t		stale_after_ms;
	struct left_out	left_out;
	bool		views_dropped;	/* masters may be named by no one */
};

void	deployment_fini(struct deployment *);

/* The group has another name: no label made so far is shared. */
void	deployment_renamed(struct deployment *);

/* Anything may have changed: no picture made so far is shared. */
void	deployment_changed(struct deployment *);

/* The element of that name, or NULL. */
struct sentinel *deployment_sentinel(const struct deployment *, const char *label);
struct master *deployment_master(const struct deployment *, const char *name);
struct view *sentinel_view(const struct sentinel *, const char *master_name);

/* What a sentinel says of a master, or NULL while it does not count: its view is
 * stale, or it is in TILT. */
const struct view *sentinel_counted_view(const struct sentinel *,
	    const char *master_name, int64_t now_ms, int64_t stale_after_ms);

/* Is this master to be watched? */
bool	deployment_watches(const struct deployment *, const char *master_name);

/* Something was told of the master: its figures are to be derived. */
void	master_touch(struct master *);

/* The server at that address, added when it is new. */
struct server *deployment_server(const struct deployment *, const char *label);
struct server *deployment_add_server(struct deployment *, const struct addr *);

/* Free the servers that are no node of any master; drop is told of each
 * before.  NULL: nobody is. */
void	deployment_drop_servers(struct deployment *,
	    void (*drop)(struct server *));

/* The element of that name, added when it is new. */
struct sentinel *deployment_add_sentinel(struct deployment *, const char *label);
struct master *deployment_add_master(struct deployment *, const char *name);
struct view *sentinel_add_view(struct sentinel *, const char *master_name);

/* Remove and free. */
void	deployment_remove_sentinel(struct deployment *, struct sentinel *);
void	deployment_remove_master(struct deployment *, struct master *);
void	sentinel_remove_view(struct sentinel *, const char *master_name);

/* The same sentinel under a label that no other has. */
void	deployment_rename_sentinel(struct deployment *, struct sentinel *,
	    const char *label);

/* Is a figure of that age still to be shown? */
bool	fresh(int64_t at_ms, int64_t now_ms, int64_t stale_after_ms);

#endif
