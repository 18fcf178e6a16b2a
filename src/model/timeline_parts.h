/*
 * timeline_parts - what the rooms of the timeline share; for timeline*.c only.
 *
 *	timeline.c		the doors: what is told, by which sentinel
 *	timeline_rule.c		when a pair means a failover
 *	timeline_chain.c	failovers that a pair jumped over
 *	timeline_attempt.c	what a candidate tried, and how far it came
 *	timeline_record.c	one failover: cause, phases, duration, outage
 *	timeline_memory.c	over a restart
 */
#ifndef MODEL_TIMELINE_PARTS_H
#define MODEL_TIMELINE_PARTS_H

#include "base/num.h"
#include "base/vec.h"
#include "model/timeline.h"

#define VOICES_MAX	64
#define ATTEMPTS_MAX	64
#define CHAIN_NODES	8

/* One sentinel: its last pair, and the state of its event stream. */
struct voice {
	char		sentinel[ADDR_TEXT_MAX];
	bool		has_pair;
	struct timeline_pair pair;
	int64_t		pair_ms;
	uint64_t	pair_round;
	int64_t		highest;	/* epoch it ever showed */
	int64_t		last_epoch, epoch_before; /* at the ends of the last
						   * two rounds */
	int64_t		new_epoch;	/* last +new-epoch of the stream */
	bool		sdown;		/* said +sdown of timeline.master */
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

struct timeline {
	char		master_name[MASTER_NAME_MAX];
	int64_t		epoch;		/* highest judged; NUM_UNKNOWN */
	struct addr	master;
	bool		settled;	/* the baseline is complete */
	struct chain	chain;
	uint64_t	round;		/* from 2 on: 0 is long ago */
	unsigned	fallen_rounds, doubt_rounds;
	int64_t		fallen_ms;	/* the first of them */
	struct addr	doubt;		/* named instead of master */
	VEC(struct voice) voices;
	VEC(struct attempt) attempts;	/* oldest first */
	int64_t		down_ms;	/* first +sdown of this outage */
	uint64_t	down_round;	/* last one with a flag that says so */
	struct addr	heard_to;	/* first +switch-master to there */
	int64_t		heard_ms;
	char		run_id[RUN_ID_MAX], run_id_before[RUN_ID_MAX];

	struct failover_stats stats;
	struct failover	history[FAILOVER_HISTORY];
	size_t		n_history;
	uint64_t	count;
	size_t		n_live;		/* newest ones, which news may fill */
	int64_t		last_started_ms, last_sign_ms;	/* of the newest */
	bool		last_answered;	/* was there an answer meanwhile? */
	bool		answered;	/* what timeline_answers said last */
	int64_t		outage_began_ms, outage_closed_ms, outage_last_ms;
	size_t		outage_of;	/* newest ones in the open outage */
};

static inline bool
known(int64_t v)
{
	return v != NUM_UNKNOWN;
}

/* timeline_rule.c.  Judge v's new pair, which came alone or (e not NULL) after
 * its +switch-master; true when a failover was counted. */
bool	rule_pair(struct timeline *, const struct voice *v, bool first_of_voice,
    const struct event *e, struct now);
void	rule_round(struct timeline *, struct now);

/* timeline_chain.c */
void	chain_raise(struct chain *, const struct chain_node *from,
	    const struct chain_node *to, int64_t now_ms);
void	chain_pair(struct chain *, const struct timeline_pair *, int64_t now_ms);
void	chain_switch(struct chain *, const struct event *, int64_t from_epoch,
    int64_t to_epoch, int64_t now_ms);

/* timeline_attempt.c */
void	attempt_try(struct timeline *, const struct voice *, struct now);
void	attempt_reach(struct timeline *, const struct voice *, enum milestone,
	    const struct addr *promoted, struct now);
void	attempt_force(struct timeline *, const char *sentinel);
void	attempt_close(struct timeline *, const char *sentinel,
	    enum attempt_state);
void	attempt_expire(struct timeline *, struct now);
void	attempt_forget_closed(struct timeline *);
/* The one that led to this master, in an epoch within (above, up_to]; NULL if
 * not heard. */
struct attempt *attempt_leading(struct timeline *, int64_t above,
    int64_t up_to, const struct addr *to);

/* timeline_record.c */
void	record_failover(struct timeline *, const struct failover *seed,
	    const struct attempt *, struct now);
void	record_switch(struct timeline *, const struct addr *to, struct now);
void	record_attempt(struct timeline *, const struct attempt *);
struct failover *record_entry(struct timeline *, uint64_t entry);
struct failover *record_find(struct timeline *, int64_t epoch);

#endif
