"""How far behind are the replicas, whom do they follow, and what would be lost
with the master?"""

import os

import redis

from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.hobble import Hobble
from tests.lab.redis_node import RedisNode

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
ATTACHED = "sentinel_node_attached_replica_"


class ReplicationCase(LabCase):
    node_config = None
    poll = POLL

    def setUp(self):
        self.deployment = self.use(Deployment(
            password="pw", periods=BRISK, node_config=self.node_config))
        self.exporter = self.use(Exporter.watching(
            self.deployment, *self.poll))
        self.master = self.deployment.current_master()
        self.first, self.second = self.deployment.replicas_of()

    def wait_link(self, node, up, timeout=10):
        self.exporter.wait_value(up, "sentinel_replica_link_up", timeout,
                                 replica=node.address)

    @staticmethod
    def cut_link(node):
        """The replica can no longer log in to its master."""
        node.call("CONFIG", "SET", "masterauth", "wrong")
        node.call("CLIENT", "KILL", "TYPE", "master")


class LagTest(ReplicationCase):
    def test_slow(self):
        """One that is slow shows its lag, and has none when all is over."""
        lag = "sentinel_replica_lag_bytes"
        mine = {"replica": self.first.address}
        self.exporter.wait_value(0, lag, **mine)
        hobble = self.use(Hobble(self.first.process))
        value = "x" * 1000000
        with self.master.client() as client:
            def burst(scrape):
                with client.pipeline(transaction=False) as pipe:
                    for _ in range(20):
                        pipe.set("big", value)
                    pipe.execute()
                return scrape.get(lag, 0, **mine) > 1000000
            scrape = self.exporter.wait_scrape(burst, 30, "it lags")
        loss = "sentinel_promotion_data_loss_bytes"
        following = {labels["replica"] for labels, v in scrape.series(
            "sentinel_replica_next_master") if v}
        self.assertEqual(scrape.value(loss), scrape.value(
            lag, replica=following.pop()))
        hobble.stop()
        self.exporter.wait_value(0, lag, 20, **mine)
        self.exporter.wait_value(0, loss)

    def test_stopped(self):
        age = "sentinel_replica_ack_age_seconds"
        mine = {"replica": self.first.address}
        self.exporter.wait_value(lambda v: v <= 1, age, **mine)
        self.first.pause()
        scrape = self.exporter.wait_scrape(
            lambda s: s.get(age, 0, **mine) >= 3, 10, "no acknowledgement")
        self.assertEqual(scrape.value("sentinel_node_up",
                                      node=self.first.address), 0)
        self.assertEqual(scrape.values("sentinel_replica_lag_bytes",
                                       **mine), [])
        self.assertLessEqual(scrape.value(
            age, replica=self.second.address), 1)
        # It is still attached: no ghost.
        self.assertEqual(scrape.value("sentinel_replicas_ghost"), 0)
        self.first.resume()
        self.exporter.wait_value(lambda v: v <= 1, age, **mine)
        self.exporter.wait_value(0, "sentinel_replica_lag_bytes", **mine)

    def test_what_would_be_lost_is_lost(self):
        """The only one that may be promoted lacks what was written since its
        link went down."""
        self.second.call("CONFIG", "SET", "replica-priority", 0)
        loss = "sentinel_promotion_data_loss_bytes"
        self.exporter.wait_value(0, loss)
        self.cut_link(self.first)
        self.wait_link(self.first, 0)
        keys = ["key%d" % i for i in range(50)]
        for key in keys:
            self.master.call("SET", key, "x" * 1000)
        scrape = self.exporter.wait_scrape(
            lambda s: s.get(loss, 0) > 50 * 1000, 10, "a loss")
        self.assertLess(scrape.value(loss), 60 * 1000)
        self.assertEqual(scrape.values("sentinel_replica_lag_bytes",
                                       replica=self.first.address), [])
        self.assertEqual(scrape.value("sentinel_replica_next_master",
                                      replica=self.first.address), 1)
        self.deployment.kill_master()
        self.assertIs(self.deployment.wait_for_failover(self.master),
                      self.first)
        self.assertEqual(self.first.call("EXISTS", *keys), 0)

    def test_link(self):
        down = "sentinel_replica_link_down_seconds"
        mine = {"replica": self.first.address}
        self.wait_link(self.first, 1)
        self.exporter.wait_value(0, down, **mine)
        self.cut_link(self.first)
        self.wait_link(self.first, 0)
        self.exporter.wait_value(lambda v: v >= 2, down, **mine)
        self.first.call("CONFIG", "SET", "masterauth", "pw")
        self.wait_link(self.first, 1)
        self.exporter.wait_value(0, down, **mine)


