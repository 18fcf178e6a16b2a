"""Recording and alerting rules: the one source of both rule files.

How the expressions are built:

* A pair of exporters alerts once: everything that is told of the deployment
  is joined by `max without (instance, pod)`, so what one of them reaches is
  up, and what one of them has counted has happened. Only alerts about an
  exporter itself keep its instance.
* What sentinels say one by one is joined `without (sentinel)` as well.
* No label is named that a deployment may lack: `group`, `namespace` and the
  like ride along, and one alert is raised for each.
* Windows span at least four scrapes at an interval of one minute.
* A planned restart, one pod after another, raises nothing above info: forced
  failovers count for nothing but the record, and every `for` is longer than
  such a step takes.
"""

from dataclasses import dataclass

# The scrape job: any name that has both words in it.
JOB = 'job=~".*sentinel.*exporter.*"'


@dataclass(frozen=True)
class Record:
    name: str
    expr: str


@dataclass(frozen=True)
class Alert:
    name: str
    severity: str           # critical: wakes someone; warning: this week
    wait: str               # "for"; "" = at once
    expr: str
    summary: str            # one sentence that is always the same
    description: str        # what is seen, with labels and value
    keep: str = ""          # "keep_firing_for"


@dataclass(frozen=True)
class Group:
    name: str
    rules: tuple


def joined(metric, how="max", also=""):
    """A metric over a pair of exporters, and over further labels."""
    return "%s without (instance, pod%s) (%s)" % (
        how, ", " + also if also else "", metric)


RECORDS = Group("sentinel-exporter.records", (
    Record("job_master_name_sentinel:sentinel_master_can_fail_over:max",
           joined("sentinel_master_quorum_ok * sentinel_master_majority_ok")),
    Record("job_master_name_node:sentinel_node_memory_used:ratio",
           joined("sentinel_node_memory_used_bytes\n  / (sentinel_node_"
                  "memory_max_bytes > 0)")),
    # Which masters carry a broker: an eviction means lost tasks there, and
    # nothing at all on a cache. The hour bridges failovers.
    Record("job_master_name:sentinel_master_carries_broker:max1h",
           joined("max_over_time(sentinel_master_carries_broker[1h])")
           + " == 1"),
    # CLIENT LIST knows exactly; pidbox bindings only bound it from above.
    Record("job_master_name_db:sentinel_celery_db_readers:max",
           joined('sentinel_celery_db_readers{source="clients"}',
                  also="source")
           + "\nor\n"
           + joined('sentinel_celery_db_readers{source="pidbox"}',
                    also="source")),
    # The exporter that runs longer has seen the head for longer.
    Record("job_master_name_db_queue:sentinel_celery_queue_head_age_seconds"
           ":max",
           "time()\n- " + joined(
               "sentinel_celery_queue_head_seen_timestamp_seconds", "min")),
))

EXPORTER = Group("sentinel-exporter.exporter", (
    Alert("RedisSentinelExporterDown", "warning", "5m",
          "up{%s} == 0" % JOB,
          "An exporter cannot be scraped.",
          "Prometheus cannot scrape {{ $labels.instance }}. Unless a second "
          "exporter runs, nobody watches its Sentinel deployments."),
    Alert("RedisSentinelExporterStale", "warning", "2m",
          "time() - sentinel_exporter_last_poll_timestamp_seconds > 120",
          "An exporter answers, but has stopped polling.",
          "The last poll round of {{ $labels.instance }} ended "
          "{{ $value | humanizeDuration }} ago. It shows no figures any "
          "more, so no other alert can be raised by it."),
    Alert("RedisSentinelExporterAbsent", "critical", "10m",
          "absent(sentinel_exporter_last_poll_timestamp_seconds "
          "> time() - 120)",
          "Nobody watches Sentinel.",
          "No exporter has delivered a fresh poll round for 10 minutes: none "
          "is discovered, none can be scraped, or all have stopped polling. "
          "Every other alert about Sentinel and Celery is blind."),
    Alert("RedisSentinelExporterAccessDenied", "warning", "10m",
          joined("increase(sentinel_exporter_source_errors_total{\n"
                 '    reason=~"auth|noperm|tls"}[5m])') + " > 0",
          "An exporter is refused by a sentinel or node.",
          "{{ $labels.source }} refuses the exporter (reason "
          "{{ $labels.reason }}). The figures that need this access are "
          "absent, and so are the alerts that need the figures."),
    Alert("RedisSentinelExporterCollectorFailing", "warning", "15m",
          joined("increase(sentinel_exporter_source_errors_total{\n"
                 '    reason!~"auth|noperm|tls"}[5m])') + " > 0\n"
          "unless on (job, group, namespace, source) label_replace(\n"
          "  sentinel_up == 0, \"source\", \"$1\", \"sentinel\", \"(.*)\")\n"
          "unless on (job, group, namespace, source) label_replace(\n"
          "  sentinel_node_up == 0, \"source\", \"$1\", \"node\", \"(.*)\")",
          "A sentinel or node answers only some of the polls.",
          "{{ $labels.source }} is up, yet for 15 minutes some questions to "
          "it have failed (reason {{ $labels.reason }}). Its figures have "
          "gaps."),
    Alert("RedisSentinelExporterScrapeSlow", "warning", "10m",
          "scrape_duration_seconds{%s} > 1" % JOB,
          "An exporter takes long to answer a scrape.",
          "A scrape of {{ $labels.instance }} takes {{ $value | "
          "humanizeDuration }}. It prints a snapshot and waits for nobody, "
          "so its machine or the network is short of something."),
))

