"""One master: who sees what, who is next, what was lost."""

from dashboards.src.panels import (
    BLUE, Column, FAILOVERS, KINDS, MASTERS, NO_YES, PLAIN_YES,
    WARN_IF_ANY, YES_NO, bars, board, each, graph, in_range, jumps, limits,
    name_stat, now, of_master, rate_of, row, series, stat, table, target,
    variable)


def can_fail_over(by):
    return of_master("sentinel_master_quorum_ok", by) + " * " + of_master(
        "sentinel_master_majority_ok", by)


def per_sentinel(name):
    return of_master("sentinel_master_" + name, "sentinel")


def per_replica(name):
    return of_master("sentinel_replica_" + name, "replica")


def per_node(name):
    return of_master("sentinel_node_" + name, "node")


def attached(name):
    return of_master("sentinel_node_attached_replica_" + name,
                     "node, replica")


HEALTH = row(
    "",
    (2, stat("Serving",
             "Whether the agreed master answers the exporter and says that "
             "it is a master.",
             now(of_master("sentinel_master_up")),
             words=YES_NO, alert="RedisSentinelMasterNotServing")),
    (5, name_stat("Master",
                  "The address that the sentinels agree on: that of the "
                  "highest epoch, which most of them name.",
                  now(of_master("sentinel_master_info", "address"),
                      "{{address}}"), unit="none", steps=BLUE,
                  no_value="unknown", alert="RedisSentinelMasterUnknown")),
    (4, stat("Sentinels that agree",
             "How many sentinels name the agreed master, and how many "
             "sentinels know one another.",
             [now(of_master("sentinel_master_agreeing_sentinels"), "agree"),
              now(of_master("sentinel_master_known_sentinels"), "known")],
             "none", limits((2, "orange"), (3, "green"), base="red"),
             alert="RedisSentinelMasterDisagreement",
             text="value_and_name")),
    (3, stat("May still be lost",
             "How many sentinels may still be lost before a failover is "
             "impossible. Below zero it is impossible now.",
             now(of_master("sentinel_master_failover_headroom")),
             "none", limits((0, "orange"), (1, "green"), base="red"),
             alert="RedisSentinelQuorumAtRisk")),
    (5, name_stat("Next master",
                  "The replica that Sentinel would promote now, by its own "
                  "rule.",
                  now(per_replica("next_master") + " == 1", "{{replica}}"),
                  unit="none", steps=BLUE, no_value="nobody",
                  alert="RedisSentinelNoHealthyReplica")),
    (2, stat("At risk",
             "What a failover now would lose at most: the lag of the "
             "replica that would be promoted.",
             now(of_master("sentinel_promotion_data_loss_bytes")),
             "bytes", limits((1e6, "orange"), (10e6, "red")),
             alert="RedisSentinelPromotionDataLoss")),
    (3, stat("Last failover", "When a failover was last completed.",
             now("1000 * " + of_master(
                 "sentinel_failover_last_timestamp_seconds")),
             "dateTimeFromNow", BLUE, alert="RedisSentinelFailoverOccurred",
             no_value="never")),
    height=4)

WRITES = row(
    "Writes, and what is wrong",
    (4, stat("Accepts writes",
             "Whether a client's write would be accepted now, as far as can "
             "be known without writing.",
             now(of_master("sentinel_master_accepts_writes")),
             words=YES_NO, no_value="unknown",
             alert="RedisSentinelMasterRefusesWrites")),
    (4, name_stat("Refused because",
                  "Why a write would be refused; nothing while it would be "
                  "accepted.",
                  now(of_master("sentinel_master_writes_refused", "reason"),
                      "{{reason}}"), unit="none",
                  steps=limits(base="red"), no_value="-",
                  alert="RedisSentinelMasterRefusesWrites")),
    (4, stat("A failover would take",
             "Detection, election and promotion, as seen here so far.",
             now(of_master("sentinel_failover_expected_seconds")), "s",
             BLUE, no_value="unknown", alert="RedisSentinelFailoverSlow")),
    (3, stat("Known to sentinels",
             "Whether any sentinel monitors a master of this name.",
             now(of_master("sentinel_master_known")), words=YES_NO,
             alert="RedisSentinelMasterNameUnknown")),
    (9, table(
        "Findings",
        "What `sentinel-exporter doctor` finds; it also prints the remedy.",
        [Column("Finding", of_master("sentinel_finding",
                                     "finding, severity"), label="finding"),
         Column("Severity", label="severity", width=100)],
        alert="RedisSentinelConfigDrift", hide=("master_name", "Value"),
        sort=("Severity", False), no_value="none")),
    height=5)