class SyncTest(ReplicationCase):
    # It takes about a second.
    poll = ("--poll.interval=200ms", "--poll.timeout=150ms")

    def resync(self):
        """Have the first replica read everything anew, slowly."""
        with self.master.client() as client:
            for i in range(60):
                client.set("big%d" % i, os.urandom(1000000))
        self.first.kill()
        self.first.start()
        hobble = self.use(Hobble(self.first.process))
        self.exporter.wait_value(1, "sentinel_replica_sync_in_progress", 20,
                                 replica=self.first.address)
        return hobble

    def wait_over(self, hobble):
        hobble.stop()
        self.wait_link(self.first, 1, 20)
        self.exporter.wait_value(0, "sentinel_replica_sync_in_progress",
                                 replica=self.first.address)
        self.exporter.wait_value(None, "sentinel_replica_sync_total_bytes",
                                 replica=self.first.address)

    def test_progress(self):
        self.master.call("CONFIG", "SET", "repl-diskless-sync", "no")
        hobble = self.resync()
        mine = {"replica": self.first.address}
        total = "sentinel_replica_sync_total_bytes"
        read = "sentinel_replica_sync_read_bytes"
        scrape = self.exporter.wait_scrape(
            lambda s: s.get(read, 0, **mine) > 0, 20, "progress", 0.05)
        self.assertGreater(scrape.value(total, **mine), 60000000)
        # The first scrape that shows it may be the last of the sync.
        self.assertLessEqual(scrape.value(read, **mine),
                             scrape.value(total, **mine))
        self.assertEqual(scrape.values(
            "sentinel_replica_lag_bytes", **mine), [])
        self.wait_over(hobble)

    def test_unknown_progress(self):
        """Diskless: nobody knows how much is to come."""
        hobble = self.resync()
        self.assertEqual(self.exporter.values(
            "sentinel_replica_sync_total_bytes",
            replica=self.first.address), [])
        self.wait_over(hobble)


class ChainTest(ReplicationCase):
    def test_a_replica_of_a_replica(self):
        """No sentinel knows of it; the one it follows does."""
        leaf = self.use(RedisNode("leaf", "pw"))
        self.exporter.wait_scrape(
            lambda s: s.by("replica", ATTACHED + "online") == {
                self.first.address: 1, self.second.address: 1}, 10,
            "two are attached")
        leaf.call("REPLICAOF", "127.0.0.1", self.first.port)
        where = {"node": self.first.address, "replica": leaf.address}
        self.exporter.wait_value(1, ATTACHED + "online", **where)
        self.exporter.wait_value(lambda v: v <= 1,
                                 ATTACHED + "ack_age_seconds", **where)
        self.exporter.wait_value(lambda v: v < 10000,
                                 ATTACHED + "ack_lag_bytes", **where)
        scrape = self.exporter.scrape()
        self.assertEqual(scrape.values("sentinel_replica_link_up",
                                       replica=leaf.address), [])
        leaf.pause()
        with self.master.client() as client:
            for _ in range(20):
                client.set("big", "x" * 10000)
        self.exporter.wait_value(lambda v: v >= 2,
                                 ATTACHED + "ack_age_seconds", **where)
        self.exporter.wait_value(lambda v: v >= 200000,
                                 ATTACHED + "ack_lag_bytes", **where)

    def test_cascaded(self):
        """One that sentinels know follows another replica: lag and age as of
        any other, and how deep it hangs."""
        mine = {"replica": self.second.address}
        self.exporter.wait_value(1, "sentinel_replica_depth", **mine)
        # Sentinel would mend it within two seconds.
        for sentinel in self.deployment.sentinels:
            sentinel.debug(publish_period=30000)
        self.second.call("REPLICAOF", "127.0.0.1", self.first.port)
        self.exporter.wait_value(2, "sentinel_replica_depth", **mine)
        self.exporter.wait_value(lambda v: v < 10000,
                                 "sentinel_replica_lag_bytes", **mine)
        self.exporter.wait_value(lambda v: v <= 1,
                                 "sentinel_replica_ack_age_seconds", **mine)
        self.assertEqual(self.exporter.value(
            "sentinel_replica_foreign_master", **mine), 0)
        for sentinel in self.deployment.sentinels:
            sentinel.debug(**BRISK)
        self.exporter.wait_value(1, "sentinel_replica_depth", 20, **mine)