SENTINELS = Group("sentinel-exporter.sentinels", (
    Alert("RedisSentinelDown", "warning", "2m",
          joined("sentinel_up") + " == 0",
          "A sentinel does not answer.",
          "Sentinel {{ $labels.sentinel }} has not answered for 2 minutes."),
    Alert("RedisSentinelAllDown", "critical", "1m",
          joined("sentinel_up", also="sentinel") + " == 0",
          "No sentinel answers: clients cannot find their master.",
          "Not one sentinel answers the exporter. Clients that reconnect do "
          "not find a master, and nobody would fail it over."),
    Alert("RedisSentinelEventsLost", "warning", "5m",
          joined("sentinel_subscription_up") + " == 0\nand\n"
          + joined("sentinel_up") + " == 1",
          "A sentinel answers, but its event stream is not live.",
          "The exporter polls {{ $labels.sentinel }}, but is not subscribed "
          "to its events: failovers are counted, their phases are not "
          "timed."),
    Alert("RedisSentinelTilt", "warning", "1m",
          joined("sentinel_tilt") + " == 1",
          "A sentinel has suspended itself.",
          "Sentinel {{ $labels.sentinel }} is in TILT: its clock jumped or "
          "it was stopped. Until 30 seconds have passed without another "
          "jump it takes no part in any decision."),
    Alert("RedisSentinelQuorumLost", "critical", "1m",
          joined("job_master_name_sentinel:sentinel_master_can_fail_over:max",
                 also="sentinel") + " == 0",
          "No failover is possible.",
          "No sentinel of {{ $labels.master_name }} finds both a quorum and "
          "a majority. If the master fails now, nobody replaces it.",
          keep="2m"),
    Alert("RedisSentinelIsolated", "warning", "5m",
          "job_master_name_sentinel:sentinel_master_can_fail_over:max == 0\n"
          "and ignoring (sentinel)\n"
          + joined("job_master_name_sentinel:sentinel_master_can_fail_over"
                   ":max", also="sentinel") + " == 1",
          "A sentinel is cut off from its peers.",
          "Sentinel {{ $labels.sentinel }} could not fail over "
          "{{ $labels.master_name }}, while others could: it does not see "
          "enough of them."),
    Alert("RedisSentinelPeersUnknown", "warning", "5m",
          joined("sentinel_peers_unknown") + " > 0",
          "A sentinel does not know all of its peers.",
          "Sentinel {{ $labels.sentinel }} does not know {{ $value }} of the "
          "sentinels that watch {{ $labels.master_name }}: it asks them "
          "for no vote, and counts too small a majority."),
    Alert("RedisSentinelQuorumAtRisk", "warning", "5m",
          joined("sentinel_master_failover_headroom") + " == 0",
          "One more sentinel lost, and no failover is possible.",
          "{{ $labels.master_name }} has exactly as many sentinels as a "
          "failover needs."),
    Alert("RedisSentinelTooFewSentinels", "warning", "10m",
          joined("sentinel_master_known_sentinels", also="sentinel") + " < 3",
          "A master has fewer than three sentinels.",
          "{{ $labels.master_name }} is watched by {{ $value }} sentinels. "
          "With fewer than three, no failover survives the loss of one."),
    Alert("RedisSentinelConfigDrift", "warning", "15m",
          joined("sentinel_master_config_drift") + " == 1",
          "Sentinels differ in what they know or how they are set up.",
          "The sentinels of {{ $labels.master_name }} differ in "
          "{{ $labels.setting }}: what happens at a failover depends on "
          "which of them leads it."),
))