SENTINELS = row(
    "Who sees what",
    (12, table(
        "Sentinels",
        "What each sentinel believes of this master: whom it names, whether "
        "it misses it (sdown), considers it down by quorum (odown), leads a "
        "failover or could lead one. A column in which they differ is worth "
        "a look.",
        [Column("Sentinel", label="sentinel", width=130),
         Column("Names", of_master("sentinel_master_view_info",
                                   "sentinel, address"),
                label="address", width=130),
         Column("Epoch", per_sentinel("config_epoch"), unit="none"),
         Column("sdown", per_sentinel("sdown"), words=NO_YES),
         Column("odown", per_sentinel("odown"), words=NO_YES),
         Column("PING", per_sentinel("last_ok_ping_seconds"), unit="s"),
         Column("Leads", per_sentinel("failover_in_progress"),
                words=PLAIN_YES),
         Column("Could it?", can_fail_over("sentinel"), words=YES_NO,
                width=82),
         Column("Would promote", of_master(
             "sentinel_replica_forced_next_master", "sentinel, replica")
                + " == 1", label="replica", width=130)],
        alert="RedisSentinelMasterDisagreement", hide=("master_name",),
        sort=("Sentinel", False))),
    (12, table(
        "Settings",
        "Whom each sentinel knows, and how it is set up. They ought to be "
        "equal.",
        [Column("Sentinel", label="sentinel", width=130),
         Column("Usable", per_sentinel("usable_sentinels"), unit="none"),
         Column("Known", per_sentinel("known_sentinels"), unit="none"),
         Column("Unknown", of_master("sentinel_peers_unknown", "sentinel"),
                unit="none", steps=limits((1, "orange"), base="text")),
         Column("Quorum", per_sentinel("quorum"), unit="none"),
         Column("Replicas", per_sentinel("known_replicas"), unit="none"),
         Column("Down after", per_sentinel("down_after_seconds"), unit="s",
                width=95),
         Column("Timeout", per_sentinel("failover_timeout_seconds"),
                unit="s"),
         Column("Parallel", per_sentinel("parallel_syncs"), unit="none")],
        alert="RedisSentinelConfigDrift", hide=("master_name",),
        sort=("Sentinel", False))),
    height=6)

