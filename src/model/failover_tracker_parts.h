/*
 * failover_tracker_parts - what the files of the tracker share; for
 * failover_tracker*.c only.
 *
 *	failover_tracker.c		the doors: what is told, by which sentinel
 *	failover_tracker_rule.c		when a pair means a failover
 *	failover_tracker_chain.c	failovers that a pair jumped over
 *	failover_tracker_attempt.c	what a candidate tried, and how far it came
 *	failover_tracker_record.c	one failover: cause, phases, duration, outage
 *	failover_tracker_memory.c	over a restart
 */
#ifndef MODEL_FAILOVER_TRACKER_PARTS_H
#define MODEL_FAILOVER_TRACKER_PARTS_H

#include "base/num.h"
#include "base/vec.h"
#include "model/failover_tracker.h"

#define SENTINELS_MAX	64
#define ATTEMPTS_MAX	64
#define CHAIN_NODES	8

/* One sentinel: its last pair, and the state of its event stream. */
struct tracked_sentinel {
	char		sentinel[ADDR_TEXT_MAX];
	bool		has_pair;
	struct tracker_pair pair;
	int64_t		pair_ms;
	uint64_t	pair_round;
	int64_t		highest;	/* epoch it ever showed */
	int64_t		last_epoch, epoch_before; /* at the ends of the last
						   * two rounds */
	int64_t		new_epoch;	/* last +new-epoch of the stream */
	bool		sdown;		/* said +sdown of tracker.master */
	bool		odown;		/* said so, or showed the flag */
	uint64_t	odown_round;	/* in which it said that or otherwise */
	struct addr	noted_from, noted_to;	/* its last +switch-master */
	struct addr	shown_before;	/* new master of one, if it was */
};

/* A phase lies between a milestone and the one before: PHASE_ELECTION from
 * TRIED to ELECTED and so on. */
enum milestone { TRIED, ELECTED, PROMOTED, ENDED, MILESTONES };

enum attempt_state { ATTEMPT_OPEN, ATTEMPT_CLOSED, ATTEMPT_ABORTED };

struct attempt {
	char		sentinel[ADDR_TEXT_MAX];
	enum attempt_state state;
	int64_t		epoch;
	enum failover_kind kind;
	bool		late;	/* heard after its failover was counted */
	int64_t		opened_ms;
	int64_t		at_ms[MILESTONES];
	int64_t		down_ms, down_after_ms;	/* first +sdown, setting */
	struct addr	to;	/* the promoted one */
};

/* One master after another, as far as the last minute's pairs and messages
 * tell. */
struct chain_node {
	struct addr	addr;
	bool		shown;	/* a pair showed it */
	int64_t		epoch;	/* when shown */
	uint64_t	entry;	/* in history, from 1; 0 = not counted */
};
struct chain {
	struct chain_node node[CHAIN_NODES];
	size_t		n;
	int64_t		at_ms;	/* last raised */
};

struct failover_tracker {
	char		master_name[MASTER_NAME_MAX];
	int64_t		epoch;		/* highest judged; NUM_UNKNOWN */
	struct addr	master;
	bool		settled;	/* the baseline is complete */
	struct chain	chain;
	uint64_t	round;		/* from 2 on: 0 is long ago */
	unsigned	fallen_rounds, doubt_rounds;
	int64_t		fallen_ms;	/* the first of them */
	struct addr	doubt;		/* named instead of master */
	VEC(struct tracked_sentinel) sentinels;
	VEC(struct attempt) attempts;	/* oldest first */
	int64_t		down_ms;	/* first +sdown of this outage */
	uint64_t	down_round;	/* last one with a flag that says so */
	struct addr	heard_to;	/* first +switch-master to there */
	int64_t		heard_ms;
	char		run_id[RUN_ID_MAX], run_id_before[RUN_ID_MAX];

	struct failover_stats stats;
	VEC(struct failover) history;	/* FAILOVER_HISTORY of them at most */
	uint64_t	count;
	size_t		n_live;		/* newest ones, which news may fill */
	int64_t		last_started_ms, last_sign_ms;	/* of the newest */
	bool		last_answered;	/* was there an answer meanwhile? */
	bool		answered;	/* what tracker_answers said last */
	int64_t		outage_began_ms, outage_closed_ms, outage_last_ms;
	size_t		outage_of;	/* newest ones in the open outage */
};

/* failover_tracker_rule.c.  Judge v's new pair, which came alone or (e not NULL) after
 * its +switch-master; true when a failover was counted. */
bool	rule_pair(struct failover_tracker *, const struct tracked_sentinel *v,
	    bool first_of_sentinel, const struct event *e, struct now);
void	rule_round(struct failover_tracker *, struct now);

/* failover_tracker_chain.c */
void	chain_raise(struct chain *, const struct chain_node *from,
	    const struct chain_node *to, int64_t now_ms);
void	chain_pair(struct chain *, const struct tracker_pair *, int64_t now_ms);
void	chain_switch(struct chain *, const struct event *, int64_t from_epoch,
    int64_t to_epoch, int64_t now_ms);

/* failover_tracker_attempt.c */
void	attempt_try(struct failover_tracker *, const struct tracked_sentinel *, struct now);
void	attempt_reach(struct failover_tracker *,
	    const struct tracked_sentinel *, enum milestone,
	    const struct addr *promoted, struct now);
void	attempt_force(struct failover_tracker *, const char *sentinel);
void	attempt_close(struct failover_tracker *, const char *sentinel,
	    enum attempt_state);
void	attempt_expire(struct failover_tracker *, struct now);
void	attempt_forget_closed(struct failover_tracker *);
/* The one that led to this master, in an epoch within (above, up_to]; NULL if
 * not heard. */
struct attempt *attempt_leading(struct failover_tracker *, int64_t above,
    int64_t up_to, const struct addr *to);

/* failover_tracker_record.c */
void	record_failover(struct failover_tracker *, const struct failover *seed,
	    const struct attempt *, struct now);
void	record_switch(struct failover_tracker *, const struct addr *to, struct now);
void	record_attempt(struct failover_tracker *, const struct attempt *);
struct failover *record_entry(struct failover_tracker *, uint64_t entry);
struct failover *record_find(struct failover_tracker *, int64_t epoch);

#endif