MASTERS = Group("sentinel-exporter.masters", (
    Alert("RedisSentinelMasterDown", "critical", "30s",
          joined("sentinel_master_odown", also="sentinel") + " == 1",
          "A quorum of sentinels considers the master down.",
          "{{ $labels.master_name }} is objectively down and no failover "
          "has replaced it yet."),
    Alert("RedisSentinelMasterSubjectivelyDown", "warning", "1m",
          joined("sentinel_master_sdown", also="sentinel") + " == 1",
          "At least one sentinel cannot reach the master.",
          "At least one sentinel considers {{ $labels.master_name }} down. "
          "If no other agrees, its network is cut; if too few are left to "
          "agree, no failover follows."),
    Alert("RedisSentinelMasterNotServing", "critical", "1m",
          joined("sentinel_master_up") + " == 0",
          "The agreed master does not answer as a master.",
          "What the sentinels name as the master of "
          "{{ $labels.master_name }} does not answer the exporter, or says "
          "that it is a replica. Clients cannot write."),
    Alert("RedisSentinelMasterRefusesWrites", "critical", "1m",
          joined("sentinel_master_accepts_writes") + " == 0\nand\n"
          + joined("sentinel_master_up") + " == 1",
          "The master answers, but refuses writes.",
          "The master of {{ $labels.master_name }} answers as a master and "
          "would refuse a write now. The label \"reason\" of "
          "sentinel_master_writes_refused says why."),
    Alert("RedisSentinelMasterNameUnknown", "warning", "5m",
          joined("sentinel_master_known") + " == 0",
          "No sentinel knows a configured master name.",
          "The exporter is configured to watch {{ $labels.master_name }}, "
          "and no sentinel that answers monitors a master of that name. Its "
          "log names those that they do monitor."),
    Alert("RedisSentinelMasterUnknown", "critical", "2m",
          "count without (sentinel, address) ("
          + joined("sentinel_master_view_info") + ")\nunless\n"
          + joined("sentinel_master_up"),
          "Sentinels answer, but none can tell who is master.",
          "{{ $value }} sentinels monitor {{ $labels.master_name }}, but its "
          "master is unknown: all of them are in TILT, or the node that "
          "they name was never reached."),
    Alert("RedisSentinelMasterDisagreement", "critical", "2m",
          joined("sentinel_master_distinct_addresses") + " > 1",
          "Sentinels name different masters.",
          "The sentinels of {{ $labels.master_name }} name {{ $value }} "
          "different masters: clients write to more than one, or to a dead "
          "one."),
    Alert("RedisSentinelSplitBrain", "critical", "1m",
          joined("sentinel_master_reporting_nodes") + " > 1",
          "More than one node says that it is the master.",
          "{{ $value }} nodes of {{ $labels.master_name }} say role:master. "
          "What is written to all but one of them will be lost."),
    Alert("RedisSentinelFailoverOccurred", "info", "",
          joined("increase(sentinel_failovers_total[10m])") + " > 0",
          "A failover was completed.",
          "{{ $labels.master_name }} got a new master within the last 10 "
          "minutes (kind: {{ $labels.kind }})."),
    Alert("RedisSentinelFailoverFlapping", "warning", "",
          "sum without (kind) (" + joined(
              '\n  increase(sentinel_failovers_total{kind!="forced"}[1h])')
          + ") >= 3",
          "The master is failed over again and again.",
          "{{ $labels.master_name }} was failed over "
          "{{ printf \"%.0f\" $value }} times within an hour, not counting "
          "forced failovers."),
    Alert("RedisSentinelFailoverStuck", "critical", "5m",
          joined("sentinel_master_failover_in_progress", also="sentinel")
          + " == 1",
          "A failover does not end.",
          "A failover of {{ $labels.master_name }} has been in progress for "
          "more than 5 minutes."),
    Alert("RedisSentinelFailoverAborted", "warning", "",
          joined("increase(sentinel_failover_aborts_total[10m])") + " > 0\n"
          # An attempt forced by hand may be refused without any harm.
          "and ignoring (reason)\n"
          + joined("max_over_time(sentinel_master_odown[10m])",
                   also="sentinel") + " == 1",
          "A failover of a master that is down was given up.",
          "A sentinel began to fail over {{ $labels.master_name }} and gave "
          "up: {{ $labels.reason }}. It tries again after twice its "
          "failover-timeout."),
    Alert("RedisSentinelFailoverSlow", "warning", "",
          joined("increase(sentinel_failover_duration_seconds_sum[10m])\n"
                 "  / (increase(sentinel_failover_duration_seconds_count"
                 "[10m]) > 0)") + "\n- "
          + joined("sentinel_master_down_after_seconds", also="sentinel")
          + "\n> 30",
          "A failover took much longer than the detection needs.",
          "Beyond the set down-after time, the failover of "
          "{{ $labels.master_name }} took {{ $value | humanizeDuration }}."),
    Alert("RedisSentinelMasterRebooted", "warning", "",
          joined("increase(sentinel_master_reboots_total[10m])") + " > 0",
          "The master came back as a new process without a failover.",
          "The master of {{ $labels.master_name }} was restarted faster "
          "than the sentinels noticed. Without persistence it came back "
          "empty, and its replicas have emptied themselves after it."),
    Alert("RedisSentinelMasterAddressChanged", "info", "",
          joined("increase(sentinel_master_address_changes_total[10m])")
          + " > 0",
          "The master's address changed without a failover.",
          "The sentinels of {{ $labels.master_name }} were pointed to "
          "another address by hand (SENTINEL MONITOR), or lost their "
          "configuration."),
))