REPLICAS = row(
    "Who is next, and what is at risk",
    (24, table(
        "Replicas",
        "Each replica: is it linked, how far is it behind, would it be "
        "promoted.",
        [Column("Replica", label="replica", width=150),
         Column("Next master", per_replica("next_master"), words=PLAIN_YES),
         Column("Promotable", per_replica("promotable"), words=YES_NO),
         Column("Priority", per_replica("priority"), unit="none",
                steps=limits((1, "text"), base="orange")),
         Column("Link", per_replica("link_up"), words={
             0: ("down", "red"), 1: ("up", "green")}),
         Column("Link down for", per_replica("link_down_seconds"), unit="s",
                steps=limits((1, "red"), base="text")),
         Column("Behind", per_replica("lag_bytes"), unit="bytes",
                steps=limits((1e6, "orange"), (10e6, "red"))),
         Column("Acknowledged", per_replica("ack_age_seconds"),
                unit="s", steps=limits((5, "orange"), (30, "red"))),
         Column("Full sync", per_replica("sync_in_progress"),
                words=PLAIN_YES),
         Column("Sync done", per_replica("sync_read_bytes") + " / ("
                + per_replica("sync_total_bytes") + " > 0)",
                unit="percentunit"),
         Column("Follows", per_replica("depth"), words={
             1: ("the master", "text"), 2: ("a replica", "orange")}),
         Column("Another master", per_replica("foreign_master"),
                words=NO_YES),
         Column("Sentinels miss it", per_replica("sdown"), words=NO_YES)],
        alert="RedisSentinelNoHealthyReplica", hide=("master_name",),
        sort=("Replica", False))),
    (8, graph("Behind the master",
              "Bytes of the master's stream that each replica lacks.",
              target(per_replica("lag_bytes"), "{{replica}}"), "bytes",
              steps=limits((10e6, "red"), base="transparent"),
              alert="RedisSentinelPromotionDataLoss")),
    (8, graph("Last acknowledgement",
              "Age of each replica's last acknowledgement. One a second is "
              "the rule; after repl-timeout the master drops the replica.",
              target(per_replica("ack_age_seconds"), "{{replica}}"), "s",
              steps=limits((30, "red"), base="transparent"),
              alert="RedisReplicationLagHigh")),
    (8, graph("Candidates",
              "Replicas that could be promoted; replicas that sentinels "
              "know though they are attached to no one; and replicas that "
              "hide from their lists (replica-announced no).",
              [target(of_master("sentinel_replicas_promotable"),
                      "promotable"),
               target(of_master("sentinel_replicas_ghost"), "ghosts"),
               target(of_master("sentinel_replicas_unannounced"),
                      "unannounced")],
              "none", "steps", alert="RedisSentinelGhostReplicas",
              colors={"promotable": "green", "ghosts": "orange",
                      "unannounced": "blue"},
              decimals=0)),
    height=6)

EVENTS = series("sentinel_events_total")
PHASES = ("detection", "election", "promotion", "reconfiguration")

FAILOVER = row(
    "Failovers",
    (6, bars("Phases of the last failover",
             "How long each phase of the last failover took. Writes fail "
             "until the end of the promotion.",
             now(of_master("sentinel_failover_last_phase_seconds", "phase"),
                 "{{phase}}"), "s", limits((30, "orange"), (60, "red")),
             alert="RedisSentinelFailoverSlow",
             colors=dict(zip(PHASES, ("blue", "purple", "orange",
                                      "green"))))),
    (9, graph("Failovers",
              "Completed failovers by kind, and attempts that were given "
              "up, by reason.",
              [target(jumps("sentinel_failovers_total", "kind") + " > 0",
                      "{{kind}}"),
               target(jumps("sentinel_failover_aborts_total", "reason")
                      + " > 0",
                      "given up: {{reason}}")],
              "none", "bars", alert="RedisSentinelFailoverAborted",
              decimals=0, noValue="No failover", colors=KINDS)),
    (9, graph("No writes",
              "Share of the time in which no agreed master answered as a "
              "master.",
              target(rate_of("sentinel_master_write_outage_seconds_total"),
                     "no master"), "percentunit", "steps",
              alert="RedisSentinelMasterNotServing", max=1,
              colors={"no master": "red"})),
    (4, stat("Mean duration",
             "From the first sentinel that missed the master to the new "
             "master, over the failovers of the chosen time.",
             now(in_range("sentinel_failover_duration_seconds_sum") + " / ("
                 + in_range("sentinel_failover_duration_seconds_count")
                 + " > 0)"),
             "s", limits((30, "orange"), (60, "red")),
             alert="RedisSentinelFailoverSlow", no_value="none")),
    (8, graph("Attempts, reboots, moves",
              "Failovers that were begun; restarts of the master that "
              "sentinels did not take for a failure; changes of its address "
              "without a new epoch.",
              [target(jumps("sentinel_failover_attempts_total") + " > 0",
                      "attempts"),
               target(jumps("sentinel_master_reboots_total") + " > 0",
                      "reboots"),
               target(jumps("sentinel_master_address_changes_total") + " > 0",
                      "address changes")],
              "none", "bars", alert="RedisSentinelMasterRebooted",
              decimals=0, noValue="None of them")),
    (12, graph("Events",
              "What the sentinels published about it, by channel; every "
              "sentinel publishes its own.",
              target("sum by (event) (clamp_min(%s - %s, 0)) > 0" % (
                  each(EVENTS, "sentinel, event"),
                  each(EVENTS + " offset $__interval", "sentinel, event")),
                  "{{event}}"),
              "none", "bars", alert="RedisSentinelEventsLost", decimals=0,
              legend="right", noValue="Nothing happened")),
    height=7)

