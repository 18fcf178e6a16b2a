"""Alerts about Sentinel, fired in anger: a real deployment is broken while a
real Prometheus and a real Alertmanager look on."""

import redis

from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for
from tests.monitoring.anger import AngerCase

# What panels, or some of their queries, have nothing to show in this test.
EMPTY = {
    "sentinel-overview": {"Masters": "no broker was looked for"},
    "sentinel-master": {
        "Attempts, reboots, moves": "no move",
        "Replicas": "diskless synchronizations have no known size",
        "Nodes": "no min-replicas-to-write, no diverged master",
        "Drift": "sentinels may agree all the time",
        "Two masters for": "an old master may return between two scrapes",
        "Refused writes": "no write was refused"},
    "exporter": {"Queues left out": "no broker"},
}


class SentinelAlertsTest(AngerCase):
    perhaps = ("RedisSentinelMasterSubjectivelyDown", "RedisSentinelDown",
               "RedisSentinelQuorumAtRisk")

    def setUp(self):
        self.deployment = self.use(Deployment(
            periods=BRISK, failover_timeout_ms=3000,
            node_config={"maxmemory": "100mb"}))
        exporter = self.use(Exporter.watching(
            self.deployment, "--poll.interval=1s"))
        # A minute of patience is six seconds here.
        self.watch([exporter], waits=10)

    def set_priorities(self, value):
        for node in self.deployment.replicas_of():
            node.call("CONFIG", "SET", "replica-priority", value)

    def restore(self, *servers):
        for server in servers:
            server.restart()
        wait_for(lambda: self.deployment.wait_ready(1) is None, 60,
                 "the deployment is whole", (AssertionError,
                                             redis.ConnectionError))

    def test_in_anger(self):
        self.planned_failover()
        self.master_dies_without_an_heir()
        self.quorum_is_cut_and_the_master_dies()
        self.check_told(
            pager=("RedisSentinelNoHealthyReplica", "RedisSentinelMasterDown",
                   "RedisSentinelQuorumLost",
                   "RedisSentinelMasterNotServing"),
            # Nobody could replace it, so it came back as it was.
            chat=("RedisSentinelFailoverAborted",
                  "RedisSentinelMasterRebooted"),
            record=("RedisSentinelFailoverOccurred",))
        self.check_boards(EMPTY)

    def planned_failover(self):
        """For the record, and nobody is woken."""
        old = self.deployment.failover()
        self.deployment.wait_for_failover(old)
        self.wait_told("record", "RedisSentinelFailoverOccurred",
                       kind="forced")
        self.deployment.wait_ready()
        self.check_told(record=("RedisSentinelFailoverOccurred",))

    def master_dies_without_an_heir(self):
        self.set_priorities(0)
        self.wait_told("pager", "RedisSentinelNoHealthyReplica")
        old = self.deployment.kill_master()
        self.wait_told("pager", "RedisSentinelMasterDown")
        self.wait_told("chat", "RedisSentinelFailoverAborted",
                       reason="no_good_replica")
        self.check_muted("RedisSentinelMasterNotServing",
                         "RedisSentinelMasterSubjectivelyDown")
        for node in self.deployment.nodes:
            if node is not old:
                node.call("CONFIG", "SET", "replica-priority", 100)
        self.deployment.wait_for_failover(old, 60)
        self.wait_told("record", "RedisSentinelFailoverOccurred",
                       kind="automatic")
        self.restore(old)
        self.wait_over()

    def quorum_is_cut_and_the_master_dies(self):
        lost, since = self.deployment.sentinels[1:], len(self.told.told)
        for sentinel in lost:
            sentinel.kill()
        self.wait_told("pager", "RedisSentinelQuorumLost")
        self.check_muted("RedisSentinelDown", since=since)
        old = self.deployment.kill_master()
        self.wait_told("pager", "RedisSentinelMasterNotServing")
        self.check_muted("RedisSentinelMasterSubjectivelyDown", since=since)
        self.restore(old, *lost)
        self.wait_over()