class HiddenTest(ReplicationCase):
    def test_unannounced(self):
        """Sentinels keep one to themselves, and promote it all the same."""
        hidden = "sentinel_replicas_unannounced"
        self.exporter.wait_value(0, hidden)
        self.first.call("CONFIG", "SET", "replica-announced", "no")
        self.exporter.wait_value(1, hidden)
        self.exporter.wait_value(1, ATTACHED + "online",
                                 replica=self.first.address)
        self.second.call("CONFIG", "SET", "replica-priority", 0)
        self.exporter.wait_value(0, "sentinel_replicas_promotable")
        self.deployment.kill_master()
        self.assertIs(self.deployment.wait_for_failover(self.master),
                      self.first)

    def test_announced_again(self):
        self.first.call("CONFIG", "SET", "replica-announced", "no")
        self.exporter.wait_value(1, "sentinel_replicas_unannounced")
        self.first.call("CONFIG", "SET", "replica-announced", "yes")
        self.exporter.wait_value(0, "sentinel_replicas_unannounced")

    def test_ghost(self):
        """Sentinels keep a replica that is gone, until they are RESET."""
        ghosts = "sentinel_replicas_ghost"
        self.exporter.wait_value(0, ghosts)
        self.first.kill()
        self.exporter.wait_value(1, ghosts)
        self.exporter.wait_value(1, "sentinel_replica_sdown",
                                 replica=self.first.address)
        # Unless we cannot tell, the master being silent.
        self.master.pause()
        self.exporter.wait_value(None, ghosts)
        self.master.resume()
        self.exporter.wait_value(1, ghosts, 30)

    def test_a_ghost_goes_with_a_reset(self):
        self.first.kill()
        self.exporter.wait_value(1, "sentinel_replicas_ghost")
        for sentinel in self.deployment.sentinels:
            sentinel.sentinel("RESET", "nautobot")
        self.exporter.wait_value(0, "sentinel_replicas_ghost", 30)
        self.exporter.wait_value(None, "sentinel_node_up",
                                 node=self.first.address)


class GoodReplicasTest(ReplicationCase):
    node_config = {"min-replicas-max-lag": 2}

    def test_min_replicas(self):
        good = "sentinel_node_good_replicas"
        refused = "sentinel_node_refused_writes_total"
        mine = {"node": self.master.address}
        self.exporter.wait_value(None, good, **mine)
        self.master.call("CONFIG", "SET", "min-replicas-to-write", 2)
        self.exporter.wait_value(2, good, **mine)
        self.master.call("SET", "k", "v")
        self.exporter.wait_value(0, refused, reason="noreplicas", **mine)
        self.first.kill()
        self.exporter.wait_value(1, good, **mine)
        for _ in range(3):
            with self.assertRaisesRegex(redis.ResponseError, "NOREPLICAS"):
                self.master.call("SET", "k", "v")
        self.exporter.wait_value(3, refused, reason="noreplicas", **mine)
        self.second.pause()
        self.exporter.wait_value(0, good, **mine)
