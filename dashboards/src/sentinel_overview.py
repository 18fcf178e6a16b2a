"""All masters at a glance."""

from dashboards.src.panels import (
    BAD_IF_ANY, BLUE, Column, FAILOVERS, KINDS, MASTERS, PLAIN_YES,
    WARN_IF_ANY, YES_NO, board, each, graph, in_range, jumps, limits, now,
    of_master, override, rate_of, row, series, stat, table, target,
    thresholds, variable)

FIRING = 'ALERTS{alertname=~"(Redis|Celery).+",alertstate="firing"}'
TO_MASTER = ("Open this master", "/d/sentinel-master?${datasource:queryparam}"
             "&${job:queryparam}&${instance:queryparam}&${__url_time_range}"
             "&var-master_name=${__data.fields.Master}")

HEALTH = row(
    "",
    (3, stat("Masters", "Masters that the sentinels watch.",
             now("count(%s)" % of_master(
                 "sentinel_master_known_sentinels")),
             steps=BLUE)),
    (3, stat("Not serving",
             "Masters that do not answer the exporter as a master. "
             "Clients cannot write to them.",
             now("sum(1 - %s)" % of_master("sentinel_master_up")),
             steps=BAD_IF_ANY, alert="RedisSentinelMasterNotServing")),
    (3, stat("Sentinels disagree",
             "Masters for which sentinels name different addresses, or of "
             "which more than one node says that it is the master.",
             now("sum(clamp_max((%s > bool 1) + (%s > bool 1), 1))" % (
                 of_master("sentinel_master_distinct_addresses"),
                 of_master("sentinel_master_reporting_nodes"))),
             steps=BAD_IF_ANY, alert="RedisSentinelSplitBrain")),
    (3, stat("Sentinels down", "Sentinels that do not answer the exporter.",
             now("sum(1 - %s)" % each(series("sentinel_up"), "sentinel")),
             steps=WARN_IF_ANY, alert="RedisSentinelDown")),
    (3, stat("Sentinels to spare",
             "Of the worst master: how many sentinels may still be lost "
             "before a failover is impossible. Below zero it is impossible "
             "now.",
             now("min(%s)" % of_master("sentinel_master_failover_headroom")),
             steps=limits((0, "orange"), (1, "green"), base="red"),
             alert="RedisSentinelQuorumAtRisk")),
    (3, stat("No promotable replica",
             "Masters none of whose replicas could be promoted.",
             now("sum(%s == bool 0)" % of_master(
                 "sentinel_replicas_promotable")),
             steps=BAD_IF_ANY, alert="RedisSentinelNoHealthyReplica")),
    (3, stat("At risk",
             "Of the worst master: what a failover now would lose at most, "
             "the lag of the replica that would be promoted.",
             now("max(%s)" % of_master("sentinel_promotion_data_loss_bytes")),
             "bytes", limits((1e6, "orange"), (10e6, "red")),
             alert="RedisSentinelPromotionDataLoss")),
    (3, stat("Alerts", "Alerts that fire now: those that wake someone, and "
             "those for working hours.",
             [now("count(%s) or vector(0)" % FIRING.replace(
                 "}", ',severity="%s"}' % severity), severity)
              for severity in ("critical", "warning")],
             "none", BAD_IF_ANY, text="value_and_name", overrides=[
                 override("warning", thresholds=thresholds(WARN_IF_ANY))])),
    height=4)

