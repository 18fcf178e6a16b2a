"""Cases of the alerts about exporters, sentinels, masters, replicas, nodes.

(alert, labels, series that make it fire, onset, resolved, series just below)
"""

M = 'master_name="m"'
S = 'master_name="m",sentinel="s1:1"'
S2 = 'master_name="m",sentinel="s2:1"'
N = 'master_name="m",node="n1:1"'
R = 'master_name="m",replica="r1:1"'


def case(alert, labels, metric, good, bad, edge, wait):
    """A plain condition on one gauge: bad fires if it lasts for `wait`
    minutes, edge never does."""
    series = "%s{%s} " % (metric, labels)
    return (alert, labels,
            series + "%s*5 %s*%d %s*5" % (good, bad, wait + 3, good),
            5, wait + 9,
            series + "%s*5 %s*%d %s*5 %s*%d" % (
                good, bad, wait, good, edge, wait + 5))


ERRORS = "sentinel_exporter_source_errors_total"

SENTINEL = (
    # -- the exporter itself ---------------------------------------------
    ("RedisSentinelExporterDown", "", "up 1*5 0*10 1*5", 5, 16,
     "up 1*5 0*5 1*10", 60, True),
    # The round that ended at minute 4 is more than 120 s old at minute 7.
    ("RedisSentinelExporterStale", "",
     "sentinel_exporter_last_poll_timestamp_seconds 0+60*5 240*10 900+60*5",
     7, 16,
     "sentinel_exporter_last_poll_timestamp_seconds 0+60*5 240*4 540+60*9",
     60, True),
    ("RedisSentinelExporterAbsent", "",
     "sentinel_exporter_last_poll_timestamp_seconds 0+60*5 _*20 1500+60*5",
     # A series that is gone is looked back at for five minutes, but the
     # round it tells of is too old before that.
     6, 26,
     "sentinel_exporter_last_poll_timestamp_seconds 0+60*5 _*11 960+60*9"),
    ("RedisSentinelExporterAccessDenied",
     'source="a:1",reason="noperm"',
     ERRORS + '{source="a:1",reason="noperm"} 0*5 1+1*20 20*10', 5, 31,
     ERRORS + '{source="a:1",reason="noperm"} 0*5 1+1*5 5*20\n'
     + ERRORS + '{source="a:1",reason="timeout"} 0+1*30'),
    ("RedisSentinelExporterCollectorFailing",
     'source="a:1",reason="timeout"',
     ERRORS + '{source="a:1",reason="timeout"} 0*5 1+1*25 25*10\n'
     'sentinel_up{sentinel="a:1"} 1*40', 5, 36,
     # A source that is down has an alert of its own.
     ERRORS + '{source="a:1",reason="refused"} 0*5 1+1*25\n'
     'sentinel_up{sentinel="a:1"} 1*5 0*25\n'
     + ERRORS + '{source="n:1",reason="refused"} 0*5 1+1*25\n'
     'sentinel_node_up{master_name="m",node="n:1"} 1*5 0*25\n'
     + ERRORS + '{source="b:1",reason="noperm"} 0*5 1+1*25\n'
     + ERRORS + '{source="c:1",reason="closed"} 0*5 1+1*10 10*15'),
    ("RedisSentinelExporterScrapeSlow", "",
     "scrape_duration_seconds 0.01*5 1.5*13 0.01*5", 5, 18,
     "scrape_duration_seconds 0.01*5 1*20", 60, True),

    # -- sentinels -------------------------------------------------------
    case("RedisSentinelDown", 'sentinel="s1:1"', "sentinel_up", 1, 0, 1, 2),
    ("RedisSentinelAllDown", "",
     'sentinel_up{sentinel="s1:1"} 1*5 0*4 1*3\n'
     'sentinel_up{sentinel="s2:1"} 1*4 0*5 1*3', 5, 9,
     'sentinel_up{sentinel="s1:1"} 0*20\n'
     'sentinel_up{sentinel="s2:1"} 0*20\n'
     'sentinel_up{sentinel="s3:1"} 1*20'),
    ("RedisSentinelEventsLost", 'sentinel="s1:1"',
     'sentinel_up{sentinel="s1:1"} 1*20\n'
     'sentinel_subscription_up{sentinel="s1:1"} 1*5 0*8 1*7', 5, 13,
     'sentinel_up{sentinel="s1:1"} 1*5 0*10 1*5\n'
     'sentinel_subscription_up{sentinel="s1:1"} 1*5 0*10 0*4 1*1'),
    case("RedisSentinelTilt", 'sentinel="s1:1"', "sentinel_tilt", 0, 1, 0,
         1),
    # keep_firing_for holds it for two minutes more.
    ("RedisSentinelQuorumLost", M,
     "sentinel_master_quorum_ok{%s} 1*5 0*5 1*9\n"
     "sentinel_master_majority_ok{%s} 1*19\n"
     "sentinel_master_quorum_ok{%s} 1*19\n"
     "sentinel_master_majority_ok{%s} 1*5 0*5 1*9" % (S, S, S2, S2), 5, 12,
     "sentinel_master_quorum_ok{%s} 0*19\n"
     "sentinel_master_majority_ok{%s} 0*19\n"
     "sentinel_master_quorum_ok{%s} 1*19\n"
     "sentinel_master_majority_ok{%s} 1*5 0*1 1*13" % (S, S, S2, S2)),
    ("RedisSentinelIsolated", S,
     "sentinel_master_quorum_ok{%s} 1*5 0*9 1*5\n"
     "sentinel_master_majority_ok{%s} 1*19\n"
     "sentinel_master_quorum_ok{%s} 1*19\n"
     "sentinel_master_majority_ok{%s} 1*19" % (S, S, S2, S2), 5, 14,
     "sentinel_master_quorum_ok{%s} 1*5 0*9 1*5\n"
     "sentinel_master_majority_ok{%s} 1*19\n"
     "sentinel_master_quorum_ok{%s} 1*5 0*9 1*5\n"
     "sentinel_master_majority_ok{%s} 1*19" % (S, S, S2, S2)),
    case("RedisSentinelPeersUnknown", S, "sentinel_peers_unknown",
         0, 1, 0, 5),
    case("RedisSentinelQuorumAtRisk", M, "sentinel_master_failover_headroom",
         1, 0, 1, 5),
    ("RedisSentinelTooFewSentinels", M,
     "sentinel_master_known_sentinels{%s} 3*5 2*13 3*5\n"
     "sentinel_master_known_sentinels{%s} 3*5 2*13 3*5" % (S, S2), 5, 18,
     "sentinel_master_known_sentinels{%s} 1*25\n"
     "sentinel_master_known_sentinels{%s} 3*25" % (S, S2)),
    case("RedisSentinelConfigDrift", M + ',setting="quorum"',
         "sentinel_master_config_drift", 0, 1, 0, 15),

    # -- masters ---------------------------------------------------------
    ("RedisSentinelMasterDown", M,
     "sentinel_master_odown{%s} 0*5 1*6 0*5\n"
     "sentinel_master_odown{%s} 0*16" % (S, S2), 5, 11,
     "sentinel_master_odown{%s} 0*5 1*2 0*20" % S, 15),
    ("RedisSentinelMasterSubjectivelyDown", M,
     "sentinel_master_sdown{%s} 0*5 1*4 0*5\n"
     "sentinel_master_sdown{%s} 0*14" % (S, S2), 5, 9,
     "sentinel_master_sdown{%s} 0*5 1*1 0*20" % S),
    case("RedisSentinelMasterNotServing", M, "sentinel_master_up", 1, 0, 1,
         1),
    # Loading, say: it answers as a master and would refuse a write.
    ("RedisSentinelMasterRefusesWrites", M,
     "sentinel_master_accepts_writes{%s} 1*5 0*4 1*5\n"
     "sentinel_master_up{%s} 1*14" % (M, M), 5, 10,
     "sentinel_master_accepts_writes{%s} 1*5 0*1 1*5 0*9\n"
     "sentinel_master_up{%s} 1*11 0*9" % (M, M)),
    case("RedisSentinelMasterNameUnknown", M, "sentinel_master_known", 1, 0,
         1, 5),
    ("RedisSentinelMasterUnknown", M,
     'sentinel_master_view_info{%s,address="a:1"} 1*20\n'
     'sentinel_master_view_info{%s,address="a:1"} 1*20\n'
     "sentinel_master_up{%s} 1*5 stale _*6 1*8" % (S, S2, M), 5, 12,
     'sentinel_master_view_info{%s,address="a:1"} 1*20\n'
     "sentinel_master_up{%s} 0*20" % (S, M)),
    case("RedisSentinelMasterDisagreement", M,
         "sentinel_master_distinct_addresses", 1, 2, 1, 2),
    case("RedisSentinelSplitBrain", M, "sentinel_master_reporting_nodes",
         1, 2, 1, 1),
    ("RedisSentinelFailoverOccurred", M + ',kind="automatic"',
     'sentinel_failovers_total{%s,kind="automatic"} 3*15 4*20' % M, 15, 26,
     'sentinel_failovers_total{%s,kind="automatic"} 3*30' % M),
    # Two within the hour and a rolling update of forced ones are none.
    ("RedisSentinelFailoverFlapping", M,
     'sentinel_failovers_total{%s,kind="automatic"} 0*10 1*10 2*80\n'
     'sentinel_failovers_total{%s,kind="unknown"} 0*30 1*70' % (M, M),
     30, 75,
     'sentinel_failovers_total{%s,kind="automatic"} 0*10 1*10 2*80\n'
     'sentinel_failovers_total{%s,kind="forced"} 0+1*40 40*60' % (M, M)),
    ("RedisSentinelFailoverStuck", M,
     "sentinel_master_failover_in_progress{%s} 0*5 1*8 0*5\n"
     "sentinel_master_failover_in_progress{%s} 0*18" % (S, S2), 5, 13,
     "sentinel_master_failover_in_progress{%s} 0*5 1*5 0*8" % S),
    ("RedisSentinelFailoverAborted", M + ',reason="not_elected"',
     'sentinel_failover_aborts_total{%s,reason="not_elected"} '
     "0*15 1*20\n"
     "sentinel_master_odown{%s} 0*14 1*2 0*20" % (M, S), 15, 26,
     'sentinel_failover_aborts_total{%s,reason="no_good_replica"} '
     "0*15 1*20\n"
     "sentinel_master_odown{%s} 0*40" % (M, S)),
    ("RedisSentinelFailoverSlow", M,
     "sentinel_failover_duration_seconds_sum{%s} 20*15 60*20\n"
     "sentinel_failover_duration_seconds_count{%s} 4*15 5*20\n"
     "sentinel_master_down_after_seconds{%s} 5*35\n"
     "sentinel_master_down_after_seconds{%s} 5*35" % (M, M, S, S2), 15, 26,
     "sentinel_failover_duration_seconds_sum{%s} 20*15 54*20\n"
     "sentinel_failover_duration_seconds_count{%s} 4*15 5*20\n"
     "sentinel_master_down_after_seconds{%s} 5*35" % (M, M, S)),
    ("RedisSentinelMasterRebooted", M,
     "sentinel_master_reboots_total{%s} 0*15 1*20" % M, 15, 26,
     "sentinel_master_reboots_total{%s} 1*30" % M),
    ("RedisSentinelMasterAddressChanged", M,
     "sentinel_master_address_changes_total{%s} 0*15 1*20" % M, 15, 26,
     "sentinel_master_address_changes_total{%s} 1*30" % M),

    # -- replicas --------------------------------------------------------
    case("RedisSentinelNoHealthyReplica", M, "sentinel_replicas_promotable",
         2, 0, 1, 3),
    case("RedisSentinelReplicaLinkDown", R, "sentinel_replica_link_up",
         1, 0, 1, 5),
    case("RedisSentinelReplicaFollowsWrongMaster", R,
         "sentinel_replica_foreign_master", 0, 1, 0, 5),
    case("RedisSentinelGhostReplicas", M, "sentinel_replicas_ghost",
         0, 1, 0, 60),
    case("RedisSentinelPromotionDataLoss", M,
         "sentinel_promotion_data_loss_bytes", 0, 10000001, 10000000, 5),
    case("RedisReplicationLagHigh", R, "sentinel_replica_ack_age_seconds",
         1, 31, 30, 5),
    case("RedisReplicaSyncStuck", R, "sentinel_replica_sync_in_progress",
         0, 1, 0, 15),

    # -- nodes -----------------------------------------------------------
    case("RedisNodeDown", N, "sentinel_node_up", 1, 0, 1, 5),
    ("RedisNodeRejectsConnections", N,
     "sentinel_node_rejected_connections_total{%s} 7*10 9*20" % N, 10, 16,
     "sentinel_node_rejected_connections_total{%s} 7*30" % N),
    ("RedisRefusesWrites", N + ',reason="oom"',
     'sentinel_node_refused_writes_total{%s,reason="oom"} 7*10 9*20' % N,
     10, 16,
     # Whoever writes to a replica has only himself to blame.
     'sentinel_node_refused_writes_total{%s,reason="readonly"} '
     "7*10 9*20\n"
     'sentinel_node_refused_writes_total{%s,reason="oom"} 7*30' % (N, N)),
    ("RedisTooFewReplicasForWrites", N,
     "sentinel_node_good_replicas{%s} 1*5 0*4 1*5\n"
     "sentinel_node_role_master{%s} 1*14" % (N, N), 5, 9,
     "sentinel_node_good_replicas{%s} 0*9 1*5\n"
     "sentinel_node_role_master{%s} 0*14" % (N, N)),
    case("RedisPersistenceFailing", N + ',kind="rdb"',
         "sentinel_node_persistence_ok", 1, 0, 1, 5),
    ("RedisBrokerMemoryNearLimit", N,
     "sentinel_node_memory_used_bytes{%s} 50*5 91*13 50*5\n"
     "sentinel_node_memory_max_bytes{%s} 100*23" % (N, N), 5, 18,
     "sentinel_node_memory_used_bytes{%s} 90*23\n"
     "sentinel_node_memory_max_bytes{%s} 100*23\n"
     'sentinel_node_memory_used_bytes{master_name="m",node="n2:1"} 91*23\n'
     'sentinel_node_memory_max_bytes{master_name="m",node="n2:1"} 0*23'
     % (N, N)),
    ("RedisBrokerEvictsKeys", N,
     "sentinel_node_evicted_keys_total{%s} 0*10 5*20\n"
     "sentinel_master_carries_broker{%s} 1*8 stale" % (N, M), 10, 26,
     # A cache evicts as it should.
     "sentinel_node_evicted_keys_total{%s} 0*10 5*20\n"
     "sentinel_master_carries_broker{%s} 0*30\n"
     'sentinel_node_evicted_keys_total{master_name="other",node="n2:1"} '
     "5*30\n"
     'sentinel_master_carries_broker{master_name="other"} 1*30' % (N, M)),
    ("RedisBrokerMayEvictKeys", N + ',policy="allkeys-lru"',
     'sentinel_node_maxmemory_policy_info{%s,policy="allkeys-lru"} '
     "_*5 1*18 stale\n"
     "sentinel_node_memory_max_bytes{%s} 100*30\n"
     "sentinel_master_carries_broker{%s} 1*30" % (N, N, M), 5, 23,
     'sentinel_node_maxmemory_policy_info{%s,policy="noeviction"} 1*30\n'
     "sentinel_node_memory_max_bytes{%s} 100*30\n"
     "sentinel_master_carries_broker{%s} 1*30\n"
     'sentinel_node_maxmemory_policy_info{master_name="m",node="n2:1",'
     'policy="allkeys-lru"} 1*30\n'
     'sentinel_node_memory_max_bytes{master_name="m",node="n2:1"} 0*30'
     % (N, N, M)),
)
