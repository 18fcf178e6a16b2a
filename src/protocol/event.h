/*
 * event - one message that a sentinel published.  Pure.
 *
 * Channel = kind.  Payload grammar: redis sentinel.c sentinelEvent():
 * "<type> <name> <ip> <port>[ @ <master> <mip> <mport>][ suffix]", and the few
 * channels with a grammar of their own.  No message carries a time or (but for
 * +new-epoch and +vote-for-leader) an epoch.
 */
#ifndef PROTOCOL_EVENT_H
#define PROTOCOL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "protocol/info.h"
#include "protocol/instance.h"

/* X(kind, channel), in the order of domain events: down, election, promotion,
 * reconfiguration, switch, topology, the rest. */
#define EVENT_KINDS(X)                                                        \
	X(SDOWN, "+sdown") X(SDOWN_CLEARED, "-sdown")                         \
	X(ODOWN, "+odown") X(ODOWN_CLEARED, "-odown")                         \
	X(NEW_EPOCH, "+new-epoch") X(TRY_FAILOVER, "+try-failover")           \
	X(VOTE_FOR_LEADER, "+vote-for-leader")                                \
	X(ELECTED_LEADER, "+elected-leader")                                  \
	X(STATE_SELECT_SLAVE, "+failover-state-select-slave")                 \
	X(SELECTED_SLAVE, "+selected-slave")                                  \
	X(STATE_SEND_SLAVEOF_NOONE, "+failover-state-send-slaveof-noone")     \
	X(STATE_WAIT_PROMOTION, "+failover-state-wait-promotion")             \
	X(PROMOTED_SLAVE, "+promoted-slave")                                  \
	X(STATE_RECONF_SLAVES, "+failover-state-reconf-slaves")               \
	X(SLAVE_RECONF_SENT, "+slave-reconf-sent")                            \
	X(SLAVE_RECONF_INPROG, "+slave-reconf-inprog")                        \
	X(SLAVE_RECONF_DONE, "+slave-reconf-done")                            \
	X(SLAVE_RECONF_SENT_TIMEOUT, "-slave-reconf-sent-timeout")            \
	X(SLAVE_RECONF_SENT_BE, "+slave-reconf-sent-be")                      \
	X(FAILOVER_END_FOR_TIMEOUT, "+failover-end-for-timeout")              \
	X(FAILOVER_END, "+failover-end")                                      \
	X(ABORT_NOT_ELECTED, "-failover-abort-not-elected")                   \
	X(ABORT_NO_GOOD_SLAVE, "-failover-abort-no-good-slave")               \
	X(ABORT_SLAVE_TIMEOUT, "-failover-abort-slave-timeout")               \
	X(CONFIG_UPDATE_FROM, "+config-update-from")                          \
	X(SWITCH_MASTER, "+switch-master") X(SLAVE, "+slave")                 \
	X(ROLE_CHANGE, "+role-change") X(ROLE_CHANGE_WRONG, "-role-change")   \
	X(CONVERT_TO_SLAVE, "+convert-to-slave")                              \
	X(FIX_SLAVE_CONFIG, "+fix-slave-config") X(REBOOT, "+reboot")         \
	X(SENTINEL, "+sentinel")                                              \
	X(SENTINEL_ADDRESS_SWITCH, "+sentinel-address-switch")                \
	X(SENTINEL_ADDRESS_UPDATE, "+sentinel-address-update")                \
	X(SENTINEL_INVALID_ADDR, "+sentinel-invalid-addr")                    \
	X(RESET_MASTER, "+reset-master") X(MONITOR, "+monitor")               \
	X(MONITOR_REMOVED, "-monitor") X(SET, "+set")                         \
	X(TILT, "+tilt") X(TILT_CLEARED, "-tilt")                             \
	X(SCRIPT_ERROR, "-script-error") X(SCRIPT_TIMEOUT, "-script-timeout")

enum event_kind {
#define EVENT_ENUM(kind, channel) EVENT_##kind,
	EVENT_KINDS(EVENT_ENUM)
#undef EVENT_ENUM
	EVENT_OTHER,		/* a channel we do not know */
	EVENT_KIND_COUNT,
};

struct event {
	enum event_kind	kind;
	char		master_name[MASTER_NAME_MAX];	/* "" when none */
	enum role	type;	/* the instance it speaks of; UNKNOWN = none */
	struct addr	addr;	/* that instance; +switch-master: the new master */
	struct addr	master;	/* the master then; +switch-master: the old one */
	int64_t		epoch;	/* +new-epoch, +vote-for-leader; else unknown */
	char		id[RUN_ID_MAX];	/* sentinel or voted-for id; "" = none */
};

/* Channel name ("+sdown") of a kind; "other" for EVENT_OTHER. */
const char *event_channel(enum event_kind);

/* False when the payload does not follow the channel's grammar; kind is then
 * still right. */
bool	event_parse(struct event *, const char *channel, size_t channel_len,
	    const char *payload, size_t payload_len);

#endif