REPLICAS = Group("sentinel-exporter.replicas", (
    Alert("RedisSentinelNoHealthyReplica", "critical", "3m",
          joined("sentinel_replicas_promotable") + " == 0",
          "No replica could be promoted.",
          "If the master of {{ $labels.master_name }} fails now, there is "
          "nothing to replace it with."),
    Alert("RedisSentinelReplicaLinkDown", "warning", "5m",
          joined("sentinel_replica_link_up") + " == 0",
          "A replica is cut off from its master.",
          "Replica {{ $labels.replica }} of {{ $labels.master_name }} has "
          "had no link to its master for 5 minutes. It falls behind, and "
          "soon cannot be promoted any more."),
    Alert("RedisSentinelReplicaFollowsWrongMaster", "warning", "5m",
          joined("sentinel_replica_foreign_master") + " == 1",
          "A replica follows another master.",
          "Replica {{ $labels.replica }} of {{ $labels.master_name }} "
          "follows someone from whom no chain leads to the agreed master: "
          "it has other data, and is lost as a replacement."),
    Alert("RedisSentinelGhostReplicas", "warning", "1h",
          joined("sentinel_replicas_ghost") + " > 0",
          "Sentinels list replicas that no longer exist.",
          "The sentinels of {{ $labels.master_name }} know {{ $value }} "
          "replicas that follow no master."),
    Alert("RedisSentinelPromotionDataLoss", "warning", "5m",
          joined("sentinel_promotion_data_loss_bytes") + " > 10e6",
          "A failover now would lose writes.",
          "The replica that would be promoted in {{ $labels.master_name }} "
          "lacks {{ $value | humanize1024 }}B of what the master has "
          "written."),
    Alert("RedisReplicationLagHigh", "warning", "5m",
          joined("sentinel_replica_ack_age_seconds") + " > 30",
          "A replica acknowledges nothing.",
          "Replica {{ $labels.replica }} of {{ $labels.master_name }} last "
          "acknowledged what it has received {{ $value | humanizeDuration }} "
          "ago; it normally does so once a second."),
    Alert("RedisReplicaSyncStuck", "warning", "15m",
          joined("sentinel_replica_sync_in_progress") + " == 1",
          "A replica's full synchronization does not end.",
          "Replica {{ $labels.replica }} of {{ $labels.master_name }} has "
          "been copying all of the master's data for 15 minutes, or starts "
          "over again and again."),
))

