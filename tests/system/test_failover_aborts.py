"""Attempts in vain: each counted with its reason, and the success after them
once."""

from tests.lab import story
from tests.lab.failover import FailoverCase
from tests.lab.wait import wait_for


class AbortTest(FailoverCase):
    def test_no_good_replica_then_mended(self):
        self.begin(failover_timeout_ms=2000)
        replicas = self.deployment.replicas_of()
        self.set_priorities(replicas, 0)
        old = self.deployment.kill_master()
        wait_for(lambda: story.aborts(self.deployment), 20,
                 "a candidate gives up")
        self.exporter.wait_scrape(
            lambda read: read.value(
                "sentinel_failover_aborts_total",
                reason="no_good_replica") >= 1
            and read.values("sentinel_master_up") == [0])
        for node in replicas:
            node.call("CONFIG", "SET", "replica-priority", 100)
        new = self.deployment.wait_for_failover(old)
        self.deployment.restart(old)
        self.wait_over(new, old)
        aborts = story.aborts(self.deployment)
        self.assertGreaterEqual(aborts["no_good_replica"], 1)
        attempts = story.attempts(self.deployment)
        self.assertGreaterEqual(attempts, 2)
        self.wait_story(automatic=1, durations=1, attempts=attempts,
                        **aborts)

    def test_not_elected(self):
        """Quorum 1 of three sentinels, two of them stopped: the third one
        tries, and finds no majority."""
        self.begin(quorum=1, failover_timeout_ms=2000)
        first, *others = self.deployment.sentinels
        for sentinel in others:
            sentinel.pause()
        old = self.deployment.kill_master()
        wait_for(lambda: story.aborts(self.deployment), 20, "it gives up")
        self.exporter.wait_scrape(
            lambda read: read.value("sentinel_failover_aborts_total",
                                    reason="not_elected") >= 1)
        self.assertEqual(story.failovers(
            story.story(self.exporter.scrape())), 0)
        for sentinel in others:
            sentinel.resume()
            sentinel.debug(tilt_period=1000)
        new = self.deployment.wait_for_failover(old)
        self.deployment.restart(old)
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) == new.address
            and read.values("sentinel_master_up") == [1], 20)
        told = story.story(self.exporter.scrape())
        self.assertEqual(story.failovers(told), 1)
        self.assertEqual(told["automatic"], 1)