VIEWS = row(
    "Agreement over time",
    (4, stat("Two masters for",
             "For how long without a break more than one node has said "
             "that it is the master.",
             now("time() - " + of_master(
                 "sentinel_master_split_brain_since_timestamp_seconds",
                 how="min")),
             "s", limits((30, "red"), base="orange"),
             alert="RedisSentinelSplitBrain", no_value="one master")),
    (10, graph("Held for down",
              "How many sentinels miss the master, consider it down by "
              "quorum, and lead a failover.",
              [target("sum(%s)" % per_sentinel("sdown"), "miss it"),
               target("sum(%s)" % per_sentinel("odown"), "by quorum"),
               target("sum(%s)" % per_sentinel("failover_in_progress"),
                      "fail over")],
              "none", "steps", alert="RedisSentinelMasterDown",
              colors={"miss it": "orange", "by quorum": "red",
                      "fail over": "blue"}, decimals=0)),
    (10, graph("Agreement",
              "Sentinels that name the agreed master, different masters "
              "that are named, and nodes that say they are master. One "
              "named and one saying so is right; two are normal for ten "
              "seconds when an old master returns.",
              [target(of_master("sentinel_master_agreeing_sentinels"),
                      "agree"),
               target(of_master("sentinel_master_distinct_addresses"),
                      "masters named"),
               target(of_master("sentinel_master_reporting_nodes"),
                      "nodes that say master")],
              "none", "steps", alert="RedisSentinelSplitBrain",
              colors={"agree": "green", "masters named": "orange",
                      "nodes that say master": "red"}, decimals=0)),
    (6, graph("Quorum",
              "How many sentinels may still be lost before a failover is "
              "impossible, and whether any sentinel could begin one.",
              [target(of_master("sentinel_master_failover_headroom"),
                      "may still be lost"),
               target("max by (job, namespace, group, master_name) (%s)"
                      % can_fail_over("sentinel"), "possible")],
              "none", "steps", alert="RedisSentinelQuorumLost", min=None,
              decimals=0)),
    (6, graph("Epochs",
              "The configuration epoch of each sentinel. It rises with "
              "each attempt, and they should be equal.",
              target(per_sentinel("config_epoch"), "{{sentinel}}"),
              "none", "steps", alert="RedisSentinelMasterDisagreement",
              min=None, decimals=0)),
    (6, graph("Drift",
              "Settings in which reachable sentinels differ.",
              target(of_master("sentinel_master_config_drift", "setting")
                     + " > 0", "{{setting}}"),
              "none", "steps", steps=WARN_IF_ANY,
              alert="RedisSentinelConfigDrift", max=1, decimals=0,
              noValue="They agree in all settings")),
    (6, graph("Answers to PING",
              "For how long each sentinel has not had a good answer from "
              "the master. At down-after it is held for down.",
              [target(per_sentinel("last_ok_ping_seconds"), "{{sentinel}}"),
               target("min by (job, namespace, group, master_name) (%s)"
                      % per_sentinel("down_after_seconds"), "down-after")],
              "s", alert="RedisSentinelMasterSubjectivelyDown",
              colors={"down-after": "red"})),
    height=6)