NODES = Group("sentinel-exporter.nodes", (
    Alert("RedisNodeDown", "warning", "5m",
          joined("sentinel_node_up") + " == 0",
          "A data node does not answer.",
          "Node {{ $labels.node }} of {{ $labels.master_name }} has not "
          "answered the exporter for 5 minutes."),
    Alert("RedisNodeRejectsConnections", "warning", "",
          joined("increase(sentinel_node_rejected_connections_total[5m])")
          + " > 0",
          "A node refuses clients: maxclients is reached.",
          "Node {{ $labels.node }} of {{ $labels.master_name }} refused "
          "{{ printf \"%.0f\" $value }} connections within 5 minutes."),
    Alert("RedisRefusesWrites", "critical", "1m",
          joined("increase(sentinel_node_refused_writes_total{\n"
                 '    reason!="readonly"}[5m])') + " > 0",
          "A node refuses writes.",
          "Node {{ $labels.node }} of {{ $labels.master_name }} refused "
          "{{ printf \"%.0f\" $value }} writes within 5 minutes (reason "
          "{{ $labels.reason }}). Publishing tasks fails."),
    Alert("RedisTooFewReplicasForWrites", "critical", "1m",
          joined("sentinel_node_good_replicas") + " == 0\nand\n"
          + joined("sentinel_node_role_master") + " == 1",
          "The master refuses every write: min-replicas-to-write.",
          "Master {{ $labels.node }} of {{ $labels.master_name }} is set "
          "up to write only with replicas that keep up, and none does."),
    Alert("RedisPersistenceFailing", "warning", "5m",
          joined("sentinel_node_persistence_ok") + " == 0",
          "A node cannot write its data to disk.",
          "The last {{ $labels.kind }} write of node {{ $labels.node }} of "
          "{{ $labels.master_name }} failed. A master with "
          "stop-writes-on-bgsave-error refuses all writes until one goes "
          "well."),
    Alert("RedisBrokerMemoryNearLimit", "warning", "10m",
          "job_master_name_node:sentinel_node_memory_used:ratio > 0.9",
          "A node is near its memory limit.",
          "Node {{ $labels.node }} of {{ $labels.master_name }} uses "
          "{{ $value | humanizePercentage }} of its maxmemory. At the "
          "limit it evicts keys or refuses writes, as its policy says."),
    Alert("RedisBrokerEvictsKeys", "critical", "",
          joined("increase(sentinel_node_evicted_keys_total[15m])")
          + " > 0\nand ignoring (node)\n"
          "job_master_name:sentinel_master_carries_broker:max1h",
          "A broker evicts keys: tasks may be lost.",
          "Node {{ $labels.node }} of {{ $labels.master_name }} evicted "
          "{{ printf \"%.0f\" $value }} keys within 15 minutes, and "
          "carries Celery queues. Whole queues and bindings may be among "
          "them."),
    Alert("RedisBrokerMayEvictKeys", "warning", "15m",
          joined("sentinel_node_maxmemory_policy_info{"
                 'policy!="noeviction"}')
          + "\nand ignoring (policy)\n"
          + joined("sentinel_node_memory_max_bytes") + " > 0\n"
          "and ignoring (policy, node)\n"
          "job_master_name:sentinel_master_carries_broker:max1h",
          "A broker may evict keys when memory runs short.",
          "Node {{ $labels.node }} of {{ $labels.master_name }} carries "
          "Celery queues, has a memory limit and the policy "
          "{{ $labels.policy }}."),
))

