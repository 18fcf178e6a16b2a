"""Histories of whole deployments in which nobody may be woken."""

# One sample every 15 seconds. Three pods, each a data node and a sentinel,
# are replaced one after another, 90 seconds each: r1, r2, then the master m0,
# which hands over by SENTINEL FAILOVER before it goes.
ROLLING_STEP = 15
ROLLING_STEPS = 60


def absence(begin, end, here="1", gone="0"):
    """Samples of something that is away from one step to another."""
    return "%s*%d %s*%d %s*%d" % (here, begin, gone, end - begin, here,
                                  ROLLING_STEPS - end)


def blink(at, usual, other, steps=1):
    return absence(at, at + steps, usual, other)


def _rolling_update():
    away = {"1": (8, 14), "2": (20, 26), "0": (36, 42)}
    handover = 34
    for pod, (begin, end) in away.items():
        sentinel = 'sentinel="s%s:26379"' % pod
        view = 'master_name="m",' + sentinel
        node = 'master_name="m",node="n%s:6379"' % pod
        replica = 'master_name="m",replica="n%s:6379"' % pod
        yield "sentinel_up{%s} %s" % (sentinel, absence(begin, end))
        yield "sentinel_subscription_up{%s} %s" % (sentinel,
                                                   absence(begin, end))
        for name, value in (("quorum_ok", "1"), ("majority_ok", "1"),
                            ("sdown", "0"), ("odown", "0"),
                            ("down_after_seconds", "5")):
            yield "sentinel_master_%s{%s} %s" % (
                name, view, absence(begin, end, value, "_"))
        yield "sentinel_master_known_sentinels{%s} %s" % (
            view, absence(begin, end, "3", "_"))
        yield "sentinel_master_failover_in_progress{%s} %s" % (
            view, blink(handover, "0", "1", 2))
        yield 'sentinel_master_view_info{%s,address="n0:6379"} 1*%d' % (
            view, handover)
        yield 'sentinel_master_view_info{%s,address="n1:6379"} _*%d 1*%d' % (
            view, handover, ROLLING_STEPS - handover)
        yield "sentinel_node_up{%s} %s" % (node, absence(begin, end))
        yield "sentinel_replica_link_up{%s} %s" % (
            replica, absence(begin, end + 2))
        yield "sentinel_replica_sync_in_progress{%s} %s" % (
            replica, blink(end, "0", "1", 2))
        yield "sentinel_replica_ack_age_seconds{%s} %s" % (
            replica, absence(begin, end, "1", "_"))
        yield ('sentinel_exporter_source_errors_total{source="n%s:6379",'
               'reason="refused"} 0*%d 0+3*6 18*%d' % (
                   pod, begin, ROLLING_STEPS - begin - 6))
    yield ("sentinel_exporter_last_poll_timestamp_seconds 0+15*%d"
           % ROLLING_STEPS)
    down = [step for span in away.values() for step in range(*span)]

    def while_down(usual, other):
        return " ".join(other if step in down else usual
                        for step in range(ROLLING_STEPS))
    master = 'master_name="m"'
    yield "sentinel_master_failover_headroom{%s} %s" % (
        master, while_down("1", "0"))
    yield "sentinel_replicas_promotable{%s} %s" % (
        master, while_down("2", "1"))
    yield "sentinel_replicas_ghost{%s} %s" % (master, while_down("0", "1"))
    yield "sentinel_promotion_data_loss_bytes{%s} %s" % (
        master, while_down("0", "20000000"))
    yield 'sentinel_master_config_drift{%s,setting="known_replicas"} %s' % (
        master, while_down("0", "1"))
    yield "sentinel_master_up{%s} %s" % (master, blink(handover, "1", "0"))
    yield "sentinel_master_distinct_addresses{%s} %s" % (
        master, blink(handover, "1", "2"))
    yield "sentinel_master_reporting_nodes{%s} %s" % (
        master, blink(handover, "1", "2"))
    yield 'sentinel_failovers_total{%s,kind="forced"} 0*%d 1*%d' % (
        master, handover, ROLLING_STEPS - handover)
    yield 'sentinel_failovers_total{%s,kind="automatic"} 0*%d' % (
        master, ROLLING_STEPS)
    yield 'sentinel_celery_queue_length{%s,db="0",queue="q"} %s' % (
        master, " ".join(str(7 + step % 3) for step in range(ROLLING_STEPS)))
    yield "sentinel_celery_workers{%s} %s" % (master,
                                              blink(handover, "4", "0", 4))


ROLLING_UPDATE = "\n".join(_rolling_update())

# A second exporter that reaches nothing: what the first one sees is true.
# (series, seen by the first, seen by the second)
ONE_IS_BLIND = (
    ("sentinel_exporter_last_poll_timestamp_seconds", 1e6, 1e6),
    ('sentinel_up{sentinel="s1:26379"}', 1, 0),
    ('sentinel_subscription_up{sentinel="s1:26379"}', 1, 0),
    ('sentinel_node_up{master_name="m",node="n1:6379"}', 1, 0),
    ('sentinel_master_up{master_name="m"}', 1, 0),
    ('sentinel_replicas_promotable{master_name="m"}', 2, 0),
    ('sentinel_master_failover_headroom{master_name="m"}', 1, -1),
    ('sentinel_replica_link_up{master_name="m",replica="r1:6379"}', 1, 0),
    ('sentinel_celery_workers{master_name="m"}', 4, 0),
    ('sentinel_celery_queue_bound{master_name="m",db="0",queue="q"}', 1, 0),
)