NODES = row(
    "Data nodes",
    (24, table(
        "Nodes",
        "Master and replicas, as they tell it themselves.",
        [Column("Node", label="node", width=150),
         Column("Up", per_node("up"), words=YES_NO),
         Column("Role", per_node("role_master"), words={
             0: ("replica", "text"), 1: ("master", "blue")}),
         Column("Version", of_master("sentinel_node_info", "node, version"),
                label="version"),
         Column("Started", "1000 * " + per_node("start_time_seconds"),
                unit="dateTimeFromNow"),
         Column("Loading", per_node("loading"), words=NO_YES),
         Column("Clients", per_node("connected_clients"), unit="none"),
         Column("Memory", per_node("memory_used_bytes"), unit="bytes"),
         Column("Limit", per_node("memory_max_bytes") + " > 0",
                unit="bytes"),
         Column("Policy", of_master("sentinel_node_maxmemory_policy_info",
                                    "node, policy"), label="policy"),
         Column("Persistence", "min by (job, namespace, group, master_name, "
                "node) (%s)" % of_master("sentinel_node_persistence_ok",
                                         "node, kind"),
                words={0: ("fails", "red"), 1: ("works", "green")}),
         Column("Good replicas", per_node("good_replicas"), unit="none",
                steps=limits((1, "text"), base="red")),
         Column("Would be lost", per_node("diverged_bytes"), unit="bytes",
                steps=limits((1, "red"), base="text"))],
        alert="RedisNodeDown", hide=("master_name",),
        sort=("Node", False))),
    (12, table(
        "Attached replicas",
        "What each node says of the replicas that are attached to it, those "
        "included that sentinels do not list.",
        [Column("Node", label="node", width=150),
         Column("Replica", label="replica", width=150),
         Column("Stream", attached("online"), words={
             0: ("not yet", "orange"), 1: ("live", "green")}),
         Column("Not acknowledged", attached("ack_lag_bytes"), unit="bytes"),
         Column("Acknowledged", attached("ack_age_seconds"), unit="s",
                steps=limits((5, "orange"), (30, "red"), base="text"))],
        alert="RedisReplicationLagHigh", hide=("master_name",),
        sort=("Replica", False))),
    (12, graph("Refused writes",
               "Writes that nodes refused, a second: out of memory, unable "
               "to persist (misconf), too few replicas, or sent to a "
               "replica (readonly).",
               target(rate_of("sentinel_node_refused_writes_total",
                              "node, reason") + " > 0",
                      "{{node}} {{reason}}"), "ops",
               alert="RedisRefusesWrites",
               noValue="No write was refused")),
    (8, graph("Memory",
              "Memory in use, as a share of the limit where there is one.",
              target(per_node("memory_used_bytes") + " / ("
                     + per_node("memory_max_bytes") + " > 0)", "{{node}}"),
              "percentunit", steps=limits((0.9, "red"), base="transparent"),
              alert="RedisBrokerMemoryNearLimit", limit=True, max=1,
              noValue="No node has a limit")),
    (8, graph("Clients", "Connected clients of each node.",
              target(per_node("connected_clients"), "{{node}}"), "none",
              alert="RedisNodeRejectsConnections")),
    (8, graph("Evictions and refusals",
              "Keys thrown away for lack of memory, and clients refused for "
              "lack of connections, a second.",
              [target(rate_of("sentinel_node_evicted_keys_total", "node"),
                      "{{node}} evicts"),
               target(rate_of("sentinel_node_rejected_connections_total",
                              "node"), "{{node}} refuses")],
              "ops", alert="RedisBrokerEvictsKeys")),
    height=6)

BOARD = board(
    "sentinel-master", "Sentinel master",
    "One master: agreement, quorum, who is next, what is at risk, and how "
    "its failovers went.",
    [HEALTH, WRITES, SENTINELS, REPLICAS, FAILOVER, VIEWS, NODES],
    [variable("master_name", "Master", MASTERS, many=False)], FAILOVERS)