CELERY = Group("sentinel-exporter.celery", (
    Alert("CeleryQueueNotDraining", "critical", "5m",
          "job_master_name_db_queue:sentinel_celery_queue_head_age_seconds"
          ":max > 900",
          "The next message of a queue has been waiting for too long.",
          "The message next out of {{ $labels.queue }} (DB "
          "{{ $labels.db }}, {{ $labels.master_name }}) has been next out "
          "for {{ $value | humanizeDuration }}."),
    Alert("CeleryQueueStuck", "warning", "10m",
          # A series that has just begun has not changed either: what it was
          # 15 minutes ago must be known.
          joined("min_over_time(sentinel_celery_queue_length[15m])")
          + " > 0\nand\n"
          + joined("changes(sentinel_celery_queue_length[15m])")
          + " == 0\nand\n"
          + joined("sentinel_celery_queue_length offset 15m") + " > 0",
          "A queue that is not empty does not change.",
          "{{ $labels.queue }} (DB {{ $labels.db }}, "
          "{{ $labels.master_name }}) has held {{ $value }} messages for "
          "more than 15 minutes; none was added and none was taken."),
    Alert("CeleryQueueBacklogHigh", "warning", "15m",
          joined("sentinel_celery_queue_length") + " > 1000\nand\n"
          + joined("deriv(sentinel_celery_queue_length[15m])") + " > 0",
          "A queue is long and growing.",
          "{{ $labels.queue }} (DB {{ $labels.db }}, "
          "{{ $labels.master_name }}) holds {{ $value }} messages, and "
          "more come than go."),
    Alert("CeleryQueueDisappeared", "warning", "15m",
          joined("sentinel_celery_queue_length offset 1h")
          + "\nunless\n" + joined("sentinel_celery_queue_length"),
          "A queue has disappeared.",
          "{{ $labels.queue }} (DB {{ $labels.db }}, "
          "{{ $labels.master_name }}) was there an hour ago and is not "
          "there now."),
    Alert("CeleryQueuesLeftOut", "warning", "15m",
          joined("sentinel_exporter_celery_queues_left_out") + " > 0",
          "There are more queues than the exporter shows.",
          "{{ $value }} queues in DB {{ $labels.db }} of "
          "{{ $labels.master_name }} are beyond --celery.max-queues: "
          "nothing is known of them."),
    Alert("CeleryQueueUnbound", "warning", "10m",
          joined("sentinel_celery_queue_bound") + " == 0",
          "A queue has no binding: messages to it are dropped silently.",
          "{{ $labels.queue }} has no binding in DB {{ $labels.db }} of "
          "{{ $labels.master_name }}. What is published to it there "
          "vanishes without an error."),
    # Sooner than CeleryQueueHasNoConsumers, which it mutes.
    Alert("CeleryTasksStranded", "critical", "3m",
          joined("sentinel_celery_stranded") + " > 0",
          "Tasks wait in a database that no worker reads.",
          "Messages wait in {{ $labels.queue }} in DB {{ $labels.db }} of "
          "{{ $labels.master_name }}, and the workers read another DB."),
    Alert("CeleryQueueHasNoConsumers", "critical", "5m",
          joined("sentinel_celery_queue_length") + " > 0\n"
          "and ignoring (queue)\n"
          "job_master_name_db:sentinel_celery_db_readers:max == 0",
          "Messages wait and no worker reads their database.",
          "{{ $value }} messages wait in {{ $labels.queue }} (DB "
          "{{ $labels.db }}, {{ $labels.master_name }}), and nobody reads "
          "in that DB."),
    Alert("CeleryNoWorkers", "critical", "5m",
          joined("sentinel_celery_workers") + " == 0",
          "No Celery worker is alive.",
          "No worker's heartbeat has been heard on "
          "{{ $labels.master_name }}."),
    Alert("CeleryWorkersMissing", "warning", "10m",
          joined("sentinel_celery_workers") + "\n< 0.5 * "
          + joined("max_over_time(sentinel_celery_workers[1d] "
                   "offset 10m)"),
          "Less than half of yesterday's workers are left.",
          "{{ $value }} workers are heard on {{ $labels.master_name }}, "
          "less than half of the most within the last day."),
    Alert("CeleryUnackedMessagesStuck", "warning", "10m",
          joined("sentinel_celery_unacked_overdue") + " > 0",
          "Delivered messages are past their visibility timeout.",
          "{{ $value }} messages in DB {{ $labels.db }} of "
          "{{ $labels.master_name }} were taken by a worker longer ago "
          "than the visibility timeout and are neither acknowledged nor "
          "back in their queue."),
    Alert("CeleryUnackedLeftBehind", "warning", "15m",
          joined("sentinel_celery_unacked_stranded") + " > 0",
          "Delivered messages are left in a database nobody reads.",
          "Messages in DB {{ $labels.db }} of {{ $labels.master_name }} "
          "were delivered and not acknowledged, and no worker reads there "
          "who could put them back, while workers live elsewhere."),
    Alert("CeleryBrokerUrlConflict", "warning", "5m",
          joined("sentinel_celery_broker_url_conflict") + " == 1",
          "The broker URLs name different databases.",
          "The URLs of the Celery broker of {{ $labels.master_name }} "
          "name different DBs: after a failover, workers and producers "
          "meet in different ones."),
    Alert("CeleryQueueInSeveralDatabases", "info", "15m",
          joined("sentinel_celery_queue_dbs") + " > 1",
          "A queue is bound in more than one database.",
          "{{ $labels.queue }} is bound in {{ $value }} DBs of "
          "{{ $labels.master_name }}. Bindings outlive their use, so this "
          "is a hint and no proof."),
    Alert("CeleryBrokerSharesDatabase", "warning", "1h",
          joined("sentinel_celery_db_shared") + " == 1",
          "The broker shares its database with foreign keys.",
          "DB {{ $labels.db }} of {{ $labels.master_name }} holds Celery "
          "queues and a growing number of other keys. A cache that is "
          "flushed there takes the queues with it."),
))

GROUPS = (RECORDS, EXPORTER, SENTINELS, MASTERS, REPLICAS, NODES, CELERY)


def alerts():
    """Every alert, in order."""
    return [rule for group in GROUPS for rule in group.rules
            if isinstance(rule, Alert)]