MASTER_TABLE = row(
    "",
    (24, table(
        "Masters",
        "Every master: is it there, do the sentinels agree, could it be "
        "failed over, to whom, at what loss. A click on a name opens it.",
        [Column("Master", label="master_name", link=TO_MASTER, width=150),
         Column("Address", of_master("sentinel_master_info", "address"),
                label="address", width=150),
         Column("Serving", of_master("sentinel_master_up"), words=YES_NO),
         Column("Broker", of_master("sentinel_master_carries_broker"),
                words=PLAIN_YES),
         Column("Agree", of_master("sentinel_master_agreeing_sentinels")),
         Column("Sentinels that may fail", of_master("sentinel_master_failover_headroom"),
                steps=limits((0, "orange"), (1, "green"), base="red")),
         Column("Promotable", of_master("sentinel_replicas_promotable"),
                steps=limits((1, "orange"), (2, "green"), base="red")),
         Column("Next master", of_master("sentinel_replica_next_master",
                                         "replica") + " == 1",
                label="replica", width=150),
         Column("At risk", of_master("sentinel_promotion_data_loss_bytes"),
                unit="bytes", steps=limits((1e6, "orange"), (10e6, "red"))),
         Column("Last failover", "1000 * " + of_master(
             "sentinel_failover_last_timestamp_seconds"),
             unit="dateTimeFromNow"),
         Column("Failovers", "round(sum by (job, namespace, group, "
                "master_name) (%s))" % in_range(
                    "sentinel_failovers_total", "kind", ('kind!="forced"',)),
                unit="none", steps=WARN_IF_ANY),
         Column("No writes for", in_range(
             "sentinel_master_write_outage_seconds_total"),
             unit="s", steps=limits((1, "orange"), (60, "red")))],
        alert="RedisSentinelMasterDown", sort=("Master", False))),
    height=6)

ALERTS = row(
    "",
    (24, table(
        "Alerts",
        "What fires now, and since when its condition holds, those for the "
        "record left out. Each has a section in the runbooks.",
        [Column("Since", "1000 * (ALERTS_FOR_STATE{alertname=~"
                '"(Redis|Celery).+",severity!="info"} '
                "and ignoring (alertstate) %s)" % FIRING,
                unit="dateTimeFromNow", width=150),
         Column("Severity", label="severity", width=100, words={
             "critical": ("critical", "red"),
             "warning": ("warning", "orange")}),
         Column("Alert", label="alertname"),
         Column("Master", label="master_name")],
        hide=("__name__",), sort=("Severity", False))),
    height=7)

HISTORY = row(
    "What happened",
    (8, graph("Failovers",
              "Completed failovers by master. Forced ones were asked for; "
              "automatic ones followed a master that was down.",
              target(jumps("sentinel_failovers_total", "kind") + " > 0",
                     "{{master_name}} {{kind}}"),
              "none", "bars", alert="RedisSentinelFailoverOccurred",
              decimals=0, noValue="No failover", colors=KINDS)),
    (8, graph("No writes",
              "Share of the time in which no agreed master answered as a "
              "master.",
              target(rate_of("sentinel_master_write_outage_seconds_total"),
                     "{{master_name}}"),
              "percentunit", "steps", alert="RedisSentinelMasterNotServing",
              max=1)),
    (8, graph("Sentinels to spare",
              "How many sentinels may still be lost before a failover is "
              "impossible. Below zero it is impossible now.",
              target(of_master("sentinel_master_failover_headroom"),
                     "{{master_name}}"),
              "none", "steps", limits((0, "transparent"), base="red"),
              alert="RedisSentinelQuorumLost", limit=True, min=None,
              decimals=0)),
    (8, graph("At risk",
              "What a failover would have lost at most: the lag of the "
              "replica that would have been promoted.",
              target(of_master("sentinel_promotion_data_loss_bytes"),
                     "{{master_name}}"),
              "bytes", steps=limits((10e6, "red"), base="transparent"),
              alert="RedisSentinelPromotionDataLoss")),
    (8, graph("Oldest acknowledgement",
              "Of the slowest replica of each master: age of its last "
              "acknowledgement. One a second is the rule.",
              target("max by (job, namespace, group, master_name) (%s)"
                     % of_master("sentinel_replica_ack_age_seconds",
                                 "replica"), "{{master_name}}"),
              "s", steps=limits((30, "red"), base="transparent"),
              alert="RedisReplicationLagHigh")),
    (8, graph("Out of reach",
              "Sentinels and data nodes that do not answer the exporter.",
              [target("sum(1 - %s)" % each(series("sentinel_up"),
                                           "sentinel"), "sentinels"),
               target("sum(1 - %s)" % of_master("sentinel_node_up", "node"),
                      "nodes")],
              "none", "steps", alert="RedisNodeDown", decimals=0)))

BOARD = board(
    "sentinel-overview", "Sentinel overview",
    "All masters of all Sentinel deployments at a glance.",
    [HEALTH, MASTER_TABLE, ALERTS, HISTORY],
    [variable("master_name", "Master", MASTERS)], FAILOVERS)
