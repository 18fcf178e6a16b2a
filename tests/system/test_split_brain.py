"""Two masters at a time, and replicas that follow the wrong one."""

import time

from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.redis_node import NOT_YET, RedisNode
from tests.lab.wait import wait_for

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
SINCE = "sentinel_master_split_brain_since_timestamp_seconds"
REPORTING = "sentinel_master_reporting_nodes"
DIVERGED = "sentinel_node_diverged_bytes"


class SplitBrainTest(LabCase):
    def setUp(self):
        self.deployment = self.use(Deployment(periods=BRISK))
        self.exporter = self.use(Exporter.watching(self.deployment, *POLL))
        self.exporter.wait_value(1, REPORTING)
        self.assertEqual(self.exporter.values(SINCE), [])

    def cut_off(self):
        """Part the master from the rest until there is another; the moment
        at which the old one is back."""
        old = self.deployment.current_master()
        old.pause()
        self.new = self.deployment.wait_for_failover(old)
        self.exporter.wait_value(1, REPORTING)
        begin = time.time()
        old.resume()
        return old, begin

    def check_since(self, begin):
        """Two masters, since when is right and stays."""
        scrape = self.exporter.wait_scrape(
            lambda s: s.values(REPORTING) == [2], 5, "two masters")
        self.assertAlmostEqual(scrape.value(SINCE), begin, delta=2)
        return scrape.value(SINCE)

    def test_an_old_master_returns(self):
        old, begin = self.cut_off()
        self.check_since(begin)
        self.exporter.wait_value(1, REPORTING)
        self.assertEqual(self.exporter.values(SINCE), [])
        self.assertLess(time.time() - begin, 15)
        wait_for(lambda: old.role() == "slave", 5, "it was converted", NOT_YET)

    def test_it_lasts(self):
        """The old master refuses to become a replica."""
        old = self.deployment.current_master()
        old.call("ACL", "SETUSER", "default", "-slaveof", "-replicaof")
        old.call("SET", "early", "x" * 1000000)     # which both will have
        old, begin = self.cut_off()
        since = self.check_since(begin)
        written = 0

        def lost(scrape):
            nonlocal written
            written += 10000
            old.call("APPEND", "late", "x" * 10000)
            return scrape.get(DIVERGED, 0, node=old.address) > 50000
        scrape = self.exporter.wait_scrape(lost, 10, "what will be lost")
        self.assertLess(scrape.value(DIVERGED, node=old.address),
                        written + 10000)
        self.assertEqual(scrape.values(DIVERGED, node=self.new.address), [])
        # Others are converted after two seconds.
        self.exporter.wait_scrape(
            lambda s: time.time() - begin > 6, 10, "some time")
        self.assertEqual(self.exporter.value(REPORTING), 2)
        self.assertEqual(self.exporter.value(SINCE), since)
        roles = self.exporter.scrape().by("node", "sentinel_node_role_master")
        self.assertEqual({n for n, master in roles.items() if master},
                         {old.address, self.new.address})
        [(info, _)] = self.exporter.series("sentinel_master_info")
        self.assertEqual(info["address"], self.new.address)
        old.call("ACL", "SETUSER", "default", "+slaveof", "+replicaof")
        self.exporter.wait_value(1, REPORTING)
        self.assertEqual(self.exporter.values(SINCE), [])
        self.exporter.wait_value(None, DIVERGED, node=old.address)
        wait_for(lambda: old.call("EXISTS", "late") == 0, 10, "it is lost",
                 NOT_YET)

    def test_a_replica_of_someone_else(self):
        stranger = self.use(RedisNode("stranger"))
        astray, other = self.deployment.replicas_of()
        foreign = "sentinel_replica_foreign_master"
        self.exporter.wait_value(0, foreign, replica=astray.address)
        # Sentinel would mend it within two seconds.
        for sentinel in self.deployment.sentinels:
            sentinel.debug(publish_period=30000)
        astray.call("REPLICAOF", "127.0.0.1", stranger.port)
        self.exporter.wait_value(1, foreign, replica=astray.address)
        scrape = self.exporter.scrape()
        self.assertEqual(scrape.value(foreign, replica=other.address), 0)
        self.assertEqual(scrape.values(
            "sentinel_replica_depth", replica=astray.address), [])
        self.assertEqual(scrape.value(
            "sentinel_replica_depth", replica=other.address), 1)
        self.assertEqual(scrape.values(
            "sentinel_replica_lag_bytes", replica=astray.address), [])
        for sentinel in self.deployment.sentinels:
            sentinel.debug(**BRISK)
        self.exporter.wait_value(0, foreign, 20, replica=astray.address)
