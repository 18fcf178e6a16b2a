"""What an operator of a Celery broker must know of its nodes: may they throw
messages away, are they full, can they persist, do they refuse writes?"""

import os

import redis

from tests.lab import celery_app
from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
POLICY = "sentinel_node_maxmemory_policy_info"
REFUSED = "sentinel_node_refused_writes_total"


class BrokerSafetyTest(LabCase):
    def setUp(self):
        self.deployment = self.use(Deployment(replicas=1, periods=BRISK))
        self.exporter = self.use(Exporter.watching(self.deployment, *POLL))
        self.master = self.deployment.current_master()
        self.mine = {"node": self.master.address}

    def config(self, *settings):
        self.master.call("CONFIG", "SET", *settings)

    def test_policy_of_a_broker(self):
        """Which masters carry a broker, and what each node does when full."""
        carries = "sentinel_master_carries_broker"
        self.exporter.wait_value(0, carries)
        self.exporter.wait_value(1, POLICY, policy="noeviction", **self.mine)
        celery_app.publish(celery_app.app_for(self.deployment), "celery")
        self.exporter.wait_value(1, carries)
        self.config("maxmemory-policy", "volatile-lru")
        self.exporter.wait_value(1, POLICY, policy="volatile-lru",
                                 **self.mine)
        self.assertEqual(self.exporter.values(
            POLICY, policy="noeviction", **self.mine), [])
        # An empty list is no key: the binding stays, and so does the broker.
        self.master.call("DEL", "celery")
        self.exporter.wait_value(0, "sentinel_celery_queue_length",
                                 queue="celery")
        self.assertEqual(self.exporter.value(carries), 1)

    def fill(self):
        for i in range(60):
            self.master.call("SET", "key%d" % i, "x" * 100000)

    def test_eviction(self):
        evicted = "sentinel_node_evicted_keys_total"
        limit = "sentinel_node_memory_max_bytes"
        self.exporter.wait_value(0, evicted, **self.mine)
        self.exporter.wait_value(0, limit, **self.mine)
        self.config("maxmemory", 5000000, "maxmemory-policy", "allkeys-lru")
        self.exporter.wait_value(5000000, limit, **self.mine)
        self.fill()
        # A server may go on evicting after the last write.
        scrape = self.exporter.wait_scrape(
            lambda s: 0 < s.value(evicted, **self.mine)
            == self.master.info("stats")["evicted_keys"], 10, "evicted")
        self.assertEqual(scrape.value(REFUSED, reason="oom", **self.mine), 0)

    def test_full(self):
        self.exporter.wait_value(0, REFUSED, reason="oom", **self.mine)
        self.config("maxmemory", 5000000)
        with self.assertRaisesRegex(redis.ResponseError, "OOM|maxmemory"):
            self.fill()
        scrape = self.exporter.wait_scrape(
            lambda s: s.value(REFUSED, reason="oom", **self.mine) == 1
            and s.value("sentinel_node_memory_used_bytes", **self.mine)
            > 4500000, 10, "full")
        self.assertEqual(scrape.value(
            "sentinel_node_evicted_keys_total", **self.mine), 0)

    def test_persistence(self):
        rdb = {"kind": "rdb", **self.mine}
        self.exporter.wait_value(1, "sentinel_node_persistence_ok", **rdb)
        # No file can take the place of a directory.
        taken = os.path.join(self.master.process.directory, "dump.rdb")
        self.assertFalse(os.path.exists(taken))
        os.mkdir(taken)
        self.config("save", "1 1")
        self.master.call("SET", "k", "v")
        self.exporter.wait_value(0, "sentinel_node_persistence_ok", **rdb)
        with self.assertRaisesRegex(redis.ResponseError, "MISCONF|persist"):
            self.master.call("SET", "k", "v")
        self.exporter.wait_value(lambda v: v >= 1, REFUSED, reason="misconf",
                                 **self.mine)
        # It refuses Sentinel's PING too.
        self.deployment.wait_for_failover(self.master)
        os.rmdir(taken)
        self.master.call("BGSAVE")
        self.exporter.wait_value(1, "sentinel_node_persistence_ok", **rdb)

    def test_append_only_file(self):
        aof = {"kind": "aof", **self.mine}
        self.exporter.wait_value(None, "sentinel_node_persistence_ok", **aof)
        self.config("appendonly", "yes")
        self.exporter.wait_value(1, "sentinel_node_persistence_ok", **aof)

    def test_writes_to_a_replica(self):
        [replica] = self.deployment.replicas_of()
        where = {"node": replica.address, "reason": "readonly"}
        self.exporter.wait_value(0, REFUSED, **where)
        with self.assertRaises(redis.ReadOnlyError):
            replica.call("SET", "k", "v")
        self.exporter.wait_value(1, REFUSED, **where)
